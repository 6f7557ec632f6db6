"""What used to go wrong with dated facts, case by case (docs/rules.md, the laws): each is one sheet or two."""

import datetime as dt
import itertools

import pytest

from enterprises.models import Enterprise, Headcount, MassOrganization
from enterprises.record import record_headcount, record_mass_organization
from organizations.dissolve import dissolve, restore_organization
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    PartyOrganization,
    SecretaryTerm,
    State,
)
from organizations.people import leave
from reports.coverage import coverage_on
from tests import make
from tests.histories import facts

pytestmark = pytest.mark.django_db
D = dt.date
SHEET = ["党组织名称", "党组织类别", "成立时间", "覆盖企业", "书记", "撤销时间"]
ROW = ["中共东方支部委员会", "党支部", "2019-03-01", "东方商贸有限公司", "李某", "2022-01-01"]
LEDGER = ["企业名称", "统一社会信用代码", "职工人数", "正式党员数", "是否建立党组织", "党组织名称", "工会"]


def spans(model, **asked) -> list[tuple]:
    return list(model.objects.filter(**asked).order_by("start").values_list("start", "end"))


def test_a_dissolved_organizations_sheet_comes_in_once(office):
    office(D(2022, 6, 30), SHEET, ROW)
    before = facts()
    assert spans(Cover) == [(D(2019, 3, 1), D(2022, 1, 1))]
    assert office(D(2022, 6, 30), SHEET, ROW).differences == []
    assert facts() == before


def test_a_dissolution_without_a_founding_day_is_asked_about_at_its_cell(office):
    other = ["中共南方支部委员会", "党支部", "2020-01-01", "南方食品有限公司", "王某", None]
    outcome = office(D(2023, 6, 30), SHEET, [*ROW[:2], None, *ROW[3:]], other)
    assert [(p.row, p.column, p.level) for p in outcome.problems if p.level == "error"] == [(2, "C", "error")]
    assert PartyOrganization.objects.get().name == "中共南方支部委员会"


ROSTER = ["姓名", "出生日期", "党员类别", "工作单位"]


def test_who_has_left_is_not_brought_back_by_an_older_roster(office):
    names = ["王某", "李某", "张某"]
    office(D(2020, 12, 20), ROSTER, *([name, "1980-01-02", "预备党员", "东方商贸有限公司"] for name in names))
    for member in Member.objects.all():
        leave(member, on=D(2022, 1, 1))
    office(D(2021, 12, 20), ROSTER, *([name, "1980-01-02", "正式党员", "南方食品有限公司"] for name in names))
    assert not MemberStage.objects.filter(end=None).exists() and not MemberPlacement.objects.filter(end=None).exists()
    assert spans(MemberStage, member__name="王某") == [
        (D(2020, 12, 20), D(2021, 12, 20)),
        (D(2021, 12, 20), D(2022, 1, 1)),
    ]
    assert coverage_on(D(2023, 1, 1)).district["three_members"] == 0
    assert coverage_on(D(2021, 12, 20)).district["three_members"] == 1


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_ended_headcount_stays_ended(office, by_hand):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    make.headcount(enterprise, D(2020, 1, 1), D(2022, 1, 1), employees=9)
    if by_hand:
        record_headcount(enterprise, on=D(2021, 6, 30), employees=50)
    else:
        office(D(2021, 6, 30), LEDGER, [enterprise.name, enterprise.credit_code, 50])
    assert spans(Headcount) == [(D(2020, 1, 1), D(2021, 6, 30)), (D(2021, 6, 30), D(2022, 1, 1))]


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_ended_union_stays_ended(office, by_hand):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    MassOrganization.objects.create(enterprise=enterprise, kind="union", start=D(2021, 1, 1), end=D(2022, 1, 1))
    if by_hand:
        record_mass_organization(enterprise, kind="union", form="joint", reason="", on=D(2020, 6, 30))
        assert spans(MassOrganization) == [(D(2020, 6, 30), D(2021, 1, 1)), (D(2021, 1, 1), D(2022, 1, 1))]
    else:
        office(D(2020, 6, 30), LEDGER, [enterprise.name, enterprise.credit_code, None, None, None, None, "是"])
        assert [end for _, end in spans(MassOrganization)][-1] == D(2022, 1, 1)


def test_what_an_older_ledger_says_of_an_organization_ends_with_it(office, east):
    body = make.organization(east, "中共东方支部委员会", established=D(2019, 3, 1))
    dissolve(body, on=D(2023, 1, 1))
    office(D(2022, 6, 30), SHEET, [*ROW[:5], None])
    assert spans(Cover) == [(D(2019, 3, 1), D(2023, 1, 1))]
    assert spans(SecretaryTerm) == [(D(2022, 6, 30), D(2023, 1, 1))]


