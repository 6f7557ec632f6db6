"""A file from reading to the register: examine, show, commit. One way for the page and the command line."""

import datetime as dt
import hashlib
import json
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from committees.models import Committee, kind_from_name
from common.memory import collector_paused
from common.today import today
from ledgers.codes import SEVERAL
from ledgers.comparing.claims import Claim
from ledgers.comparing.differences import NEW, Difference
from ledgers.comparing.not_in_file import not_in_file
from ledgers.comparing.register import Register
from ledgers.comparing.staging import Staging
from ledgers.comparing.statements import apply
from ledgers.comparing.writing import Writing, register_stamp
from ledgers.kinds.catalogue import Kind, catalogue, surest_first
from ledgers.kinds.registration import Finding, compare_registrations
from ledgers.objections import BAD_ROWS, about_the_file, is_another, not_a_ledger, wrong_with_date, wrong_with_scope
from ledgers.reading import Sheet, UnreadableFile, read_file
from ledgers.recognising.asking import Question, questions
from ledgers.recognising.finding import Words, read_table
from ledgers.recognising.header import EXTRA
from ledgers.recognising.problems import BLOCKING, WARNING, Problem, file_problem
from ledgers.recognising.rows import Row, Stumbled
from ledgers.recognising.table import IGNORED, Mapping, Table, as_of_from

logger = logging.getLogger(__name__)
COUNTS = ("read", "new", "changed", "same", "rejected", "not_in_file")
# Told how far the work is: a few words, and so many of so many.
Progress = Callable[[str, int, int], None]


def _silent(words: str, done: int, total: int) -> None:
    """For who does not want to be told."""


class Refused(Exception):
    """The file was not committed; the message is for the screen."""


@dataclass(frozen=True)
class Request:
    """Whose file it is and how it is to be read. `as_of` wins over the date in the file; `kind` is a code of
    KINDS or None to recognise it; `mapping` and `words` are what people have said of headings and of words in cells
    (ledgers/uploads/mapping.py). `lists_conflicts`: whether what contradicts another committee goes onto the list of
    conflicts, unless the file names another unit and nobody has `confirmed` whose it is; `tells`: whether a row is told
    so of persons and of dates of organizations (a preview is not, a commit always is). With no committee (the whole
    district), only a registration list can be compared."""

    committee: Committee | None
    as_of: dt.date | None = None
    kind: str | None = None
    mapping: Mapping = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    lists_conflicts: bool = False
    confirmed: bool = False
    tells: bool = True


