"""What workers do with an upload: examine, commit, take back. Whatever happens, the upload says how it ended."""

import logging

from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from common.desk.consequences import begin
from common.full_disk import is_full
from ledgers.comparing.writing import Writing
from ledgers.models import ConflictKind, Upload, UploadState
from ledgers.objections import committee_of
from ledgers.process import Outcome, Refused, Request, commit, examine
from ledgers.reading import ReaderUnavailable
from ledgers.recognising.problems import file_problem
from ledgers.uploads import conflicts
from ledgers.uploads.asking import TooManyQuestions, may_ask
from ledgers.uploads.findings import SHOWN, first_of_each, pack
from ledgers.uploads.heartbeat import Heartbeat
from ledgers.uploads.mapping import mapping_for, words_for
from ledgers.uploads.originals import NOT_DONE, original
from ledgers.uploads.registrations import hold
from ledgers.uploads.tries import hang_on_the_first
from ledgers.uploads.undo import undo

logger = logging.getLogger(__name__)
BROKEN_OFF = "处理时中断了，数据没有改动。请点“重试”；仍不行请联系系统管理员。"
NO_READER = "服务器上的读表程序现在不能用，不是这个文件的问题，数据没有改动。请告诉系统管理员，修好后点“重试”。"
CONTRADICTS = (
    "没有导入：数据库拒绝了其中的内容（与已登记的矛盾，或放不下），数据没有改动。"
    "请点“重新比对”；仍不行请联系系统管理员。"
)


def work(pk: int, attempt: int, towards: str) -> None:
    """One step of one upload, in a worker. Whatever happens, the upload says how it ended."""
    upload = Upload.objects.select_related("committee", "user").get(pk=pk)
    source = UploadState.QUEUED if towards == UploadState.EXAMINING else towards
    started = Upload.objects.filter(pk=pk, attempt=attempt, state=source)
    if not started.update(state=towards, heartbeat=timezone.now()):
        # Another worker has it, or it was given up meanwhile.
        return
    with Heartbeat(upload) as heartbeat:
        try:
            {
                UploadState.EXAMINING: _examine,
                UploadState.COMMITTING: _commit,
                UploadState.UNDOING: _undo,
            }[UploadState(towards)](upload, attempt, heartbeat)
        except Exception as error:
            # The message may hold what stands in a row: only the kind of error is logged, with its place.
            logger.exception("upload %s could not be worked at (%s)", pk, towards)
            # What the database refuses is no interruption: trying again would end the same.
            refused = isinstance(error, DatabaseError) and not isinstance(error, OperationalError)
            after = UploadState.EXAMINED if refused else UploadState.FAILED
            after = UploadState.COMMITTED if towards == UploadState.UNDOING else after
            note = CONTRADICTS if refused else _why(error)
            Upload.objects.filter(pk=pk, attempt=attempt).update(state=after, note=note)


def _why(error: Exception) -> str:
    """What has broken an upload off that can be tried again."""
    if is_full(error):
        return NOT_DONE
    return NO_READER if isinstance(error, ReaderUnavailable) else BROKEN_OFF


def _request(upload: Upload) -> Request:
    return Request(
        upload.committee,
        upload.asked_as_of,
        upload.asked_kind or None,
        mapping_for(upload.committee),
        words_for(upload.committee),
        lists_conflicts=True,
        confirmed=upload.unit_confirmed,
        tells=False,
    )


def _examine(upload: Upload, attempt: int, heartbeat: Heartbeat) -> None:
    try:
        path = original(upload)
    except Refused as refused:
        outcome = Outcome(problems=[file_problem(str(refused))])
    else:
        outcome = examine(path, _request(upload), heartbeat.tell)
    if upload.committee_id is None and outcome.findings is None and outcome.table is not None:
        # The district need not say whose ledger it is: the ledger does.
        upload.committee = committee_of(outcome.table.reporting_units)
        if upload.committee is not None:
            outcome = examine(path, _request(upload), heartbeat.tell)
    heartbeat.tell("正在整理预览", 0, 0)
    state = (
        UploadState.COMPARED
        if outcome.findings is not None and not outcome.blocks_everything
        else UploadState.REFUSED
        if outcome.blocks_everything
        else UploadState.EXAMINED
    )
    upload.effects = _effects(upload, outcome) if state == UploadState.EXAMINED else []
    with transaction.atomic():
        if not _still_ours(upload, attempt):
            return
        _keep(upload, outcome)
        upload.state = state
        upload.save()
        hold(upload, outcome.findings if state == UploadState.COMPARED else None)


