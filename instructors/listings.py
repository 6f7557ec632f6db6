"""The list of instructors."""

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from committees.listings import toolbar
from common.desk.filters import day_asked
from common.desk.listing import Column, Listing
from common.periods import live_q
from common.text import masked
from common.today import today
from instructors.actions import ACTIONS
from instructors.filters import InstructorFilter
from instructors.models import Instructor

# Clause 18: 采取一对一、一对多的方式.
_MODES = {0: "没有派驻企业", 1: "一对一"}


def _overdue(row: Instructor) -> int | None:
    """For how many days the term has been over; None while it runs, and for who has left."""
    over = row.term_until is not None and row.left_on is None and row.term_until <= today()
    return (today() - row.term_until).days if over and row.term_until is not None else None


def _instructors(request: HttpRequest) -> QuerySet:
    day = day_asked(request)
    live = live_q(day, "assignments__start", "assignments__end") & (
        Q(assignments__enterprise__closed_on__isnull=True) | Q(assignments__enterprise__closed_on__gt=day)
    )
    return (
        Instructor.objects.visible_to(request.user)
        .select_related("committee")
        .annotate(load=Count("assignments__enterprise", filter=live, distinct=True))
        .order_by("committee__order", "name", "id")
    )


INSTRUCTORS = Listing(
    key="instructors",
    title="党建工作指导员",
    rows=_instructors,
    filter=InstructorFilter,
    columns=[
        Column("name", "姓名", lambda row: row.name, "name", lambda row: row.get_absolute_url()),
        Column("committee", "党（工）委", lambda row: str(row.committee), "committee__order"),
        Column("unit", "工作单位及职务", lambda row: row.unit, "unit"),
        Column("phone", "联系电话", lambda row: masked(row.phone)),
        Column("full_time", "专职", lambda row: row.full_time, "full_time"),
        Column("mode", "派驻方式", lambda row: _MODES.get(row.load, "一对多")),
        Column("term_until", "派驻期满日期", lambda row: row.term_until, "term_until"),
        Column("overdue", "超期天数", _overdue, "term_until", numeric=True, shown=False),
        Column("left_on", "离任日期", lambda row: row.left_on, "left_on"),
        Column("load", "在岗派驻企业数", lambda row: row.load, "load", numeric=True),
    ],
    empty="没有符合条件的指导员。可以点“新增”登记，或导入指导员花名册。",
    actions=ACTIONS,
    tools=toolbar("instructor-new"),
)
