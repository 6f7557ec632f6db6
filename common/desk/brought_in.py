"""A file of the admin's import: looked at before it is opened, and where it waits between its preview and its
confirmation: beside the uploads, for a day."""

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone
from import_export.forms import ImportForm
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


# Says what stands against opening a file, or "": how files are read is known floors up (ledgers/apps.py).
_LOOKS: list[Callable[[Path], str]] = []


def look_with(look: Callable[[Path], str]) -> None:
    """Have every file looked at by `look` before the web process opens it."""
    if look not in _LOOKS:
        _LOOKS.append(look)


class LookedAtForm(ImportForm):
    """Takes a file only that can be read within the limits that hold for ledgers."""

    def clean_import_file(self) -> object:
        file = self.cleaned_data["import_file"]
        with tempfile.NamedTemporaryFile() as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            copy.flush()
            file.seek(0)
            for look in _LOOKS:
                if said := look(Path(copy.name)):
                    raise ValidationError(said)
        return file
