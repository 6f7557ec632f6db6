"""For random histories the engine equals a brute-force count of yes and unknown, on any date, by committee and by month,
and its bounds hold whatever the unknown was in truth."""

from fractions import Fraction

from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reports.coverage import ANSWERS, answered, coverage_on, patterns
from reports.indicators import INDICATORS
from reports.trend import trend
from tests.engine_histories import (
    BEGIN,
    FIGURES,
    bounds,
    brute_force,
    build,
    completions,
    day,
    histories,
    number,
    rules,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
RATES = [indicator for indicator in INDICATORS.values() if indicator.of is not None]


def counted(figures) -> dict:
    return {key: (figures[key], figures.unknown[key]) for key in FIGURES}


class EngineProperties(TestCase):
    @how(max_examples=60, deadline=None, suppress_health_check=SLOW)
    @given(histories(), st.lists(number, min_size=1, max_size=3), rules)
    def test_the_engine_counts_what_a_person_would(self, history, days, rules):
        committees = build(*history)
        for asked in map(day, days):
            expected = brute_force(history, asked, rules)
            coverage = coverage_on(asked, rules=rules)
            zero = dict.fromkeys(FIGURES, (0, 0))
            assert counted(coverage.district) == expected.get("all", zero)
            for index, committee in enumerate(committees):
                assert counted(coverage.committee(committee.pk)) == expected.get(index, zero)
            for key in FIGURES:
                assert sum(part[key] for part in coverage.committees.values()) == coverage.district[key]

    @how(max_examples=30, deadline=None, suppress_health_check=SLOW)
    @given(histories(), number, rules, st.sampled_from(FIGURES))
    def test_the_three_lists_of_a_figure_are_the_base(self, history, asked, rules, key):
        build(*history)
        figures = coverage_on(day(asked), rules=rules).district
        rows = list(answered(key, day(asked), rules=rules))
        lists = [sum(row.pattern in patterns(key, answer) for row in rows) for answer in ANSWERS]
        assert lists == [figures[key], len(rows) - figures[key] - figures.unknown[key], figures.unknown[key]]
        assert sum(lists) == figures["enterprises"]

    @how(max_examples=40, deadline=None, suppress_health_check=SLOW)
    @given(histories(), number, rules)
    def test_least_and_most_are_the_bounds_over_every_way(self, history, asked, rules):
        build(*history)
        figures = coverage_on(day(asked), rules=rules).district
        for indicator in RATES:
            expected = bounds(history, day(asked), rules, indicator.part, indicator.of)
            if expected is not None:
                found = (Fraction(*figures.least(indicator)), Fraction(*figures.most(indicator)))
                assert found == expected, indicator.key

    @how(max_examples=40, deadline=None, suppress_health_check=SLOW)
    @given(st.data(), histories(), number, rules)
    def test_the_bounds_hold_however_it_was_in_truth(self, data, history, asked, rules):
        build(*history)
        known = coverage_on(day(asked), rules=rules).district
        # A base that is not known without a registration date would move with the facts.
        for each in history[0]:
            each["registered"] = each["registered"] or BEGIN
        truth = brute_force(data.draw(completions(history)), day(asked), rules).get("all")
        before = brute_force(history, day(asked), rules).get("all", dict.fromkeys(FIGURES, (0, 0)))
        if truth is None or before["enterprises"] != (known["enterprises"], 0):
            return
        for key, (sure, unknown) in truth.items():
            assert not unknown, key
            if key == "headcount_unknown":
                # That figure is about what is known.
                continue
            assert known[key] <= sure <= known[key] + known.unknown[key], key
        for indicator in RATES:
            part, base = truth[indicator.part][0], truth[indicator.of][0]
            least, most = known.least(indicator), known.most(indicator)
            if base and least.base:
                assert Fraction(*least) <= Fraction(part, base), indicator.key
            if base and most.base:
                assert Fraction(part, base) <= Fraction(*most), indicator.key

    @how(max_examples=40, deadline=None, suppress_health_check=SLOW)
    @given(histories(), number, rules)
    def test_the_trend_equals_the_engine_on_each_of_its_days(self, history, last, rules):
        committees = build(*history)
        for committee_id in (None, committees[0].pk):
            for point in trend(BEGIN, day(last), committee_id=committee_id, rules=rules):
                coverage = coverage_on(point.day, rules=rules)
                figures = coverage.district if committee_id is None else coverage.committee(committee_id)
                keys = ("enterprises", "organization_covered", "work_covered")
                expected = [figures[key] for key in keys] + [figures.unknown[key] for key in keys[1:]]
                assert list(point[1:]) == expected, point.day
