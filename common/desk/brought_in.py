"""Where a file of the admin's import waits between its preview and its confirmation: beside the uploads, for a day."""

import datetime as dt

from django.core.files.storage import default_storage
from django.utils import timezone
from import_export.tmp_storages import MediaStorage

FOLDER = "imports"
_KEPT = dt.timedelta(days=1)


class WaitingFile(MediaStorage):
    def __init__(self, **kwargs: object):
        super().__init__(**{**kwargs, "MEDIA_FOLDER": FOLDER})


def expire_waiting() -> int:
    """Delete what nobody has confirmed; how many files."""
    if not default_storage.exists(FOLDER):
        return 0
    before, number = timezone.now() - _KEPT, 0
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < before:
            default_storage.delete(f"{FOLDER}/{name}")
            number += 1
    return number
