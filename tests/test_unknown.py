"""What is not known is not no: by example, in verdicts, on pages, at a moment, after a ledger was taken back."""

import datetime as dt
import itertools
import json
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.models import User
from common.filings import denial_of, joined, topics_of
from common.models import Filing
from common.periods import months_before
from common.plan import Obligation, Plan
from enterprises.models import Enterprise, MassOrganization
from organizations.models import Cover, State
from reports.coverage import UNKNOWN, YES, coverage_on
from reports.freshness import freshness
from reports.indicators import FIGURES, INDICATORS
from reports.items import Tally
from reports.models import CountingRules, Target
from reports.rules import INSTRUCTOR, ROUTES, Rules
from reports.trend import trend
from reports.verdicts import DUE, MET, MISSED, UNDECIDED, Judging, judge
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
LEDGER = D(2022, 6, 30)


def assumed_cover(enterprise: Enterprise, organization, start: D = LEDGER) -> Cover:
    return Cover.objects.create(
        enterprise=enterprise, organization=organization, start=start, start_precision="assumed"
    )


def said(enterprise: Enterprise, day: D, topic: str, **more) -> Filing:
    return Filing.objects.create(subject="enterprise", key=enterprise.pk, day=day, topics=joined([topic]), **more)


def covered(day: D, **more) -> tuple[int, int]:
    found = coverage_on(day, **more).district
    return found["organization_covered"], found.unknown["organization_covered"]


def test_before_an_assumed_cover_nobody_knows_back_to_the_last_no(east):
    enterprise = make.enterprise(east)
    assumed_cover(enterprise, make.organization(east))
    said(enterprise, D(2021, 6, 30), denial_of(Cover))
    assert covered(LEDGER) == (1, 0)
    assert covered(D(2022, 6, 29)) == covered(D(2021, 7, 1)) == (0, 1)
    assert covered(D(2021, 6, 30)) == covered(D(2020, 1, 1)) == (0, 0)


def test_before_a_stated_cover_and_without_any_the_answer_is_no(east):
    make.cover(make.enterprise(east), make.organization(east), LEDGER)
    make.enterprise(east)
    assert covered(D(2021, 1, 1)) == (0, 0)


def test_an_organization_covers_nobody_before_its_stated_founding(east):
    assumed_cover(make.enterprise(east), make.organization(east, established=D(2021, 3, 1)))
    assert covered(D(2021, 3, 1)) == (0, 1)
    assert covered(D(2021, 2, 28)) == (0, 0)


def test_a_stated_cover_is_unknown_before_a_founding_that_was_only_assumed(east):
    body = make.organization(east, established=LEDGER)
    body.established_precision = "assumed"
    body.save()
    make.cover(make.enterprise(east), body, D(2021, 3, 1))
    State.objects.create(code="double_strong_district", organization=body, start=D(2021, 3, 1))
    for day, answer in ((LEDGER, (1, 0)), (D(2021, 3, 1), (0, 1)), (D(2021, 2, 28), (0, 0))):
        found = make.tallies_of("double_strong_district", day).get(east.pk, Tally())
        assert covered(day) == answer
        assert (found.yes, found.maybe) == answer
        point = trend(day, day)[-1]
        assert (point.organization_covered, point.organization_unknown) == answer


def test_a_no_that_was_taken_back_counts_for_who_asks_how_it_was_then(east):
    enterprise = make.enterprise(east)
    assumed_cover(enterprise, make.organization(east))
    filing = said(enterprise, D(2021, 6, 30), denial_of(Cover))
    before = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(withdrawn_at=timezone.now())
    assert covered(D(2021, 1, 1)) == (0, 1)
    assert covered(D(2021, 1, 1), known_at=before) == (0, 0)


def test_a_mass_organization_is_unknown_until_somebody_says_how_it_is(east):
    """Clause 14: one kind that is known to lack makes the three incomplete."""
    enterprise = make.enterprise(east)
    day = D(2021, 1, 1)
    assert coverage_on(day).district.unknown["mass_complete"] == 1
    said(enterprise, D(2020, 1, 1), topics_of(MassOrganization, ["union"])[0])
    assert (coverage_on(day).district["mass_incomplete"], coverage_on(day).district.unknown["mass_complete"]) == (1, 0)
    assert coverage_on(D(2019, 12, 31)).district.unknown["mass_complete"] == 1


def test_members_total_of_zero_says_that_there_is_no_probationary_member_either(east):
    make.headcount(make.enterprise(east), employees=80, full_members=0, probationary_members=None)
    make.headcount(make.enterprise(east), employees=80, full_members=0, probationary_members=0)
    found = coverage_on(D(2021, 1, 1)).district
    assert (found["employees_50_plus_without_members"], found.unknown["employees_50_plus_with_members"]) == (1, 1)


