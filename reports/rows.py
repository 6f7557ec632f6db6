"""What a list behind a figure shows of each enterprise besides its own columns."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from committees.models import Committee
from common.batches import batches
from enterprises.models import ExclusionReason, Headcount, ReasonNotEstablished
from instructors.models import Assignment, Instructor
from organizations.models import FormerOrganization, PartyOrganization
from reports.facts import Facts

HEADINGS = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "党（工）委",
    "成立日期",
    "注销日期",
    "党组织",
    "覆盖自",
    "指导员",
    "派驻自",
    "职工人数",
    "正式党员",
    "预备党员",
    "未建立党组织原因",
    "不纳入基数原因",
]


def describe(enterprises: Iterable[Any], facts: Facts, day: dt.date) -> list[Any]:
    """The enterprises with `covered_by`, `assisted_by` (pairs of name and start), `headcount`,
    `committee_name`, `why_not` and `why_outside` on `day`: five statements a batch of 500."""
    rows = list(enterprises)
    committees = {committee.pk: str(committee) for committee in Committee.objects.all()}
    for batch in batches(rows):
        _describe(batch, facts, day, committees)
    return rows


def _describe(rows: list[Any], facts: Facts, day: dt.date, committees: dict[int, str]) -> None:
    ids = [row.id for row in rows]
    covers = list(
        facts.live_covers(day)
        .filter(enterprise_id__in=ids)
        .order_by("start")
        .values_list("enterprise_id", "organization_id", "start")
    )
    names = dict(
        facts.rows(PartyOrganization)
        .filter(id__in={organization for _, organization, _ in covers})
        .annotate(was_name=facts.was(FormerOrganization, "name", day))
        .values_list("id", "was_name")
    )
    assignments = list(
        facts.live(Assignment, day)
        .filter(enterprise_id__in=ids)
        .order_by("start")
        .values_list("enterprise_id", "instructor_id", "start")
    )
    people = dict(
        facts.rows(Instructor).filter(id__in={person for _, person, _ in assignments}).values_list("id", "name")
    )
    headcounts = {row.enterprise_id: row for row in facts.live(Headcount, day).filter(enterprise_id__in=ids)}

    covered: dict[int, list] = defaultdict(list)
    for enterprise, organization, start in covers:
        covered[enterprise].append((names.get(organization, ""), start))
    assisted: dict[int, list] = defaultdict(list)
    for enterprise, person, start in assignments:
        assisted[enterprise].append((people.get(person, ""), start))
    for row in rows:
        row.covered_by = covered[row.id]
        row.assisted_by = assisted[row.id]
        row.headcount = headcounts.get(row.id)
        row.committee_name = committees.get(row.on_committee, "未定属地")
        row.why_not = dict(ReasonNotEstablished.choices).get(row.was_reason, "")
        row.why_outside = dict(ExclusionReason.choices).get(row.outside, "")


def as_cells(number: int, row: Any) -> list[Any]:
    """One described enterprise as the cells under HEADINGS."""
    headcount = row.headcount
    return [
        number,
        row.was_name,
        row.credit_code,
        row.committee_name,
        row.registered_on,
        row.closed_on,
        "、".join(name for name, _ in row.covered_by) or None,
        row.covered_by[0][1] if row.covered_by else None,
        "、".join(name for name, _ in row.assisted_by) or None,
        row.assisted_by[0][1] if row.assisted_by else None,
        headcount and headcount.employees,
        headcount and headcount.full_members,
        headcount and headcount.probationary_members,
        row.why_not or None,
        row.why_outside or None,
    ]
