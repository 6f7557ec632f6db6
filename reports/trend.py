"""The series of months: one pass over +1/−1 events instead of one count a month.

The spans of an enterprise are united before they are counted, or it would count twice.
tests/test_engine_properties.py holds this against reports/coverage.py for random histories.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from django.db import models
from django.db.models import Min

from common.fractions import Rate
from common.periods import Span, intersect, month_ends, subtract, union
from enterprises.models import BaseExclusion, Headcount, Jurisdiction, MassOrganization
from instructors.models import Assignment
from organizations.models import Cover, MemberPlacement, MemberStage, PartyOrganization, Stage
from reports.facts import DATED_FACTS, Facts
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules, current_rules

Spans = dict[int, list[Span]]


class Point(NamedTuple):
    """The figures at the end of a month (the last point: on the date asked about)."""

    day: dt.date
    enterprises: int
    organization_covered: int
    work_covered: int

    @property
    def organization_rate(self) -> Rate:
        return Rate(self.organization_covered, self.enterprises)

    @property
    def work_rate(self) -> Rate:
        return Rate(self.work_covered, self.enterprises)


def _spans(rows: models.QuerySet, owner: str = "enterprise_id", start: str = "start", end: str = "end") -> Spans:
    spans: Spans = defaultdict(list)
    for key, first, last in rows.values_list(owner, start, end):
        spans[key].append((first, last))
    return spans


def _cover_spans(facts: Facts) -> Spans:
    lives = _spans(facts.rows(PartyOrganization), "id", "established_on", "dissolved_on")
    covers: Spans = defaultdict(list)
    for enterprise, organization, start, end in facts.rows(Cover).values_list(
        "enterprise_id", "organization_id", "start", "end"
    ):
        for life in lives.get(organization, []):
            if both := intersect((start, end), life):
                covers[enterprise].append(both)
    return covers


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
    rules: Rules | None = None,
) -> list[Point]:
    """The figures at every month's end from `first` and on `last`, of one committee or the district.

    A constant number of statements, whatever the number of months or enterprises.
    """
    facts, rules = Facts(known_at), rules or current_rules()
    base = _base_spans(facts)
    if committee_id is not None:
        mine = _spans(facts.rows(Jurisdiction).filter(committee_id=committee_id))
        base = {key: within for key, spans in base.items() if (within := _within(spans, mine.get(key, [])))}
    covers = _cover_spans(facts)
    sources = [covers]
    if INSTRUCTOR in rules.work_routes:
        sources.append(_spans(facts.rows(Assignment)))
    if MEMBER in rules.work_routes:
        sources.append(_member_spans(facts))
    if MASS_ORGANIZATION in rules.work_routes:
        sources.append(_spans(facts.rows(MassOrganization).exclude(form="not_applicable")))

    def total(spans_of: Iterable[Spans]) -> list[Span]:
        found = []
        for key, frame in base.items():
            found += _within((span for spans in spans_of for span in spans.get(key, [])), frame)
        return found

    days = list(month_ends(first, last))
    return [
        Point(*row)
        for row in zip(
            days,
            _counts_at((span for spans in base.values() for span in spans), days),
            _counts_at(total([covers]), days),
            _counts_at(total(sources), days),
            strict=True,
        )
    ]
