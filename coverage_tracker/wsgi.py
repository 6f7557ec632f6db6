import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")

try:
    application = get_wsgi_application()
    # Every server asks: not only `manage.py serve` meets a database that is newer or has another key.
    from coverage_tracker.startup import objections

    if against := objections():
        sys.exit("没有启动：" + "；".join(against))
except ImproperlyConfigured as error:
    # For who set them: no trace.
    sys.exit(f"{error}")
