"""Attributes are facts: what changes today leaves the figures and lists of yesterday as they were (common/former.py)."""

import datetime as dt
import itertools
import re
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from committees.models import Committee
from common.desk.correct import correct
from enterprises.change import change_enterprise
from enterprises.models import Enterprise, FormerEnterprise
from ledgers.uploads.undo import undo
from organizations.change import change_organization
from organizations.models import FormerOrganization, PartyOrganization, State
from organizations.move import move_organization
from reports.coverage import coverage_on, enterprises_in
from tests import make
from tests.histories import facts

pytestmark = pytest.mark.django_db
D = dt.date
AWARD = "double_strong_district"
MOVED = D(2022, 6, 1)


@pytest.fixture
def awarded(east):
    body = make.organization(east, "中共东方支部委员会")
    PartyOrganization.objects.update(kind="branch", form="joint")
    State.objects.create(code=AWARD, organization=body, start=D(2020, 1, 1))
    body.refresh_from_db()
    return body


def held_by(day: dt.date, **more) -> dict:
    """Committee → how many of its organizations hold the award."""
    return {key: tally.yes for key, tally in make.tallies_of(AWARD, day, **more).items() if tally.yes}


def test_a_transfer_leaves_the_award_of_before_with_the_old_committee(awarded, east, west):
    before = timezone.now()
    move_organization(awarded, committee=west, on=MOVED)
    assert held_by(D(2022, 5, 31)) == {east.pk: 1} and held_by(MOVED) == {west.pk: 1}
    assert [row.on_committee for row in make.holders(AWARD, D(2022, 5, 31))] == [east.pk]
    assert [row.on_committee for row in make.holders(AWARD, MOVED)] == [west.pk]
    assert held_by(MOVED, known_at=before) == {east.pk: 1}


def test_a_second_transfer_back_leaves_the_time_between(awarded, east, west):
    move_organization(awarded, committee=west, on=MOVED)
    move_organization(PartyOrganization.objects.get(), committee=east, on=D(2023, 1, 1))
    days = (D(2022, 1, 1), D(2022, 12, 31), D(2023, 1, 1))
    assert [list(held_by(day)) for day in days] == [[east.pk], [west.pk], [east.pk]]


@pytest.mark.parametrize(
    "address",
    [
        "/organizations/",
        "/organizations/export/",
        "/committees/",
        "/figures/organization_covered/",
        "/figures/organization_covered/export/",
    ],
)
def test_lists_of_yesterday_are_what_they_were(awarded, east, west, cast, signed_in, address):
    enterprise = make.enterprise(east, "东方商贸有限公司")
    make.cover(enterprise, awarded)
    client, asked = signed_in(cast.wei), {"as_of": "2022-05-31"}

    def shown() -> object:
        answer = client.get(address, asked)
        if "export" in address:
            book = openpyxl.load_workbook(BytesIO(answer.content))
            return [[cell.value for cell in row] for row in book.active.iter_rows()]
        page = answer.content.decode()
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", page[page.index("<main") : page.index("</main>")])

    before = shown()
    change_organization(awarded, kind="general_branch", name="中共东方总支部委员会", on=MOVED)
    move_organization(awarded, committee=west, on=MOVED)
    change_enterprise(enterprise, name="东方集团有限公司", ownership="hmt", on=MOVED)
    assert shown() == before
    asked["as_of"] = "2022-06-01"
    assert shown() != before


def test_a_filter_asks_how_it_was(awarded, east, west, cast, signed_in):
    move_organization(awarded, committee=west, on=MOVED)
    change_organization(PartyOrganization.objects.get(), kind="general_branch", on=MOVED)
    client = signed_in(cast.wei)

    def listed(**asked) -> bool:
        return "中共东方支部委员会" in client.get("/organizations/", {"as_of": "2022-05-31", **asked}).content.decode()

    assert listed(kind="branch", committee=east.pk)
    assert not listed(kind="general_branch") and not listed(committee=west.pk)


def test_a_joint_one_is_crowded_as_long_as_it_was_joint(awarded, east):
    for _ in range(6):
        make.cover(make.enterprise(east), awarded)
    change_organization(awarded, form="single", on=MOVED)
    assert PartyOrganization.objects.due("crowded", D(2022, 5, 31)).count() == 1
    assert PartyOrganization.objects.due("crowded", MOVED).count() == 0


