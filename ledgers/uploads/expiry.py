"""Uploaded originals are removed after a retention period (design, section 7); what they changed stays."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from committees.accounts.trace import expire_traces
from common.desk.brought_in import expire_waiting
from ledgers.models import RUNNING, Upload
from ledgers.uploads.tasks import prune

_A_DAY = dt.timedelta(days=1)
# Where the files of uploads lie (Upload.file, Upload.details).
_FOLDER = "ledgers"


def expire() -> int:
    """Remove the files of uploads older than UPLOADS_KEPT_DAYS; how many uploads. Old tasks, and files of the admin
    that nobody has confirmed, go with them."""
    before = timezone.now() - dt.timedelta(days=settings.UPLOADS_KEPT_DAYS)
    old = Upload.objects.filter(created_at__lt=before, expired_at__isnull=True).exclude(state__in=RUNNING).light()
    number = 0
    for upload in old:
        expire_one(upload)
        number += 1
    prune()
    expire_waiting()
    storages["default"].expire_parts()  # type: ignore[attr-defined]
    expire_nameless()
    expire_traces()
    return number


def expire_nameless() -> int:
    """Delete files that no upload names: their row, or the transaction that wrote them, was lost after they had been
    written. How many."""
    storage = storages["default"]
    root = Path(storage.location)  # type: ignore[attr-defined]
    before, number = (timezone.now() - _A_DAY).timestamp(), 0
    old = [path for path in (root / _FOLDER).rglob("*") if path.is_file() and path.stat().st_mtime < before]
    named = {name for names in Upload.objects.values_list("file", "details") for name in names}
    for path in old:
        if path.relative_to(root).as_posix() not in named:
            path.unlink(missing_ok=True)
            number += 1
    return number


# What names people: it goes with the file.
_NAMING = ("problems", "differences", "not_in_file", "findings", "questions", "unmapped")


def expire_one(upload: Upload, *, keeps_findings: bool = False) -> None:
    """Remove the upload's original, and what was found in it unless that is kept."""
    fields = (upload.file,) if keeps_findings else (upload.file, upload.details)
    for field in fields:
        if field:
            field.storage.delete(str(field.name))
    gone: dict[str, object] = {} if keeps_findings else {"details": "", **{name: [] for name in _NAMING}}
    Upload.objects.filter(pk=upload.pk).update(expired_at=timezone.now(), **gone)
