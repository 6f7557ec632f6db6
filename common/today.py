"""The day that it is."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Today in the district."""
    return timezone.localdate()
