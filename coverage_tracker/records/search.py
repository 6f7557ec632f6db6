"""One box over all kinds of record, and what was opened lately."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from common.desk.lookup import spelled
from common.record import Record
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import Member, PartyOrganization

SHOWN = 10
_LATELY = 10
KINDS: list[type[Any]] = [Enterprise, PartyOrganization, Instructor, Member]


def search(request: HttpRequest) -> HttpResponse:
    """The first finds of each kind among what the user sees."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:50]
    groups = []
    if text:
        for model in KINDS:
            rows = list(model.objects.visible_to(request.user).search(text)[: SHOWN + 1])
            groups.append((model._meta.verbose_name, rows[:SHOWN], len(rows) > SHOWN, reverse(model.LIST)))
        found = Committee.objects.visible_to(request.user).filter(name__icontains=text)
        groups.append((Committee._meta.verbose_name, list(found[:SHOWN]), False, reverse("committees")))
    return render(
        request,
        "search.html",
        {"text": text, "groups": [group for group in groups if group[1]], "lately": lately(request)},
    )


def lookup(request: HttpRequest, kind: str) -> HttpResponse:
    """Suggestions for a box of common/desk/lookup.py: what the user sees of `kind` (the url name of a list)."""
    model = next((model for model in KINDS if kind == model.LIST), None)
    if model is None:
        raise Http404
    # The box sends itself, under whatever name it has in its form.
    text = str(next(iter(request.GET.values()), "")).replace("\x00", "").strip()[:50]
    rows = _offered(model, request).search(text)[: SHOWN + 1] if text else []
    found = [(spelled(row), row, _hint(row)) for row in rows[:SHOWN]]
    return render(request, "parts/suggestions.html", {"found": found, "more": len(rows) > SHOWN, "text": text})


def _offered(model: type[Any], request: HttpRequest) -> Any:
    """What can still be chosen: nothing that is closed or dissolved."""
    rows = model.objects.visible_to(request.user)
    for ended in ("closed_on", "dissolved_on"):
        if any(field.name == ended for field in model._meta.concrete_fields):
            rows = rows.filter(**{f"{ended}__isnull": True})
    return rows


def _hint(row: Any) -> str:
    """What tells namesakes apart."""
    return str(getattr(row, "credit_code", "") or getattr(row, "committee", "") or "")


def remember(request: HttpRequest, record: Record) -> None:
    """Put a record at the top of what this session opened lately."""
    opened = [record.PAGE, record.pk]
    seen = [each for each in request.session.get("lately", []) if each != opened]
    request.session["lately"] = [opened, *seen][:_LATELY]


def lately(request: HttpRequest) -> list[Record]:
    """What was opened lately and may still be seen, the last first."""
    seen = request.session.get("lately", [])
    found: dict[tuple[str, int], Record] = {}
    for model in KINDS:
        keys = [pk for page, pk in seen if page == model.PAGE]
        for row in model.objects.visible_to(request.user).filter(pk__in=keys) if keys else []:
            found[model.PAGE, row.pk] = row
    return [found[page, pk] for page, pk in seen if (page, pk) in found]
