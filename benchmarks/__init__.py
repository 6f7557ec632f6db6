"""Timings on a database of their own, which lasts as long as the process that began it."""

import os
import tempfile
from pathlib import Path

import django
from django.conf import settings

_folder = tempfile.TemporaryDirectory(prefix="coverage-bench-")
FOLDER = Path(_folder.name)
os.environ["DEBUG"] = "1"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")
django.setup()
# As the tests do: Django would otherwise note every statement.
settings.DEBUG = False
