"""One row of each kind of work list cleared through its action in a real browser, and the count seen to fall."""

import datetime as dt

import pytest
from django.db import transaction
from playwright.sync_api import expect

from common.periods import months_before
from common.plan import Item
from common.today import today
from enterprises.models import BaseExclusion, MassOrganization, MassOrganizationKind
from instructors.models import Assignment, Instructor
from ledgers.codes import REGISTRATION_LIST
from ledgers.kinds.registration import MISSING, Finding
from ledgers.models import FindingState, RegistrationFinding, Upload, UploadState
from ledgers.uploads.registrations import hold
from organizations.models import Inspection, NominationState, Standing
from reports.coverage import coverage_on
from tests import make
from tests.browser.test_four_projects import confirm, number_of
from tests.inspecting import ago

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(page, live_server, sign_in, complaints):
    """Goes to pages as a user and reads the work list; in the end the browser has complained of nothing."""

    class Desk:
        def sits(self, name: str) -> None:
            sign_in(name)

        def opens(self, address: str) -> None:
            page.goto(live_server.url + address)

        def count(self, words: str) -> str:
            """What the work list says now; "" where it is done."""
            self.opens("/todo/")
            return number_of(page, words)

        def follows(self, words: str) -> None:
            self.opens("/todo/")
            page.get_by_role("row", name=words).get_by_role("link").first.click()

    yield Desk()
    assert complaints == []


def tick(page, *names: str) -> None:
    for name in names:
        page.get_by_label(f"勾选 {name}").check()


def choose(page, label: str, words: str) -> None:
    """One of what a box suggests."""
    page.get_by_role("combobox", name=label).press_sequentially(words)
    page.get_by_role("option", name=words).click()


def test_an_instructor_leaves_and_his_enterprises_go_to_another(page, desk, cast, east):
    old, new = (Instructor.objects.create(committee=east, name=name) for name in ("离某", "继某"))
    names = ["甲厂", "乙厂", "丙厂"]
    for name in names:
        row = make.enterprise(east, name, registered=dt.date(2019, 1, 1))
        Assignment.objects.create(instructor=old, enterprise=row, start=dt.date(2020, 1, 1))
    desk.sits("dong")
    assert desk.count("企业要派驻指导员") == ""
    desk.opens(old.get_absolute_url())
    page.get_by_role("link", name="离任", exact=True).click()
    page.get_by_label("原因").select_option(label="调离")
    page.get_by_label("生效日期").fill(ago(3).isoformat())
    confirm(page, "离任")
    expect(page.get_by_text(f"{ago(3)} 离任（调离）")).to_be_visible()
    assert desk.count("企业要派驻指导员") == "3"
    desk.follows("企业要派驻指导员")
    expect(page.get_by_role("heading", name="要派驻指导员的企业 3 家")).to_be_visible()
    tick(page, "甲厂", "丙厂")
    page.get_by_role("button", name="批量派驻指导员").click()
    choose(page, "指导员", "继某")
    page.get_by_label("生效日期").fill(today().isoformat())
    confirm(page, "派驻指导员")
    expect(page.get_by_role("heading", name="要派驻指导员的企业 1 家")).to_be_visible()
    assert desk.count("企业要派驻指导员") == "1"
    assert {each.enterprise.name for each in new.assignments.filter(end=None)} == {"甲厂", "丙厂"}
    assert not old.assignments.filter(end=None).exists()


def test_two_instructors_are_sent_for_another_term(page, desk, cast, east):
    for name in ("张某", "李某", "王某"):
        Instructor.objects.create(committee=east, name=name, began_on=dt.date(2020, 1, 1), term_until=ago(10))
    desk.sits("dong")
    assert desk.count("指导员派驻期已满") == "3"
    desk.follows("指导员派驻期已满")
    tick(page, "张某", "李某")
    page.get_by_role("button", name="批量续派").click()
    until = months_before(today(), -24)
    page.get_by_label("派驻期满日期").fill(until.isoformat())
    confirm(page, "续派")
    expect(page.get_by_text("续派：2 名已完成")).to_be_visible()
    assert desk.count("指导员派驻期已满") == "1"
    assert set(Instructor.objects.filter(term_until=until).values_list("name", flat=True)) == {"张某", "李某"}


def test_ten_ticked_organizations_elect_their_secretaries_again(page, desk, cast, east):
    for number in range(12):
        body = make.organization(east, f"第{number:02d}支部", kind="branch", established=dt.date(2015, 1, 1))
        body.secretary_terms.create(name=f"书{number}", start=dt.date(2019, 1, 1), term_ends_on=ago(30))
    desk.sits("dong")
    assert desk.count("党组织书记任期已届满") == "12"
    desk.opens("/organizations/?due=overdue")
    tick(page, *(f"第{number:02d}支部" for number in range(10)))
    page.get_by_role("button", name="批量书记连任").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10 个")
    page.get_by_label("生效日期").fill(today().isoformat())
    confirm(page, "书记连任")
    expect(page.get_by_role("row", name="支部")).to_have_count(2)
    assert desk.count("党组织书记任期已届满") == "2"