def _effects(upload: Upload, outcome: Outcome) -> list[str]:
    """What committing would do to the committee's numbers of the targets: written, counted, rolled back. It costs as
    much as the change is large."""
    if not outcome.differences or outcome.staging is None or upload.committee_id is None:
        return []
    watching = begin(upload.user, upload.committee_id)
    try:
        with transaction.atomic():
            Writing(outcome.staging).write(upload.user, "preview")
            connection.check_constraints()
            for watch in watching:
                watch.look()
            transaction.set_rollback(True)
    except IntegrityError:
        # What the database refuses is known before anybody commits it.
        logger.exception("upload %s contradicts what is stored", upload.pk)
        upload.note = CONTRADICTS
        return []
    return [word for watch in watching for word in watch.words()]


def _commit(upload: Upload, attempt: int, heartbeat: Heartbeat) -> None:
    def still_ours() -> None:
        if not _still_ours(upload, attempt):
            raise Refused("这份台账已由另一个进程处理。")

    def answers(outcome: Outcome) -> None:
        if outcome.has_numbers:
            may_ask(upload.committed_by, sum(claim.doubtful for claim in outcome.claims))

    def done(outcome: Outcome) -> None:
        # What stands in the row and the details is the preview's, with which this agrees, but for what it did not tell.
        if outcome.claims:
            conflicts.note(upload, outcome)
            _keep_findings(upload, outcome)
        upload.state, upload.committed_at = UploadState.COMMITTED, timezone.now()
        upload.save()

    try:
        commit(
            original(upload),
            _request(upload),
            user=upload.committed_by,
            reason=f"upload:{upload.pk}",
            skip_bad_rows=upload.skipped_bad_rows,
            expected_digest=upload.digest,
            progress=heartbeat.tell,
            before_write=still_ours,
            with_claims=answers,
            after_write=done,
        )
    except Refused as refused:
        if isinstance(refused, TooManyQuestions):
            # Now that nothing else of it stands.
            refused.note(of=upload)
        Upload.objects.filter(pk=upload.pk, attempt=attempt).update(state=UploadState.EXAMINED, note=str(refused)[:500])


def _undo(upload: Upload, attempt: int, heartbeat: Heartbeat) -> None:
    heartbeat.tell("正在撤回", 0, 0)
    with transaction.atomic():
        if not _still_ours(upload, attempt):
            return
        later = undo(
            f"upload:{upload.pk}",
            committee=upload.committee,
            user=upload.undone_by,
            reason=f"undo:{upload.pk}",
            progress=heartbeat.tell,
        )
        if later:
            listed = "；".join(later[:8]) + ("等" if len(later) > 8 else "")
            upload.note = f"没有撤回：导入之后又有 {len(later)} 处改动，要先处理这些改动——{listed}"[:500]
            upload.state = UploadState.COMMITTED
        else:
            upload.state, upload.note, upload.undone_at = UploadState.UNDONE, "", timezone.now()
        upload.save()


def _still_ours(upload: Upload, attempt: int) -> bool:
    """Whether this attempt is the one that counts; locks the row, so that it stays so until the transaction ends."""
    return Upload.objects.select_for_update().filter(pk=upload.pk, attempt=attempt).exists()


def _keep(upload: Upload, outcome: Outcome) -> None:
    """The outcome on the row: what was understood, and what was found."""
    upload.kind = outcome.kind or ""
    upload.as_of = outcome.as_of
    upload.columns = outcome.table.columns if outcome.table else []
    upload.unmapped = outcome.table.unmapped if outcome.table else []
    upload.digest = outcome.digest
    hang_on_the_first(upload, outcome)
    upload.unit_written = outcome.of_another_committee[:200]
    upload.questions = [question.as_dict() for question in outcome.questions[:SHOWN]]
    upload.skipped = [skipped._asdict() for skipped in outcome.table.skipped] if outcome.table else []
    upload.skippable = not outcome.blocks_everything
    # Of persons and dates nothing is told before somebody commits.
    upload.claims = sum(claim.kind in {ConflictKind.CLAIMED, ConflictKind.TWO_NAMES} for claim in outcome.claims)
    _keep_findings(upload, outcome)


def _keep_findings(upload: Upload, outcome: Outcome) -> None:
    """What was found: the first of each list on the row, everything in the details file."""
    upload.counts = outcome.counts
    outcome.let_go()
    upload.problems, upload.problem_counts = first_of_each(outcome.problems, "level")
    upload.differences, upload.difference_counts = first_of_each(outcome.differences, "kind")
    upload.findings, _ = first_of_each(outcome.findings or [], "kind")
    upload.not_in_file = outcome.not_in_file[:SHOWN]
    old = upload.details.name
    upload.details.save(f"{upload.sha256[:16]}.json.gz", ContentFile(pack(outcome)), save=False)
    if old:
        storage = upload.details.storage
        transaction.on_commit(lambda: storage.delete(old))
