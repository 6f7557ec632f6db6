"""A ledger from file to register: examine, show, commit. One way for the page and the command line."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee, kind_from_name
from common.text import name_key, squeeze
from enterprises.querysets import today
from ledgers.checks import check_rows
from ledgers.enterprise_fields import FIELDS, KEY
from ledgers.header import column_letter
from ledgers.kinds import ENTERPRISE_LEDGER
from ledgers.merge import merge
from ledgers.problems import ERROR, WARNING, Problem, file_problem
from ledgers.reading import Sheet, UnreadableFile, read_file
from ledgers.register import Register
from ledgers.rows import Table, as_of_from, read_table
from ledgers.staging import Difference, Staging

# No ledger of this field is older than the republic.
EARLIEST = dt.date(1949, 10, 1)
NO_AS_OF = "台账里没有写明填报时间（到日），请指定台账日期。"


class Refused(Exception):
    """The file was not committed; the message is for the screen."""


@dataclass
class Outcome:
    """What a file says against the register. `staging` is None when it could not be compared."""

    kind: str | None = None
    as_of: dt.date | None = None
    table: Table | None = None
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("read", "new", "changed", "same", "rejected", "not_in_file"), 0)
    )
    problems: list[Problem] = field(default_factory=list)
    not_in_file: list[str] = field(default_factory=list)
    staging: Staging | None = None
    committed: bool = False

    @property
    def differences(self) -> list[Difference]:
        return [] if self.staging is None else self.staging.differences

    @property
    def has_errors(self) -> bool:
        return any(problem.level == ERROR for problem in self.problems)

    @property
    def blocks_everything(self) -> bool:
        """An error that is not one row's: skipping rows does not help."""
        return self.staging is None or any(p.level == ERROR and not self._is_of_row(p) for p in self.problems)

    def _is_of_row(self, problem: Problem) -> bool:
        rows = {(row.sheet, row.number) for row in self.table.rows} if self.table else set()
        return (problem.sheet, problem.row) in rows

    @property
    def digest(self) -> str:
        """Two examinations that agree have the same digest: counts and differences."""
        counts = {name: number for name, number in self.counts.items() if name != "not_in_file"}
        state = [counts, [difference.as_dict() for difference in self.differences]]
        return hashlib.sha256(json.dumps(state, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def as_dict(self) -> dict:
        """The answer of the import_ledger command (design, section 4)."""
        return {
            "kind": self.kind,
            "sheets": [sheet.name for sheet, _ in self.table.sheets] if self.table else [],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "columns": self.table.columns if self.table else [],
            "unmapped": self.table.unmapped if self.table else [],
            "rows": self.counts,
            "problems": [problem.as_dict() for problem in self.problems],
            "committed": self.committed,
        }


def examine(path: Path, committee: Committee, as_of: dt.date | None = None) -> Outcome:
    """Read the file and compare it with the register. Writes nothing.

    `as_of` wins over the date in the ledger. Whatever is wrong stands in `problems`.
    """
    try:
        sheets = read_file(path)
    except UnreadableFile as error:
        return Outcome(problems=[file_problem(str(error))])
    return compare(read_table(sheets, FIELDS, KEY), committee, as_of)


def compare(table: Table, committee: Committee, as_of: dt.date | None) -> Outcome:
    """Hold the rows of `table` against the register."""
    outcome = Outcome(table=table, problems=list(table.problems))
    if not table.sheets:
        outcome.problems.append(file_problem(_not_a_ledger(table.all_sheets)))
        return outcome
    outcome.kind = ENTERPRISE_LEDGER
    stated = as_of_from(table)
    outcome.as_of = as_of or (stated.day if stated else None)
    if outcome.as_of is None:
        outcome.problems.append(file_problem(NO_AS_OF))
        return outcome
    if outcome.as_of < EARLIEST:
        outcome.problems.append(file_problem(f"台账日期 {outcome.as_of} 过早，请改正。"))
        return outcome
    if outcome.as_of > today():
        outcome.problems.append(file_problem(f"台账日期 {outcome.as_of} 在未来，请改正。"))
        return outcome
    if not table.rows:
        outcome.problems.append(file_problem("找到了表头，下面却没有数据行，请检查后再上传。"))
        return outcome
    outcome.problems += _about_the_file(table, committee)
    check_rows(table.rows, outcome.as_of, today())
    _merge(outcome, Register(committee, outcome.as_of, table.rows))
    outcome.problems += [problem for row in table.rows for problem in row.problems]
    return outcome


# Words of other kinds of file, which have their turn in a later version.
_OTHER_KINDS = {
    "身份证": "党员花名册",
    "党员类别": "党员花名册",
    "指导企业": "指导员花名册",
    "有场所": "党组织基本情况表",
}


def _not_a_ledger(sheets: Sequence[Sheet]) -> str:
    """Why nothing was found, naming the other kind of file that it looks like."""
    words = "".join(str(cell) for sheet in sheets for row in sheet.rows[:8] for cell in row if cell is not None)
    kind = next((name for word, name in _OTHER_KINDS.items() if word in words), None)
    if kind:
        return f"这看起来是{kind}，现在只能导入企业台账。"
    return "没有找到企业台账：表头里要有“企业名称”和至少两个别的栏目，如“统一社会信用代码”“是否建立党组织”。"


def _about_the_file(table: Table, committee: Committee) -> list[Problem]:
    found = []
    for unit in sorted(table.reporting_units):
        names = [squeeze(committee.name), squeeze(committee.short_name)]
        if not any(name and (name in unit or unit in name) for name in names):
            message = f"填报单位写的是“{unit}”，现在导入的是“{committee}”，请核对是否选错了单位"
            found.append(Problem(None, None, None, None, unit, WARNING, message))
    for sheet, header in table.sheets:
        total = next((column for column in header.columns if column.field.name == "members_total"), None)
        if total is not None and "full_members" not in header.fields:
            message = "台账只有党员总数，没有分正式和预备，按正式党员计；请尽量分开填写"
            letter = column_letter(total.index)
            found.append(Problem(sheet.name, header.last + 1, letter, total.heading, None, WARNING, message))
    return found


def _merge(outcome: Outcome, register: Register) -> None:
    table = outcome.table
    assert table is not None
    counts = outcome.counts
    taken: set[str] = set()
    seen: set[str] = set()
    for row in table.rows:
        counts["read"] += 1
        seen.update(key for key in (row.get("credit_code"), name_key(row.get("name") or "")) if key)
        if row.has_errors:
            counts["rejected"] += 1
            continue
        identity = row.get("credit_code") or name_key(row.get("name"))
        if identity in taken:
            # Reported as a repetition that says the same.
            counts["same"] += 1
            continue
        before = len(register.staging.differences)
        is_new = merge(register, row)
        if is_new is None:
            counts["rejected"] += 1
            continue
        taken.add(identity)
        changed = len(register.staging.differences) > before
        counts["new" if is_new else "changed" if changed else "same"] += 1
    outcome.not_in_file = sorted(
        enterprise.name
        for pk in register.mine
        if (enterprise := register.enterprises[pk]).credit_code not in seen
        and name_key(enterprise.name) not in seen
        and (enterprise.closed_on is None or enterprise.closed_on > register.as_of)
    )
    counts["not_in_file"] = len(outcome.not_in_file)
    outcome.staging = register.staging


def commit(
    path: Path,
    committee: Committee,
    as_of: dt.date | None = None,
    *,
    user=None,
    reason: str,
    skip_bad_rows: bool = False,
    expected_digest: str | None = None,
) -> Outcome:
    """Examine the file again and write it, in one transaction. All or nothing.

    Raises Refused when the file has errors (of rows: unless `skip_bad_rows`), or when the
    outcome no longer agrees with the preview that `expected_digest` stands for.
    """
    try:
        sheets = read_file(path)
    except UnreadableFile as error:
        raise Refused(str(error)) from None
    table = read_table(sheets, FIELDS, KEY)
    with transaction.atomic():
        if committee.pk is None:
            committee.save()
        # One commit a committee at a time.
        Committee.objects.select_for_update().get(pk=committee.pk)
        outcome = compare(table, committee, as_of)
        check_committable(outcome, skip_bad_rows)
        if expected_digest is not None and outcome.digest != expected_digest:
            raise Refused("预览之后登记的内容有了变化，没有导入。请点“重新比对”，看过新的变动后再提交。")
        assert outcome.staging is not None
        outcome.staging.write(user, reason)
    outcome.committed = True
    return outcome


def check_committable(outcome: Outcome, skip_bad_rows: bool) -> None:
    """Raise Refused unless this outcome may be written."""
    if outcome.blocks_everything:
        messages = [problem.message for problem in outcome.problems if problem.level == ERROR]
        raise Refused(messages[0] if messages else "这个文件不能导入。")
    if outcome.has_errors and not skip_bad_rows:
        raise Refused(f"有 {outcome.counts['rejected']} 行存在错误，请改正后重新上传，或选择只导入没有错误的行。")


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
