"""The engine: coverage on a date, derived from dated facts (design, section 3).

`flagged` gives every enterprise with the flags that decide the figures. Counting groups that
one queryset by the flags, lists filter it by them: one definition, one statement a date,
whatever the number of enterprises or committees.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields

from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable

from common.fractions import Rate
from enterprises.models import BaseExclusion, FormerEnterprise, Jurisdiction
from reports.conditions import CODES, CONDITIONS
from reports.facts import Facts
from reports.indicators import CLOSED, FIGURES, IN_BASE, INDICATORS, NOT_YET, Flags, Indicator
from reports.items import Tally
from reports.rules import Rulebook, Rules


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
    """The counts of one committee or of the district on one date: keys of FIGURES, and of items (reports/asked.py)."""

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

    def rate(self, indicator: Indicator) -> Rate:
        """The indicator as part and base, of what is known. A counted one (no base) is n of n."""
        part = self.counts[indicator.part]
        return Rate(part, part if indicator.of is None else self.counts[indicator.of])

    def least(self, indicator: Indicator) -> Rate:
        """The indicator if all that is unknown is unfavourable."""
        if indicator.of is None:
            return self.rate(indicator)
        return Rate(self.worst[indicator.key, "part"], self.worst[indicator.key, "base"])

    def most(self, indicator: Indicator) -> Rate:
        """The indicator if all that is unknown is favourable."""
        if indicator.of is None:
            part = self.counts[indicator.part] + self.unknown[indicator.part]
            return Rate(part, part)
        return Rate(self.best[indicator.key, "part"], self.best[indicator.key, "base"])

    def put(self, indicator: Indicator, tally: Tally) -> None:
        """Count an item: who has it, of those who ought to."""
        self.counts[indicator.part] += tally.yes
        self.unknown[indicator.part] += tally.maybe
        if indicator.of is not None:
            key = indicator.key
            self.counts[indicator.of] += tally.yes + tally.no
            self.counts[str(indicator.gap)] += tally.no
            self.unsure[key] += tally.unknown
            for bound, (part, base) in ((self.worst, tally.worst), (self.best, tally.best)):
                bound[key, "part"] += part
                bound[key, "base"] += base

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
    """The figures `keys` (all) on `day` for the district and by committee: one statement, and two for the rules where
    none are given.

    `known_at`: as the system held the facts at that moment; None, as it holds them now. `only`: of these enterprises.
    """
    facts = Facts(known_at, only)
    result = Coverage(day, known_at)
    keys = list(keys)
    flags = sorted({flag for key in keys for flag in FIGURES[key].flags} - {"outside"})
    enterprises = flagged(facts, day, rules or Rulebook(facts).on(day), flags)
    patterns = enterprises.values("on_committee", "outside", *flags).annotate(number=Count("id"))
    for pattern in patterns if keys else ():
        if pattern["outside"] != NOT_YET:
            for figures in (result.district, result.committees.setdefault(pattern["on_committee"], Figures())):
                figures.add(pattern, pattern["number"], keys)
    return result


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
    was_above_scale, was_village, was_industry_section, was_reason. A filter on the flags themselves would repeat their
    SQL each time."""
    facts, figure = Facts(known_at, only), FIGURES[key]
    rules = rules or Rulebook(facts).on(day)
    outside = figure.alternatives[0]["outside"]
    code: Combinable = Value(0)
    for place, flag in enumerate(figure.decisive):
        code = code + CONDITIONS[flag](facts, day, rules).code() * Value(len(CODES) ** place)
    names = ("name", "ownership", "above_scale", "village", "industry_section")
    was = {f"was_{name}": facts.was(FormerEnterprise, name, day) for name in names}
    was["was_reason"] = facts.was(FormerEnterprise, "reason_not_established", day)
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
