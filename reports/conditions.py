"""What decides the figures, of one enterprise on one date: yes, no, or not known (rules 2 to 6).

Each condition says when the answer is yes and when it is not known; else it is no. What nobody has said is not no: a
number before it was first stated, a mass organization likewise, a cover or assignment whose beginning was only assumed
from a ledger's date, back to the last day on which a ledger said that there was none.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When

from common.filings import denial_of, topics_of
from common.periods import Period, Precision
from enterprises.models import Headcount, MassOrganization, MassOrganizationForm, MassOrganizationKind
from instructors.models import Assignment
from organizations.models import Cover, Stage
from reports.facts import Facts
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules

_FULL, _MEMBERS = {Stage.FULL.value}, {Stage.FULL.value, Stage.PROBATIONARY.value}
# A flag's answer as a number.
CODES: dict[object, int] = {False: 0, True: 1, None: 2}
NEVER, ALWAYS = Q(pk__in=[]), ~Q(pk__in=[])


class Condition(NamedTuple):
    """When it is so, and when nobody knows; `yes` prevails where both are true."""

    yes: Q
    unknown: Q

    def annotation(self) -> Case:
        """True, False, or None where it is not known."""
        return Case(
            When(self.yes, then=Value(True)),
            When(self.unknown, then=Value(None)),
            default=Value(False),
            output_field=BooleanField(null=True),
        )

    def code(self) -> Case:
        """The same as a number: see CODES."""
        return Case(
            When(self.yes, then=Value(CODES[True])),
            When(self.unknown, then=Value(CODES[None])),
            default=Value(CODES[False]),
            output_field=IntegerField(),
        )


def either(conditions: Iterable[Condition]) -> Condition:
    """Whether any of them is so."""
    yes, unknown = NEVER, NEVER
    for each in conditions:
        yes, unknown = yes | each.yes, unknown | each.unknown
    return Condition(yes, unknown)


def both(conditions: Iterable[Condition]) -> Condition:
    """Whether all of them are so."""
    yes, maybe = ALWAYS, ALWAYS
    for each in conditions:
        yes, maybe = yes & each.yes, maybe & (each.yes | each.unknown)
    return Condition(yes, maybe)


def opposite(condition: Condition) -> Condition:
    """Whether it is not so."""
    return Condition(~(condition.yes | condition.unknown), condition.unknown & ~condition.yes)


def _in(rows: models.QuerySet) -> Q:
    """Enterprises named in `rows`. An uncorrelated IN is hashed once, where EXISTS is asked per row."""
    return Q(id__in=rows.values("enterprise_id"))


def begun_unknown(facts: Facts, rows: models.QuerySet, model: type[Period], day: dt.date) -> models.QuerySet:
    """Of the facts of `model` in `rows` those that may have begun by `day` already: a later beginning was only assumed,
    and no ledger has said no between."""
    said_no = facts.filings.filter(
        subject="enterprise",
        key=OuterRef("enterprise_id"),
        day__gte=day,
        day__lt=OuterRef("start"),
        topics__contains=f" {denial_of(model)} ",
    )
    return rows.filter(start__gt=day, start_precision=Precision.ASSUMED).filter(~Exists(said_no))


def organization(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Covered by a live organization (rule 2); not known before an assumed beginning, be it the cover's or its
    organization's."""
    there = facts.possible_organizations(day).values("id")
    begun = facts.live(Cover, day).filter(organization_id__in=there)
    maybe = begun_unknown(facts, facts.rows(Cover).filter(organization_id__in=there), Cover, day)
    return Condition(_in(facts.live_covers(day)), _in(begun) | _in(maybe))


def assigned(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    maybe = begun_unknown(facts, facts.rows(Assignment), Assignment, day)
    return Condition(_in(facts.live(Assignment, day)), _in(maybe))


def has_member(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Full or probationary, by headcount or by roster (rule 5). No needs both numbers."""
    live = facts.live(Headcount, day)
    yes = _in(live.filter(Q(full_members__gte=1) | Q(probationary_members__gte=1)))
    known = live.filter(full_members__isnull=False, probationary_members__isnull=False)
    return Condition(yes | _in(facts.live_placements(day, _MEMBERS)), ~_in(known))


def mass_organization(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Has a mass organization of any kind, its own or a joint one."""
    live = facts.live(MassOrganization, day).exclude(form=MassOrganizationForm.NOT_APPLICABLE)
    known = ALWAYS
    for kind in MassOrganizationKind.values:
        known &= mass_known(facts, day, kind)
    return Condition(_in(live), ~known)


def assisted(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Work coverage by another route than an organization (rule 3)."""
    return either(ROUTES[route](facts, day, rules) for route in sorted(rules.work_routes))


def three_members(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Enough members to establish an organization, by headcount or by roster (rule 4). No needs the numbers."""
    live = facts.live(Headcount, day)
    known = live.filter(full_members__isnull=False)
    enough = Q(full_members__gte=rules.members_to_establish)
    if rules.count_probationary:
        known = known.filter(probationary_members__isnull=False)
        enough |= Q(probationary_members__gte=rules.members_to_establish)
        live = live.alias(counted=F("full_members") + F("probationary_members"))
        enough |= Q(counted__gte=rules.members_to_establish)
    on_roster = (
        facts.live_placements(day, _MEMBERS if rules.count_probationary else _FULL)
        .values("enterprise_id")
        .annotate(people=Count("member_id", distinct=True))
        .filter(people__gte=rules.members_to_establish)
    )
    return Condition(_in(live.filter(enough)) | _in(on_roster), ~_in(known))


def fifty(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    stated = facts.live(Headcount, day).filter(employees__isnull=False)
    return Condition(_in(stated.filter(employees__gte=rules.employees_threshold)), ~_in(stated))


def headcount_known(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    return Condition(_in(facts.live(Headcount, day).filter(employees__isnull=False)), NEVER)


def mass_known(facts: Facts, day: dt.date, kind: str) -> Q:
    """Whether anybody has said by `day` how it is with this kind of mass organization; or it began later, as stated."""
    rows = facts.rows(MassOrganization).filter(kind=kind)
    (topic,) = topics_of(MassOrganization, [kind])
    said = facts.filings.filter(subject="enterprise", day__lte=day, topics__contains=f" {topic} ")
    earlier = rows.filter(enterprise_id=OuterRef("enterprise_id"), start__lt=OuterRef("start"))
    stated = rows.filter(start__gt=day).exclude(start_precision=Precision.ASSUMED).filter(~Exists(earlier))
    return _in(rows.filter(start__lte=day)) | _in(stated) | Q(id__in=said.values("key"))


def mass_complete(facts: Facts, day: dt.date, rules: Rules) -> Condition:
    """Each of the three kinds is there, or said to be impossible (clause 14); no as soon as one is known to lack."""
    yes, no = ALWAYS, NEVER
    for kind in MassOrganizationKind.values:
        live = _in(facts.live(MassOrganization, day).filter(kind=kind))
        yes &= live
        no |= mass_known(facts, day, kind) & ~live
    return Condition(yes, ~no)


ROUTES: dict[str, Callable[[Facts, dt.date, Rules], Condition]] = {
    INSTRUCTOR: assigned,
    MEMBER: has_member,
    MASS_ORGANIZATION: mass_organization,
}
# What decides a figure, besides `outside`.
CONDITIONS: dict[str, Callable[[Facts, dt.date, Rules], Condition]] = {
    "organization": organization,
    "assigned": assigned,
    "assisted": assisted,
    "has_member": has_member,
    "three_members": three_members,
    "fifty": fifty,
    "headcount_known": headcount_known,
    "mass_complete": mass_complete,
}
