"""For random histories the engine equals a brute-force count, on any date, by committee and by month."""

import datetime as dt

from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.models import Committee
from enterprises.models import BaseExclusion, Enterprise, Headcount, Jurisdiction
from instructors.models import Assignment, Instructor
from organizations.models import Cover, PartyOrganization
from reports.coverage import coverage_on
from reports.rules import Rules
from reports.trend import trend

BEGIN, DAYS = dt.date(2019, 12, 1), 120


def day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


number = st.integers(0, DAYS)


@st.composite
def period(draw):
    start = draw(number)
    length = draw(st.none() | st.integers(1, DAYS))
    return day(start), None if length is None else day(start + length)


@st.composite
def chain(draw):
    """Periods that follow each other without overlap."""
    cuts = sorted(draw(st.sets(number, min_size=1, max_size=4)))
    ends = [*cuts[1:], draw(st.none() | st.integers(DAYS + 1, DAYS + 9))]
    return [(day(a), None if b is None else day(b)) for a, b in zip(cuts, ends, strict=True)]


@st.composite
def histories(draw):
    enterprises = []
    for _ in range(draw(st.integers(1, 4))):
        registered = draw(st.none() | number)
        closed = draw(st.none() | st.integers(registered or 0, DAYS))
        enterprises.append(
            {
                "registered": None if registered is None else day(registered),
                "closed": None if closed is None else day(closed),
                "exclusions": draw(st.just([]) | chain()),
                "jurisdictions": [(*span, draw(st.integers(0, 1))) for span in draw(st.just([]) | chain())],
                "covers": draw(st.lists(st.tuples(period(), st.integers(0, 2)), max_size=3)),
                "assignments": draw(st.lists(period(), max_size=2)),
                "headcounts": [
                    (*span, draw(st.none() | st.integers(48, 51)), draw(st.none() | st.integers(0, 4)), draw(st.integers(0, 2)))
                    for span in draw(st.just([]) | chain())
                ],
            }
        )  # fmt: skip
    organizations = [draw(period()) for _ in range(3)]
    return enterprises, organizations


def live(span, on: dt.date) -> bool:
    return span[0] <= on and (span[1] is None or span[1] > on)


def brute_force(enterprises, organizations, on: dt.date, rules: Rules) -> dict:
    """Every enterprise by itself, in plain Python: {committee or None: {figure: number}}, key "all" the district."""
    answer: dict = {}
    for each in enterprises:
        facts = [
            span[0]
            for spans in (each["exclusions"], each["jurisdictions"], [c[0] for c in each["covers"]], each["assignments"], each["headcounts"])
            for span in spans
        ]  # fmt: skip
        begins = each["registered"] or min(facts, default=None)
        if begins is None or begins > on or (each["closed"] and each["closed"] <= on):
            continue
        if any(live(span, on) for span in each["exclusions"]):
            continue
        organization = any(live(span, on) and live(organizations[by], on) for span, by in each["covers"])
        work = organization or any(live(span, on) for span in each["assignments"])
        counts = next(((e, f, p) for *span, e, f, p in each["headcounts"] if live(span, on)), (None, None, 0))
        counted = (counts[1] or 0) + (counts[2] if rules.count_probationary else 0)
        fifty = (counts[0] or 0) >= 50
        place = next((committee for *span, committee in each["jurisdictions"] if live(span, on)), None)
        for key in ("all", place):
            found = answer.setdefault(key, dict.fromkeys(FIGURES, 0))
            found["enterprises"] += 1
            found["organization_covered"] += organization
            found["work_covered"] += work
            found["due_to_establish"] += counted >= 3 and not organization
            found["settled"] += organization or (work and counted < 3)
            found["employees_50_plus"] += fifty
            found["employees_50_plus_with_members"] += fifty and (counts[1] or 0) + counts[2] >= 1
            found["headcount_unknown"] += counts[0] is None
    return answer


FIGURES = ("enterprises", "organization_covered", "work_covered", "due_to_establish", "settled", "employees_50_plus", "employees_50_plus_with_members", "headcount_unknown")  # fmt: skip


def build(enterprises, organizations) -> list[Committee]:
    committees = [Committee.objects.create(kind="township", name=name) for name in ("甲乡", "乙乡")]
    bodies = PartyOrganization.objects.bulk_create(
        PartyOrganization(committee=committees[0], name=f"支部{index}", established_on=start, dissolved_on=end)
        for index, (start, end) in enumerate(organizations)
    )
    instructor = Instructor.objects.create(committee=committees[0], name="指导员")
    for index, each in enumerate(enterprises):
        made = Enterprise.objects.create(
            name=f"企业{index}", registered_on=each["registered"], closed_on=each["closed"]
        )
        BaseExclusion.objects.bulk_create(
            BaseExclusion(enterprise=made, start=a, end=b, reason="shell") for a, b in each["exclusions"]
        )
        Jurisdiction.objects.bulk_create(
            Jurisdiction(enterprise=made, start=a, end=b, committee=committees[c]) for a, b, c in each["jurisdictions"]
        )
        for (a, b), by in each["covers"]:
            # Overlapping covers by one organization cannot be stored; the random ones take another each.
            body = bodies[by]
            if Cover.objects.filter(organization=body, enterprise=made).overlapping(a, b).exists():
                body = PartyOrganization.objects.create(
                    committee=committees[0],
                    name=f"支部{PartyOrganization.objects.count()}",
                    established_on=body.established_on,
                    dissolved_on=body.dissolved_on,
                )
            Cover.objects.create(organization=body, enterprise=made, start=a, end=b)
        for a, b in each["assignments"]:
            person = instructor
            if Assignment.objects.filter(instructor=person, enterprise=made).overlapping(a, b).exists():
                person = Instructor.objects.create(committee=committees[0], name="另一位")
            Assignment.objects.create(instructor=person, enterprise=made, start=a, end=b)
        Headcount.objects.bulk_create(
            Headcount(enterprise=made, start=a, end=b, employees=e, full_members=f, probationary_members=p)
            for a, b, e, f, p in each["headcounts"]
        )
    return committees


class EngineProperties(TestCase):
    @how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(histories(), st.lists(number, min_size=1, max_size=4), st.booleans())
    def test_the_engine_counts_what_a_person_would(self, history, days, count_probationary):
        rules = Rules(count_probationary=count_probationary)
        committees = build(*history)
        for asked in map(day, days):
            expected = brute_force(*history, asked, rules)
            coverage = coverage_on(asked, rules=rules)
            zero = dict.fromkeys(FIGURES, 0)
            assert {key: coverage.district[key] for key in FIGURES} == expected.get("all", zero)
            for index, committee in enumerate(committees):
                mine = coverage.committee(committee.pk)
                assert {key: mine[key] for key in FIGURES} == expected.get(index, zero)
            for key in FIGURES:
                assert sum(part[key] for part in coverage.committees.values()) == coverage.district[key]

    @how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(histories(), number)
    def test_the_trend_equals_the_engine_on_each_of_its_days(self, history, last):
        committees = build(*history)
        for committee_id in (None, committees[0].pk):
            for point in trend(BEGIN, day(last), committee_id=committee_id):
                coverage = coverage_on(point.day)
                figures = coverage.district if committee_id is None else coverage.committee(committee_id)
                expected = (figures["enterprises"], figures["organization_covered"], figures["work_covered"])
                assert point[1:] == expected, point.day
