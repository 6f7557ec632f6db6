"""The plan in a real browser: an item entered for fifty, who lacks the six haves, a target and a rule, a second plan."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from common.plan import Item, Plan
from organizations.models import State
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = Path(__file__).parent.parent / "plans" / "second.toml"


def test_an_item_is_entered_for_fifty_ticked_ones(page, live_server, sign_in, cast, east, complaints):
    for number in range(50):
        make.organization(east, f"第{number:02}支部")
    sign_in("dong")
    page.goto(f"{live_server.url}/items/organization/?item=have_flag&has=no")
    page.get_by_text("列和每页条数").click()
    page.locator("[name=page_size]").select_option("50")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="批量登记事项").click()
    page.get_by_label("生效日期").fill("2022-05-01")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".message.warning").first).to_contain_text("第49支部")
    page.get_by_role("button", name="确认登记事项").click()
    expect(page.get_by_role("navigation", name="有、没有、未知")).to_contain_text("没有 0")
    assert State.objects.filter(code="have_flag").count() == 50
    assert complaints == []


def test_who_lacks_the_six_haves_is_found_item_by_item(page, live_server, sign_in, cast, east, complaints):
    whole, part = make.organization(east, "全支部"), make.organization(east, "缺支部")
    for item in Item.objects.filter(whole__code="six_haves"):
        make.reach(whole, item.code, make.LONG_AGO.replace(year=2021))
        if item.code != "have_sign":
            make.reach(part, item.code, make.LONG_AGO.replace(year=2021))
    sign_in("dong")
    page.get_by_role("link", name="党组织：六有").click()
    row = page.get_by_role("row", name="缺支部")
    expect(row).to_be_visible()
    expect(page.get_by_role("row", name="全支部")).to_have_count(0)
    expect(row.get_by_text("没有")).to_have_count(2)
    page.get_by_label("事项", exact=True).select_option(label="有标志")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("row", name="缺支部")).to_be_visible()
    assert complaints == []


def test_the_district_changes_a_target_and_a_rule_and_the_verdict_follows(
    page, live_server, sign_in, cast, east, complaints
):
    covered, other = make.enterprise(east, "甲公司"), make.enterprise(east, "乙公司")
    make.cover(covered, make.organization(east))
    make.headcount(other, employees=40, full_members=2, probationary_members=0)
    sign_in("wei")
    page.goto(f"{live_server.url}/plan/")
    first = page.locator("#clause-1")
    expect(first).to_contain_text("到期未达标")
    page.get_by_text("查看和编辑").first.click()
    page.get_by_role("row", name="党组织覆盖率 全区 2020-12-31").get_by_role("link", name="编辑").click()
    page.get_by_label("比例不低于").fill("50")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#clause-1 .chip")).to_have_text("已达标")
    page.get_by_role("link", name="改计数规则").click()
    page.get_by_label("应建党组织的党员人数").fill("2")
    page.get_by_label("生效日期").fill("2019-01-01")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".message.warning").first).to_contain_text("3 → 2")
    page.get_by_role("button", name="确认改计数规则").click()
    page.goto(f"{live_server.url}/figures/due_to_establish/")
    expect(page.locator("main")).to_contain_text("正式党员 2 名及以上")
    expect(page.get_by_role("row", name="乙公司")).to_be_visible()
    assert complaints == []


def test_a_second_plan_is_loaded_and_both_are_there(page, live_server, sign_in, cast, east, complaints):
    make.enterprise(east, "甲公司")
    call_command("load_plan", str(SECOND))
    assert Plan.objects.count() == 2
    sign_in("wei")
    page.goto(f"{live_server.url}/plan/?as_of=2025-06-30")
    plans = page.get_by_role("navigation", name="方案")
    expect(page.locator("main")).to_contain_text("智慧党建平台")
    plans.get_by_role("link", name="四大工程").click()
    expect(page.locator("#clause-41")).to_be_visible()
    page.goto(f"{live_server.url}/dashboard/?plan=second")
    expect(page.locator("main")).to_contain_text("2025 年底")
    assert complaints == []
