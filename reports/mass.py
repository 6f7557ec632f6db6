"""群团组织 (clause 14): union, youth league and women's federation apart; of each enterprise which it has and how,
which is missing, and of which nobody has said anything."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.sheets import workbook_bytes
from enterprises.models import FormerEnterprise, MassOrganization, MassOrganizationForm, MassOrganizationKind
from reports.conditions import mass_known
from reports.coverage import flagged
from reports.indicators import IN_BASE
from reports.items import asked_about
from reports.populations import Asked
from reports.question import Question, asked, opens, whose

LACKING, UNKNOWN = "lacking", "unknown"
KINDS = dict(MassOrganizationKind.choices)
STANDS = {**dict(MassOrganizationForm.choices), LACKING: "没有", UNKNOWN: "未知"}
_CELLS: list[tuple[str, str]] = [(kind, stands) for kind in KINDS for stands in STANDS]
# Of whom there is something to be done: who lacks any, who lacks this kind, of whom something is not known.
_LISTS = {LACKING: "有缺项的", **{kind: f"没有{label}的" for kind, label in KINDS.items()}, UNKNOWN: "有未知的"}


def standing(question: Asked, committee_id: int | None = None) -> Any:
    """The enterprises of the base, each with how it stands with every kind (a form, LACKING or UNKNOWN), under the
    kind's name."""
    facts, day = question.facts, question.day
    rows = flagged(facts, day, question.rules, []).filter(outside=IN_BASE)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    live = facts.live(MassOrganization, day).filter(enterprise_id=OuterRef("id"))
    stands = {
        kind: Coalesce(
            Subquery(live.filter(kind=kind).values("form")[:1]),
            Case(When(mass_known(facts, day, kind), then=Value(LACKING)), default=Value(UNKNOWN)),
            output_field=models.CharField(),
        )
        for kind in KINDS
    }
    return rows.annotate(**stands, was_name=facts.was(FormerEnterprise, "name", day))


def listed(rows: Any, which: str) -> Any:
    """Of `standing` those with something to be done: a key of _LISTS."""
    if which in KINDS:
        return rows.filter(**{which: LACKING})
    wanted = Q()
    for kind in KINDS:
        wanted |= Q(**{kind: which})
    return rows.filter(wanted)


@dataclass
class Line:
    """One committee: by kind and standing how many enterprises; how many lack any."""

    committee: str
    number: int = 0
    lacking: int = 0
    unknown: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=lambda: dict.fromkeys(_CELLS, 0))

    @property
    def cells(self) -> list[int]:
        return list(self.counts.values())


def table(rows: Any, *, whole: bool) -> list[Line]:
    """By committee in their order, the district last where it is asked about: one statement, and one for the names."""
    counted = rows.order_by().values_list("on_committee", *KINDS).annotate(number=Count("id"))
    called = Committee.objects.names()
    found: dict[int | None, Line] = {}
    district = Line("全区")
    for committee, *stands, number in counted:
        mine = found.setdefault(committee, Line(called.get(committee, "未定属地")))
        for line in (mine, district):
            line.number += number
            line.lacking += number * (LACKING in stands)
            line.unknown += number * (UNKNOWN in stands)
            for kind, is_so in zip(KINDS, stands, strict=True):
                line.counts[kind, is_so] += number
    lines = [found[key] for key in (*called, None) if key in found]
    return [*lines, district] if whole else lines


# -- the page ---------------------------------------------------------------------------------------


def mass(request: HttpRequest) -> HttpResponse:
    """How the committees stand, and the enterprises with something to be done; `list` is a key of _LISTS."""
    question, own, rows, which = _asked(request)
    page = page_of(listed(rows, which).order_by("was_name", "id"), request.GET.get("page"))
    lines = table(rows, whole=own is None)
    called = Committee.objects.names()
    for row in page:
        row.stands = [(getattr(row, kind), STANDS[getattr(row, kind)]) for kind in KINDS]
        row.committee_label = called.get(row.on_committee, "未定属地")
    summed = lines[-1] if own is None else next(iter(lines), Line(""))
    numbers = {LACKING: summed.lacking, UNKNOWN: summed.unknown}
    numbers |= {kind: summed.counts[kind, LACKING] for kind in KINDS}
    context = {
        "question": question,
        "kinds": KINDS.values(),
        "stands": STANDS.values(),
        "lines": lines,
        "lists": [(key, label, numbers[key]) for key, label in _LISTS.items()],
        "which": which,
        "page": page,
        "opens": opens(request, [row.id for row in page]),
        "may_change": may_change(request.user),
    }
    return render(request, "reports/mass.html", context)


def mass_export(request: HttpRequest) -> HttpResponse:
    question, _, rows, which = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    found = list(listed(rows, which).order_by("was_name", "id").values_list("was_name", "on_committee", *KINDS))
    title = f"群团组织{_LISTS[which]}企业"
    headings = ["序号", "企业名称", "党（工）委", *KINDS.values()]
    content = workbook_bytes(title, [question.said], headings, _cells(found))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(found))


def _cells(found: list[Any]) -> Iterable[list[Any]]:
    called = Committee.objects.names()
    for number, (name, committee, *stands) in enumerate(found, 1):
        yield [number, name, called.get(committee, "未定属地"), *(STANDS[each] for each in stands)]


def _asked(request: HttpRequest) -> tuple[Question, int | None, Any, str]:
    own = whose(request)
    question = asked(request)
    about = asked_about(question.as_of, known_at=question.known_at)
    which = request.GET.get("list", "")
    return question, own, standing(about, own), which if which in _LISTS else LACKING
