"""What a row of the enterprise ledger must satisfy beyond each cell by itself."""

import datetime as dt
import re
from collections.abc import Sequence

from common.identifiers import credit_code_class
from common.text import name_key
from enterprises.models import ExclusionReason
from ledgers.kinds.enterprise_fields import CLOSED, DOUBTFUL, NOT_ESTABLISHED, OPERATING
from ledgers.recognising.names import Stated
from ledgers.recognising.problems import ERROR, WARNING, listed
from ledgers.recognising.rows import Row

_DATES = ("registered_on", "closed_on", "established_on", "elected_on", "assigned_on")


def check_rows(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Report on each row what contradicts itself, another row, or the calendar."""
    for row in rows:
        _interpret(row)
        check_dates(row, _DATES, as_of, today)
        _check_closing(row)
        _check_identity(row)
        _check_numbers(row)
        _check_organization(row)
        _check_instructor(row)
        check_status(row)
    _check_repeated(rows)
    _check_remarks(rows)


_GONE = re.compile("注销|吊销|搬迁|迁出|外迁|搬走|停产|停业|歇业|倒闭|关停|破产|查无|不存在|已不在|空壳")


def _check_remarks(rows: Sequence[Row]) -> None:
    """Say once which rows remark that the enterprise is gone, while nothing in their columns says so."""
    gone = [
        row
        for row in rows
        if isinstance(words := row.get("remark"), str)
        and _GONE.search(words)
        and not is_closed(row)
        and row.get("status") != DOUBTFUL
    ]
    left = [row for row in gone if why_out(row) is None]
    if left:
        words = "的备注写明注销或搬迁，没有据此改动，请填写“经营状态”或“注销日期”"
        left[0].report(WARNING, "remark", f"备注：{listed([row.number for row in left])}{words}")
    asked = [row for row in gone if why_out(row) is not None]
    if asked:
        asked[0].report(
            WARNING, "remark", f"备注：{listed([row.number for row in asked])}的备注写明停产、空壳等，{ASKED}"
        )


ASKED = "提交后列为“不纳入基数”的申请，由区委组织部核定；核定前仍计入"
# By which words which reason is meant, first match wins.
_OUT = [
    (ExclusionReason.SHELL, re.compile("空壳")),
    (ExclusionReason.DORMANT, re.compile("僵尸")),
    (ExclusionReason.LIQUIDATION, re.compile("清算|破产")),
    (ExclusionReason.SUSPENDED, re.compile("停产|停业|歇业|停工|关停|倒闭|停止经营|暂停营业|不经营|未经营|未营业")),
    (ExclusionReason.PREPARING, re.compile("筹建|在建|未开业")),
]


def why_out(row: Row) -> tuple[ExclusionReason, str] | None:
    """For which reason the row's own words ask that the enterprise be left out of the base, and these words; None where
    they don't. A status that says so always asks; a remark only where its words are those of a reason."""
    if is_closed(row):
        return None
    doubtful, remark = row.get("status") == DOUBTFUL, row.get("remark")
    written = row.written("status") if doubtful else remark if isinstance(remark, str) else ""
    words = f"{'经营状态' if doubtful else '备注'}：{written}"
    found = next((reason for reason, pattern in _OUT if pattern.search(written)), None)
    if found is None and doubtful:
        found = ExclusionReason.OTHER
    return None if found is None else (found, words)


def _interpret(row: Row) -> None:
    """Say plainly what a row says by the way: 未建立 in a name column, a √ under 未组建."""
    body = row.get("organization_name")
    if row.get("organization_form") == NOT_ESTABLISHED:
        row.values["organization_form"] = None
        if row.get("established") is None:
            row.values["established"] = False
    if isinstance(body, Stated):
        row.values["organization_name"] = None
        if row.get("established") is None:
            row.values["established"] = body is Stated.YES
    if isinstance(row.get("secretary_name"), Stated):
        row.values["secretary_name"] = None
    person = row.get("instructor_name")
    if isinstance(person, Stated):
        row.values["instructor_name"] = None
        row.values["instructor_sent"] = person
    sent = row.get("instructor_sent")
    if isinstance(sent, str) and row.get("instructor_name") is None:
        # A column that asks whether, and is answered with whom.
        row.values["instructor_name"] = sent


def is_closed(row: Row) -> bool:
    """Whether the row says that the enterprise is closed."""
    return row.get("closed_on") is not None or row.get("status") == CLOSED


def check_dates(row: Row, fields: Sequence[str], as_of: dt.date, today: dt.date) -> None:
    """Report dates that lie in the future or after the ledger's own date."""
    for name in fields:
        value = row.get(name)
        if value is None:
            continue
        label = row.label(name)
        if value.day > max(today, as_of):
            row.report(ERROR, name, f"{label}：{value.day} 在未来，请改正")
        elif value.day > as_of:
            row.report(WARNING, name, f"{label}：{value.day} 晚于台账日期 {as_of}，请核对")


def _check_closing(row: Row) -> None:
    registered, closed = row.get("registered_on"), row.get("closed_on")
    if registered and closed and closed.day < registered.day:
        row.report(ERROR, "closed_on", f"注销日期：{closed.day} 早于成立日期 {registered.day}，请改正")


def _check_identity(row: Row) -> None:
    code = row.get("credit_code")
    if code and (kind := credit_code_class(code)):
        row.report(
            WARNING, "credit_code", f"统一社会信用代码：{code[:2]} 开头的是{kind}，不是企业，请核对是否应列入台账"
        )


def _check_numbers(row: Row) -> None:
    total = row.get("members_total")
    if total is not None and row.get("full_members") is None:
        probationary = row.get("probationary_members") or 0
        if probationary > total:
            row.report(ERROR, "members_total", f"党员总数：{total} 少于预备党员 {probationary}，请改正")
        else:
            row.values["full_members"] = total - probationary
            if total == 0:
                row.values["probationary_members"] = 0
    elif total is not None and "full_members" in row.columns:
        counted = row.get("full_members") + (row.get("probationary_members") or 0)
        if total != counted:
            row.report(
                WARNING, "members_total", f"党员总数：{total} 与正式、预备合计 {counted} 不符，按分项登记，请核对"
            )
    employees = row.get("employees")
    members = (row.get("full_members") or 0) + (row.get("probationary_members") or 0)
    if employees is not None and members > employees:
        name = "full_members" if "full_members" in row.columns else "members_total"
        row.report(WARNING, name, f"党员 {members} 名，多于职工 {employees} 名，请核对")


def _check_organization(row: Row) -> None:
    name, established = row.get("organization_name"), row.get("established")
    if established is False and name:
        row.report(ERROR, "organization_name", f"“是否建立党组织”填了否，却写了党组织“{name}”，请改其中一处")
    if not has_organization(row) and established is False:
        for column in ("established_on", "organization_kind", "secretary_name", "secretary_source", "elected_on"):
            if row.get(column) is not None:
                row.report(WARNING, column, f"{row.label(column)}：填了没有建立党组织，这一格没有导入，请核对")
    if has_organization(row) and row.get("established_on") is None and not failed(row, "established_on"):
        since = "企业已注销，不能算作覆盖过" if is_closed(row) else "只能从台账日期起算覆盖"
        row.report(WARNING, "established_on", f"党组织成立时间：没有填写，{since}，请补上")
    if has_organization(row) and not name and not failed(row, "organization_name"):
        row.report(WARNING, "organization_name", "党组织名称：没有填写，暂用企业名称起名，请补上全称")


def has_organization(row: Row) -> bool:
    """Whether the row says that an organization covers the enterprise."""
    if row.get("established") is not None:
        return bool(row.get("established"))
    telling = ("organization_name", "organization_form", "organization_kind", "established_on")
    return any(row.get(name) for name in telling)


def _check_instructor(row: Row) -> None:
    name = row.get("instructor_name")
    if name and row.get("assigned_on") is None and not failed(row, "assigned_on"):
        row.report(WARNING, "assigned_on", f"派驻时间：没有填写，指导员{name}只能从台账日期起算，请补上")
    for column in () if name else ("instructor_unit", "instructor_phone", "assigned_on"):
        if row.get(column) is not None and not failed(row, "instructor_name"):
            row.report(WARNING, column, f"{row.label(column)}：没有指导员姓名，这一格没有导入，请补上姓名")
    if row.get("instructor_sent") is Stated.YES and not name:
        row.report(WARNING, "instructor_sent", "填了已选派指导员，却没有指导员姓名，不计入工作覆盖，请补上姓名")


def check_status(row: Row, *, of_ledger: bool = True) -> None:
    """What the status says against the closing date; a registration list changes nothing, so it is asked less."""
    status, closed = row.get("status"), row.get("closed_on")
    if status == OPERATING and closed is not None:
        row.report(ERROR, "status", f"经营状态是{row.written('status')}，却有注销日期 {closed.day}，请改其中一处")
    elif status == CLOSED and closed is None and of_ledger and not failed(row, "closed_on"):
        row.report(WARNING, "closed_on", "注销日期：没有填写，只能从台账日期起不计入基数，请补上")
    elif status == DOUBTFUL and of_ledger:
        row.report(WARNING, "status", f"经营状态是{row.written('status')}：{ASKED}")


def failed(row: Row, name: str) -> bool:
    """Whether the cell of this field is already reported as unreadable."""
    return row.get(name) is None and bool(row.written(name)) and row.has_errors


def _check_repeated(rows: Sequence[Row]) -> None:
    """The same enterprise twice in one file: once if the rows say the same, else an error."""
    by_code: dict[str, Row] = {}
    by_name: dict[str, Row] = {}
    for row in rows:
        if row.continues:
            continue
        code, name = row.get("credit_code"), row.get("name")
        if code and (earlier := by_code.setdefault(code, row)) is not row:
            report_repeated(row, earlier, "credit_code", f"统一社会信用代码：{code} 与第 {earlier.number} 行")
            continue
        if not name or failed(row, "credit_code"):
            continue
        earlier = by_name.setdefault(name_key(name), row)
        # Two codes are two enterprises; a row without one means whichever row has its name.
        if earlier is not row and not (code and earlier.get("credit_code")):
            report_repeated(row, earlier, "name", f"企业名称：{name} 与第 {earlier.number} 行")


def report_repeated(row: Row, earlier: Row, field: str, what: str, label: str = "企业名称") -> None:
    """Report that `row` repeats `earlier`: an error, unless both say the same. `label`: what the name is called."""
    where = "" if earlier.sheet == row.sheet else f"（工作表“{earlier.sheet}”）"
    if row.get("name") and earlier.get("name") and name_key(row.get("name")) != name_key(earlier.get("name")):
        row.report(ERROR, field, f"{what}{where}“{earlier.get('name')}”相同，{label}却不同，请核对")
        return
    ignored = {"serial", "remark"}
    same = {k: v for k, v in row.values.items() if k not in ignored} == {
        k: v for k, v in earlier.values.items() if k not in ignored
    }
    if same:
        row.repeats = True
        row.report(WARNING, field, f"{what}{where}重复，内容相同，只按一行计")
    else:
        row.report(ERROR, field, f"{what}{where}重复，内容却不同，请只保留正确的一行")
