"""The engine: coverage on a date, derived from dated facts (design, section 3).

`flagged` gives every enterprise with the flags that decide the figures. Counting groups that
one queryset by the flags, lists filter it by them: one definition, one statement a date,
whatever the number of enterprises or committees.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from common.fractions import Rate
from enterprises.models import BaseExclusion, Headcount, Jurisdiction, MassOrganization, MassOrganizationKind
from instructors.models import Assignment
from organizations.models import Stage
from reports.facts import Facts
from reports.indicators import CLOSED, FIGURES, IN_BASE, INDICATORS, NOT_YET, RECOGNITIONS
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules, current_rules

FLAGS = (
    "outside",
    "organization",
    "assigned",
    "work",
    "settled",
    "three_members",
    "fifty",
    "has_member",
    "headcount_known",
    "mass_complete",
)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _in(rows: models.QuerySet) -> Q:
    """Enterprises named in `rows`. An uncorrelated IN is hashed once, where EXISTS is asked per row."""
    return Q(id__in=rows.values("enterprise_id"))


def flagged(facts: Facts, day: dt.date, rules: Rules) -> models.QuerySet:
    """Every enterprise with its flags on `day` and `on_committee`, whose jurisdiction is live then.

    `outside` is "" for the base, else why not: not_yet, closed, or an ExclusionReason.
    """
    headcounts = facts.live(Headcount, day)
    exclusions = facts.live(BaseExclusion, day)
    full, probationary = {Stage.FULL.value}, {Stage.FULL.value, Stage.PROBATIONARY.value}
    counted: Combinable = Coalesce(F("full_members"), 0)
    if rules.count_probationary:
        counted = counted + Coalesce(F("probationary_members"), 0)
    on_roster = facts.live_placements(day, probationary if rules.count_probationary else full)
    enough_on_roster = (
        on_roster.values("enterprise_id")
        .annotate(people=Count("member_id", distinct=True))
        .filter(people__gte=rules.members_to_establish)
    )

    assigned = _in(facts.live(Assignment, day))
    has_member = _in(headcounts.filter(Q(full_members__gte=1) | Q(probationary_members__gte=1))) | _in(
        facts.live_placements(day, probationary)
    )
    mass = facts.live(MassOrganization, day)
    routes = {INSTRUCTOR: assigned, MEMBER: has_member, MASS_ORGANIZATION: _in(mass.exclude(form="not_applicable"))}
    work = Q(organization=True)
    for route in sorted(rules.work_routes):
        work |= routes[route]
    mass_complete = Q()
    for kind in MassOrganizationKind.values:
        mass_complete &= _in(mass.filter(kind=kind))

    jurisdiction = facts.live(Jurisdiction, day).filter(enterprise_id=OuterRef("id"))
    return (
        facts.enterprises.annotate(
            on_committee=Subquery(jurisdiction.values("committee_id")[:1]),
            outside=Case(
                When(~facts.known_by(day), then=Value(NOT_YET)),
                When(closed_on__lte=day, then=Value(CLOSED)),
                When(
                    _in(exclusions),
                    then=Subquery(exclusions.filter(enterprise_id=OuterRef("id")).values("reason")[:1]),
                ),
                default=Value(IN_BASE),
                output_field=models.CharField(),
            ),
            organization=_flag(_in(facts.live_covers(day))),
            assigned=_flag(assigned),
            has_member=_flag(has_member),
            fifty=_flag(_in(headcounts.filter(employees__gte=rules.employees_threshold))),
            headcount_known=_flag(_in(headcounts.filter(employees__isnull=False))),
            three_members=_flag(
                _in(headcounts.alias(counted=counted).filter(counted__gte=rules.members_to_establish))
                | _in(enough_on_roster)
            ),
            mass_complete=_flag(mass_complete),
        )
        .annotate(work=_flag(work))
        .annotate(settled=_flag(Q(organization=True) | Q(work=True, three_members=False)))
    )


def in_figure(key: str) -> Q:
    """The condition on flagged enterprises that makes the figure `key`. Raises KeyError for an unknown one."""
    condition = Q()
    for flag, value in FIGURES[key].flags.items():
        condition &= Q(**{f"{flag}__in": sorted(value)} if isinstance(value, frozenset) else {flag: value})
    return condition


def _counts_in(pattern: Mapping[str, object], flags: Mapping[str, object]) -> bool:
    return all(
        pattern[flag] in value if isinstance(value, frozenset) else pattern[flag] == value
        for flag, value in flags.items()
    )


@dataclass
class Figures:
    """The counts of one committee or of the district on one date: keys of FIGURES and RECOGNITIONS."""

    counts: Counter[str] = field(default_factory=Counter)
    # Enterprises not in the base by reason (ExclusionReason value, or closed).
    outside: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, key: str) -> int:
        return self.counts[key]

    def rate(self, indicator: str) -> Rate:
        """The indicator as part and base. A counted one (no base) is n of n."""
        declared = INDICATORS[indicator]
        part = self.counts[declared.part]
        return Rate(part, part if declared.of is None else self.counts[declared.of])

    def add(self, pattern: Mapping[str, object], number: int) -> None:
        for figure in FIGURES.values():
            if _counts_in(pattern, figure.flags):
                self.counts[figure.key] += number
        if pattern["outside"] not in {IN_BASE, NOT_YET}:
            self.outside[str(pattern["outside"])] += number


@dataclass
class Coverage:
    """All figures on one date. `committees` has every committee that has an enterprise, keyed by id;
    the key None holds enterprises without a live jurisdiction, so that the parts add up to the district."""

    as_of: dt.date
    known_at: dt.datetime | None
    district: Figures = field(default_factory=Figures)
    committees: dict[int | None, Figures] = field(default_factory=dict)

    def committee(self, committee_id: int | None) -> Figures:
        return self.committees.get(committee_id, Figures())


def coverage_on(
    day: dt.date,
    *,
    known_at: dt.datetime | None = None,
    rules: Rules | None = None,
) -> Coverage:
    """All figures on `day` for the district and by committee: two statements.

    `known_at`: as the system held the facts at that moment; None, as it holds them now.
    """
    facts = Facts(known_at)
    result = Coverage(day, known_at)

    def add(committee_id: int | None, pattern: Mapping[str, object], number: int) -> None:
        for figures in (result.district, result.committees.setdefault(committee_id, Figures())):
            figures.add(pattern, number)

    patterns = flagged(facts, day, rules or current_rules()).values("on_committee", *FLAGS).annotate(number=Count("id"))
    for pattern in patterns:
        if pattern["outside"] != NOT_YET:
            add(pattern["on_committee"], pattern, pattern["number"])

    home = facts.live_organizations(day).filter(id=OuterRef("organization_id")).values("committee_id")[:1]
    recognised = (
        facts.live_milestones(day)
        .filter(code__in=RECOGNITIONS)
        .annotate(on_committee=Subquery(home))
        .values("on_committee", "code")
        .annotate(number=Count("organization_id", distinct=True))
    )
    for row in recognised:
        for figures in (result.district, result.committees.setdefault(row["on_committee"], Figures())):
            figures.counts[row["code"]] += row["number"]
    return result


def enterprises_in(
    key: str,
    day: dt.date,
    *,
    known_at: dt.datetime | None = None,
    committee_id: int | None = None,
    rules: Rules | None = None,
) -> models.QuerySet:
    """The enterprises that make the figure `key` on `day`, in one committee or in the district."""
    rows = flagged(Facts(known_at), day, rules or current_rules()).filter(in_figure(key))
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    return rows.order_by("name", "id")