def test_taking_a_dissolution_back_restores_all_that_it_ended(office, east):
    body = make.organization(east, "中共东方支部委员会", established=D(2019, 3, 1))
    first, second = Enterprise.objects.order_by("id")[:2]
    make.cover(first, body, D(2019, 3, 1))
    make.cover(second, body, D(2019, 3, 1), D(2024, 1, 1))
    make.cover(Enterprise.objects.order_by("id")[2], body, D(2023, 6, 1))
    SecretaryTerm.objects.create(organization=body, name="李某", start=D(2019, 3, 1))
    person = Member.objects.create(committee=east, name="王某")
    MemberPlacement.objects.create(member=person, enterprise=first, organization=body, start=D(2020, 1, 1))
    before = facts()
    effects = dissolve(body, on=D(2023, 1, 1))
    assert any("1 名党员的组织关系" in effect for effect in effects)
    assert spans(Cover) == [(D(2019, 3, 1), D(2023, 1, 1))] * 2
    assert MemberPlacement.objects.get(organization=None).enterprise == first
    body.refresh_from_db()
    effects = restore_organization(body)
    assert facts() == before and any("恢复 1 名党员的组织关系" in effect for effect in effects)


def test_what_is_reached_is_reached_once(office):
    heads = ["党组织名称", "党组织类别", "成立时间", "公章"]
    for year in (2023, 2022):
        office(D(year, 6, 30), heads, ["中共东方支部委员会", "党支部", "2019-03-01", "√"])
    assert spans(State) == [(D(2022, 6, 30), None)]


def test_a_no_before_a_stated_beginning_is_no_overlap(office):
    heads = ["企业名称", "统一社会信用代码", "工会", "工会建立时间", "妇联", "工会不具备条件的原因"]
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    row = [enterprise.name, enterprise.credit_code]
    office(D(2023, 12, 20), heads, [*row, "是", "2023-06-01", None, None])
    office(D(2022, 6, 30), heads, [*row, "否", None, "是", "人少"])
    assert spans(MassOrganization, kind="union") == [(D(2022, 6, 30), D(2023, 6, 1)), (D(2023, 6, 1), None)]
    assert MassOrganization.objects.get(kind="union", end=D(2023, 6, 1)).reason == "人少"


def test_a_joining_after_a_stage_that_is_held_is_said_at_its_cell(office):
    heads = ["姓名", "出生日期", "党员类别", "入党时间", "转正时间"]
    office(D(2020, 12, 20), heads, ["王某", "1980-01-02", "正式党员", "2010-01-01", "2011-01-01"])
    wrong = ["王某", "1980-01-02", "正式党员", "2012-01-01", None]
    outcome = office(D(2021, 12, 20), heads, wrong, ["李某", "1981-01-02", "正式党员", "2010-01-01", "2011-01-01"])
    assert [(p.row, p.column) for p in outcome.problems] == [(2, "D")] and Member.objects.count() == 2


def test_yes_no_and_then_an_older_yes(office):
    enterprise = Enterprise.objects.get(name="东方商贸有限公司")
    row = [enterprise.name, enterprise.credit_code, None, None, None, None]
    for on, said in ((D(2023, 9, 20), "是"), (D(2023, 10, 20), "否"), (D(2023, 6, 20), "是")):
        office(on, LEDGER, [*row, said])
    assert spans(MassOrganization) == [(D(2023, 6, 20), D(2023, 10, 20))]


THREE = {
    D(2020, 12, 20): [["东方商贸有限公司", 60, 3, "是", "中共联合支部委员会", "是"], ["南方食品有限公司", 9, 0, "否", None, "否"]],
    D(2022, 6, 30): [["东方商贸有限公司", 55, 2, "否", None, "否"], ["南方食品有限公司", 9, 3, "是", "中共南方支部委员会", "是"]],
    D(2023, 12, 20): [["东方商贸有限公司", 55, 3, "是", "中共联合支部委员会", "是"], ["南方食品有限公司", 70, 3, "是", "中共南方支部委员会", "否"]],
}  # fmt: skip


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)))
def test_three_ledgers_in_any_order_leave_the_same_figures_on_their_days(office, order):
    codes = dict(Enterprise.objects.values_list("name", "credit_code"))

    def rows(on: dt.date) -> list[list]:
        return [LEDGER, *([name, codes[name], *more] for name, *more in THREE[on])]

    for on in order:
        office(on, *rows(on))
    figures = {on: dict(coverage_on(on).district.counts) for on in THREE}
    asked = ("organization_covered", "three_members", "employees_50_plus", "due_to_establish")
    assert [[figures[on].get(key, 0) for key in asked] for on in sorted(THREE)] == [
        [1, 1, 1, 0],
        [1, 1, 1, 0],
        [2, 2, 2, 0],
    ]
    unions = [MassOrganization.objects.live_on(on).count() for on in sorted(THREE)]
    assert unions == [1, 1, 1]
    before = facts()
    for on in order:
        assert office(on, *rows(on)).differences == []
    assert facts() == before