def test_a_recognition_of_which_nobody_said_since_when_is_unknown_before(east):
    body = make.organization(east)
    State.objects.create(code="double_strong_district", organization=body, start=LEDGER, start_precision="assumed")
    day = D(2021, 1, 1)
    found = make.tallies_of("double_strong_district", day)[east.pk]
    assert (found.yes, found.unknown) == (0, 1)
    assert len(make.holders("double_strong_district", day, UNKNOWN)) == 1
    assert not make.holders("double_strong_district", day, YES)
    assert not make.holders("double_strong_district", LEDGER, UNKNOWN)


def _target(percent: int) -> Target:
    return Target(indicator="organization_coverage", due_on=D(2021, 12, 31), percent=percent, clause=1)


def _judge(target: Target, *figures, **more):
    return judge(target, INDICATORS[target.indicator], *figures, rules=Rules(), **more)


@pytest.mark.parametrize(("percent", "state"), [(25, MET), (26, UNDECIDED), (75, UNDECIDED), (76, MISSED)])
def test_a_verdict_that_the_unknown_could_turn_is_undecided(east, percent, state):
    """One of four surely covered, two perhaps."""
    organization = make.organization(east)
    make.cover(make.enterprise(east), organization)
    for _ in range(2):
        assumed_cover(make.enterprise(east), organization)
    make.enterprise(east)
    at_due = coverage_on(D(2021, 12, 31)).district
    verdict = _judge(_target(percent), D(2022, 1, 1), at_due, at_due)
    assert verdict.state == state
    assert verdict.at_due.said == "已知 1/4，未知 2 家：最低 25.00%，最高 75.00%"


def test_a_due_date_is_judged_the_day_after_it(east):
    make.cover(make.enterprise(east), make.organization(east))
    due = Target.objects.get(indicator="organization_coverage", due_on=D(2021, 12, 31))

    def on(day):
        return next(each for each in Judging(day).verdicts() if each.target == due)

    assert (on(D(2021, 12, 31)).state, on(D(2021, 12, 31)).label) == (DUE, "今日到期，已达标")
    assert (on(D(2022, 1, 1)).state, on(D(2022, 1, 1)).label) == (MET, "已达标")


def test_definitions_follow_the_rules_in_force():
    further = [route for route in ROUTES if route != INSTRUCTOR]
    for probationary, *chosen in itertools.product([False, True], *[[False, True]] * len(further)):
        used_routes = {route for route, used in zip(further, chosen, strict=True) if used}
        rules = Rules(count_probationary=probationary, work_routes=frozenset({INSTRUCTOR, *used_routes}))

        def said(key, rules=rules):
            return FIGURES[key].meaning(rules)

        assert ("正式党员和预备党员共 3 名" in said("three_members")) == probationary
        for route, used in zip(further, chosen, strict=True):
            yes, no = ROUTES[route]
            assert (yes in said("work_covered")) == (no in said("work_uncovered")) == used
        assert "指导员" in said("work_covered")


def test_an_unknown_route_is_refused():
    with pytest.raises(ValidationError, match="membr"):
        CountingRules(
            plan=Plan.objects.first(), start=D(1900, 1, 1), end=D(1901, 1, 1), work_routes="membr"
        ).full_clean()


def test_numbers_are_as_old_as_the_last_day_on_which_they_were_said(east):
    fresh, old = make.enterprise(east), make.enterprise(east)
    for each in (fresh, old):
        make.headcount(each, D(2020, 6, 30), employees=5)
    said(fresh, D(2021, 6, 30), "headcount.employees")
    ages = freshness(D(2021, 12, 31)).of(east.pk)
    assert (ages.number, ages.oldest, ages.median, ages.old) == (2, D(2020, 6, 30), D(2020, 6, 30), 1)
    assert freshness(D(2020, 12, 31)).district.old == 0


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [(D(2021, 12, 31), 12, D(2020, 12, 31)), (D(2021, 3, 31), 1, D(2021, 2, 28)), (D(2021, 1, 15), 2, D(2020, 11, 15))],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before


