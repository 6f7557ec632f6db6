"""An uploaded file from its arrival to the register and back: the states, and who may move them.

Every step is taken by one conditional UPDATE, so that of two clicks, tabs or workers one goes on and the
other is told. The work itself is done by workers (ledgers/uploads/tasks.py).
"""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, models, transaction
from django.db.utils import OperationalError
from django.utils import timezone

from committees.models import Committee, User, full_name
from common.full_disk import is_full
from ledgers.models import OPEN, RUNNING, SILENCE, Upload, UploadState
from ledgers.objections import BAD_ROWS
from ledgers.process import Refused
from ledgers.uploads.originals import NOT_TAKEN
from ledgers.uploads.registrations import hold
from ledgers.uploads.tasks import run, waiting
from ledgers.uploads.work import BROKEN_OFF


def receive(
    *, user: Any, committee: Committee | None, file: UploadedFile, as_of: dt.date | None, kind: str = ""
) -> tuple[Upload, bool]:
    """Keep the file and have it examined. Nothing of the register changes.

    The same file that still waits to be committed is not taken twice, but examined anew: then its upload and False.
    Raises Refused when the disk is full.
    """
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    upload = Upload(
        committee=committee,
        user=user,
        user_name=full_name(user),
        file_name=Path(file.name or "台账").name,
        sha256=digest.hexdigest(),
        size=file.size or 0,
        asked_as_of=as_of,
        asked_kind=kind,
        heartbeat=timezone.now(),
    )
    try:
        with transaction.atomic():
            # One at a time for one person: a request that was sent again finds what the first one made.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            waiting = Upload.objects.filter(
                committee=committee,
                sha256=upload.sha256,
                asked_as_of=as_of,
                asked_kind=kind,
                state__in=[*RUNNING, UploadState.EXAMINED],
                expired_at__isnull=True,
            )
            known = waiting.first()
            if known is None:
                # The name on disk is ours: nothing of the user's name reaches the file system.
                upload.file.save(f"{upload.sha256[:16]}.bin", file, save=False)
                upload.save()
                _enqueue(upload, UploadState.EXAMINING)
    except (OSError, DatabaseError) as error:
        if upload.file:
            # Nothing names it.
            upload.file.storage.delete(str(upload.file.name))
        if is_full(error):
            raise Refused(NOT_TAKEN) from None
        raise
    if known is None:
        return upload, True
    if not known.is_running:
        # What it met with may have been mended since: it is examined anew, not answered from memory.
        ask_again(known)
    return known, False


def _enqueue(upload: Upload, towards: str) -> None:
    # Only the key: nothing of the file stands in the task's table.
    run.enqueue(upload.pk, upload.attempt, towards)


# What a worker has to do for an upload in this state.
_WORK = {
    UploadState.QUEUED: UploadState.EXAMINING,
    UploadState.COMMITTING: UploadState.COMMITTING,
    UploadState.UNDOING: UploadState.UNDOING,
}


def _move(upload: Upload, sources: tuple, target: UploadState, **values: object) -> bool:
    """Take the upload from one of `sources` to `target`, and tell the workers; False when somebody else was faster."""
    rows = Upload.objects.filter(pk=upload.pk, state__in=sources)
    attempt = models.F("attempt") + 1
    # Both or neither: nothing waits for a worker that was never told.
    with transaction.atomic():
        moved = rows.update(
            state=target, attempt=attempt, heartbeat=timezone.now(), progress=0, step="", note="", **values
        )
        upload.refresh_from_db()
        if moved and target in _WORK:
            _enqueue(upload, _WORK[target])
    upload.refresh_from_db()
    return bool(moved)


def ask_again(upload: Upload, **changes: object) -> None:
    """Examine the kept file once more: after a change of the register, of its date, or of what its columns mean.

    Raises Refused when it is being worked at, is in the register already, or its file is gone.
    """
    if upload.expired_at is not None:
        raise Refused("原文件已过保存期，请重新上传。")
    if not _move(upload, OPEN, UploadState.QUEUED, acknowledged=False, **changes):
        raise Refused("这份文件正在处理，或已经导入，不能再比对。")


