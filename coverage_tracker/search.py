"""One box over all kinds of record, and what was opened lately."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member, PartyOrganization

SHOWN = 10
_LATELY = 10
# What it is called, the model, the url name of its page (None: it has none) and of its list.
KINDS: list[tuple[str, type[Any], str | None, str]] = [
    ("企业", Enterprise, "enterprise", "enterprises"),
    ("党组织", PartyOrganization, "organization", "organizations"),
    ("党建工作指导员", Instructor, "instructor", "instructors"),
    ("党员及发展对象", Member, None, "members"),
]
_PAGES: dict[str, type[Any]] = {"enterprise": Enterprise, "organization": PartyOrganization, "instructor": Instructor}


def search(request: HttpRequest) -> HttpResponse:
    """The first finds of each kind among what the user sees."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:50]
    groups = []
    if text:
        for label, model, page, listing in KINDS:
            rows = list(model.objects.visible_to(request.user).search(text)[: SHOWN + 1])
            groups.append((label, [(row, page) for row in rows[:SHOWN]], len(rows) > SHOWN, reverse(listing)))
        found = Committee.objects.visible_to(request.user).filter(name__icontains=text)
        groups.append(("党（工）委", [(row, "committee") for row in found[:SHOWN]], False, reverse("committees")))
    return render(
        request,
        "search.html",
        {"text": text, "groups": [group for group in groups if group[1]], "lately": lately(request)},
    )


def remember(request: HttpRequest, page: str, pk: int) -> None:
    """Put a record at the top of what this session opened lately."""
    seen = [each for each in request.session.get("lately", []) if each != [page, pk]]
    request.session["lately"] = [[page, pk], *seen][:_LATELY]


def lately(request: HttpRequest) -> list[tuple[Any, str]]:
    """What was opened lately and may still be seen: (record, page)."""
    seen = request.session.get("lately", [])
    found: dict[tuple[str, int], Any] = {}
    for page, model in _PAGES.items():
        keys = [pk for kind, pk in seen if kind == page]
        for row in model.objects.visible_to(request.user).filter(pk__in=keys) if keys else []:
            found[page, row.pk] = row
    return [(found[page, pk], page) for page, pk in seen if (page, pk) in found]