@dataclass
class Outcome:
    """What a file says against the register. `staging` is None when it could not be compared."""

    kind: str | None = None
    as_of: dt.date | None = None
    table: Table | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    problems: list[Problem] = field(default_factory=list)
    # The rows that change nothing: where, and whose.
    same: list[str] = field(default_factory=list)
    not_in_file: list[str] = field(default_factory=list)
    staging: Staging | None = None
    # Of a registration list, which is compared and never imported.
    findings: list[Finding] | None = None
    # What another committee holds and a row of this file claims.
    claims: list[Claim] = field(default_factory=list)
    # Whether it names people by their ID numbers.
    has_numbers: bool = False
    # What other unit the file says that it is of: then its claims are most likely nobody's.
    of_another_committee: str = ""
    # The register's state when it was compared (ledgers/staging.py).
    stamp: tuple = ()
    committed: bool = False

    @property
    def differences(self) -> list[Difference]:
        return [] if self.staging is None else self.staging.differences

    @property
    def has_errors(self) -> bool:
        """Whether something keeps rows, or the file, from going in as it stands."""
        return any(problem.level in BLOCKING for problem in self.problems)

    @property
    def questions(self) -> list[Question]:
        """What is to be settled before rows can be read, or may be."""
        return questions(self.table.rows if self.table else [], catalogue())

    @property
    def blocks_everything(self) -> bool:
        """An error that is not one row's: skipping rows does not help."""
        if self.staging is None and self.findings is None:
            return True
        rows = {(row.sheet, row.number) for row in self.table.rows} if self.table else set()
        return any(p.level in BLOCKING and (p.sheet, p.row) not in rows for p in self.problems)

    def let_go(self) -> None:
        """Keep what is said of the file, and let go of its cells and of the records: they take most of the memory."""
        if self.table is not None:
            self.table.forget_rows()
        if self.staging is not None:
            self.staging = self.staging.differences_only()

    @property
    def digest(self) -> str:
        """Two examinations that agree have the same digest: counts and differences."""
        counts = {name: number for name, number in self.counts.items() if name != "not_in_file"}
        # What the columns mean is part of it: somebody may map them otherwise in between.
        columns = self.table.columns if self.table is not None else []
        digest = hashlib.sha256(json.dumps([counts, columns], sort_keys=True).encode())
        for difference in self.differences:
            digest.update(repr(difference).encode("utf-8", "replace"))
        return digest.hexdigest()

    def as_dict(self) -> dict:
        """The answer of the import_ledger command (design, section 4)."""
        answer = {
            "kind": self.kind,
            "sheets": [part.sheet.name for part in self.table.parts] if self.table else [],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "columns": _without(
                [column for column in self.table.columns if column["field"] not in {IGNORED, EXTRA}]
                if self.table
                else [],
                "kind",
            ),
            "questions": [question.as_dict() for question in self.questions],
            "skipped": [skipped._asdict() for skipped in self.table.skipped] if self.table else [],
            "unmapped": _without(self.table.unmapped if self.table else [], "kind", "samples"),
            "rows": self.counts,
            "problems": [problem._asdict() for problem in self.problems],
            "committed": self.committed,
        }
        if self.findings is not None:
            answer["findings"] = [finding._asdict() for finding in self.findings]
        return answer


def _without(rows: list[dict], *names: str) -> list[dict]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def examine(path: Path, request: Request, progress: Progress = _silent) -> Outcome:
    """Read the file and compare it with the register. Writes nothing. Whatever is wrong stands in `problems`."""
    progress("正在读取文件", 0, 0)
    try:
        sheets = read_file(path)
    except UnreadableFile as error:
        return Outcome(problems=[file_problem(str(error))])
    progress("正在识别表头和检查每一格", 0, 0)
    try:
        return compare(_table(sheets, request), request, progress)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours, whatever it is, must end in words
        return Outcome(problems=[file_problem(_stumbled(error))])


def _stumbled(error: Exception) -> str:
    """What to say of a fault of ours; where it happened is logged, without what the row holds."""
    cause = error.__cause__ or error
    frames = "".join(traceback.format_tb(cause.__traceback__))
    where = f"工作表“{error.sheet}”第 {error.row} 行" if isinstance(error, Stumbled) else "这个文件"
    logger.error("%s in a ledger at %s\n%s", type(cause).__name__, where, frames)
    remedy = "请先把这一行挪到别处再上传" if isinstance(error, Stumbled) else "请先按样表填写再上传"
    return f"{where}处理不了：这是系统的缺陷，已记入日志。{remedy}，并告诉系统管理员。数据没有改动。"


def _table(sheets: list[Sheet], request: Request) -> Table:
    kinds = [catalogue()[request.kind]] if request.kind else surest_first()
    guessing = kinds if request.kind else list(catalogue().values())
    with collector_paused():
        return read_table(sheets, kinds, request.mapping, guessing, request.words)


