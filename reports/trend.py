"""The series of months: one pass over +1/−1 events instead of one count a month.

The spans of an enterprise are united before they are counted, or it would count twice.
tests/test_engine_properties.py holds this against reports/coverage.py for random histories.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple

from django.db import models
from django.db.models import Min

from common.filings import denial_of, topics_of
from common.fractions import Rate
from common.periods import Period, Precision, Span, intersect, month_ends, subtract, union
from enterprises.models import (
    BaseExclusion,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from instructors.models import Assignment
from organizations.models import Cover, MemberPlacement, MemberStage, PartyOrganization, Stage
from reports.facts import DATED_FACTS, Facts
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rulebook, Rules

Spans = dict[int, list[Span]]
_EVER: Span = (dt.date.min, None)
_NEVER: Span = (dt.date.max, dt.date.max)


class Point(NamedTuple):
    """The figures at the end of a month (the last point: on the date asked about)."""

    day: dt.date
    enterprises: int
    organization_covered: int
    work_covered: int
    # Of how many nobody knows.
    organization_unknown: int
    work_unknown: int

    @property
    def organization_rate(self) -> Rate:
        return Rate(self.organization_covered, self.enterprises)

    @property
    def work_rate(self) -> Rate:
        return Rate(self.work_covered, self.enterprises)

    @property
    def organization_most(self) -> Rate:
        """The rate if all that is unknown is favourable."""
        return Rate(self.organization_covered + self.organization_unknown, self.enterprises)

    @property
    def work_most(self) -> Rate:
        return Rate(self.work_covered + self.work_unknown, self.enterprises)


def _spans(rows: models.QuerySet, owner: str = "enterprise_id", start: str = "start", end: str = "end") -> Spans:
    spans: Spans = defaultdict(list)
    for key, first, last in rows.values_list(owner, start, end):
        spans[key].append((first, last))
    return spans


def _said_days(facts: Facts, topic: str) -> dict[int, list[dt.date]]:
    """Enterprise → the days on which the topic was said of it, in order."""
    rows = facts.filings.filter(subject="enterprise", topics__contains=f" {topic} ").order_by("day")
    days: dict[int, list[dt.date]] = defaultdict(list)
    for key, day in rows.values_list("key", "day"):
        days[key].append(day)
    return days


# When a thing that is covered or assigned is there surely, and when it may be.
Life = tuple[Span, Span]


def _sure_and_maybe(facts: Facts, model: type[Period], lives: dict[int, Life] | None = None) -> tuple[Spans, Spans]:
    """When an enterprise surely has a fact of `model`, and when it may have one: from the day after the last no, or
    ever, to a beginning that was only assumed, its own or the other owner's. `lives`: of the other owners, by key."""
    said_no = _said_days(facts, denial_of(model))
    sure: Spans = defaultdict(list)
    maybe: Spans = defaultdict(list)
    rows = facts.rows(model).values_list("enterprise_id", f"{model.OF[1]}_id", "start", "end", "start_precision")
    for enterprise, other, start, end, how in rows:
        there, perhaps = (_EVER, _EVER) if lives is None else lives.get(other, (_NEVER, _NEVER))
        if both := intersect((start, end), there):
            sure[enterprise].append(both)
        if perhaps != there and (both := intersect((start, end), perhaps)):
            maybe[enterprise].append(both)
        last = max((day for day in said_no.get(enterprise, ()) if day < start), default=None)
        first = dt.date.min if last is None else last + dt.timedelta(days=1)
        if how == Precision.ASSUMED and first < start and (both := intersect((first, start), perhaps)):
            maybe[enterprise].append(both)
    return sure, maybe


def _lives(facts: Facts) -> dict[int, Life]:
    """Organization → when it is there surely, and when it may be: a founding day that was only assumed may be late."""
    rows = facts.rows(PartyOrganization).values_list("id", "established_on", "established_precision", "dissolved_on")
    return {
        key: ((start, end), (dt.date.min if how == Precision.ASSUMED else start, end)) for key, start, how, end in rows
    }


def _unknown_members(facts: Facts) -> Callable[[int], list[Span]]:
    """When nobody knows whether an enterprise has members: on days without both numbers (rule 5)."""
    known = _spans(facts.rows(Headcount).filter(full_members__isnull=False, probationary_members__isnull=False))
    return lambda enterprise: subtract((dt.date.min, None), known.get(enterprise, []))


def _unknown_mass(facts: Facts) -> Callable[[int], list[Span]]:
    """When of one kind of mass organization at least nobody has said how it is (clause 14)."""
    known_from: dict[tuple[int, str], dt.date] = {}
    rows = facts.rows(MassOrganization).order_by("start")
    for enterprise, kind, start, how in rows.values_list("enterprise_id", "kind", "start", "start_precision"):
        known_from.setdefault((enterprise, kind), start if how == Precision.ASSUMED else dt.date.min)
    for kind in MassOrganizationKind.values:
        (topic,) = topics_of(MassOrganization, [kind])
        for enterprise, days in _said_days(facts, topic).items():
            known_from[enterprise, kind] = min(days[0], known_from.get((enterprise, kind), days[0]))

    def unknown(enterprise: int) -> list[Span]:
        begun = [known_from.get((enterprise, kind)) for kind in MassOrganizationKind.values]
        until = None if None in begun else max(day for day in begun if day is not None)
        return [] if until == dt.date.min else [(dt.date.min, until)]

    return unknown


