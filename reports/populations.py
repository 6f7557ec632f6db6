"""Who ought to have an item: the populations that a plan names, of each kind of subject, as conditions that are so, not
so, or not known. A plan picks them by name; `lacks:CODE` and `has:CODE` name those who lack or have another item.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from committees.models import Committee, CommitteeKind
from common.periods import Precision
from common.plan import Subject
from enterprises.models import FormerEnterprise
from instructors.models import Assignment, Instructor
from organizations.models import (
    Cover,
    FormerOrganization,
    Member,
    MemberStage,
    OrganizationForm,
    PartyOrganization,
    SecretaryTerm,
    Stage,
    Subordination,
)
from reports import conditions
from reports.conditions import ALWAYS, NEVER, Condition, both, opposite
from reports.facts import Facts
from reports.rules import Rules


@dataclass(frozen=True)
class Asked:
    """What is asked: the facts, the day, the rules of that day, and the day from which the plan is in force (None: not
    entered)."""

    facts: Facts
    day: dt.date
    rules: Rules
    since: dt.date | None


Population = Callable[[Asked], Condition]
SURE = Condition(ALWAYS, NEVER)


def everybody(asked: Asked) -> Condition:
    return SURE


def _begun_since(column: str, precision: str, asked: Asked) -> Condition:
    """That something began on or after the plan's first day; not known without that, or where only an assumed day says
    so."""
    if asked.since is None:
        return Condition(NEVER, ALWAYS)
    later = Q(**{f"{column}__gte": asked.since})
    assumed = Q(**{precision: Precision.ASSUMED})
    return Condition(later & ~assumed, (later & assumed) | Q(**{f"{column}__isnull": True}))


def _registered(asked: Asked) -> Condition:
    return _begun_since("registered_on", "registered_precision", asked)


def _established(asked: Asked) -> Condition:
    return _begun_since("established_on", "established_precision", asked)


def _condition(flag: str, *, lacks: bool = False) -> Population:
    def population(asked: Asked) -> Condition:
        found = conditions.CONDITIONS[flag](asked.facts, asked.day, asked.rules)
        return opposite(found) if lacks else found

    return population


def _joint(asked: Asked) -> Condition:
    was = PartyOrganization.objects.alias(form_then=asked.facts.was(FormerOrganization, "form", asked.day))
    joint = was.filter(form_then=OrganizationForm.JOINT)
    return Condition(Q(id__in=joint.values("id")), NEVER)


def _outside_of_places(asked: Asked) -> Condition:
    """Established since the plan's first day, and under a line instead of the committee of a place (clause 28)."""
    facts, day = asked.facts, asked.day
    was = {
        "line_then": facts.was(FormerOrganization, "subordination", day),
        "home_then": facts.was(FormerOrganization, "committee_id", day),
    }
    lines = Committee.objects.filter(kind=CommitteeKind.INDUSTRY_LINE)
    outside = Q(line_then=Subordination.INDUSTRY_LINE) | Q(home_then__in=lines.values("id"))
    rows = PartyOrganization.objects.alias(**was).filter(outside)
    return both([_established(asked), Condition(Q(id__in=rows.values("id")), NEVER)])


def _assigned(asked: Asked) -> Condition:
    return Condition(Q(id__in=asked.facts.live(Assignment, asked.day).values("instructor_id")), NEVER)


# By subject: name → (how it is called on the screen, who belongs to it).
POPULATIONS: dict[str, dict[str, tuple[str, Population]]] = {
    Subject.ENTERPRISE: {
        "base": ("纳入基数的企业", everybody),
        "without_members": ("没有党员的企业", _condition("has_member", lacks=True)),
        "uncovered": ("没有党组织的企业", _condition("organization", lacks=True)),
        "due_to_establish": (
            "应建未建的企业",
            lambda asked: both([_condition("three_members")(asked), _condition("organization", lacks=True)(asked)]),
        ),
        "registered_since": ("方案施行后登记的企业", _registered),
        "fifty": ("达到职工人数标准的企业", _condition("fifty")),
        "three_members": ("达到党员人数标准的企业", _condition("three_members")),
    },
    Subject.ORGANIZATION: {
        "live": ("在册的党组织", everybody),
        "established_since": ("方案施行后成立的党组织", _established),
        "joint": ("联合党组织", _joint),
        "new_outside": ("方案施行后成立、不属地管理的党组织", _outside_of_places),
    },
    Subject.SECRETARY: {"in_office": ("在任的书记", everybody)},
    Subject.INSTRUCTOR: {
        "in_office": ("在任的指导员", everybody),
        "assigned": ("派驻了企业的指导员", _assigned),
    },
    Subject.MEMBER: {"party": ("正式和预备党员", everybody)},
    Subject.COMMITTEE: {"active": ("在用的党（工）委", everybody)},
}
# Those that name another item.
OF_ITEMS = {"lacks": "没有“{}”的", "has": "有“{}”的"}
MEASURES: dict[str, str] = {
    Subject.ENTERPRISE: "家",
    Subject.ORGANIZATION: "个",
    Subject.SECRETARY: "名",
    Subject.INSTRUCTOR: "名",
    Subject.MEMBER: "名",
    Subject.COMMITTEE: "个",
}