def test_the_command_tells_unknown_rules_freshness_and_verdicts(east, capsys):
    assumed_cover(make.enterprise(east), make.organization(east))
    call_command("coverage", "--as-of", "2022-01-01", "--by", "committee", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["unknown"]["organization_covered"] == answer["committees"][east.name]["unknown"]["work_covered"] == 1
    assert answer["rules"]["work_routes"] == ["instructor"] and answer["freshness"]["old"] == 0
    first = answer["verdicts"][0]
    assert (first["state"], first["at_due"]["least"], first["at_due"]["most"]) == ("undecided", [0, 1], [1, 1])


def test_a_date_before_anything_is_known_says_since_when_there_are_data(cast, signed_in, east):
    make.enterprise(east, registered=D(2015, 3, 1))
    for address in ("/dashboard/", f"/committees/{east.pk}/"):
        page = signed_in(cast.wei).get(f"{address}?as_of=2001-01-01").content.decode()
        assert "2015-03-01" in page and "无基数" not in page.partition("各党（工）委")[0]


@pytest.mark.parametrize(
    ("field", "value"), [("percent", 120), ("clause", 99), ("clause", 42), ("indicator", "nonsense")]
)
def test_a_target_that_nobody_could_mean_is_refused(field, value):
    target = Target(plan=Plan.objects.first(), **{"indicator": "work_coverage", "due_on": D(2025, 1, 1), "percent": 90, "clause": 3, "wording": "试", field: value})  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        target.full_clean()
    assert field in refused.value.message_dict


class NoStoredTargetBreaksAPage(TestCase):
    @how(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sampled_from([*INDICATORS, "since abolished"]),
        st.dates(D(1900, 1, 1), D(2100, 1, 1)),
        st.none() | st.integers(0, 100),
        st.none() | st.integers(0, 2**31 - 1),
        st.integers(0, 32767),
        st.sampled_from(Obligation.values),
        st.booleans(),
    )
    def test_every_page_opens(self, indicator, due_on, percent, count, clause, obligation, is_reading):
        user = User.objects.create_user("wei", password="long-enough-1", role="district")
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        Target.objects.filter(indicator=indicator, due_on=due_on).delete()
        Target.objects.create(
            indicator=indicator, due_on=due_on, percent=percent, count=None if percent is not None else count,
            clause=clause, wording="试", obligation=obligation, is_reading=is_reading, plan=Plan.objects.first(),
        )  # fmt: skip
        make.enterprise(None)
        for address in ("/dashboard/?as_of=2021-12-31", "/dashboard/", "/todo/", "/plan/", "/committees/"):
            assert self.client.get(address).status_code == 200, address


def _cells(response) -> list[list]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(response.content)).active]


def test_the_export_of_the_dashboard_has_what_is_unknown_beside_each_number(cast, signed_in, east, west):
    assumed_cover(make.enterprise(east), make.organization(east))
    rows = _cells(signed_in(cast.wei).get("/dashboard/export/?as_of=2022-01-01"))
    at = next(index for index, row in enumerate(rows) if row[0] == "党（工）委")
    mine = dict(zip(rows[at], next(row for row in rows if row[0] == east.name), strict=True))
    assert (mine["组织已覆盖"], mine["组织已覆盖（未知）"], mine["应建未建（未知）"]) == (0, 1, 1)
    assert mine["最近台账"] == "未报送" and "纳入基数（未知）" not in mine


def test_the_export_of_a_list_says_how_old_the_numbers_of_that_committee_are(cast, signed_in, east, west):
    make.headcount(make.enterprise(east), D(2020, 6, 30), employees=60)
    make.headcount(make.enterprise(west), D(2021, 6, 30), employees=60)
    for address, words in (
        (f"?committee={east.pk}", "1 家的人数：最早为 2020-06-30"),
        (f"?committee={west.pk}", "1 家的人数：最早为 2021-06-30"),
        ("?", "2 家的人数：最早为 2020-06-30"),
    ):
        page = signed_in(cast.wei).get(f"/figures/employees_50_plus/export/{address}&as_of=2021-12-31")
        assert any(words in str(row[0]) for row in _cells(page)), address
    assert not any("的人数：" in str(row[0]) for row in _cells(signed_in(cast.wei).get("/figures/employees_50_plus/export/?committee=none")))  # fmt: skip


SENT = ["企业名称", "统一社会信用代码", "是否建立党组织", "是否选派党建工作指导员", "指导员姓名"]


def test_a_no_to_whether_an_instructor_was_sent_is_a_no_of_that_day(office):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    row = [enterprise.name, enterprise.credit_code, "否"]
    office(D(2021, 6, 30), SENT, [*row, "否", None])
    office(LEDGER, SENT, [*row, "是", "指甲"])
    for day, answer in ((LEDGER, (1, 0)), (D(2021, 7, 1), (0, 1)), (D(2021, 6, 30), (0, 0))):
        found = coverage_on(day).district
        assert (found["assigned"], found.unknown["assigned"]) == answer, day
    office(D(2023, 6, 30), SENT, [*row, "否", None])
    assert coverage_on(D(2023, 6, 30)).district["assigned"] == 0


def test_of_an_enterprise_with_an_organization_the_form_does_not_ask_for_instructors(office):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    office(LEDGER, SENT, [enterprise.name, enterprise.credit_code, None, None, "指甲"])
    office(D(2023, 6, 30), SENT, [enterprise.name, enterprise.credit_code, "是", "否", None])
    assert coverage_on(D(2023, 6, 30)).district["assigned"] == 1
