"""A figure or an item by committee, line, village, industry, size …: in each group yes, no and not known."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from common.plan import Subject
from enterprises.models import IndustrySection, Ownership
from organizations.models import OrganizationForm, OrganizationKind, Subordination
from reports.coverage import patterns
from reports.facts import Facts
from reports.indicators import FIGURES
from reports.item_lists import ItemList
from reports.items import NO, UNKNOWN, YES, Ought, Tally, tallies
from reports.populations import GROUPS, NO_LINE, line_of
from reports.question import Question
from reports.rules import Rulebook
from reports.views import figure_rows


def items_groups(request: HttpRequest, subject: str) -> HttpResponse:
    """An item of a subject by the groups that the address asks for."""
    found = ItemList(request, subject)
    by = _by(request, subject)
    item = found.item or next((each for each in found.items), None)
    counted: dict[Any, Tally] = {}
    if item is not None:
        ought = Ought(item, found.who)
        groups = tallies(subject, [ought], found.asked, found.catalogue, by, found.own)
        counted = {key: tally[ought.key] for key, tally in groups.items()}
    back = f"{reverse('items', args=[subject])}?{_without_by(request)}"
    return _show(request, subject, by, counted, str(item or "事项"), found.said, back, found.question)


def figure_groups(request: HttpRequest, key: str) -> HttpResponse:
    """A figure of enterprises by the groups that the address asks for."""
    question, rows, _filters = figure_rows(request, key)
    by = _by(request, Subject.ENTERPRISE)
    column = GROUPS[Subject.ENTERPRISE][by][1]
    answers = {pattern: answer for answer in (YES, NO, UNKNOWN) for pattern in patterns(key, answer)}
    counted: dict[Any, Tally] = {}
    rows = rows.annotate(was_line=line_of(Facts(question.known_at), question.as_of))
    found = rows.order_by().values_list(column, "pattern").annotate(number=Count("id"))
    for group, pattern, number in found:
        tally = counted.setdefault(group, Tally())
        answer = answers[pattern]
        setattr(tally, answer, getattr(tally, answer) + number)
    rules = Rulebook(Facts(question.known_at)).on(question.as_of)
    said = f"{question.said}。{FIGURES[key].meaning(rules)}"
    back = f"{reverse('figure', args=[key])}?{_without_by(request)}"
    return _show(request, Subject.ENTERPRISE, by, counted, FIGURES[key].called(rules), said, back, question)


def _by(request: HttpRequest, subject: str) -> str:
    asked_for = request.GET.get("by", "")
    return asked_for if asked_for in GROUPS[subject] else next(iter(GROUPS[subject]))


def _without_by(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("by", None)
    return asked.urlencode()


def _show(
    request: HttpRequest,
    subject: str,
    by: str,
    counted: dict[Any, Tally],
    called: str,
    said: str,
    back: str,
    question: Question,
) -> HttpResponse:
    """The groups, those that lack most first, and all together."""
    named = _group_names(by)
    rows = [(named(key), tally) for key, tally in counted.items() if tally.every]
    rows.sort(key=lambda row: (-row[1].no, row[0]))
    total = Tally(*(sum(getattr(tally, name) for _, tally in rows) for name in (YES, NO, UNKNOWN)))
    context = {
        "called": called,
        "said": said,
        "back": back,
        "question": question,
        "groups": [(name, label) for name, (label, _) in GROUPS[subject].items()],
        "by": by,
        "label": GROUPS[subject][by][0],
        "rows": rows,
        "total": total,
    }
    return render(request, "reports/groups.html", context)


def _group_names(by: str) -> Callable[[Any], str]:
    """How the groups of this kind are called."""
    if by == "committee":
        committees = Committee.objects.names()
        return lambda key: committees.get(key, "未定属地")
    words: dict[str, dict[Any, str]] = {
        "industry": dict(IndustrySection.choices),
        "ownership": dict(Ownership.choices),
        "size": {True: "规模以上", False: "规模以下"},
        "line": {**dict(Subordination.choices), NO_LINE: "没有党组织"},
        "kind": dict(OrganizationKind.choices),
        "form": dict(OrganizationForm.choices),
    }
    named = words.get(by, {})
    return lambda key: "未填" if key in (None, "") else str(named.get(key, key))
