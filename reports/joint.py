"""Suggestions for joint branches (clause 9), from the facts of a day, and their page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_change
from common.desk.listing import bad_question
from common.desk.pages import hand_out, page_of
from common.sheets import workbook_bytes
from common.today import today
from enterprises.models import Enterprise, FormerEnterprise, Headcount, IndustrySection
from organizations.models import FormerOrganization, OrganizationForm, Stage
from reports.coverage import NO, answered, patterns
from reports.facts import Facts
from reports.neighbours import MOST, PLACES, Candidate, Group, groups
from reports.question import asked, opens, whose
from reports.rules import Rulebook, Rules

_UNCOVERED = "organization_covered"


class Suggestion(NamedTuple):
    """A group, whose it is, and joint organizations of the place that have room: (name, how many more)."""

    group: Group
    committee: str
    existing: list[tuple[str, int]]

    @property
    def shared(self) -> str:
        what = "同在" if self.group.by in PLACES else "同为"
        return f"{what}{_SECTIONS.get(self.group.shared, self.group.shared)}"

    @property
    def address(self) -> str:
        """Where they are founded together."""
        rows = [("row", each.pk) for each in self.group.enterprises]
        return f"{reverse('enterprise-bulk-found-joint')}?{urlencode([*rows, ('back', reverse('joint-branches'))])}"


_SECTIONS = dict(IndustrySection.choices)


def suggestions(
    day: dt.date, *, known_at: dt.datetime | None = None, committee_id: int | None = None
) -> list[Suggestion]:
    """What could be founded on `day`, in one committee or in the district: six statements, and one for a committee."""
    facts = Facts(known_at)
    rules = Rulebook(facts).on(day)
    rows = answered(_UNCOVERED, day, known_at=known_at, committee_id=committee_id, rules=rules)
    rows = rows.filter(pattern__in=patterns(_UNCOVERED, NO))
    members = _members(facts, day, rules)
    ours = _ours(committee_id)
    candidates = [
        Candidate(
            key,
            name,
            committee,
            site if ours is None or key in ours else "",
            village or "",
            industry or "",
            members[key],
        )
        for key, name, committee, site, village, industry in rows.values_list(
            "id", "was_name", "on_committee", "site", "was_village", "was_industry_section"
        )
        if 0 < members.get(key, 0) < rules.members_to_establish
    ]
    found = groups(candidates, rules.members_to_establish)
    called = Committee.objects.names()
    existing = _existing(facts, day, ours) if found else {}
    return [
        Suggestion(
            each,
            called.get(each.enterprises[0].committee or 0, "未定属地"),
            existing.get((each.enterprises[0].committee, each.shared), []) if each.by in PLACES else [],
        )
        for each in found
    ]


def _ours(committee_id: int | None) -> set[int] | None:
    """Whose park or building a committee is told: it has no date of its own, so of an enterprise that has gone it is
    the other committee's. None: everybody's."""
    if committee_id is None:
        return None
    return set(Enterprise.objects.under(committee_id, today()).values_list("pk", flat=True))


def _members(facts: Facts, day: dt.date, rules: Rules) -> dict[int, int]:
    """By enterprise, the members that count towards a branch: by headcount or by roster, whichever knows more."""
    found: dict[int, int] = defaultdict(int)
    numbers = facts.live(Headcount, day).values_list("enterprise_id", "full_members", "probationary_members")
    for key, full, probationary in numbers:
        found[key] = (full or 0) + ((probationary or 0) if rules.count_probationary else 0)
    stages = {Stage.FULL.value, *([Stage.PROBATIONARY.value] if rules.count_probationary else [])}
    roster = (
        facts.live_placements(day, stages).values("enterprise_id").annotate(people=Count("member_id", distinct=True))
    )
    for key, people in roster.values_list("enterprise_id", "people"):
        found[key] = max(found[key], people)
    return found


def _existing(facts: Facts, day: dt.date, ours: set[int] | None) -> dict[tuple[int | None, str], list[tuple[str, int]]]:
    """Joint organizations with room by committee and by park, building or village of what they cover."""
    was = {name: facts.was(FormerOrganization, name, day) for name in ("name", "form", "committee_id")}
    bodies = facts.live_organizations(day).annotate(**{f"was_{name}": each for name, each in was.items()})
    joint: dict[int, Any] = {
        key: (name, committee)
        for key, name, committee in bodies.filter(was_form=OrganizationForm.JOINT).values_list(
            "id", "was_name", "was_committee_id"
        )
    }
    covered: dict[int, set[int]] = defaultdict(set)
    for key, enterprise in facts.live_covers(day).values_list("organization_id", "enterprise_id"):
        if key in joint:
            covered[key].add(enterprise)
    rows = facts.enterprises.annotate(was_village=facts.was(FormerEnterprise, "village", day))
    places = {
        key: {site if ours is None or key in ours else "", village or ""}
        for key, site, village in rows.values_list("id", "site", "was_village")
    }
    found: dict[tuple[int | None, str], list[tuple[str, int]]] = defaultdict(list)
    for key, enterprises in covered.items():
        name, committee = joint[key]
        for place in {place for each in enterprises for place in places.get(each, ())} - {""}:
            if len(enterprises) < MOST:
                found[committee, place].append((name, MOST - len(enterprises)))
    return found


# -- the page ---------------------------------------------------------------------------------------


def joint_branches(request: HttpRequest) -> HttpResponse:
    """What could be founded, in the district or in the user's committee."""
    question, found = _asked(request)
    page = page_of(found, request.GET.get("page"))
    context = {
        "question": question,
        "page": page,
        "opens": opens(request, [enterprise.pk for each in page for enterprise in each.group.enterprises]),
        "most": MOST,
        "may_change": may_change(request.user),
    }
    return render(request, "reports/joint.html", context)


def joint_branches_export(request: HttpRequest) -> HttpResponse:
    question, found = _asked(request)
    if question.form.errors:
        return bad_question(request, question.form)
    title = "可以联合组建的企业"
    content = workbook_bytes(
        title, [question.said], ["组", "党（工）委", "依据", "企业名称", "党员", "附近的联合党组织"], _cells(found)
    )
    return hand_out(request, content, f"{title}（{question.as_of}）.xlsx", what=title, count=len(found))


def _cells(found: list[Suggestion]) -> Iterable[list[Any]]:
    for number, each in enumerate(found, 1):
        near = "；".join(f"{name}（还能加入 {room} 家）" for name, room in each.existing)
        for enterprise in each.group.enterprises:
            yield [number, each.committee, each.shared, enterprise.name, enterprise.members, near]


def _asked(request: HttpRequest) -> tuple[Any, list[Suggestion]]:
    own = whose(request)
    question = asked(request)
    return question, suggestions(question.as_of, known_at=question.known_at, committee_id=own)
