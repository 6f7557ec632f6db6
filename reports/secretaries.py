"""党组织书记 (clauses 16 and 17): who is in office, from where, elected when and by which document, full-time or not;
who is overdue and by how many days; which organizations have nobody."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.fractions import Rate
from common.plan import Subject
from common.sheets import workbook_bytes
from organizations.models import PartyOrganization, SecretarySource, SecretaryTerm
from reports.items import asked_about
from reports.populations import THERE, Asked
from reports.question import Question, asked, whose

NONE, OVERDUE, NO_ELECTION, NO_END, NO_SOURCE = "none", "overdue", "no_election", "no_end", "no_source"
LISTS = {
    OVERDUE: "任期已届满",
    NONE: "没有书记",
    NO_ELECTION: "没有选举日期",
    NO_END: "不知何时届满",
    NO_SOURCE: "没有填来源",
}
SOURCES = {**dict(SecretarySource.choices), "": "没有填"}


class Office(NamedTuple):
    """One organization and who is its secretary on the day ("" for nobody)."""

    pk: int
    name: str
    committee: int
    secretary: str
    source: str
    elected_on: dt.date | None
    document: str
    full_time: bool | None
    term_ends: dt.date | None
    overdue: int | None

    @property
    def lists(self) -> list[str]:
        """Every list of LISTS on which it stands."""
        if not self.secretary:
            return [NONE]
        lacks = {
            OVERDUE: self.overdue is not None,
            NO_ELECTION: self.elected_on is None,
            NO_END: self.term_ends is None,
            NO_SOURCE: not self.source,
        }
        return [which for which, is_so in lacks.items() if is_so]

    @property
    def source_words(self) -> str:
        return SOURCES[self.source] if self.secretary else ""

    @property
    def full_time_words(self) -> str:
        return {True: "专职", False: "兼职", None: ""}[self.full_time]


def offices(question: Asked, committee_id: int | None = None) -> list[Office]:
    """Of the organizations that are surely there on the day, the longest overdue first: one statement."""
    facts, day = question.facts, question.day
    rows, there = THERE[Subject.ORGANIZATION](question)
    rows = rows.filter(there.yes)
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    term = facts.live(SecretaryTerm, day).filter(organization_id=OuterRef("id")).order_by("-start")
    columns = ("name", "source", "elected_on", "document", "full_time", "term_ends_on")
    rows = rows.annotate(**{f"term_{name}": Subquery(term.values(name)[:1]) for name in columns})
    found = []
    for key, name, committee, secretary, source, elected, document, full_time, ends in rows.values_list(
        "id", "was_name", "on_committee", *(f"term_{name}" for name in columns)
    ):
        over = (day - ends).days if ends is not None and ends <= day else None
        told = (secretary or "", source or "", elected, document or "", full_time, ends, over)
        found.append(Office(key, name, committee, *told))
    return sorted(found, key=lambda each: (-(each.overdue if each.overdue is not None else -1), each.name, each.pk))


@dataclass
class Line:
    committee: str
    organizations: int = 0
    full_time: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)

    def cells(self) -> list[Any]:
        sources = [self.sources[source] for source in SOURCES]
        return [self.committee, self.organizations, *sources, self.full_time, self.lists[OVERDUE], self.lists[NONE]]


HEADINGS = ["党（工）委", "党组织", *SOURCES.values(), "专职", "任期已届满", "没有书记"]


def table(found: list[Office], *, whole: bool) -> list[Line]:
    """By committee in their order, the district last where it is asked about."""
    called = Committee.objects.names()
    lines: dict[int, Line] = {}
    district = Line("全区")
    for each in found:
        for line in (lines.setdefault(each.committee, Line(called.get(each.committee, ""))), district):
            line.organizations += 1
            line.full_time += each.full_time is True
            line.sources.update([each.source] if each.secretary else [])
            line.lists.update(each.lists)
    ordered = [lines[key] for key in called if key in lines]
    return [*ordered, district] if whole else ordered


def shares(line: Line) -> list[tuple[str, int, str]]:
    """Of the secretaries in office how many came from where, and which share."""
    every = sum(line.sources.values())
    counted = [(label, line.sources[source]) for source, label in SOURCES.items()]
    return [(label, number, Rate(number, every).percent) for label, number in counted]


# -- the page ---------------------------------------------------------------------------------------


def secretaries(request: HttpRequest) -> HttpResponse:
    """Where the secretaries come from, and what is to be done; `list` is a key of LISTS."""
    question, own, found, which = _asked(request)
    shown = [each for each in found if which in each.lists] if which else found
    page = page_of(shown, request.GET.get("page"))
    seen = PartyOrganization.objects.visible_to(request.user).filter(pk__in=[each.pk for each in page])
    called = Committee.objects.names()
    lines = table(found, whole=own is None)
    counted = Counter(each for office in found for each in office.lists)
    context = {
        "question": question,
        "headings": HEADINGS,
        "lines": [line.cells() for line in lines],
        "shares": shares(lines[-1]) if lines else [],
        "lists": [(key, label, counted[key]) for key, label in LISTS.items()],
        "which": which,
        "every": len(found),
        "page": page,
        "rows": [(each, called.get(each.committee, "")) for each in page],
        "opens": set(seen.values_list("pk", flat=True)),
        "may_change": may_change(request.user),
    }
    return render(request, "reports/secretaries.html", context)


def secretaries_export(request: HttpRequest) -> HttpResponse:
    question, _, found, which = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    shown = [each for each in found if which in each.lists] if which else found
    title = "党组织书记情况"
    told = ["书记", "来源", "选举日期", "选举或任职文件", "专职/兼职", "任期届满", "超期天数"]
    content = workbook_bytes(title, [question.said], ["序号", "党组织名称", "党（工）委", *told], _cells(shown))
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(shown))


def _cells(found: list[Office]) -> Iterable[list[Any]]:
    called = Committee.objects.names()
    for number, each in enumerate(found, 1):
        told = [each.secretary, each.source_words, each.elected_on, each.document, each.full_time_words, each.term_ends]
        yield [number, each.name, called.get(each.committee, ""), *told, each.overdue]


def _asked(request: HttpRequest) -> tuple[Question, int | None, list[Office], str]:
    own = whose(request)
    question = asked(request)
    found = offices(asked_about(question.as_of, known_at=question.known_at), own)
    which = request.GET.get("list", "")
    return question, own, found, which if which in LISTS else ""
