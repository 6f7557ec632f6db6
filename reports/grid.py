"""横向到边、纵向到底 (clause 29): every place × industry, and in which of them an enterprise lacks the party's work."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from common.desk.listing import bad_question
from common.desk.pages import hand_out
from common.sheets import workbook_bytes
from enterprises.models import IndustrySection
from reports.coverage import NO, UNKNOWN, YES, answered, patterns
from reports.filters import NOWHERE
from reports.items import Tally
from reports.question import Question, asked, whose

_FIGURE = "work_covered"
_SECTIONS = {**{code: f"{code} {label}" for code, label in IndustrySection.choices}, "": "行业未填"}


@dataclass
class Grid:
    """By place (a committee's key, or a village) and industry section ("" where it is not filled in) whether the
    enterprises there have the party's work; with the sums of rows and columns."""

    cells: dict[tuple[object, str], Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def places(self) -> dict[object, Tally]:
        return self._summed(0)

    @property
    def industries(self) -> dict[object, Tally]:
        return self._summed(1)

    def _summed(self, axis: int) -> dict[object, Tally]:
        found: dict[object, Tally] = defaultdict(Tally)
        for key, tally in self.cells.items():
            for name in (YES, NO, UNKNOWN):
                setattr(found[key[axis]], name, getattr(found[key[axis]], name) + getattr(tally, name))
        return found


def grid_on(day: dt.date, *, known_at: dt.datetime | None = None, committee_id: int | None = None) -> Grid:
    """The grid of the district by committee, or of one committee by village."""
    place = "on_committee" if committee_id is None else "was_village"
    answer_of = {pattern: answer for answer in (YES, NO, UNKNOWN) for pattern in patterns(_FIGURE, answer)}
    rows = answered(_FIGURE, day, known_at=known_at, committee_id=committee_id)
    counted = rows.order_by().values_list(place, "was_industry_section", "pattern").annotate(number=Count("id"))
    found = Grid()
    for where, industry, pattern, number in counted:
        tally = found.cells[where or "", industry or ""]
        answer = answer_of[pattern]
        setattr(tally, answer, getattr(tally, answer) + number)
    return found


# -- the page ---------------------------------------------------------------------------------------


class Cell(NamedTuple):
    tally: Tally
    # The list of those that lack it, and of those of which nobody knows.
    lacking: str
    unknown: str


def grid(request: HttpRequest) -> HttpResponse:
    """The grid of a day, of the district or of the user's committee."""
    question, own, found = _asked(request)
    places, industries = _places(found, own), _industries(found)
    rows = [
        (name, [_cell(found, key, code, question, own) for code in industries], found.places[key])
        for key, name in places
    ]
    context = {
        "question": question,
        "own": own,
        "industries": [_SECTIONS[code] for code in industries],
        "rows": rows,
        "totals": [found.industries[code] for code in industries],
        "total": _total(found),
        "lacking": sum(bool(tally.no) for tally in found.cells.values()),
    }
    return render(request, "reports/grid.html", context)


def grid_export(request: HttpRequest) -> HttpResponse:
    """A row a place and industry, those that lack most first."""
    question, own, found = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    names = dict(_places(found, own))
    cells = sorted(found.cells.items(), key=lambda each: (-each[1].no, str(names[each[0][0]]), each[0][1]))
    rows = [
        [names[where], _SECTIONS[industry], tally.every, tally.yes, tally.no, tally.unknown]
        for (where, industry), tally in cells
    ]
    headings = ["党（工）委" if own is None else "村（社区）", "行业门类", "企业", "已开展", "没有开展", "未知"]
    title = "属地和行业的党的工作覆盖"
    content = workbook_bytes(title, [question.said], headings, rows)
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(rows))


def _asked(request: HttpRequest) -> tuple[Question, int | None, Grid]:
    own = whose(request)
    question = asked(request)
    return question, own, grid_on(question.as_of, known_at=question.known_at, committee_id=own)


def _places(found: Grid, own: int | None) -> list[tuple[object, str]]:
    if own is not None:
        named = sorted(str(place) for place in found.places if place)
        return [*((name, name) for name in named), *([("", "村（社区）未填")] if "" in found.places else [])]
    called: list[tuple[object, str]] = [(each.pk, str(each)) for each in Committee.objects.filter(pk__in=_keys(found))]
    return [*called, *([("", "未定属地")] if "" in found.places else [])]


def _keys(found: Grid) -> list[object]:
    return [key for key in found.places if key != ""]


def _industries(found: Grid) -> list[str]:
    """In the order of the standard, what is not filled in last."""
    return sorted((str(code) for code in found.industries), key=lambda code: (code == "", code))


def _cell(found: Grid, place: object, industry: str, question: Question, own: int | None) -> Cell | None:
    tally = found.cells.get((place, industry))
    if tally is None:
        return None
    where = {"committee": place or NOWHERE} if own is None else {"village": place or NOWHERE}
    asked_for = {**question.params, **where, "industry_section": industry or NOWHERE}
    same = {name: value for name, value in asked_for.items() if value is not None}
    address = reverse("figure", args=[_FIGURE])
    return Cell(
        tally, f"{address}?{urlencode({**same, 'answer': NO})}", f"{address}?{urlencode({**same, 'answer': UNKNOWN})}"
    )


def _total(found: Grid) -> Tally:
    return Tally(*(sum(getattr(tally, name) for tally in found.cells.values()) for name in (YES, NO, UNKNOWN)))
