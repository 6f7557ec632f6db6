"""The engine: coverage on a date, derived from dated facts (design, section 3).

`flagged` gives every enterprise with the flags that decide the figures. Counting groups that
one queryset by the flags, lists filter it by them: one definition, one statement a date,
whatever the number of enterprises or committees.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from committees.models import Committee
from common.fractions import Rate
from enterprises.models import (
    BaseExclusion,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from instructors.models import Assignment
from organizations.models import Stage
from reports.facts import Facts
from reports.indicators import CLOSED, FIGURES, IN_BASE, INDICATORS, NOT_YET, RECOGNITIONS, Flags
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules, current_rules


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _in(rows: models.QuerySet) -> Q:
    """Enterprises named in `rows`. An uncorrelated IN is hashed once, where EXISTS is asked per row."""
    return Q(id__in=rows.values("enterprise_id"))


_FULL, _MEMBERS = {Stage.FULL.value}, {Stage.FULL.value, Stage.PROBATIONARY.value}


def _outside(facts: Facts, day: dt.date, rules: Rules) -> Case:
    """ "" for the base, else why not: not_yet, closed, or an ExclusionReason."""
    exclusions = facts.live(BaseExclusion, day)
    reason = exclusions.filter(enterprise_id=OuterRef("id")).values("reason")[:1]
    return Case(
        When(~facts.known_by(day), then=Value(NOT_YET)),
        When(closed_on__lte=day, then=Value(CLOSED)),
        When(_in(exclusions), then=Subquery(reason)),
        default=Value(IN_BASE),
        output_field=models.CharField(),
    )


def _assigned(facts: Facts, day: dt.date, rules: Rules) -> Q:
    return _in(facts.live(Assignment, day))


def _has_member(facts: Facts, day: dt.date, rules: Rules) -> Q:
    """Full or probationary, by headcount or by roster (rule 5)."""
    counted = facts.live(Headcount, day).filter(Q(full_members__gte=1) | Q(probationary_members__gte=1))
    return _in(counted) | _in(facts.live_placements(day, _MEMBERS))


def _assisted(facts: Facts, day: dt.date, rules: Rules) -> Q:
    """Work coverage by another route than an organization (rule 3)."""
    condition = Q()
    if INSTRUCTOR in rules.work_routes:
        condition |= _assigned(facts, day, rules)
    if MEMBER in rules.work_routes:
        condition |= _has_member(facts, day, rules)
    if MASS_ORGANIZATION in rules.work_routes:
        condition |= _in(facts.live(MassOrganization, day).exclude(form=MassOrganizationForm.NOT_APPLICABLE))
    return condition


def _three_members(facts: Facts, day: dt.date, rules: Rules) -> Q:
    """Enough members to establish an organization, by headcount or by roster (rule 4)."""
    counted: Combinable = Coalesce(F("full_members"), 0)
    if rules.count_probationary:
        counted = counted + Coalesce(F("probationary_members"), 0)
    enough = facts.live(Headcount, day).alias(counted=counted).filter(counted__gte=rules.members_to_establish)
    on_roster = (
        facts.live_placements(day, _MEMBERS if rules.count_probationary else _FULL)
        .values("enterprise_id")
        .annotate(people=Count("member_id", distinct=True))
        .filter(people__gte=rules.members_to_establish)
    )
    return _in(enough) | _in(on_roster)


def _mass_complete(facts: Facts, day: dt.date, rules: Rules) -> Q:
    condition = Q()
    for kind in MassOrganizationKind.values:
        condition &= _in(facts.live(MassOrganization, day).filter(kind=kind))
    return condition


# What decides a figure, besides `outside`.
CONDITIONS: dict[str, Callable[[Facts, dt.date, Rules], Q]] = {
    "organization": lambda facts, day, rules: _in(facts.live_covers(day)),
    "assigned": _assigned,
    "assisted": _assisted,
    "has_member": _has_member,
    "three_members": _three_members,
    "fifty": lambda facts, day, rules: _in(facts.live(Headcount, day).filter(employees__gte=rules.employees_threshold)),
    "headcount_known": lambda facts, day, rules: _in(facts.live(Headcount, day).filter(employees__isnull=False)),
    "mass_complete": _mass_complete,
}


def flagged(facts: Facts, day: dt.date, rules: Rules, flags: Iterable[str] = CONDITIONS) -> models.QuerySet:
    """Every enterprise with `outside`, the `flags` asked for, and `on_committee`, whose jurisdiction
    is live on `day`."""
    jurisdiction = facts.live(Jurisdiction, day).filter(enterprise_id=OuterRef("id"))
    conditions = {flag: _flag(CONDITIONS[flag](facts, day, rules)) for flag in flags if flag != "outside"}
    return facts.enterprises.annotate(
        on_committee=Subquery(jurisdiction.values("committee_id")[:1]),
        outside=_outside(facts, day, rules),
        **conditions,
    )


def in_figure(key: str) -> Q:
    """The condition on flagged enterprises that makes the figure `key`. Raises KeyError for an unknown one."""
    condition = Q(pk__in=[])
    for alternative in FIGURES[key].alternatives:
        required = Q()
        for flag, value in alternative.items():
            required &= Q(**{f"{flag}__in": sorted(value)} if isinstance(value, frozenset) else {flag: value})
        condition |= required
    return condition


def _meets(pattern: Flags, required: Flags) -> bool:
    return all(
        pattern[flag] in value if isinstance(value, frozenset) else pattern[flag] == value
        for flag, value in required.items()
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

    def add(self, pattern: Flags, number: int, keys: Iterable[str] = FIGURES) -> None:
        """Count `number` enterprises that share these flags, in the figures `keys`."""
        for key in keys:
            if any(_meets(pattern, required) for required in FIGURES[key].alternatives):
                self.counts[key] += number
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
    keys: Iterable[str] = FIGURES,
) -> Coverage:
    """The figures `keys` (all) on `day` for the district and by committee: two statements.

    `known_at`: as the system held the facts at that moment; None, as it holds them now.
    """
    facts = Facts(known_at)
    result = Coverage(day, known_at)
    keys = list(keys)
    flags = sorted({flag for key in keys for flag in FIGURES[key].flags} - {"outside"})

    def add(committee_id: int | None, pattern: Flags, number: int) -> None:
        for figures in (result.district, result.committees.setdefault(committee_id, Figures())):
            figures.add(pattern, number, keys)

    enterprises = flagged(facts, day, rules or current_rules(), flags)
    patterns = enterprises.values("on_committee", "outside", *flags).annotate(number=Count("id"))
    for pattern in patterns if keys else ():
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
    rows = flagged(Facts(known_at), day, rules or current_rules(), sorted(FIGURES[key].flags)).filter(in_figure(key))
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    return rows.order_by("name", "id")


def recognised_in(
    code: str, day: dt.date, *, known_at: dt.datetime | None, committees: list[Committee]
) -> list[dict[str, Any]]:
    """The live organizations of these committees that hold the recognition `code` on `day`, each once:
    dicts of organization (name), committee, since and note."""
    facts = Facts(known_at)
    names = {committee.pk: str(committee) for committee in committees}
    homes = {
        row["id"]: row
        for row in facts.live_organizations(day).filter(committee_id__in=names).values("id", "name", "committee_id")
    }
    found: dict[int, dict[str, Any]] = {}
    for milestone in facts.live_milestones(day).filter(code=code).order_by("start", "id"):
        home = homes.get(milestone.organization_id)
        if home is not None and milestone.organization_id not in found:
            found[milestone.organization_id] = {
                "organization": home["name"],
                "committee": names[home["committee_id"]],
                "since": milestone.start,
                "note": milestone.note,
            }
    return list(found.values())