def _member_spans(facts: Facts) -> Spans:
    """When an enterprise has a member, full or probationary, by headcount or roster."""
    counted = facts.rows(Headcount).filter(models.Q(full_members__gte=1) | models.Q(probationary_members__gte=1))
    spans = _spans(counted)
    stages = _spans(facts.rows(MemberStage).filter(stage__in=[Stage.FULL, Stage.PROBATIONARY]), "member_id")
    placed = facts.rows(MemberPlacement).filter(enterprise_id__isnull=False)
    for enterprise, member, start, end in placed.values_list("enterprise_id", "member_id", "start", "end"):
        for stage in stages.get(member, []):
            if both := intersect((start, end), stage):
                spans[enterprise].append(both)
    return spans


def _base_spans(facts: Facts) -> Spans:
    exclusions = _spans(facts.rows(BaseExclusion))
    first_known: dict[int, dt.date] = {}
    for model in DATED_FACTS:
        undated = facts.rows(model).filter(
            enterprise_id__in=facts.enterprises.filter(registered_on__isnull=True).values("id")
        )
        for enterprise, start in undated.values_list("enterprise_id").annotate(first=Min("start")):
            first_known[enterprise] = min(start, first_known.get(enterprise, start))
    base: Spans = {}
    for enterprise, registered, closed in facts.enterprises.values_list("id", "registered_on", "closed_on"):
        start = registered or first_known.get(enterprise)
        if start is not None and (closed is None or closed > start):
            base[enterprise] = subtract((start, closed), exclusions.get(enterprise, []))
    return base


def _within(spans: Iterable[Span], frame: Iterable[Span]) -> list[Span]:
    frame = list(frame)
    return [both for span in union(spans) for part in frame if (both := intersect(span, part))]


def _counts_at(spans: Iterable[Span], days: list[dt.date]) -> list[int]:
    """How many of `spans` are live on each of `days` (in order)."""
    events: Counter[dt.date] = Counter()
    for start, end in spans:
        events[start] += 1
        if end is not None:
            events[end] -= 1
    changes = sorted(events.items())
    totals = list(accumulate(change for _, change in changes))
    counts, index = [], 0
    for day in days:
        while index < len(changes) and changes[index][0] <= day:
            index += 1
        counts.append(totals[index - 1] if index else 0)
    return counts


def trend(
    first: dt.date,
    last: dt.date,
    *,
    committee_id: int | None = None,
    known_at: dt.datetime | None = None,
    plan_id: int | None = None,
    rules: Rules | None = None,
) -> list[Point]:
    """The figures at every month's end from `first` and on `last`, of one committee or the district; each by the rules
    of its day (of this plan, or of the one in force), unless `rules` are given.

    A constant number of statements, whatever the number of months or enterprises, for each change of the rules.
    """
    facts = Facts(known_at)
    book = Rulebook(facts)
    by_rules: dict[Rules, list[dt.date]] = defaultdict(list)
    for day in month_ends(first, last):
        its_own = rules or (book.on(day) if plan_id is None else book.of(plan_id, day))
        by_rules[its_own].append(day)
    points = [point for each, days in by_rules.items() for point in _points(facts, each, days, committee_id)]
    return sorted(points)


def _points(facts: Facts, rules: Rules, days: list[dt.date], committee_id: int | None) -> list[Point]:
    base = _base_spans(facts)
    if committee_id is not None:
        mine = _spans(facts.rows(Jurisdiction).filter(committee_id=committee_id))
        base = {key: within for key, spans in base.items() if (within := _within(spans, mine.get(key, [])))}
    covers, maybe_covers = _sure_and_maybe(facts, Cover, _lives(facts))
    yes: list[Spans] = [covers]
    unknown: list[Callable[[int], list[Span]]] = [lambda key: maybe_covers.get(key, [])]
    if INSTRUCTOR in rules.work_routes:
        assigned, maybe_assigned = _sure_and_maybe(facts, Assignment)
        yes.append(assigned)
        unknown.append(lambda key: maybe_assigned.get(key, []))
    if MEMBER in rules.work_routes:
        yes.append(_member_spans(facts))
        unknown.append(_unknown_members(facts))
    if MASS_ORGANIZATION in rules.work_routes:
        yes.append(_spans(facts.rows(MassOrganization).exclude(form=MassOrganizationForm.NOT_APPLICABLE)))
        unknown.append(_unknown_mass(facts))

    def total(ways: int) -> tuple[list[Span], list[Span]]:
        """The spans of all enterprises that are surely covered in one of the first so many ways, and perhaps."""
        sure, perhaps = [], []
        for key, frame in base.items():
            covered = _within((span for spans in yes[:ways] for span in spans.get(key, [])), frame)
            maybe = _within((span for spans in unknown[:ways] for span in spans(key)), frame)
            sure += covered
            perhaps += [rest for span in maybe for rest in subtract(span, covered)]
        return sure, perhaps

    organization, work = total(1), total(len(yes))
    every = [span for spans in base.values() for span in spans]
    counted = [_counts_at(spans, days) for spans in (every, organization[0], work[0], organization[1], work[1])]
    return [Point(*row) for row in zip(days, *counted, strict=True)]
