"""What rows of rosters and sheets must satisfy beyond each cell by itself."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import name_key
from ledgers.codes import ACTIVIST_ROSTER
from ledgers.kinds.checks import check_dates, check_status, failed, report_repeated
from ledgers.kinds.item_fields import PREFIX
from ledgers.kinds.people_fields import NOT_A_STAGE
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import PositionGroup, Stage
from organizations.models.steps import Step, doubts

_PEOPLE_DATES = ("born_on", "applied_on", "activist_on", "candidate_on", "joined_on", "full_on")
_STEPS = (
    ("applied_on", "申请入党时间"),
    ("activist_on", "确定积极分子时间"),
    ("candidate_on", "确定发展对象时间"),
    ("joined_on", "入党时间"),
    ("full_on", "转正时间"),
)
# Which stage begins with a step.
_STAGE_OF = {
    "applied_on": Stage.APPLICANT,
    "activist_on": Stage.ACTIVIST,
    "candidate_on": Stage.CANDIDATE,
    "joined_on": Stage.PROBATIONARY,
    "full_on": Stage.FULL,
}


# -- organizations --------------------------------------------------------------------------------


def check_organizations(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Dates against the calendar and each other, the count against the list, and repetitions."""
    seen: dict[str, Row] = {}
    # An organization may go on over several rows, an enterprise in each.
    also: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.continues:
            where = (row.sheet, name_key(row.get("name") or ""))
            also[where] = also.get(where, 0) + len(row.get("covered") or ())
    for row in rows:
        if row.continues:
            continue
        reached = [
            name for name, value in row.values.items() if name.startswith(PREFIX) and isinstance(value, LedgerDate)
        ]
        check_dates(row, ("established_on", "elected_on", "dissolved_on", *reached), as_of, today)
        established, dissolved = row.get("established_on"), row.get("dissolved_on")
        if established and dissolved and dissolved.day <= established.day:
            row.report(ERROR, "dissolved_on", f"撤销时间：{dissolved.day} 不晚于成立时间 {established.day}，请改正")
        if established is None and not failed(row, "established_on"):
            row.report(WARNING, "established_on", "成立时间：没有填写，新登记的只能从填报日期起算，请补上")
        listed, said = row.get("covered") or (), row.get("covered_count")
        number = len(listed) + also.get((row.sheet, name_key(row.get("name") or "")), 0)
        if said is not None and "covered" in row.columns and said != number and not failed(row, "covered"):
            row.report(WARNING, "covered", f"覆盖企业：写的是 {said} 家，列出名称的有 {number} 家，只登记列出的")
        if name := row.get("name"):
            earlier = seen.setdefault(name_key(name), row)
            if earlier is not row:
                report_repeated(row, earlier, "name", f"党组织名称：{name} 与第 {earlier.number} 行")


# -- instructors ----------------------------------------------------------------------------------


