"""An uploaded ledger: received, examined, committed."""

import datetime as dt
import hashlib
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from committees.models import Committee
from ledgers.models import Upload, UploadState
from ledgers.process import Outcome, Refused, commit, examine


def receive(*, user, committee: Committee, file: UploadedFile, as_of: dt.date | None) -> Upload:
    """Keep the file and examine it. Nothing of the register changes."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = Path(file.name or "台账").name
    upload = Upload(
        committee=committee, user=user, file_name=name, sha256=digest.hexdigest(), size=file.size or 0, as_of=as_of
    )
    # The name on disk is ours: nothing of the user's name reaches the file system.
    upload.file.save(f"{upload.sha256[:16]}.bin", file, save=False)
    upload.save()
    examine_upload(upload, as_of=as_of)
    return upload


def examine_upload(upload: Upload, *, as_of: dt.date | None) -> None:
    """Examine the kept file (again) and store the preview. `as_of` wins over the date in the ledger."""
    _keep(upload, examine(Path(upload.file.path), upload.committee, as_of))
    upload.save()


def commit_upload(upload: Upload, *, user, skip_bad_rows: bool) -> Upload:
    """Write the upload to the register, once. Raises Refused, and then nothing is written."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state == UploadState.COMMITTED:
            raise Refused("这份台账已经导入过了，没有重复导入。")
        if locked.state != UploadState.EXAMINED:
            raise Refused("这份台账不能导入，请改正后重新上传。")
        outcome = commit(
            Path(locked.file.path),
            locked.committee,
            locked.as_of,
            user=user,
            reason=f"upload:{locked.pk}",
            skip_bad_rows=skip_bad_rows,
            expected_digest=locked.digest,
        )
        _keep(locked, outcome)
        locked.state = UploadState.COMMITTED
        locked.skipped_bad_rows = outcome.has_errors
        locked.committed_at = timezone.now()
        locked.save()
    return locked


def _keep(upload: Upload, outcome: Outcome) -> None:
    upload.kind = outcome.kind or ""
    upload.as_of = outcome.as_of
    upload.counts = outcome.counts
    upload.columns = outcome.table.columns if outcome.table else []
    upload.unmapped = outcome.table.unmapped if outcome.table else []
    upload.problems = [problem.as_dict() for problem in outcome.problems]
    upload.differences = [difference.as_dict() for difference in outcome.differences]
    upload.not_in_file = outcome.not_in_file
    upload.digest = outcome.digest
    upload.skippable = not outcome.blocks_everything
    upload.state = UploadState.REFUSED if outcome.blocks_everything else UploadState.EXAMINED
