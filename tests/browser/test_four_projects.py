"""Work lists of the four projects cleared in a real browser: an exclusion asked, granted and due; a branch founded by
neighbours; secretaries elected again; accounts from a sheet."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from common.today import today
from enterprises.models import BaseExclusion
from organizations.models import PartyOrganization
from reports.coverage import coverage_on
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db(transaction=True)


def number_of(page, words: str) -> str:
    """How many of what stands on the work list under these words; "" where it is done."""
    row = page.get_by_role("row", name=words)
    return row.get_by_role("link").nth(1).inner_text() if row.count() else ""


def confirm(page, label: str) -> None:
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name=f"确认{label}").click()


def test_an_exclusion_is_asked_for_granted_and_due(page, live_server, sign_in, cast, east, complaints):
    make.enterprise(east, "空壳公司", registered=dt.date(2019, 1, 1))
    sign_in("dong")
    page.goto(f"{live_server.url}/enterprises/")
    page.get_by_role("link", name="空壳公司").click()
    page.get_by_role("link", name="申请不纳入基数").click()
    page.get_by_label("原因").select_option(label="空壳")
    page.get_by_label("依据").fill("现场核查记录")
    page.get_by_label("生效日期").fill((today() - dt.timedelta(days=300)).isoformat())
    page.get_by_label("复核日期").fill((today() + dt.timedelta(days=10)).isoformat())
    confirm(page, "申请不纳入基数")
    expect(page.get_by_text("等区委组织部核定；核定前仍纳入")).to_be_visible()
    assert coverage_on(today()).district["enterprises"] == 1
    sign_in("wei")
    page.goto(f"{live_server.url}/todo/")
    assert number_of(page, "不纳入基数的申请，要核定") == "1"
    page.get_by_role("link", name="不纳入基数的申请，要核定").click()
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="批量核定同意").click()
    page.get_by_label("核定意见").fill("同意")
    confirm(page, "核定同意")
    expect(page.get_by_text("核定同意：1 份已完成")).to_be_visible()
    assert coverage_on(today()).district["enterprises"] == 0
    page.goto(f"{live_server.url}/todo/")
    assert number_of(page, "不纳入基数的申请，要核定") == ""
    page.get_by_role("row", name="30 天内到复核日期").get_by_role("link").first.click()
    expect(page.get_by_role("row", name="空壳公司")).to_contain_text("现场核查记录")
    assert BaseExclusion.objects.get().end == today() + dt.timedelta(days=10)
    assert complaints == []


def test_neighbours_found_a_branch(page, live_server, sign_in, cast, east, complaints):
    for name, members in (("甲厂", 2), ("乙厂", 1)):
        row = make.enterprise(east, name, registered=dt.date(2019, 1, 1), village="东街社区")
        make.headcount(row, employees=20, full_members=members, start=dt.date(2020, 1, 1))
    sign_in("dong")
    page.goto(f"{live_server.url}/joint-branches/")
    page.get_by_role("row", name="甲厂").get_by_role("link", name="联合组建").click()
    page.get_by_label("联合党支部名称").fill("东街联合党支部")
    page.get_by_label("生效日期").fill("2024-05-01")
    confirm(page, "联合组建")
    expect(page.get_by_text("没有可以联合组建的")).to_be_visible()
    assert PartyOrganization.objects.get().covers.count() == 2
    assert complaints == []


def test_ten_secretaries_are_elected_again(page, live_server, sign_in, cast, east, complaints):
    for number in range(10):
        body = make.organization(east, f"第{number}支部", kind="branch", established=dt.date(2015, 1, 1))
        over = today() - dt.timedelta(days=30)
        body.secretary_terms.create(name=f"书{number}", start=dt.date(2019, 1, 1), term_ends_on=over)
    sign_in("dong")
    page.goto(f"{live_server.url}/todo/")
    assert number_of(page, "党组织书记任期已届满") == "10"
    page.get_by_role("link", name="党组织书记任期已届满").click()
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="批量书记连任").click()
    page.get_by_label("生效日期").fill(today().isoformat())
    confirm(page, "书记连任")
    page.goto(f"{live_server.url}/todo/")
    assert number_of(page, "党组织书记任期已届满") == ""
    assert complaints == []


def test_accounts_come_from_a_sheet(page, live_server, sign_in, cast, tmp_path, complaints):
    sheet = tmp_path / "用户.xlsx"
    sheet.write_bytes(xlsx(["党（工）委", "用户名", "姓名"], ["柳湾乡党委", "liuwan", "柳某"]))
    sign_in("admin")
    page.goto(f"{live_server.url}/users/")
    page.get_by_role("link", name="从一张表建立").click()
    page.get_by_label("表格文件").set_input_files(sheet)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="建立，显示一次性密码").click()
    password = re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", page.inner_text("main"))[0]
    sign_in("liuwan", password)
    expect(page).to_have_url(f"{live_server.url}/accounts/password/")
    assert complaints == []


def test_a_part_of_a_page_that_fails_says_why(page, live_server, sign_in, cast, east):
    row = make.enterprise(east, "有电话的公司", contact_phone="13800001234")
    sign_in("dong")
    page.goto(f"{live_server.url}/enterprises/{row.pk}/")
    page.route("**/phones/**", lambda route: route.fulfill(status=507, content_type="text/html; charset=utf-8", body="<h1>磁盘满了</h1><p>请腾出空间。</p>"))  # fmt: skip
    page.get_by_text("显示全号").click()
    page.get_by_label("查看理由").fill("核对")
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_role("alert").first).to_contain_text("磁盘满了：请腾出空间。")
