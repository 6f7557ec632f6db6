"""The engine: coverage on a date, derived from dated facts (design, section 3).

`flagged` gives every enterprise with the flags that decide the figures. Counting groups that
one queryset by the flags, lists filter it by them: one definition, one statement a date,
whatever the number of enterprises or committees.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable

from committees.models import Committee
from common.fractions import Rate
from enterprises.models import BaseExclusion, FormerEnterprise, Jurisdiction
from organizations.models import FormerOrganization, Milestone
from reports.conditions import CODES, CONDITIONS, possible_milestones
from reports.facts import Facts
from reports.indicators import CLOSED, FIGURES, IN_BASE, INDICATORS, NOT_YET, RECOGNITIONS, Flags, Indicator
from reports.rules import Rules, current_rules


def _outside(facts: Facts, day: dt.date, rules: Rules) -> Case:
    """ "" for the base, else why not: not_yet, closed, or an ExclusionReason."""
    exclusions = facts.live(BaseExclusion, day)
    reason = exclusions.filter(enterprise_id=OuterRef("id")).values("reason")[:1]
    return Case(
        When(~facts.known_by(day), then=Value(NOT_YET)),
        When(closed_on__lte=day, then=Value(CLOSED)),
        When(Q(id__in=exclusions.values("enterprise_id")), then=Subquery(reason)),
        default=Value(IN_BASE),
        output_field=models.CharField(),
    )


def flagged(facts: Facts, day: dt.date, rules: Rules, flags: Iterable[str] = CONDITIONS) -> models.QuerySet:
    """Every enterprise with `outside`, the `flags` asked for, and `on_committee`, whose jurisdiction
    is live on `day`."""
    jurisdiction = facts.live(Jurisdiction, day).filter(enterprise_id=OuterRef("id"))
    conditions = {flag: CONDITIONS[flag](facts, day, rules).annotation() for flag in flags if flag != "outside"}
    rows: models.QuerySet = facts.enterprises.annotate(
        on_committee=Subquery(jurisdiction.values("committee_id")[:1]),
        outside=_outside(facts, day, rules),
        **conditions,
    )
    return rows


@dataclass
class Figures:
    """The counts of one committee or of the district on one date: keys of FIGURES and RECOGNITIONS."""

    # How many surely belong to a figure, and of how many nobody knows.
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    # Enterprises not in the base by reason (ExclusionReason value, or closed).
    outside: Counter[str] = field(default_factory=Counter)
    # By indicator, part and base as they are at the least and at the most, and how many could still change them.
    worst: Counter[tuple[str, str]] = field(default_factory=Counter)
    best: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, key: str) -> int:
        return self.counts[key]

    def rate(self, indicator: str) -> Rate:
        """The indicator as part and base, of what is known. A counted one (no base) is n of n."""
        declared = INDICATORS[indicator]
        part = self.counts[declared.part]
        return Rate(part, part if declared.of is None else self.counts[declared.of])

    def least(self, indicator: str) -> Rate:
        """The indicator if all that is unknown is unfavourable."""
        if INDICATORS[indicator].of is None:
            return self.rate(indicator)
        return Rate(self.worst[indicator, "part"], self.worst[indicator, "base"])

    def most(self, indicator: str) -> Rate:
        """The indicator if all that is unknown is favourable."""
        declared = INDICATORS[indicator]
        if declared.of is None:
            part = self.counts[declared.part] + self.unknown[declared.part]
            return Rate(part, part)
        return Rate(self.best[indicator, "part"], self.best[indicator, "base"])

    def plus(self, other: "Figures") -> "Figures":
        """Both together, where they are of different enterprises."""
        return self._joined(other, 1)

    def minus(self, other: "Figures") -> "Figures":
        """Without `other`, which is a part of these."""
        return self._joined(other, -1)

    def _joined(self, other: "Figures", sign: int) -> "Figures":
        made = Figures()
        for each in fields(Figures):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            getattr(made, each.name).update({key: mine[key] + sign * theirs[key] for key in {*mine, *theirs}})
        return made

    def add(self, pattern: Flags, number: int, keys: Collection[str] = FIGURES) -> None:
        """Count `number` enterprises that share these flags, in the figures `keys`."""
        for key in keys:
            answer = FIGURES[key].answer(pattern)
            if answer is None:
                self.unknown[key] += number
            elif answer:
                self.counts[key] += number
        for indicator in INDICATORS.values():
            if indicator.of is not None and set(indicator.keys) <= set(keys):
                self._bound(indicator, pattern, number)
        if pattern["outside"] not in {IN_BASE, NOT_YET}:
            self.outside[str(pattern["outside"])] += number

    def _bound(self, indicator: Indicator, pattern: Flags, number: int) -> None:
        outcomes = indicator.outcomes(pattern)
        for bound, (base, part) in ((self.worst, outcomes[0]), (self.best, outcomes[-1])):
            bound[indicator.key, "base"] += base * number
            bound[indicator.key, "part"] += part * number
        if len(outcomes) > 1:
            self.unsure[indicator.key] += number


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
    only: Collection[int] | None = None,
) -> Coverage:
    """The figures `keys` (all) on `day` for the district and by committee: two statements.

    `known_at`: as the system held the facts at that moment; None, as it holds them now. `only`: of these enterprises.
    """
    facts = Facts(known_at, only)
    result = Coverage(day, known_at)
    keys = list(keys)
    flags = sorted({flag for key in keys for flag in FIGURES[key].flags} - {"outside"})
    enterprises = flagged(facts, day, rules or current_rules(), flags)
    patterns = enterprises.values("on_committee", "outside", *flags).annotate(number=Count("id"))
    for pattern in patterns if keys else ():
        if pattern["outside"] != NOT_YET:
            for figures in (result.district, result.committees.setdefault(pattern["on_committee"], Figures())):
                figures.add(pattern, pattern["number"], keys)
    for row in _recognised(facts, day):
        for figures in (result.district, result.committees.setdefault(row["on_committee"], Figures())):
            figures.counts[row["code"]] += row["number"]
            figures.unknown[row["code"]] += row["every"] - row["number"]
    return result


def _recognised(facts: Facts, day: dt.date) -> models.QuerySet:
    """Organizations by committee and recognition: `number` that hold it, `every` with those of which nobody knows
    since when they do."""
    home = facts.possible_organizations(day).filter(id=OuterRef("organization_id"))
    home = home.annotate(was=facts.was(FormerOrganization, "committee_id", day)).values("was")[:1]
    holding = Q(id__in=facts.live_milestones(day).values("id"))
    rows: models.QuerySet = (
        facts.rows(Milestone)
        .filter(holding | Q(id__in=possible_milestones(facts, day).values("id")), code__in=RECOGNITIONS)
        .annotate(on_committee=Subquery(home))
        .values("on_committee", "code")
        .annotate(
            number=Count("organization_id", distinct=True, filter=holding),
            every=Count("organization_id", distinct=True),
        )
    )
    return rows


YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS: dict[str, bool | None] = {YES: True, NO: False, UNKNOWN: None}


def answered(
    key: str,
    day: dt.date,
    *,
    known_at: dt.datetime | None = None,
    committee_id: int | None = None,
    rules: Rules | None = None,
    only: Collection[int] | None = None,
) -> models.QuerySet:
    """The enterprises of the figure's base on `day`, in one committee or in the district, each with `pattern`: what its
    flags say, as one number (see `patterns`), and what may have been otherwise then: was_name, was_ownership,
    was_above_scale, was_reason. A filter on the flags themselves would repeat their SQL each time."""
    facts, rules, figure = Facts(known_at, only), rules or current_rules(), FIGURES[key]
    outside = figure.alternatives[0]["outside"]
    code: Combinable = Value(0)
    for place, flag in enumerate(figure.decisive):
        code = code + CONDITIONS[flag](facts, day, rules).code() * Value(len(CODES) ** place)
    names = {"name": "name", "ownership": "ownership", "above_scale": "above_scale", "reason": "reason_not_established"}
    was = {f"was_{short}": facts.was(FormerEnterprise, name, day) for short, name in names.items()}
    pattern = ExpressionWrapper(code, models.IntegerField())
    rows: models.QuerySet = flagged(facts, day, rules, []).annotate(pattern=pattern, **was)
    rows = rows.filter(outside__in=sorted(outside) if isinstance(outside, frozenset) else [outside])
    if committee_id is not None:
        rows = rows.filter(on_committee=committee_id)
    return rows.order_by("was_name", "id")


def patterns(key: str, answer: str) -> list[int]:
    """The patterns of `answered` rows that belong to the figure, do not, or of which nobody knows."""
    figure = FIGURES[key]
    return [
        sum(CODES[flags[flag]] * len(CODES) ** place for place, flag in enumerate(figure.decisive))
        for flags in figure.patterns(ANSWERS[answer])
    ]


def enterprises_in(
    key: str,
    day: dt.date,
    *,
    known_at: dt.datetime | None = None,
    committee_id: int | None = None,
    rules: Rules | None = None,
    answer: str = YES,
    only: Collection[int] | None = None,
) -> models.QuerySet:
    """The enterprises that belong to the figure `key` on `day` (or do not, or of which nobody knows)."""
    rows = answered(key, day, known_at=known_at, committee_id=committee_id, rules=rules, only=only)
    return rows.filter(pattern__in=patterns(key, answer))


def recognised_in(
    code: str, day: dt.date, *, known_at: dt.datetime | None, committees: list[Committee], answer: str = YES
) -> list[dict[str, Any]]:
    """The organizations of these committees that hold the recognition `code` on `day` (UNKNOWN: of which nobody knows
    since when they do), each once: dicts of organization (name), committee, since and note."""
    facts = Facts(known_at)
    names = {committee.pk: str(committee) for committee in committees}
    there = facts.live_organizations(day) if answer == YES else facts.possible_organizations(day)
    there = there.annotate(
        was_name=facts.was(FormerOrganization, "name", day), home=facts.was(FormerOrganization, "committee_id", day)
    )
    homes = {row["id"]: row for row in there.filter(home__in=names).values("id", "was_name", "home")}
    holding = facts.live_milestones(day).filter(code=code)
    if answer == UNKNOWN:
        sure = holding.values("organization_id")
        holding = possible_milestones(facts, day).filter(code=code).exclude(organization_id__in=sure)
    found: dict[int, dict[str, Any]] = {}
    for milestone in holding.order_by("start", "id"):
        home = homes.get(milestone.organization_id)
        if home is not None and milestone.organization_id not in found:
            found[milestone.organization_id] = {
                "organization": home["was_name"],
                "committee": names[home["home"]],
                "since": milestone.start,
                "note": milestone.note,
            }
    return list(found.values())
