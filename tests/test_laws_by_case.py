"""Laws of dated facts (docs/rules.md) in the corners in which they were once broken, each by name."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from common.desk.correct import correct
from enterprises.close import close, reopen
from enterprises.exclude import exclude
from enterprises.models import Enterprise, Headcount, Jurisdiction, MassOrganization
from instructors.models import Assignment
from ledgers.uploads.undo import undo
from organizations.cover import end_cover
from organizations.dissolve import dissolve, restore_organization
from organizations.merge import merge
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    PartyOrganization,
    SecretaryTerm,
    State,
)
from organizations.move import move_organization
from organizations.people import advance, leave, place
from organizations.reelect import reelect
from tests import make
from tests.histories import facts, unlawful

pytestmark = pytest.mark.django_db
D = dt.date
EAST = "东方商贸有限公司"
BODY = "中共东方支部委员会"
LEDGER = ["企业名称", "统一社会信用代码", "成立日期", "是否建立党组织", "党组织名称", "党组织成立时间", "指导员姓名"]
SHEET = ["党组织名称", "党组织类别", "成立时间", "覆盖企业", "书记", "换届时间", "公章", "撤销时间"]
ROSTER = ["姓名", "单位", "指导企业", "派驻时间", "结束时间"]
MEMBERS = ["姓名", "出生日期", "党员类别", "转为积极分子时间", "确定为发展对象时间", "入党时间", "转正时间"]


def day(month: int, number: int = 1) -> dt.date:
    return D(2020, month, number)


def spans(model, **asked) -> list[tuple]:
    return list(model.objects.filter(**asked).order_by("start").values_list("start", "end"))


def ledger_row(name: str = EAST, *more) -> list:
    enterprise = Enterprise.objects.get(name=name)
    return [name, enterprise.credit_code, *more, *[None] * (len(LEDGER) - 2 - len(more))]


def covered(name: str = EAST, *, founded: str | None = None) -> list:
    return ledger_row(name, None, "是", BODY, founded)


def sheet_row(*, founded=None, names=None, secretary=None, elected=None, seal=None, dissolved=None) -> list:
    return [BODY, "党支部", founded, names, secretary, elected, seal, dissolved]


def errors(outcome) -> list[tuple]:
    return [(each.row, each.column) for each in outcome.problems if each.level == "error"]


def same_again(office, on: dt.date, *rows: list) -> bool:
    """Whether the file changes nothing when it comes again."""
    before = facts()
    outcome = office(on, *rows)
    return outcome.differences == [] and facts() == before


# -- whose it is ----------------------------------------------------------------------------------


def test_the_founding_of_an_organization_that_moved_brings_no_second_committee(office, east, west):
    office(day(6), LEDGER, covered())
    move_organization(PartyOrganization.objects.get(), committee=west, on=day(7))
    office(day(8), SHEET, sheet_row(founded="2019-12-02"), committee=west)
    enterprise = Enterprise.objects.get(name=EAST)
    assert list(enterprise.jurisdictions.values_list("committee", flat=True)) == [east.pk]
    assert not unlawful()


# -- lives that would be empty --------------------------------------------------------------------


def test_a_dissolution_before_the_founding_is_asked_about_though_it_is_dissolved_already(office, east):
    dissolve(make.organization(east, BODY, established=D(2019, 6, 1)), on=day(3))
    assert errors(office(day(6), SHEET, sheet_row(dissolved="2019-05-01"))) == [(2, "H")]


def test_a_dissolution_before_a_founding_that_is_known_better_is_asked_about(office, east):
    make.organization(east, BODY, established=D(2019, 3, 15))
    row = sheet_row(founded="2019.03", dissolved="2019-03-10")
    assert errors(office(day(6), SHEET, row)) == [(2, "H")]
    assert PartyOrganization.objects.get().dissolved_on is None


def test_a_dissolution_before_a_founding_that_a_newer_sheet_has_said_is_asked_about(office):
    office(day(9), SHEET, sheet_row(founded="2019-06-01"))
    row = sheet_row(founded="2019-01-01", dissolved="2019-02-01")
    assert errors(office(day(5), SHEET, row)) == [(2, "H")]


def test_a_closing_before_a_founding_that_is_known_better_is_asked_about(office, east):
    enterprise = Enterprise.objects.get(name=EAST)
    heads = [*LEDGER[:3], "经营状态", "注销日期"]
    office(day(9), heads, [EAST, enterprise.credit_code, "2019-03-15", None, None])
    for stated, closed in (("2019.03", "2019-03-10"), ("2015-01-01", "2019-02-01")):
        outcome = office(day(5), heads, [EAST, enterprise.credit_code, stated, "注销", closed])
        assert [row for row, _ in errors(outcome)] == [2]
    assert Enterprise.objects.get(name=EAST).closed_on is None


# -- inside the owner's life ----------------------------------------------------------------------


def test_an_assignment_with_an_end_begins_no_earlier_than_its_enterprise(office):
    outcome = office(day(6), ROSTER, ["指甲", "某局", EAST, "2014-01-01", "2016-01-01"])
    assert spans(Assignment) == [(D(2015, 1, 1), D(2016, 1, 1))]
    assert [each.level for each in outcome.problems if each.column == "D"] == ["warning"]


# -- what is reached for good ---------------------------------------------------------------------


def test_a_seal_that_was_voided_is_reached_for_good_by_an_older_sheet(office):
    office(day(6), SHEET, sheet_row(founded="2019-01-01", seal="√"))
    correct(State.objects.get(), start=None, end=None, void=True)
    office(day(2), SHEET, sheet_row(founded="2019-01-01", seal="√"))
    assert spans(State) == [(day(2), None)]


# -- on its own day -------------------------------------------------------------------------------


@pytest.mark.parametrize(("elected", "terms"), [("书甲", 2), ("书乙", 3)])
def test_an_election_leaves_the_days_on_which_sheets_said_who_it_is(office, elected, terms):
    for month in (1, 6):
        office(day(month), SHEET, sheet_row(founded="2019-01-01", secretary="书甲"))
    reelect(PartyOrganization.objects.get(), name=elected, source="", on=day(3))
    held = SecretaryTerm.objects.order_by("start")
    assert [term.name for term in held] == ["书甲", elected, "书甲"][:terms]
    assert held.live_on(day(6)).get().name == "书甲"
    assert held.live_on(day(3)).get().elected_on == day(3)


def test_a_cover_does_not_begin_on_a_founding_day_on_which_a_ledger_said_no(office):
    office(day(9), LEDGER, ledger_row(EAST, "2020-09-01", "否"))
    office(day(8), SHEET, sheet_row(names=EAST))
    assert not Cover.objects.live_on(day(9)).exists()


def test_a_stage_does_not_begin_on_the_day_of_a_roster_that_says_another(office):
    for month in (2, 3):
        office(day(month), MEMBERS, ["王某", "1985-05-05", "积极分子", None, None, None, None])
    office(day(9), MEMBERS, ["王某", "1985-05-05", "预备党员", None, "2020-03-01", None, None])
    assert MemberStage.objects.live_on(day(3)).get().stage == "activist"


def test_an_end_on_a_day_on_which_a_ledger_said_it_holds_is_asked_about(office):
    office(D(2020, 5, 30), LEDGER, ledger_row(EAST, None, None, None, None, "指甲"))
    row = ["指甲", "某局", EAST, "2019-12-01", "2020-05-30"]
    assert errors(office(day(9), ROSTER, row)) == [(2, "E")]
    assert spans(Assignment) == [(D(2020, 5, 30), None)]


def test_an_assignment_that_ended_when_the_next_began_stays_by_itself(office, east):
    enterprise = Enterprise.objects.get(name=EAST)
    person = make.assign(enterprise, east, day(6)).instructor
    Assignment.objects.update(start_precision="assumed")
    row = [person.name, "某局", EAST, "2019-12-01", "2020-06-01"]
    office(day(9), ROSTER, row)
    assert spans(Assignment)[0] == (D(2019, 12, 1), day(6))
    assert same_again(office, day(9), ROSTER, row)


# -- taking back ----------------------------------------------------------------------------------


def test_what_a_ledger_brought_while_it_was_closed_goes_on_when_it_is_reopened(office):
    enterprise = Enterprise.objects.get(name=EAST)
    close(enterprise, on=day(9))
    heads = [*LEDGER[:2], "职工人数", "工会"]
    office(day(6), heads, [EAST, enterprise.credit_code, 70, "是"])
    reopen(Enterprise.objects.get(name=EAST))
    assert spans(Headcount) == spans(MassOrganization) == [(day(6), None)]


def test_a_place_that_had_not_begun_comes_back_with_its_organization(office, east):
    body = make.organization(east, BODY)
    person = Member.objects.create(committee=east, name="王某")
    enterprise = Enterprise.objects.get(name=EAST)
    MemberPlacement.objects.create(member=person, enterprise=enterprise, organization=body, start=day(9))
    before = facts()
    dissolve(body, on=day(3))
    assert MemberPlacement.objects.get(member=person).organization is None
    restore_organization(PartyOrganization.objects.get())
    assert facts() == before


@pytest.mark.parametrize(
    ("heads", "yes", "no"),
    [
        (LEDGER, ["是", BODY], ["否", None]),
        ([*LEDGER[:3], "职工人数", "正式党员数"], [60, 1], [70, 2]),
        ([*LEDGER[:3], "所属村", "规模以上"], ["东村", "是"], ["西村", "否"]),
    ],
)
def test_a_file_on_which_a_later_one_stands_is_not_undone(office, east, heads, yes, no):
    def row(answer: list) -> list:
        return [*ledger_row(EAST)[:3], *answer, *[None] * (len(heads) - 5)]

    for on, answer in ((day(1), yes), (day(9), yes), (day(5), no)):
        office(on, heads, row(answer))
    before = facts()
    refused = undo("upload:2", committee=east, user=None, reason="undo:2")
    assert refused and facts() == before
    assert undo("upload:3", committee=east, user=None, reason="undo:3") == []
    assert undo("upload:2", committee=east, user=None, reason="undo:2") == []


def test_a_village_that_a_later_file_says_too_is_not_undone(office, east):
    heads = [*LEDGER[:2], "所属村", "地址"]
    row = ledger_row(EAST)[:2]
    for on in (day(1), day(6)):
        office(on, heads, [*row, "东村", None])
    refused = undo("upload:1", committee=east, user=None, reason="undo:1")
    assert "2020-06-01" in refused[0] and Enterprise.objects.get(name=EAST).village == "东村"
    # A later file that says something else only is no reason against the second.
    office(day(7), heads, [*row, None, "某街 1 号"])
    for number in (3, 2, 1):
        assert undo(f"upload:{number}", committee=east, user=None, reason=f"undo:{number}") == []


# -- again ----------------------------------------------------------------------------------------


def test_a_founding_that_the_second_row_tells_is_the_first_rows_too(office):
    office(day(1), LEDGER, covered())
    rows = [LEDGER, covered("南方食品有限公司"), covered("北方物流有限公司", founded="2019-03-01")]
    office(day(6), *rows)
    assert same_again(office, day(6), *rows)
    assert {start for start, _ in spans(Cover)} == {D(2019, 3, 1)}


def test_a_founding_on_the_ledgers_own_day_is_taken_at_once(office):
    office(day(6), LEDGER, covered())
    rows = [LEDGER, covered("南方食品有限公司"), covered("北方物流有限公司", founded="2020-06-01")]
    office(day(6), *rows)
    assert same_again(office, day(6), *rows)


def test_an_election_to_the_month_says_the_same_again(office):
    rows = [SHEET, sheet_row(founded="2019-01-01", secretary="书甲", elected="2020.03")]
    office(day(6), *rows)
    assert same_again(office, day(6), *rows)


# -- what is decided by hand ----------------------------------------------------------------------


def test_an_end_by_hand_prevails_over_a_ledger_of_that_day(office):
    office(day(1), LEDGER, covered())
    end_cover(Cover.objects.get(), on=day(6))
    outcome = office(day(6), LEDGER, covered())
    assert spans(Cover) == [(day(1), day(6))]
    assert any("2020-06-01" in each.message and each.row == 2 for each in outcome.problems)
    office(day(7), LEDGER, covered())
    assert spans(Cover) == [(day(1), day(6)), (day(7), None)]


def test_a_voided_cover_does_not_come_back_with_the_same_file(office):
    rows = [LEDGER, covered()]
    office(day(6), *rows)
    correct(Cover.objects.get(), start=None, end=None, void=True)
    outcome = office(day(6), *rows)
    assert not Cover.objects.exists()
    assert [each.row for each in outcome.problems if "更正" in each.message] == [2]


def test_a_corrected_beginning_does_not_come_back_with_the_same_file(office):
    rows = [LEDGER, covered()]
    office(day(6), *rows)
    correct(Cover.objects.get(), start=day(8), end=None, void=False)
    office(day(6), *rows)
    assert spans(Cover) == [(day(8), None)]


def test_who_comes_back_goes_on_from_the_stage_at_which_he_left(east):
    person = make.member(east, None)
    leave(person, on=day(3))
    with pytest.raises(ValidationError, match="只能往前"):
        advance(person, stage="activist", on=day(6))
    with pytest.raises(ValidationError, match="2020-03-01"):
        advance(person, stage="full", on=day(2))
    advance(person, stage="full", on=day(6))
    assert MemberStage.objects.live_on(day(6)).get().stage == "full"


def test_nothing_is_stated_by_hand_outside_of_a_life(east):
    enterprise = make.enterprise(east, registered=day(2), closed=day(9))
    person, body = make.member(east, None), make.organization(east, established=day(2), dissolved=day(9))
    MemberPlacement.objects.all().delete()
    open_one, young = make.organization(east), make.organization(east, established=day(6))
    before = facts()
    for on in (day(1), day(9)):
        with pytest.raises(ValidationError):
            place(person, enterprise=enterprise, organization=None, position_group="", on=on)
        with pytest.raises(ValidationError):
            exclude(enterprise, reason="shell", evidence="核查", on=on, review_on=on + dt.timedelta(days=300))
        with pytest.raises(ValidationError):
            make.reach(body, "gift_seal", on)
    with pytest.raises(ValidationError, match="不在册"):
        merge(open_one, into=young, on=day(4))
    assert facts() == before
    assert not Jurisdiction.objects.exclude(enterprise=enterprise).exists()