def check_instructors(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Fill the person's cells down a block that leaves them blank, then check dates and repetitions."""
    above: Row | None = None
    seen: dict[tuple, Row] = {}
    for row in rows:
        if row.get("instructor_name") is None and not failed(row, "instructor_name"):
            # One person over several rows: the name stands in the first only.
            if above is None or above.sheet != row.sheet or not row.get("enterprises"):
                row.report(ERROR, "instructor_name", "指导员姓名：没有填写，请补上")
                continue
            for name in ("instructor_name", "instructor_unit", "instructor_phone", "full_time"):
                if row.get(name) is None:
                    row.values[name] = above.get(name)
        above = row
        check_dates(row, ("assigned_on", "ended_on"), as_of, today)
        begun, ended = row.get("assigned_on"), row.get("ended_on")
        if begun and ended and ended.day <= begun.day:
            row.report(ERROR, "ended_on", f"结束时间：{ended.day} 不晚于派驻时间 {begun.day}，请改正")
        until = row.get("term_until")
        if begun and until and until.day <= begun.day:
            row.report(ERROR, "term_until", f"派驻期满日期：{until.day} 不晚于派驻时间 {begun.day}，请改正")
        if not row.get("enterprises") and not failed(row, "enterprises"):
            row.report(WARNING, "enterprises", "指导企业：没有填写，只登记指导员，不计派驻")
        elif begun is None and not failed(row, "assigned_on"):
            row.report(WARNING, "assigned_on", "派驻时间：没有填写，只能从填报日期起算，请补上")
        for enterprise in row.get("enterprises") or ():
            key = (name_key(row.get("instructor_name") or ""), row.get("instructor_phone"), name_key(enterprise))
            earlier = seen.setdefault(key, row)
            if earlier is not row:
                report_repeated(row, earlier, "enterprises", f"指导企业：{enterprise} 与第 {earlier.number} 行")


# -- mass organizations ---------------------------------------------------------------------------


def check_mass(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        for name in ("union", "youth_league", "womens_federation"):
            check_dates(row, (f"{name}_on",), as_of, today)
            if row.get(name) is False and row.get(f"{name}_on"):
                row.report(ERROR, f"{name}_on", "填了没有建立，却写了建立时间，请改其中一处")
            elif row.get(name) is None and row.get(f"{name}_on"):
                row.values[name] = True
        if key := row.get("credit_code") or name_key(row.get("name") or ""):
            earlier = seen.setdefault(key, row)
            if earlier is not row:
                report_repeated(row, earlier, "name", f"企业名称：{row.get('name')} 与第 {earlier.number} 行")


# -- people ---------------------------------------------------------------------------------------


def check_people(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    """Dates in their legal order, the stage that a row means, the ID number against the rest, repetitions."""
    by_number: dict[str, Row] = {}
    by_name: dict[tuple, Row] = {}
    for row in rows:
        check_dates(row, _PEOPLE_DATES, as_of, today)
        _check_steps(row)
        _derive_stage(row, as_of)
        _check_number(row)
        number, born = row.get("id_number"), row.get("born_on")
        if row.get("front_line") and row.get("position") is None:
            row.values["position"] = PositionGroup.FRONT_LINE.value
        elif row.get("front_line") and row.get("position") != PositionGroup.FRONT_LINE:
            row.report(WARNING, "front_line", "生产经营一线：与岗位不一致，按岗位登记，请核对")
        if number is not None:
            earlier = by_number.setdefault(number.fingerprint, row)
            if earlier is not row:
                report_repeated(row, earlier, "id_number", f"身份证号：与第 {earlier.number} 行", label="姓名")
        elif row.get("name"):
            earlier = by_name.setdefault((name_key(row.get("name")), born), row)
            if earlier is not row:
                report_repeated(row, earlier, "name", f"姓名：{row.get('name')} 与第 {earlier.number} 行", label="姓名")


def _check_steps(row: Row) -> None:
    """发展党员工作细则: apply, activist, candidate, probationary, full, in this order."""
    dated = [(name, label, value) for name, label in _STEPS if (value := row.get(name))]
    for (_, earlier, first), (name, label, second) in pairwise(dated):
        if second.day < first.day and not _same_month(first, second):
            row.report(ERROR, name, f"{label}：{second.day} 早于{earlier} {first.day}，请改正")
            return
    stated = {stage: Step(value.day, value.precision) for name, stage in _STAGE_OF.items() if (value := row.get(name))}
    born = row.get("born_on")
    names = {stage: name for name, stage in _STAGE_OF.items()}
    for doubt in doubts(stated, born.day if born else None):
        name = names[doubt.stage]
        row.report(WARNING, name, f"{dict(_STEPS)[name]}：{doubt.words}，请核对")


def _same_month(a: LedgerDate, b: LedgerDate) -> bool:
    return Precision.MONTH in (a.precision, b.precision) and (a.day.year, a.day.month) == (b.day.year, b.day.month)


def _derive_stage(row: Row, as_of: dt.date) -> None:
    """Which stage the row means: what its category says, or else the latest step that has a date."""
    category = row.get("category")
    if category == NOT_A_STAGE and row.kind != ACTIVIST_ROSTER and not any(row.get(name) for name, _ in _STEPS):
        row.report(
            ERROR,
            "category",
            f"党员类别：填的是{row.written('category')}，不是党员、发展对象、积极分子或申请人，请核对",
        )
        return
    if category not in (None, NOT_A_STAGE):
        row.values["stage"] = category
        if category == Stage.PROBATIONARY and row.get("full_on"):
            row.report(ERROR, "full_on", "转正时间：类别是预备党员，却写了转正时间，请改其中一处")
        return
    if failed(row, "category"):
        return
    joined = row.get("joined_on")
    if row.get("full_on"):
        row.values["stage"] = Stage.FULL.value
    elif joined:
        # Probation lasts a year (党章): who joined less than a year ago is not full yet.
        year = dt.timedelta(days=365)
        row.values["stage"] = (Stage.FULL if joined.day + year <= as_of else Stage.PROBATIONARY).value
        said = "正式党员" if row.values["stage"] == Stage.FULL else "预备党员"
        row.report(WARNING, "category", f"党员类别：没有填写，按入党时间 {joined.day} 记为{said}，请补上")
    elif row.get("candidate_on"):
        row.values["stage"] = Stage.CANDIDATE.value
    elif row.get("activist_on") or (row.kind == ACTIVIST_ROSTER and not row.get("applied_on")):
        row.values["stage"] = Stage.ACTIVIST.value
    elif row.get("applied_on"):
        row.values["stage"] = Stage.APPLICANT.value
    else:
        row.report(ERROR, "category", "党员类别：没有填写，也没有入党时间，看不出是不是党员，请补上")


def _check_number(row: Row) -> None:
    number = row.get("id_number")
    if number is None:
        return
    born: Any = row.get("born_on")
    if born is not None and not (
        born.day == number.born_on
        or (
            born.precision == Precision.MONTH
            and (born.day.year, born.day.month) == (number.born_on.year, number.born_on.month)
        )
    ):
        row.report(WARNING, "born_on", f"出生日期：{born.day} 与身份证号上的不一致，按填写的登记，请核对")
    if row.get("sex") and row.get("sex") != number.sex:
        row.report(WARNING, "sex", "性别：与身份证号不一致，按填写的登记，请核对")


# -- the registration list ------------------------------------------------------------------------


def check_registration(rows: Sequence[Row], as_of: dt.date, today: dt.date) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        check_dates(row, ("registered_on", "closed_on"), as_of, today)
        check_status(row, of_ledger=False)
        if key := row.get("credit_code") or name_key(row.get("name") or ""):
            earlier = seen.setdefault(key, row)
            if earlier is not row:
                report_repeated(row, earlier, "name", f"企业：{row.get('name')} 与第 {earlier.number} 行")
