"""An item by committee, line, village, industry, size …: in each group who has it, has not, is not known."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from enterprises.models import IndustrySection, Ownership
from organizations.models import OrganizationForm, OrganizationKind, Subordination
from reports.item_lists import ItemList
from reports.items import Ought, Tally, summed, tallies
from reports.populations import GROUPS


def items_groups(request: HttpRequest, subject: str) -> HttpResponse:
    """The groups as the address asks for them."""
    found = ItemList(request, subject)
    groups = GROUPS[subject]
    by = request.GET.get("by", "")
    by = by if by in groups else next(iter(groups))
    item = found.item or next((each for each in found.items), None)
    rows: list[tuple[str, Tally]] = []
    total = Tally()
    if item is not None:
        ought = Ought(item, found.who)
        counted = tallies(subject, [ought], found.asked, found.catalogue, by, found.own)
        named = _group_names(by)
        rows = [(named(key), tally[ought.key]) for key, tally in counted.items() if tally[ought.key].every]
        rows.sort(key=lambda row: (-row[1].no, row[0]))
        total = summed(counted.values(), [ought])[ought.key]
    context = {
        "found": found,
        "item": item,
        "question": found.question,
        "groups": [(name, label) for name, (label, _) in groups.items()],
        "by": by,
        "label": groups[by][0],
        "rows": rows,
        "total": total,
    }
    return render(request, "reports/item_groups.html", context)


def _group_names(by: str) -> Callable[[Any], str]:
    """How the groups of this kind are called."""
    if by == "committee":
        committees = {each.pk: str(each) for each in Committee.objects.all()}
        return lambda key: committees.get(key, "未定属地")
    words: dict[str, dict[Any, str]] = {
        "industry": dict(IndustrySection.choices),
        "ownership": dict(Ownership.choices),
        "size": {True: "规模以上", False: "规模以下"},
        "line": dict(Subordination.choices),
        "kind": dict(OrganizationKind.choices),
        "form": dict(OrganizationForm.choices),
    }
    named = words.get(by, {})
    return lambda key: "未填" if key in (None, "") else str(named.get(key, key))
