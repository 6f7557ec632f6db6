"""The counting rules of the design, one by one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.plan import Item
from enterprises.models import Enterprise, MassOrganization, MassOrganizationKind
from organizations.models import State
from reports.coverage import UNKNOWN, coverage_on, enterprises_in
from reports.indicators import FIGURES, INDICATORS, item_indicator
from reports.models import Target
from reports.rules import INSTRUCTOR, MASS_ORGANIZATION, MEMBER, Rules
from reports.verdicts import MET, MISSED, NO_BASE, OPEN, Judging, judge
from tests import make

D = dt.date
pytestmark = pytest.mark.django_db


def figures(day, **more):
    return coverage_on(day, **more).district


def test_covered_twice_counts_once(east):
    enterprise = make.enterprise(east)
    make.cover(enterprise, make.organization(east))
    make.cover(enterprise, make.organization(east))
    assert (figures(D(2020, 1, 1))["enterprises"], figures(D(2020, 1, 1))["organization_covered"]) == (1, 1)


def test_a_dissolved_organization_covers_nobody_from_that_day(east):
    make.cover(make.enterprise(east), make.organization(east, dissolved=D(2021, 5, 1)))
    assert figures(D(2021, 4, 30))["organization_covered"] == 1
    assert figures(D(2021, 5, 1))["organization_covered"] == 0


def test_a_closed_enterprise_leaves_numerator_and_base_on_the_same_day(east):
    make.cover(make.enterprise(east, closed=D(2021, 5, 1)), make.organization(east))
    before, after = figures(D(2021, 4, 30)), figures(D(2021, 5, 1))
    assert (before["enterprises"], before["organization_covered"]) == (1, 1)
    assert (after["enterprises"], after["organization_covered"], after["closed"]) == (0, 0, 1)


def test_an_excluded_enterprise_is_out_while_that_lasts_and_named_with_its_reason(east):
    make.exclude(make.enterprise(east), D(2020, 3, 1), D(2020, 6, 1), reason="dormant")
    assert figures(D(2020, 2, 29))["enterprises"] == 1
    inside = figures(D(2020, 3, 1))
    assert (inside["enterprises"], inside["left_out"], dict(inside.outside)) == (0, 1, {"dormant": 1})
    assert figures(D(2020, 6, 1))["enterprises"] == 1


def test_a_transferred_enterprise_counts_for_one_committee_on_any_day(east, west):
    enterprise = make.enterprise(east)
    held = enterprise.jurisdictions.get()
    held.end = D(2021, 1, 1)
    held.save()
    enterprise.jurisdictions.create(committee=west, start=D(2021, 1, 1))
    before, after = coverage_on(D(2020, 12, 31)), coverage_on(D(2021, 1, 1))
    assert before.committee(east.pk)["enterprises"] == 1 and before.committee(west.pk)["enterprises"] == 0
    assert after.committee(east.pk)["enterprises"] == 0 and after.committee(west.pk)["enterprises"] == 1


def test_without_a_registration_date_it_counts_from_the_earliest_dated_fact(east):
    enterprise = make.enterprise(None, registered=None)
    make.headcount(enterprise, D(2021, 3, 1), employees=5)
    enterprise.jurisdictions.create(committee=east, start=D(2021, 6, 1))
    assert figures(D(2021, 2, 28))["enterprises"] == 0
    assert figures(D(2021, 3, 1))["enterprises"] == 1
    assert coverage_on(D(2021, 3, 1)).committee(None)["enterprises"] == 1
    assert coverage_on(D(2021, 6, 1)).committee(east.pk)["enterprises"] == 1


def test_an_enterprise_of_which_nothing_is_dated_is_not_counted():
    make.enterprise(None, registered=None)
    assert figures(D(2030, 1, 1))["enterprises"] == 0


def test_work_coverage_is_organization_or_instructor(east):
    covered, assisted, both, neither = (make.enterprise(east) for _ in range(4))
    organization = make.organization(east)
    make.cover(covered, organization)
    make.cover(both, organization)
    make.assign(assisted, east, D(2020, 1, 1), D(2021, 1, 1))
    make.assign(both, east)
    assert figures(D(2020, 6, 1))["work_covered"] == 3
    assert figures(D(2021, 1, 1))["work_covered"] == 2
    assert {row.name for row in enterprises_in("work_uncovered", D(2020, 6, 1))} == {neither.name}


def test_further_routes_count_only_when_switched_on(east):
    with_member, with_union, not_able = (make.enterprise(east) for _ in range(3))
    make.headcount(with_member, probationary_members=1)
    MassOrganization.objects.create(enterprise=with_union, kind="union", start=make.LONG_AGO)
    MassOrganization.objects.create(enterprise=not_able, kind="union", form="not_applicable", reason="x", start=make.LONG_AGO)  # fmt: skip

    def covered(*routes):
        return figures(D(2020, 1, 1), rules=Rules(work_routes=frozenset({INSTRUCTOR, *routes})))["work_covered"]

    assert (covered(), covered(MEMBER), covered(MASS_ORGANIZATION), covered(MEMBER, MASS_ORGANIZATION)) == (0, 1, 1, 2)


def test_three_members_are_full_members_unless_the_rules_say_otherwise(east):
    make.headcount(make.enterprise(east), full_members=2, probationary_members=1)
    make.headcount(make.enterprise(east), full_members=3)
    assert figures(D(2020, 1, 1))["due_to_establish"] == 1
    make.rules(count_probationary=True)
    assert figures(D(2020, 1, 1))["due_to_establish"] == 2


def test_three_on_the_roster_count_too_and_an_organization_discharges(east):
    enterprise = make.enterprise(east)
    for _ in range(2):
        make.member(east, enterprise)
    make.member(east, enterprise, stage="probationary")
    assert figures(D(2020, 1, 1))["due_to_establish"] == 0
    make.member(east, enterprise, start=D(2021, 1, 1))
    assert figures(D(2021, 1, 1))["due_to_establish"] == 1
    make.cover(enterprise, make.organization(east), D(2021, 2, 1))
    assert figures(D(2021, 2, 1))["due_to_establish"] == 0


def test_fifty_employees_by_the_headcount_of_the_day(east):
    enterprise = make.enterprise(east)
    make.headcount(enterprise, D(2020, 1, 1), D(2021, 1, 1), employees=49, full_members=1)
    make.headcount(enterprise, D(2021, 1, 1), D(2022, 1, 1), employees=50)
    make.headcount(enterprise, D(2022, 1, 1), employees=50, probationary_members=1)
    unknown, forty_nine, fifty, with_member = (figures(D(year, 6, 1)) for year in (2019, 2020, 2021, 2022))
    assert (unknown["employees_50_plus"], unknown["headcount_unknown"]) == (0, 1)
    assert (forty_nine["employees_50_plus"], forty_nine["headcount_unknown"]) == (0, 0)
    assert (fifty["employees_50_plus"], fifty["employees_50_plus_with_members"]) == (1, 0)
    assert with_member["employees_50_plus_with_members"] == 1


def test_mass_organizations_are_complete_with_all_three_or_a_reason(east):
    enterprise = make.enterprise(east)
    for kind in MassOrganizationKind:
        assert figures(D(2020, 1, 1))["mass_complete"] == 0
        form = {"form": "not_applicable", "reason": "无女职工"} if kind == "womens_federation" else {}
        MassOrganization.objects.create(enterprise=enterprise, kind=kind, start=make.LONG_AGO, **form)
    assert figures(D(2020, 1, 1))["mass_complete"] == 1


def test_both_readings_of_full_coverage(east):
    """Strict: an organization each. Combined: those that meet the conditions, and work coverage of the rest."""
    small, due, built = (make.enterprise(east) for _ in range(3))
    make.assign(small, east)
    make.assign(due, east)
    make.headcount(due, full_members=3)
    make.cover(built, make.organization(east))
    found = figures(D(2020, 1, 1))
    assert (found["organization_covered"], found["work_covered"], found["settled"]) == (1, 3, 1)
    assert {row.name for row in enterprises_in("unsettled", D(2020, 1, 1))} == {due.name}
    # Of who has an instructor, and numbers that nobody has said, nobody knows whether it should have been established.
    assert [row.name for row in enterprises_in("settled", D(2020, 1, 1), answer=UNKNOWN)] == [small.name]
    assert (found.unknown["settled"], found.unknown["unsettled"], found.unsure["settled_coverage"]) == (1, 1, 1)
    assert (str(found.least(INDICATORS["settled_coverage"])), str(found.most(INDICATORS["settled_coverage"]))) == (
        "33.33%",
        "66.66%",
    )


def test_recognitions_count_live_organizations_once(east):
    organization, gone = make.organization(east), make.organization(east, dissolved=D(2022, 1, 1))
    for each in (organization, organization, gone):
        State.objects.create(code="double_strong_district", organization=each, start=D(2021, 1, 1))
    assert make.tallies_of("double_strong_district", D(2021, 6, 1))[east.pk].yes == 2
    assert make.tallies_of("double_strong_district", D(2022, 6, 1))[east.pk].yes == 1
    assert Judging(D(2022, 6, 1)).current.committee(east.pk)["double_strong_district:has"] == 1


def test_known_at_gives_what_was_held_then(east):
    enterprise = make.enterprise(east)
    cover = make.cover(enterprise, make.organization(east), D(2020, 1, 1))
    moment = timezone.now()
    cover.start = D(2021, 1, 1)
    cover.save()
    late = make.enterprise(east)
    late.jurisdictions.get().delete()
    Enterprise.objects.filter(pk=late.pk).first().delete()
    day = D(2020, 6, 1)
    assert figures(day)["organization_covered"] == 0
    assert figures(day, known_at=moment)["organization_covered"] == 1
    assert figures(day, known_at=moment - dt.timedelta(days=1))["enterprises"] == 0
    assert [row.name for row in enterprises_in("organization_covered", day, known_at=moment)] == [enterprise.name]
    assert figures(day)["enterprises"] == figures(day, known_at=timezone.now())["enterprises"] == 1


def test_every_figure_equals_its_list(east, west):
    for index in range(6):
        enterprise = make.enterprise(east if index % 2 else west)
        make.headcount(enterprise, employees=30 + 10 * index, full_members=index)
        if index % 3 == 0:
            make.cover(enterprise, make.organization(east))
        if index == 4:
            make.exclude(enterprise, D(2019, 1, 1))
    coverage = coverage_on(D(2020, 1, 1))
    for key in FIGURES:
        assert enterprises_in(key, D(2020, 1, 1)).count() == coverage.district[key], key
        for committee in (east, west):
            listed = enterprises_in(key, D(2020, 1, 1), committee_id=committee.pk)
            assert listed.count() == coverage.committee(committee.pk)[key], key


def _statements(work) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_the_number_of_statements_is_constant(east, west):
    def all_figures():
        Judging(D(2023, 6, 1))

    empty = _statements(all_figures)
    for _ in range(30):
        make.cover(make.enterprise(east), make.organization(west))
    # Plans, rules, items, duties and the codes that they name, targets; a statement a date (the day itself and the steps that have come), and one for
    # the items of a kind of subject.
    assert _statements(all_figures) == empty == 6 + 4 + 1
    assert _statements(lambda: coverage_on(D(2023, 6, 1))) == 3


def _target(**more) -> Target:
    return Target(indicator="organization_coverage", due_on=D(2020, 12, 31), clause=1, **more)


def _judge(target: Target, *figures, **more):
    indicator = INDICATORS.get(target.indicator) or item_indicator(Item(code=target.indicator), "live", as_rate=False)
    return judge(target, indicator, *figures, rules=Rules(), **more)


def test_verdicts(east):
    make.cover(make.enterprise(east), make.organization(east), D(2020, 6, 1))
    make.cover(make.enterprise(east), make.organization(east), D(2021, 6, 1))
    before, after = figures(D(2020, 12, 1)), figures(D(2021, 12, 31))
    at_due = figures(D(2020, 12, 31))

    due = _judge(_target(percent=90), D(2020, 12, 1), before, None)
    assert (due.state, due.days_left, due.missing, due.per_week, due.label) == ("due", 30, 1, 1, "还有 30 天")
    missed = _judge(_target(percent=90), D(2021, 12, 31), after, at_due)
    assert (missed.state, missed.met_now, missed.missing, str(missed.at_due.known)) == (MISSED, True, 0, "50.00%")
    assert _judge(_target(percent=50), D(2021, 12, 31), after, at_due).state == MET
    assert _judge(_target(percent=50), D(2000, 1, 1), figures(D(2000, 1, 1)), None).state == NO_BASE
    counted = Target(indicator="double_strong_district", due_on=D(2023, 12, 31), count=10, clause=6)
    assert _judge(counted, D(2022, 1, 1), after, None).missing == 10
    assert _judge(counted, D(2022, 1, 1), after, None, whole_district=False).state == OPEN


def test_the_plans_targets_are_seeded_with_their_clauses():
    seeded = {(t.indicator, t.due_on.year, t.percent, t.count, t.clause, t.obligation) for t in Target.objects.all()}
    assert ("organization_coverage", 2020, 90, None, 1, "must") in seeded
    assert ("organization_coverage", 2021, 100, None, 2, "must") in seeded
    assert ("work_coverage", 2021, 100, None, 3, "must") in seeded
    assert ("mass_organizations", 2020, 100, None, 14, "must") in seeded
    assert ("employees_50_plus_with_members", 2022, 100, None, 4, "strive") in seeded
    assert ("double_strong_district", 2023, None, 10, 6, "must") in seeded
    assert ("double_strong_municipal", 2023, None, 3, 6, "must") in seeded
    assert len(Judging(D(2024, 1, 1)).verdicts()) == len(seeded)


def test_ninety_percent_of_9996_is_not_met_by_8996():
    from common.fractions import Rate
    from reports.verdicts import _meets

    assert not _meets(_target(percent=90), Rate(8996, 9996))
    assert not _meets(_target(percent=90), Rate(899, 999))
    assert not _meets(_target(percent=100), Rate(1499, 1500))
    assert _meets(_target(percent=90), Rate(617, 624))