def ask_commit(upload: Upload, *, user: Any, skip_bad_rows: bool, acknowledged: bool) -> None:
    """Have the upload committed, once. Raises Refused, and then nothing happens."""
    if upload.state == UploadState.COMMITTED:
        raise Refused("这份台账已经导入过了，没有重复导入。")
    if upload.expired_at is not None:
        raise Refused("原文件已过保存期，请重新上传。")
    if upload.state == UploadState.EXAMINED and upload.unsettled:
        headings = "、".join(f"“{column['heading']}”" for column in upload.unsettled[:5])
        raise Refused(f"有 {len(upload.unsettled)} 栏没有认出（{headings}），请先说明是什么、保存为附加栏还是不要。")
    if upload.state == UploadState.EXAMINED and upload.unit_is_doubtful:
        raise Refused(f"台账里的填报单位写的是“{upload.unit_written}”，请先确认这是不是{upload.committee}的台账。")
    if upload.warnings and not acknowledged:
        raise Refused(f"有 {upload.warnings} 条提醒，请看过后勾选“提醒都已看过”再提交。")
    if not (upload.committable or (skip_bad_rows and upload.committable_without_bad_rows)):
        if upload.state == UploadState.EXAMINED and (upload.errors or upload.open_questions) and upload.skippable:
            raise Refused(BAD_ROWS.format(upload.counts.get("rejected", 0)))
        raise Refused("这份台账现在不能导入：正在处理，或需要改正后重新上传。")
    values = {
        "skipped_bad_rows": skip_bad_rows and bool(upload.errors or upload.open_questions),
        "acknowledged": acknowledged,
        "committed_by": user,
        "committed_name": full_name(user),
    }
    if not _move(upload, (UploadState.EXAMINED,), UploadState.COMMITTING, **values):
        raise Refused("这份台账已经在导入，没有重复导入。")


@transaction.atomic
def discard(upload: Upload) -> None:
    """Give up an upload that is not in the register: it waits for nobody any more, and what only it has found goes with
    it. Raises Refused when it is in the register."""
    if not _move(upload, OPEN, UploadState.DISCARDED):
        raise Refused("这份文件正在处理，或已经导入，不能作废；导入了的请用“撤回”。")
    hold(upload, None)


def ask_undo(upload: Upload, *, user: Any) -> None:
    """Have a committed upload taken back whole. Raises Refused when it is not in the register."""
    values = {"undone_by": user, "undone_name": full_name(user)}
    if not _move(upload, (UploadState.COMMITTED,), UploadState.UNDOING, **values):
        raise Refused("这份台账没有导入，或正在处理，不能撤回。")


def retry(upload: Upload) -> None:
    """Examine once more what was broken off. Raises Refused when it was not."""
    reap()
    upload.refresh_from_db()
    if upload.state != UploadState.FAILED:
        raise Refused("这份文件没有中断，不用重试。")
    ask_again(upload)


def reap() -> int:
    """Mark as broken off what a dead worker left behind; how many. What it wrote was rolled back with it.

    An undo or commit that is done has left these states inside its transaction, so it is never reaped; nor is
    what still waits for a worker, however long the queue.
    """
    dead = timezone.now() - SILENCE
    silent = list(Upload.objects.filter(state__in=RUNNING, heartbeat__lt=dead).light())
    queued = set(waiting()) if silent else set()
    broken = 0
    for upload in silent:
        if upload.pk in queued:
            continue
        # What was in the register before an undo began is there still.
        after = UploadState.COMMITTED if upload.state == UploadState.UNDOING else UploadState.FAILED
        note = "撤回时中断了，数据没有改动，请再撤回一次。" if upload.state == UploadState.UNDOING else BROKEN_OFF
        try:
            with transaction.atomic():
                # A row that is locked has a worker that is writing, however silent.
                rows = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload.pk)
                if rows.filter(state=upload.state, heartbeat__lt=dead).values_list("pk").first() is None:
                    continue
                rows = Upload.objects.filter(pk=upload.pk, state=upload.state, heartbeat__lt=dead)
                broken += rows.update(state=after, note=note, attempt=models.F("attempt") + 1)
        except OperationalError:
            # SQLite: a commit holds the whole database, so somebody lives. The next round will do.
            continue
    return broken


def ahead_of(upload: Upload) -> int | None:
    """How many other files come before this one's turn; None once a worker is at it."""
    queue = waiting()
    if upload.pk not in queue:
        return None
    return queue.index(upload.pk) + Upload.objects.filter(state__in=RUNNING).exclude(pk__in=queue).count()
