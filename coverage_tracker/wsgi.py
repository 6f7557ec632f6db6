import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    # For who set them: no trace.
    sys.exit(f"{error}")