def test_mass_organizations_of_three_enterprises_in_a_grid(page, desk, cast, east):
    for name in ("甲厂", "乙厂", "丙厂", "丁厂"):
        row = make.enterprise(east, name)
        for kind in MassOrganizationKind.values:
            # Each had a union once.
            end = ago(90) if kind == MassOrganizationKind.UNION else None
            MassOrganization.objects.create(enterprise=row, kind=kind, form="own", start=make.LONG_AGO, end=end)
    desk.sits("dong")
    assert desk.count("群团组织未健全") == "4"
    desk.opens("/mass-organizations/")
    expect(page.get_by_role("link", name="没有工会的 4")).to_be_visible()
    tick(page, "甲厂", "乙厂", "丙厂")
    page.get_by_role("button", name="成批登记群团组织").click()
    page.get_by_label("生效日期").fill(today().isoformat())
    page.get_by_label("甲厂：工会").select_option(label="单独建立")
    page.get_by_label("乙厂：工会").select_option(label="联合建立")
    page.get_by_label("丙厂：工会").select_option(label="不具备条件")
    page.get_by_label("丙厂：不具备条件的原因").fill("只有两名职工")
    confirm(page, "登记")
    expect(page.get_by_text("3 家企业已完成")).to_be_visible()
    expect(page.get_by_role("link", name="没有工会的 1")).to_be_visible()
    assert desk.count("群团组织未健全") == "1"


def test_two_idle_organizations_are_active_again(page, desk, cast, east):
    for name in ("甲支部", "乙支部", "丙支部"):
        body = make.organization(east, name, established=dt.date(2015, 1, 1))
        body.secretary_terms.create(name="书某", start=ago(300), term_ends_on=ago(-300))
    desk.sits("dong")
    desk.opens("/effective/")
    page.get_by_role("link", name="没有活动 3").click()
    tick(page, "甲支部", "丙支部")
    page.get_by_role("button", name="批量登记活动").click()
    page.get_by_label("生效日期").fill(ago(2).isoformat())
    confirm(page, "登记事项")
    expect(page.get_by_role("link", name="没有活动 1")).to_be_visible()
    expect(page.get_by_role("link", name="活动正常、书记在任期内 2")).to_be_visible()
    expect(page.get_by_role("row", name="乙支部")).to_be_visible()


def test_an_inspection_is_recorded_reported_and_closed(page, desk, cast, east):
    make.organization(east, "甲支部", established=dt.date(2015, 1, 1))
    desk.sits("wei")
    desk.opens("/inspections/")
    page.get_by_role("link", name="检查党组织").click()
    page.get_by_role("link", name="甲支部").click()
    page.get_by_role("link", name="登记检查").click()
    page.get_by_label("检查日期").fill(ago(20).isoformat())
    page.get_by_label("检查方式").select_option(label="实地检查")
    page.get_by_label("发现的问题").fill("党课缺两次")
    page.get_by_label("整改期限").fill(ago(1).isoformat())
    confirm(page, "登记检查")
    desk.sits("dong")
    assert desk.count("督促检查：整改已逾期") == "1"
    desk.follows("督促检查：整改已逾期")
    page.get_by_role("link", name="甲支部").click()
    expect(page.get_by_text("逾期 1 天")).to_be_visible()
    page.get_by_role("link", name="上报整改情况").click()
    page.get_by_label("整改情况").fill("已补课两次")
    confirm(page, "上报整改情况")
    desk.sits("wei")
    assert desk.count("等区委组织部核实") == "1"
    desk.follows("等区委组织部核实")
    tick(page, "甲支部")
    page.get_by_role("button", name="批量整改完成").click()
    page.get_by_label("整改完成日期").fill(today().isoformat())
    confirm(page, "整改完成")
    assert desk.count("等区委组织部核实") == desk.count("督促检查：整改已逾期") == ""
    assert Inspection.objects.get().standing == Standing.CLOSED