def compare(table: Table, request: Request, progress: Progress = _silent) -> Outcome:
    """Hold the rows of `table` against the register."""
    outcome = Outcome(table=table, problems=list(table.problems))
    stated = as_of_from(table)
    outcome.as_of = request.as_of or (stated.day if stated else None)
    if not table.parts:
        outcome.problems.append(file_problem(not_a_ledger(table)))
        if table.guessed:
            outcome.kind = table.guessed[0].kind.code
        return outcome
    kinds = [kind for kind in catalogue().values() if kind.code in table.kinds]
    outcome.kind = kinds[0].code if len(kinds) == 1 else SEVERAL
    compared_only = all(kind.compared_only for kind in kinds)
    if outcome.as_of is None and compared_only:
        # A list of the regulator is of today unless it says otherwise.
        outcome.as_of = today()
    wrong = wrong_with_date(outcome.as_of, table) or wrong_with_scope(request.committee, kinds)
    if wrong is None and not table.rows and not any(not part.header.has_key for part in table.parts):
        wrong = "找到了表头，下面却没有数据行，请检查后再上传。"
    if wrong is not None:
        outcome.problems.append(file_problem(wrong))
        return outcome
    assert outcome.as_of is not None
    if request.committee is not None:
        outcome.problems += about_the_file(table, request.committee)
        others = [unit for unit in sorted(table.reporting_units) if is_another(unit, request.committee)]
        outcome.of_another_committee = "、".join(others)
    for kind in kinds:
        kind.check([row for row in table.rows if row.kind == kind.code], outcome.as_of, today())
    if compared_only:
        outcome.findings = compare_registrations(table.rows, request.committee, outcome.as_of)
        outcome.counts["read"] = len(table.rows)
        outcome.counts["rejected"] = sum(row.has_errors for row in table.rows)
    else:
        assert request.committee is not None
        outcome.stamp = register_stamp()
        models = list(dict.fromkeys(model for kind in kinds for model in kind.models))
        with collector_paused():
            register = Register(request.committee, outcome.as_of, table.rows, models)
            register.lists_conflicts = request.lists_conflicts and (
                request.confirmed or not outcome.of_another_committee
            )
            register.tells = request.tells
            _take_in(outcome, kinds, register, progress)
    outcome.problems += [problem for row in table.rows for problem in row.problems]
    return outcome


_TOLD_EVERY = 200


def _take_in(outcome: Outcome, kinds: Sequence[Kind], register: Register, progress: Progress) -> None:
    """Take the rows in, kind after kind, so that rosters find what the ledger beside them brings."""
    table, counts = outcome.table, outcome.counts
    assert table is not None
    done, ends = 0, ""
    outcome.has_numbers = any(row.get("id_number") for row in table.rows)
    for kind in kinds:
        for row in table.rows:
            if row.kind != kind.code:
                continue
            done += 1
            if done % _TOLD_EVERY == 0:
                progress("正在与登记的内容比对", done, len(table.rows))
            try:
                # What goes on with a row that was not taken has nobody to be about.
                ends = "rejected" if row.continues and ends == "rejected" else _take_row(kind, row, register)
            except DatabaseError:
                raise
            except Exception as error:
                raise Stumbled(row.sheet, row.number) from error
            if row.continues and ends != "rejected":
                continue
            counts["read"] += 1
            counts[ends] += 1
            if ends == "same":
                where = f"{row.sheet} " if len(table.parts) > 1 else ""
                outcome.same.append(f"{where}第 {row.number} 行 {row.get(kind.key)}")
    if register.outdated:
        words = f"有 {register.outdated} 处内容（地址、联系人等）后来的台账另有填报，仍按后来的登记，没有改回"
        outcome.problems.append(Problem(None, None, None, None, None, WARNING, words))
    outcome.not_in_file = not_in_file(register, table)
    counts["not_in_file"] = len(outcome.not_in_file)
    outcome.staging = register
    outcome.claims = register.claims


def _take_row(kind: Kind, row: Row, register: Register) -> str:
    """What becomes of one row, as it is counted."""
    if row.has_errors:
        return "rejected"
    if row.repeats:
        # Reported as a repetition that says the same.
        return "same"
    assert kind.statements is not None and kind.against is not None
    kind.against(register, row)
    if row.has_errors:
        return "rejected"
    register.at(row.sheet, row.number, row.get(kind.key))
    before = len(register.differences)
    if not apply(register, row, kind.statements(register, row)):
        return "rejected"
    if row.extras and kind.about is not None and (record := kind.about(register, row)) is not None:
        for heading, value in row.extras.items():
            register.keep_extra(record, kind.code, heading, value)
    found = register.differences[before:]
    if any(each.kind == NEW and each.what in kind.begins for each in found):
        return "new"
    return "changed" if found else "same"


