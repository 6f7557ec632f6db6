"""The main job in a real browser: sign in, upload, commit, see the figures, open a list, export, read back."""

import openpyxl
import pytest
from playwright.sync_api import expect

from tests import ledger_maker as maker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("who", "lands_on"),
    [("wei", "全区覆盖看板"), ("kan", "全区覆盖看板"), ("dong", "东关办事处"), ("dong-kan", "东关办事处"), ("nobody", "尚未分配角色"), ("admin", "全区覆盖看板")],
)  # fmt: skip
def test_each_role_lands_on_its_page(page, sign_in, cast, two_enterprises, complaints, who, lands_on):
    sign_in(who)
    expect(page.get_by_role("heading", level=1)).to_contain_text(lands_on)
    assert complaints == []
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_a_wrong_password_is_said(page, sign_in, cast):
    sign_in("wei", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("用户名、密码或动态口令不对")


@pytest.fixture
def truth():
    return maker.truth("东关办事处", 1)


@pytest.fixture
def files(tmp_path, truth):
    good = maker.write_wide(tmp_path / "东关台账.xlsx", truth, committee="东关办事处")
    grid = maker.table(truth[:4], maker.Style())
    grid[2][7] = "约五十"
    bad = maker.write_xlsx(tmp_path / "有错.xlsx", grid, committee="东关办事处")
    return {"good": good, "bad": bad}


def upload(page, live_server, path) -> None:
    page.goto(f"{live_server.url}/ledgers/new/")
    page.get_by_label("台账文件").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()


def test_the_main_job(page, live_server, sign_in, cast, files, truth, complaints, tmp_path):
    sign_in("dong")
    upload(page, live_server, files["good"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("导入预览")
    expect(page.locator(".tiles")).to_contain_text(f"{len(truth)}新增企业")
    page.get_by_role("button", name="提交导入").click()
    expect(page.locator(".message.success").first).to_contain_text(f"新增 {len(truth)}，")

    # The district sees the dashboard change.
    sign_in("wei")
    expected = maker.expected(truth, maker.AS_OF)
    page.get_by_label("截至日期").fill("2023-12-20")
    page.get_by_role("button", name="查看").click()
    row = page.locator("table.figures tbody tr").first
    expect(row.locator("td").nth(0)).to_have_text(str(expected["enterprises"]))
    expect(row.locator("td").nth(1)).to_have_text(str(expected["organization_covered"]))
    expect(page.locator("[data-chart=trend] svg")).to_be_visible()
    expect(page.locator("#trend-table")).to_be_hidden()

    # A number opens its list, and the list goes out as a workbook with the same rows.
    row.locator("td").nth(3).get_by_role("link").click()
    uncovered = expected["enterprises"] - expected["organization_covered"]
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"党组织未覆盖 {uncovered} 家")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出", exact=True).click()
    download.value.save_as(tmp_path / "名单.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "名单.xlsx").active.iter_rows(min_row=5, values_only=True))
    names = {
        row["name"]
        for row in truth
        if not (row["organization"] and row["organization"]["on"] <= maker.AS_OF)
        and row["registered"] <= maker.AS_OF
        and not (row["closed"] and row["closed"] <= maker.AS_OF)
    }
    assert {row[1] for row in rows} == names and len(rows) == uncovered
    assert complaints == []


def test_a_faulty_ledger_says_where_and_lets_the_rest_in(page, live_server, sign_in, cast, files):
    sign_in("dong")
    upload(page, live_server, files["bad"])
    fault = page.locator("tr.error").first
    expect(fault).to_contain_text("约五十")
    expect(fault).to_contain_text("应为整数")
    page.get_by_role("button", name="只导入其余 3 行").click()
    expect(page.locator(".message.success").first).to_contain_text("新增 3，")


def test_the_table_sorts_and_the_filter_keeps_its_state_in_the_address(
    page, live_server, sign_in, cast, two_enterprises
):
    sign_in("wei")
    page.get_by_role("link", name="纳入基数", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/dashboard/?sort=-enterprises")
    page.goto(f"{live_server.url}/enterprises/")
    page.get_by_label("企业", exact=True).fill("东方")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="东方商贸有限公司", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("东方商贸有限公司")
    page.go_back()
    expect(page.get_by_label("企业", exact=True)).to_have_value("东方")
    page.get_by_role("link", name="重置").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_pages_stand_without_the_script(browser, live_server, cast, two_enterprises):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill("wei")
    page.get_by_label("密码").fill("long-enough-1")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#trend-table tbody tr").first).to_be_visible()
    expect(page.locator("[data-chart=trend]")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_scrolls_sideways(page, live_server, sign_in, cast, two_enterprises, width):
    page.set_viewport_size({"width": width, "height": 800})
    sign_in("wei")
    for address in ("/dashboard/", "/committees/", "/enterprises/", "/figures/enterprises/", "/organizations/", "/instructors/", "/ledgers/", "/ledgers/new/", f"/enterprises/{two_enterprises.first.pk}/"):  # fmt: skip
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_the_admin_works_under_the_policy(page, live_server, sign_in, cast, two_enterprises, complaints):
    sign_in("admin")
    page.goto(f"{live_server.url}/admin/enterprises/enterprise/export/")
    page.locator(".select-toggle").uncheck()
    assert page.locator(".selectable-field-export-row input:checked").count() == 0
    page.goto(f"{live_server.url}/admin/enterprises/enterprise/{two_enterprises.first.pk}/history/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [words for words in complaints if "style" not in words.lower()] == []


def test_work_in_the_lists_without_reloads(page, live_server, sign_in, cast, two_enterprises, complaints):
    """Find by initials with `/`, sort without a reload, tick rows, do a named action with its preview."""
    sign_in("wei")
    page.goto(f"{live_server.url}/enterprises/")
    page.keyboard.press("/")
    page.keyboard.type("dfsm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="东方商贸有限公司", exact=True)).to_be_visible()

    page.goto(f"{live_server.url}/enterprises/")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="成立日期").click()
    expect(page).to_have_url(f"{live_server.url}/enterprises/?sort=registered_on")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("成立日期")
    assert page.evaluate("window.stays") is True
    page.get_by_label("全选本页").check()
    assert page.locator("input[name=row]:checked").count() == 2
    page.get_by_role("button", name="批量核对无误").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 家")
    page.get_by_label("生效日期").fill("2023.12.20")
    page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_text("确认后将")).to_be_visible()
    page.get_by_role("button", name="确认核对无误", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("2 家已完成")

    page.get_by_role("link", name="东方商贸有限公司", exact=True).click()
    page.get_by_role("link", name="注销").click()
    page.get_by_label("生效日期").fill("2023年12月20日")
    page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_text("结束中共东方商贸有限公司支部委员会的覆盖")).to_be_visible()
    page.get_by_role("button", name="确认注销").click()
    expect(page.locator(".chip").first).to_have_text("已注销，不在基数")
    assert complaints == []