def test_a_finding_of_a_registration_list_needs_nothing(page, desk, cast, east):
    rows = [make.enterprise(east, name) for name in ("甲厂", "乙厂")]
    found = [Finding(MISSING, "名单", None, row.name, row.credit_code, "核对是否已注销", row.pk) for row in rows]
    upload = Upload.objects.create(
        committee=east, user=cast.dong, file_name="名单.xlsx", size=0, kind=REGISTRATION_LIST, as_of=ago(9),
        state=UploadState.COMPARED, counts={"read": 2, "rejected": 0}, findings=[each._asdict() for each in found],
    )  # fmt: skip
    with transaction.atomic():
        hold(upload, found)
    desk.sits("dong")
    assert desk.count("登记有、名单没有") == "2"
    desk.follows("登记有、名单没有")
    expect(page.get_by_role("row", name="甲厂")).to_contain_text(ago(9).isoformat())
    tick(page, "甲厂")
    page.get_by_role("button", name="批量不需处理").click()
    page.get_by_label("不需处理的理由").fill("仍在经营，登记机关漏列")
    confirm(page, "不需处理")
    expect(page.get_by_role("row", name="甲厂")).to_have_count(0)
    assert desk.count("登记有、名单没有") == "1"
    settled = RegistrationFinding.objects.get(name="甲厂")
    assert (settled.state, settled.said) == (FindingState.DISMISSED, "仍在经营，登记机关漏列")


def test_a_recognition_from_evidence_to_award_and_back(page, desk, cast, east):
    body = make.organization(east, "甲支部", established=dt.date(2015, 1, 1))
    label = str(Item.objects.get(code="double_strong_district"))
    desk.sits("dong")
    desk.opens(body.get_absolute_url())
    page.get_by_role("link", name="推荐评选").click()
    page.get_by_label("评选").select_option(label=label)
    page.get_by_label("事迹和依据").fill("连续三年先进")
    page.get_by_label("生效日期").fill(ago(60).isoformat())
    confirm(page, "推荐评选")
    desk.sits("wei")
    assert desk.count("推荐评选，要审核") == "1"
    desk.follows("推荐评选，要审核")
    tick(page, "甲支部")
    page.get_by_role("button", name="批量审核通过").click()
    page.get_by_label("审核意见").fill("材料属实")
    confirm(page, "审核通过")
    assert (desk.count("推荐评选，要审核"), desk.count("要按文件命名")) == ("", "1")
    desk.follows("要按文件命名")
    tick(page, "甲支部")
    page.get_by_role("button", name="批量命名").click()
    page.get_by_label("命名文件").fill("沁组〔2026〕9号")
    page.get_by_label("命名日期").fill(ago(30).isoformat())
    confirm(page, "命名")
    assert desk.count("要按文件命名") == ""
    assert body.nominations.get().state == NominationState.AWARDED and len(make.holders("double_strong_district", today())) == 1  # fmt: skip
    desk.opens(body.get_absolute_url())
    page.get_by_role("row", name="沁组〔2026〕9号").get_by_role("link", name="结束").click()
    page.get_by_label("生效日期").fill(today().isoformat())
    confirm(page, "结束")
    assert make.holders("double_strong_district", today()) == []


def test_an_exclusion_that_ended_is_reviewed_and_goes_on(page, desk, cast, east):
    row = make.enterprise(east, "空壳公司", registered=dt.date(2019, 1, 1))
    make.exclude(row, ago(400), ago(5))
    desk.sits("dong")
    assert desk.count("复核日期已到") == "1"
    desk.follows("复核日期已到")
    page.get_by_role("link", name="空壳公司").click()
    page.get_by_role("link", name="申请不纳入基数").click()
    page.get_by_label("原因").select_option(label="空壳")
    page.get_by_label("依据").fill("复核记录")
    page.get_by_label("生效日期").fill(ago(5).isoformat())
    page.get_by_label("复核日期").fill(ago(-300).isoformat())
    confirm(page, "申请不纳入基数")
    desk.sits("wei")
    desk.follows("不纳入基数的申请，要核定")
    tick(page, "空壳公司")
    page.get_by_role("button", name="批量核定同意").click()
    confirm(page, "核定同意")
    assert desk.count("复核日期已到") == desk.count("不纳入基数的申请") == ""
    assert coverage_on(today()).district["enterprises"] == 0


def test_an_exclusion_that_is_due_is_reviewed_and_taken_back(page, desk, cast, east):
    row = make.enterprise(east, "又开工的公司", registered=dt.date(2019, 1, 1))
    make.exclude(row, ago(300), ago(-10))
    desk.sits("wei")
    assert desk.count("30 天内到复核日期") == "1"
    desk.follows("30 天内到复核日期")
    page.get_by_role("link", name="又开工的公司").click()
    page.get_by_role("link", name="恢复纳入基数").click()
    page.get_by_label("生效日期").fill(ago(1).isoformat())
    confirm(page, "恢复纳入基数")
    assert desk.count("30 天内到复核日期") == ""
    assert BaseExclusion.objects.get().end == ago(1) and coverage_on(today()).district["enterprises"] == 1