def commit(
    path: Path,
    request: Request,
    *,
    user: Any = None,
    reason: str,
    skip_bad_rows: bool = False,
    expected_digest: str | None = None,
    progress: Progress = _silent,
    before_write: Callable[[], None] = lambda: None,
    with_claims: Callable[[Outcome], None] = lambda outcome: None,
    after_write: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Examine the file again and write it, in one transaction. All or nothing.

    The comparison is made before the transaction, so that others may write meanwhile; if they did, it is
    made again inside. `before_write` runs inside first and may raise to stop, `with_claims` when it is known what
    other committees hold of the file, `after_write` last. Rows of which the preview did not tell that they are claimed
    are told now, and left out. Raises Refused when
    the file has errors (of rows: unless `skip_bad_rows`), or when the outcome no longer agrees with the preview that
    `expected_digest` stands for.
    """
    outcome = examine(path, request, progress)
    if outcome.findings is not None:
        raise Refused("市场监管登记名单只比对，不导入。")
    check_committable(outcome, skip_bad_rows)
    _check_agrees(outcome, expected_digest)
    with transaction.atomic():
        before_write()
        committee = request.committee
        assert committee is not None
        if committee.pk is None:
            committee.save()
        # One commit a committee at a time.
        Committee.objects.select_for_update().get(pk=committee.pk)
        # Whoever is changing one of these records now is waited for, and then seen by the stamp.
        assert outcome.staging is not None
        writing = Writing(outcome.staging)
        writing.lock()
        if register_stamp() != outcome.stamp:
            assert outcome.table is not None
            outcome = compare(_table(outcome.table.all_sheets, request), request)
            check_committable(outcome, skip_bad_rows)
            _check_agrees(outcome, expected_digest)
            assert outcome.staging is not None
            writing = Writing(outcome.staging)
        with_claims(outcome)
        if outcome.claims and not request.tells:
            assert outcome.table is not None
            outcome = compare(_table(outcome.table.all_sheets, request), replace(request, tells=True))
            assert outcome.staging is not None
            writing = Writing(outcome.staging)
        progress("正在写入", 0, 0)
        assert outcome.table is not None
        outcome.table.forget_rows()
        with collector_paused():
            writing.write(user, reason, progress)
        after_write(outcome)
    outcome.committed = True
    return outcome


def _check_agrees(outcome: Outcome, expected_digest: str | None) -> None:
    if expected_digest is not None and outcome.digest != expected_digest:
        raise Refused("预览之后登记的内容有了变化，没有导入。请点“重新比对”，看过新的变动后再提交。")


def check_committable(outcome: Outcome, skip_bad_rows: bool) -> None:
    """Raise Refused unless this outcome may be written."""
    if outcome.blocks_everything:
        messages = [problem.message for problem in outcome.problems if problem.level in BLOCKING]
        raise Refused(messages[0] if messages else "这个文件不能导入。")
    if outcome.has_errors and not skip_bad_rows:
        raise Refused(BAD_ROWS.format(outcome.counts["rejected"]))


def committee_named(name: str, create: bool) -> Committee | None:
    """The committee of this name or short name; with `create`, a new one (not saved) of the kind its name tells."""
    # An argument that is no UTF-8 reaches us with lone surrogates.
    name = name.encode("utf-8", "replace").decode().strip()
    known = Committee.objects.named(name).first() if name else None
    if known is not None or not create:
        return known
    made = Committee(name=name, kind=kind_from_name(name))
    try:
        made.full_clean()
    except ValidationError:
        return None
    return made
