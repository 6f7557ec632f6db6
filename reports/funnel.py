"""From applicant to full member (clauses 11, 12, 37): how many are at each stage on a day and how many came to it in
its year, by committee and by what they are in their enterprise; from the rosters."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from committees.scope import sees_persons
from common.desk.listing import bad_question
from common.desk.pages import hand_out
from common.periods import Precision
from common.sheets import workbook_bytes
from organizations.models import Member, MemberPlacement, MemberStage, PositionGroup, Stage
from reports.facts import Facts
from reports.question import Question, asked, whose

# A person of whom nobody knows whether the stage had begun.
UNKNOWN = "unknown"
# Of the middle of an enterprise, and who leads it: whom clauses 12 and 37 put first.
BACKBONE = {PositionGroup.OWNER.value, PositionGroup.MIDDLE_MANAGER.value, PositionGroup.KEY_STAFF.value}
_OTHER = ""


class Counted(NamedTuple):
    """By stage: who is at it on the day (or, UNKNOWN, may be at one), and who came to it since the year began."""

    there: Counter[str]
    came: Counter[str]

    @classmethod
    def none(cls) -> "Counted":
        return cls(Counter(), Counter())


class Funnel(NamedTuple):
    """The counts by committee (key) and by PositionGroup value ("" where nobody has said), and all together."""

    committees: dict[int, Counted]
    groups: dict[str, Counted]
    every: Counted


def funnel_on(day: dt.date, *, known_at: dt.datetime | None = None, committee_id: int | None = None) -> Funnel:
    """The funnel on `day` in one committee or in the district: three statements."""
    facts = Facts(known_at)
    placed = facts.live(MemberPlacement, day).filter(member_id=OuterRef("member_id"))
    people = facts.rows(Member).filter(id=OuterRef("member_id"))
    rows = facts.rows(MemberStage).annotate(
        committee=Subquery(people.values("committee_id")[:1]), group=Subquery(placed.values("position_group")[:1])
    )
    rows = rows.filter(committee__isnull=False) if committee_id is None else rows.filter(committee=committee_id)
    found = Funnel(defaultdict(Counted.none), defaultdict(Counted.none), Counted.none())

    def count(rows: Any, into: Callable[[Counted], Counter[str]], stage: str = "") -> None:
        grouped = (
            rows.order_by()
            .values_list("committee", "group", "stage")
            .annotate(number=Count("member_id", distinct=True))
        )
        for committee, group, at, number in grouped:
            for counted in (found.committees[committee], found.groups[group or _OTHER], found.every):
                into(counted)[stage or at] += number

    live = rows.filter(start__lte=day).exclude(end__lte=day)
    count(live, lambda counted: counted.there)
    # What was only assumed from a ledger's date did not come about in that year.
    sure = rows.exclude(start_precision=Precision.ASSUMED)
    count(sure.filter(start__gte=dt.date(day.year, 1, 1), start__lte=day), lambda counted: counted.came)
    earlier = facts.rows(MemberStage).filter(member_id=OuterRef("member_id"), start__lt=OuterRef("start"))
    first = rows.filter(start__gt=day, start_precision=Precision.ASSUMED).filter(~Exists(earlier))
    count(first, lambda counted: counted.there, UNKNOWN)
    return found


def share(counted: dict[str, Counted], stage: str) -> tuple[int, int]:
    """Of those who came to `stage` in the year, how many are of the BACKBONE, and all (clause 37)."""
    part = sum(each.came[stage] for group, each in counted.items() if group in BACKBONE)
    return part, sum(each.came[stage] for each in counted.values())


# -- the page ---------------------------------------------------------------------------------------

_STAGES = list(Stage.choices)
_GROUPS = {**dict(PositionGroup.choices), _OTHER: "没有填岗位类别"}


class Line(NamedTuple):
    label: str
    # (how many, address of the list, how many came this year) of each stage.
    cells: list[tuple[int, str, int]]
    unknown: int


def funnel(request: HttpRequest) -> HttpResponse:
    """The funnel of a day, of the district or of the user's committee."""
    question, own, found = _asked(request)
    last = funnel_on(dt.date(question.as_of.year - 1, 12, 31), known_at=question.known_at, committee_id=own)
    context = {
        "question": question,
        "stages": [label for _, label in _STAGES],
        "committees": [] if own is not None else _by_committee(found, question),
        "groups": _by_group(found, question),
        "total": _line("合计", found.every, question, {}),
        "shares": [
            (label, share(found.groups, stage), share(last.groups, stage))
            for stage, label in _STAGES
            if stage in (Stage.ACTIVIST, Stage.PROBATIONARY)
        ],
        "year": question.as_of.year,
    }
    return render(request, "reports/funnel.html", context)


def funnel_export(request: HttpRequest) -> HttpResponse:
    question, own, found = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    lines = [*_by_group(found, question), *([] if own is not None else _by_committee(found, question))]
    lines.append(_line("合计", found.every, question, {}))
    headings = [
        "岗位类别／党（工）委",
        *(f"{label}{what}" for _, label in _STAGES for what in ("", "（本年新列）")),
        "未知",
    ]
    rows = [
        [each.label, *(n for number, _, came in each.cells for n in (number, came)), each.unknown] for each in lines
    ]
    content = workbook_bytes("发展党员情况", [question.said], headings, rows)
    return hand_out(request, content, f"发展党员情况（{question.as_of}）.xlsx", what="发展党员情况", count=len(rows))


def _asked(request: HttpRequest) -> tuple[Question, int | None, Funnel]:
    if not sees_persons(request.user):
        raise Http404
    own = whose(request)
    question = asked(request)
    return question, own, funnel_on(question.as_of, known_at=question.known_at, committee_id=own)


def _by_committee(found: Funnel, question: Question) -> list[Line]:
    called = [(each.pk, str(each)) for each in Committee.objects.filter(pk__in=found.committees)]
    return [_line(name, found.committees[key], question, {"committee": str(key)}) for key, name in called]


def _by_group(found: Funnel, question: Question) -> list[Line]:
    return [
        _line(label, found.groups[group], question, {"position_group": group})
        for group, label in _GROUPS.items()
        if group in found.groups
    ]


def _line(label: str, counted: Counted, question: Question, asked_for: dict[str, str]) -> Line:
    day = question.as_of.isoformat()
    # The list of people does not tell what was known at a moment, nor who has no group.
    listed = question.known_at is None and asked_for.get("position_group") != _OTHER
    cells = []
    for stage, _ in _STAGES:
        address = f"{reverse('members')}?{urlencode({**asked_for, 'stage': stage, 'as_of': day})}" if listed else ""
        cells.append((counted.there[stage], address, counted.came[stage]))
    return Line(label, cells, counted.there[UNKNOWN])
