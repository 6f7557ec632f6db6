"""The liaison cadres and how many organizations each answers for (clause of 分包联系)."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.desk.filters import day_asked
from organizations.models import Liaison, PartyOrganization


def liaisons(request: HttpRequest) -> HttpResponse:
    """By committee and name, on the day asked about: the post, and the organizations that are live then."""
    day = day_asked(request)
    bodies = PartyOrganization.objects.visible_to(request.user).live_on(day).as_on(day).in_bulk()
    found: dict[tuple[str, str], list[PartyOrganization]] = defaultdict(list)
    posts: dict[tuple[str, str], str] = {}
    for each in Liaison.objects.visible_to(request.user).live_on(day).filter(organization__in=bodies):
        body = bodies[each.organization_id]
        key = (body.committee_label or "", each.name)  # type: ignore[attr-defined]
        found[key].append(body)
        posts[key] = posts.get(key) or each.post
    rows = [
        {"committee": committee, "name": name, "post": posts[committee, name], "bodies": mine}
        for (committee, name), mine in found.items()
    ]
    rows.sort(key=lambda row: (str(row["committee"]), -len(row["bodies"]), str(row["name"])))
    return render(request, "organizations/liaisons.html", {"day": day, "rows": rows})