def test_the_page_says_what_it_was_and_who_changed_it(awarded, east, cast, signed_in):
    change_organization(awarded, kind="general_branch", on=MOVED)
    page = signed_in(cast.dong).get(f"/organizations/{awarded.pk}/")
    assert "类别：党支部" in page.content.decode()
    told = [(event.day, event.what) for event in page.context["events"]]
    assert told[0] == (MOVED, "变更（原来是类别：党支部）") and sum("类别" in what for _, what in told) == 1


def test_an_enterprise_is_found_by_the_name_that_it_bore_and_listed_by_it(east):
    enterprise = make.enterprise(east, "东方商贸有限公司")
    change_enterprise(enterprise, name="东方集团有限公司", above_scale=True, on=MOVED)
    enterprise.refresh_from_db()
    assert (enterprise.former_names, enterprise.above_scale) == ("东方商贸有限公司", True)
    names = [enterprises_in("enterprises", day).get().was_name for day in (D(2022, 5, 31), MOVED)]
    assert names == ["东方商贸有限公司", "东方集团有限公司"]
    assert list(Enterprise.objects.search("东方商贸")) == [enterprise]


def test_a_change_that_is_none_or_out_of_its_life_is_refused(awarded, east):
    with pytest.raises(ValidationError, match="没有变化"):
        change_organization(awarded, kind="branch", on=MOVED)
    with pytest.raises(ValidationError, match="至少填写一项"):
        change_organization(awarded, on=MOVED)
    with pytest.raises(ValidationError, match="不在册"):
        change_organization(awarded, kind="committee", on=D(2000, 1, 1))
    enterprise = make.enterprise(east, closed=MOVED)
    with pytest.raises(ValidationError, match="不在册"):
        change_enterprise(enterprise, village="东村", on=MOVED)
    assert not FormerOrganization.objects.exists() and not FormerEnterprise.objects.exists()


def test_a_wrong_day_of_a_change_can_be_corrected_and_a_change_voided(awarded):
    change_organization(awarded, kind="general_branch", on=MOVED)
    row = FormerOrganization.objects.get()
    correct(row, start=row.start, end=D(2022, 9, 1), void=False)
    kinds = [PartyOrganization.objects.as_on(day).get().was_kind for day in (D(2022, 8, 31), D(2022, 9, 1))]
    assert kinds == ["branch", "general_branch"]
    correct(FormerOrganization.objects.get(), start=None, end=None, void=True)
    assert PartyOrganization.objects.as_on(D(2020, 1, 1)).get().was_kind == "general_branch"


def line_on(day: dt.date) -> tuple[str, str | None]:
    row = PartyOrganization.objects.as_on(day).get()
    return row.was_subordination, row.superior_label


def test_a_line_and_who_stands_above_have_dates(awarded):
    trade = Committee.objects.create(kind="industry_line", name="商务系统党委")
    change_organization(awarded, subordination="industry_line", superior=trade, on=D(2021, 1, 1))
    change_organization(PartyOrganization.objects.get(), subordination="territorial", on=MOVED)
    assert PartyOrganization.objects.get().superior is None
    assert line_on(D(2020, 12, 31))[0] == "territorial"
    assert line_on(D(2022, 5, 31)) == ("industry_line", "商务系统党委")
    assert line_on(MOVED)[0] == "territorial"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_sheets_say_the_line_of_their_days(office, order):
    trade = Committee.objects.create(kind="industry_line", name="商务系统党委")
    heads = ["党组织名称", "党组织类别", "成立时间", "隶属关系"]
    said = {D(2023, 6, 1): "属地管理", D(2022, 6, 1): trade.name, D(2021, 6, 1): "属地管理"}
    for on, line in [list(said.items())[place] for place in order]:
        office(on, heads, ["中共东方支部委员会", "党支部", "2019-03-01", line])
    assert [line_on(on)[0] for on in said] == ["territorial", "industry_line", "territorial"]
    assert line_on(D(2022, 6, 1))[1] == trade.name and PartyOrganization.objects.get().superior is None
    before = facts()
    for on, line in said.items():
        assert office(on, heads, ["中共东方支部委员会", "党支部", "2019-03-01", line]).differences == []
    assert facts() == before


# -- by ledgers ---------------------------------------------------------------------------------