# -- who is there ---------------------------------------------------------------------------------


def _enterprises(asked: Asked) -> tuple[models.QuerySet, Condition]:
    from reports.coverage import flagged
    from reports.indicators import IN_BASE

    rows = flagged(asked.facts, asked.day, asked.rules, []).filter(outside=IN_BASE)
    names = {f"was_{name}": asked.facts.was(FormerEnterprise, name, asked.day) for name in FormerEnterprise.VALUE}
    return rows.annotate(was_line=line_of(asked.facts, asked.day), **names), SURE


def line_of(facts: Facts, day: dt.date) -> Case:
    """By whom an enterprise is covered (clause 28): by an organization of its place, else by one of a line, else
    NO_LINE; so each is counted once."""
    bodies = facts.live_organizations(day).annotate(then=facts.was(FormerOrganization, "subordination", day))
    covers = facts.live(Cover, day)

    def by(line: str) -> Q:
        mine = bodies.filter(then=line).values("id")
        return Q(id__in=covers.filter(organization_id__in=mine).values("enterprise_id"))

    lines = [
        When(by(line), then=Value(line))
        for line in (Subordination.TERRITORIAL.value, Subordination.INDUSTRY_LINE.value)
    ]
    return Case(*lines, default=Value(NO_LINE), output_field=models.CharField())


NO_LINE = "none"


def _organizations(asked: Asked) -> tuple[models.QuerySet, Condition]:
    rows = asked.facts.possible_organizations(asked.day)
    names = ("name", "kind", "form", "subordination")
    was = {f"was_{name}": asked.facts.was(FormerOrganization, name, asked.day) for name in names}
    home = asked.facts.was(FormerOrganization, "committee_id", asked.day)
    live = Q(established_on__lte=asked.day)
    return rows.annotate(on_committee=home, **was), Condition(live, ~live)


def _secretaries(asked: Asked) -> tuple[models.QuerySet, Condition]:
    bodies, there = _organizations(asked)
    mine = bodies.filter(id=OuterRef("organization_id"))
    rows = asked.facts.live(SecretaryTerm, asked.day).annotate(
        on_committee=Subquery(mine.values("on_committee")[:1]),
        was_name=F("name"),
        was_organization=Subquery(mine.values("was_name")[:1]),
    )
    live = Q(organization_id__in=bodies.filter(there.yes).values("id"))
    return rows.filter(organization_id__in=bodies.values("id")), Condition(live, ~live)


def _instructors(asked: Asked) -> tuple[models.QuerySet, Condition]:
    rows = asked.facts.rows(Instructor).exclude(left_on__lte=asked.day).exclude(began_on__gt=asked.day)
    return rows.annotate(on_committee=F("committee_id"), was_name=F("name")), SURE


def _members(asked: Asked) -> tuple[models.QuerySet, Condition]:
    party = asked.facts.live(MemberStage, asked.day).filter(stage__in=[Stage.FULL, Stage.PROBATIONARY])
    rows = asked.facts.rows(Member).filter(id__in=party.values("member_id"))
    return rows.annotate(on_committee=F("committee_id"), was_name=F("name")), SURE


def _committees(asked: Asked) -> tuple[models.QuerySet, Condition]:
    rows = asked.facts.rows(Committee).filter(active=True)
    return rows.annotate(on_committee=F("id"), was_name=F("name")), SURE


# By subject: the rows that are there on the day or may have been, with on_committee and was_name; and the condition
# that they surely are.
THERE: dict[str, Callable[[Asked], tuple[models.QuerySet, Condition]]] = {
    Subject.ENTERPRISE: _enterprises,
    Subject.ORGANIZATION: _organizations,
    Subject.SECRETARY: _secretaries,
    Subject.INSTRUCTOR: _instructors,
    Subject.MEMBER: _members,
    Subject.COMMITTEE: _committees,
}
# By what the figures of a subject can be parted: name → (how it is called, the column).
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    subject: {"committee": ("党（工）委", "on_committee")} for subject in Subject.values
}
GROUPS[Subject.ENTERPRISE] |= {
    "village": ("村（社区）", "was_village"),
    "industry": ("行业门类", "was_industry_section"),
    "size": ("规模以上", "was_above_scale"),
    "ownership": ("企业类型", "was_ownership"),
    "line": ("所属党组织的隶属", "was_line"),
}
GROUPS[Subject.ORGANIZATION] |= {
    "line": ("隶属", "was_subordination"),
    "kind": ("类别", "was_kind"),
    "form": ("组建方式", "was_form"),
}


def unknown_population(subject: str, who: str, codes: Any) -> bool:
    """Whether the name means nothing for this subject. `codes`: of the items that there are."""
    name, _, code = who.partition(":")
    return code not in codes if name in OF_ITEMS and code else who not in POPULATIONS[subject]