LEDGER = ["企业名称", "统一社会信用代码", "所属村", "是否规模以上企业", "企业类型"]
THREE = {
    D(2020, 12, 20): ["东村", "否", None],
    D(2021, 12, 20): ["西村", "否", "私营企业"],
    D(2022, 12, 20): ["东村", "是", None],
}


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)))
def test_ledgers_in_any_order_leave_what_each_says_on_its_day(office, order):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")

    def rows(on: dt.date) -> list[list]:
        return [LEDGER, [enterprise.name, enterprise.credit_code, *THREE[on]]]

    for on in order:
        office(on, *rows(on))
    for on, (village, above, _) in THREE.items():
        was = Enterprise.objects.as_on(on).get(pk=enterprise.pk)
        assert (was.was_village, was.was_above_scale) == (village, above == "是"), on
    enterprise.refresh_from_db()
    assert (enterprise.village, enterprise.above_scale, enterprise.ownership) == ("东村", True, "private")
    before = facts()
    for on in order:
        assert office(on, *rows(on)).differences == []
    assert facts() == before


def test_an_older_ledger_says_what_it_was_and_is_taken_back_whole(office, east):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    row = [enterprise.name, enterprise.credit_code]
    office(D(2022, 12, 20), LEDGER, [*row, "东村", None, None])
    before = facts()
    outcome = office(D(2020, 12, 20), LEDGER, [*row, "西村", None, None])
    assert [(each.what, each.new) for each in outcome.differences] == [("所属村（社区）（2022-12-20 以前）", "西村")]
    assert undo("upload:2", committee=east, user=None, reason="undo:2") == []
    assert facts() == before


def test_a_name_in_an_older_ledger_is_the_name_of_then(office):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    heads = LEDGER[:3]
    office(D(2022, 12, 20), heads, [enterprise.name, enterprise.credit_code, "东村"])
    office(D(2020, 12, 20), heads, ["东方小卖部有限公司", enterprise.credit_code, "东村"])
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.former_names) == ("东方商贸有限公司", "东方小卖部有限公司")
    assert Enterprise.objects.as_on(D(2021, 6, 1)).get(pk=enterprise.pk).was_name == "东方小卖部有限公司"


# -- by brute force -------------------------------------------------------------------------------


class HeldByWhom(TestCase):
    """Moved any number of times, in any order of the days: on each day the last that was said by then, as known then."""

    @how(max_examples=30, deadline=None)
    # What was assumed from the beginning stays known, however often the days after it are told anew.
    @example([(2, 1), (1, 0), (1, 1)], [-1] * 7)
    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), max_size=6),
        st.lists(st.integers(-3, 33), min_size=7, max_size=7),
    )
    def test_the_award_counts_for_whoever_answered_on_the_day(self, moves, asked):
        committees = [Committee.objects.create(kind="township", name=name) for name in "甲乙丙"]
        body = make.organization(committees[0])
        State.objects.create(code=AWARD, organization=body, start=D(2015, 1, 1))
        said: dict[dt.date, int] = {}
        moments = [(timezone.now(), dict(said))]
        for number, to in moves:
            on = D(2020, 1, 1) + dt.timedelta(days=number)
            try:
                with transaction.atomic():
                    move_organization(PartyOrganization.objects.get(), committee=committees[to], on=on)
            except ValidationError:
                # It is that committee's now, or was on that day already.
                continue
            said[on] = to
            moments.append((timezone.now(), dict(said)))
        for (moment, known), number in zip(moments, asked, strict=False):
            day = D(2020, 1, 1) + dt.timedelta(days=number)
            whose = known[max(before)] if (before := [on for on in known if on <= day]) else 0
            assert held_by(day, known_at=moment) == {committees[whose].pk: 1}, (day, known)


def test_an_older_ledger_means_the_organization_that_was_the_committees_then(office, east, west):
    heads = ["企业名称", "统一社会信用代码", "是否建立党组织", "党组织名称"]
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    row = [enterprise.name, enterprise.credit_code, "是", "中共东方支部委员会"]
    office(D(2022, 12, 20), heads, row)
    move_organization(PartyOrganization.objects.get(), committee=west, on=D(2023, 6, 1))
    office(D(2021, 12, 20), heads, row)
    assert PartyOrganization.objects.count() == 1
    assert coverage_on(D(2021, 12, 20)).district["organization_covered"] == 1
    # Of a day after the transfer it is the other's: a ledger that names it means one of its own.
    office(D(2023, 12, 20), heads, row)
    assert PartyOrganization.objects.filter(committee=east).count() == 1
