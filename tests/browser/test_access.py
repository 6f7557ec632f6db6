"""Every page by keyboard and for assistive technology: axe-core finds no serious fault, and a whole task needs no mouse."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from committees.models import Committee, User
from coverage_tracker import demo
from enterprises.models import BaseExclusion, Enterprise, Headcount
from instructors.models import Assignment, Instructor
from ledgers.models import ColumnMapping, Conflict, Upload
from organizations.models import Cover, Member, PartyOrganization
from tests import ledger_maker as maker

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"


def faults(page) -> list[str]:
    """What axe-core calls serious or critical on the page that is open."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:160]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


def uploaded() -> dict[str, int]:
    """An upload that is in the register, one that is refused, one that runs, a mapping and a conflict."""
    one, other = Committee.objects.all()[:2]
    user = User.objects.get(username="quwei")
    columns = [{"sheet": "表", "kind": "enterprise_ledger", "column": "A", "heading": "企业名称", "field": "name"}]
    unmapped = [{"sheet": "表", "kind": "enterprise_ledger", "column": "B", "heading": "人头", "samples": ["16"]}]
    counts = {"read": 3, "new": 1, "changed": 1, "same": 1, "rejected": 0, "not_in_file": 1}
    changes = [
        {"sheet": "表", "row": row, "enterprise": "某企业", "kind": kind, "what": "党组织覆盖", "old": "有", "new": "2019-01-01 起"}
        for row, kind in enumerate(("new", "changed", "ended"), 3)
    ]  # fmt: skip
    whole = {
        "committee": one, "user": user, "file_name": "台账.xlsx", "size": 1, "kind": "enterprise_ledger", "as_of": "2023-12-20",
        "counts": counts, "columns": columns, "unmapped": unmapped, "not_in_file": ["没有列入的企业"],
        "differences": changes, "difference_counts": {"new": 1, "changed": 1, "ended": 1},
    }  # fmt: skip
    mistake = {"sheet": None, "row": None, "column": None, "heading": None, "value": None, "level": "error", "message": "没有找到可以导入的表"}  # fmt: skip
    made = {
        "upload": Upload.objects.create(**whole, state="committed", committed_at=timezone.now()),
        "refused": Upload.objects.create(**whole, state="refused", problems=[mistake], problem_counts={"error": 1}),
        "running": Upload.objects.create(**whole, state="examining", heartbeat=timezone.now(), progress=40, step="正在检查"),
        "conflict": Conflict.objects.create(kind="claimed", committee=one, holder=other, subject="x", name="某企业", claimed="某企业", held="某企业", day="2023-12-20"),
    }  # fmt: skip
    ColumnMapping.objects.create(committee=one, heading="人头", shown="人头", field="employees", user=user)
    return {name: each.pk for name, each in made.items()}


@pytest.fixture
def district():
    demo.load()
    covered = Cover.objects.filter(end__isnull=True, enterprise__exclusions__isnull=True).first()
    return {
        "enterprise": covered.enterprise_id,
        "organization": covered.organization_id,
        "cover": covered.pk,
        "committee": Committee.objects.first().pk,
        "member": Member.objects.first().pk,
        "instructor": Instructor.objects.first().pk,
        "assignment": Assignment.objects.filter(end__isnull=True).first().pk,
        "headcount": Headcount.objects.first().pk,
        "exclusion": BaseExclusion.objects.first().enterprise_id,
        **uploaded(),
        "bulk": "&".join(f"row={pk}" for pk in Enterprise.objects.values_list("pk", flat=True)[:3]),
    }


PAGES = [
    "/todo/", "/dashboard/?as_of=2021-06-30", "/committees/", "/committees/{committee}/?as_of=2021-06-30", "/plan/",
    "/figures/organization_uncovered/?as_of=2021-06-30", "/exclusions/", "/exclusion-requests/", "/joint-branches/", "/funnel/", "/grid/", "/clarity/", "/newly-registered/", "/dispatch/", "/secretaries/", "/line/", "/registration-findings/", "/inspections/", "/funds/", "/preferences/", "/mass-organizations/", "/enterprises/mass-grid/?row={enterprise}", "/effective/", "/nominations/", "/organizations/{organization}/nominate/", "/enterprises/{enterprise}/exclude/", "/accounts/sessions/",
    "/enterprises/?as_of=2023-12-31&missing=credit_code",
    "/enterprises/", "/enterprises/{enterprise}/", "/enterprises/{exclusion}/", "/enterprises/{enterprise}/edit/", "/enterprises/new/",
    "/enterprises/{enterprise}/close/", "/enterprises/{enterprise}/assign/", "/enterprises/{enterprise}/headcount/", "/enterprises/bulk/assign/?{bulk}",
    "/organizations/", "/organizations/{organization}/", "/organizations/new/", "/organizations/{organization}/reelect/",
    "/instructors/", "/instructors/{instructor}/", "/instructors/new/", "/members/", "/members/{member}/", "/members/new/", "/users/",
    "/facts/cover/{cover}/correct/", "/search/?q=dy", "/ledgers/", "/ledgers/new/", "/ledgers/help/", "/ledgers/mappings/",
    "/ledgers/conflicts/", "/ledgers/conflicts/{conflict}/", "/ledgers/{upload}/", "/ledgers/{upload}/?kind=same", "/ledgers/{upload}/undo/",
    "/ledgers/{refused}/", "/ledgers/{running}/", "/accounts/password/", "/accounts/second/", "/access-log/", "/status/", "/members/{member}/seen/",
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_no_page_has_a_serious_fault(page, live_server, sign_in, district, scheme, width, tmp_path):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/accounts/login/")
    found = {"login": faults(page)}
    sign_in("quwei", demo.PASSWORD)
    grid = maker.table(maker.truth("城东办事处", 1, 6), maker.Style())
    grid[3][7] = "约五十"
    page.goto(f"{live_server.url}/ledgers/new/")
    page.get_by_label("填报单位").select_option(label="城东办事处")
    page.get_by_label("台账文件").set_input_files(maker.write_xlsx(tmp_path / "a.xlsx", grid, committee="城东办事处"))
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("导入预览")
    found["preview"] = faults(page)
    for address in PAGES:
        page.goto(live_server.url + address.format(**district))
        found[address] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert "\n".join(f"{address} {fault}" for address, each in found.items() for fault in each) == ""


def test_a_whole_task_by_keyboard_alone(page, live_server, cast, two_enterprises, complaints):
    """Sign in, find an enterprise, let an instructor be assigned to it, preview, confirm: no mouse."""
    page.goto(f"{live_server.url}/accounts/login/")

    def tab_to(locator, most: int = 80) -> None:
        for _ in range(most):
            if locator.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{locator} is not reached by Tab")

    tab_to(page.get_by_label("用户名"))
    page.keyboard.type("dong")
    page.keyboard.press("Tab")
    page.keyboard.type("long-enough-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待办")
    page.keyboard.press("/")
    page.keyboard.type("dfsm")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="东方商贸有限公司", exact=True)
    expect(link).to_be_visible()
    tab_to(link)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("东方商贸有限公司")
    tab_to(page.get_by_role("link", name="派驻指导员"))
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="指导员")
    tab_to(box)
    page.keyboard.type("zdy")
    option = page.get_by_role("option", name="指导员1")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box).to_have_value(f"指导员1（编号 {two_enterprises.first.assignments.get().instructor_id}）")
    page.keyboard.press("Tab")
    page.keyboard.type("2016.5.1")
    page.keyboard.press("Enter")
    # It is there already from 2010 on: refused beside the field, and nothing was saved.
    expect(page.locator(".fault").first).to_contain_text("重叠")
    tab_to(page.get_by_role("link", name="取消"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("link", name="注销", exact=True))
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("生效日期"))
    page.keyboard.type("2023年12月20日")
    page.keyboard.press("Enter")
    sure = page.get_by_role("button", name="确认注销")
    tab_to(sure)
    page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_have_text("已注销，不在基数")
    assert [words for words in complaints if "422" not in words] == []


def test_a_box_suggests_and_a_code_is_checked_while_typing(
    page, live_server, sign_in, cast, two_enterprises, complaints
):
    sign_in("dong")
    page.goto(f"{live_server.url}/enterprises/new/")
    code = page.get_by_label("统一社会信用代码")
    code.press_sequentially("9135 0100 M000 100Y 44")
    expect(page.locator(".said")).to_contain_text("校验位不对")
    code.fill("")
    code.press_sequentially(two_enterprises.first.credit_code)
    expect(page.locator(".said")).to_contain_text("已登记为“东方商贸有限公司”")
    page.goto(f"{live_server.url}/enterprises/{two_enterprises.first.pk}/cover/")
    body = PartyOrganization.objects.get(name__contains="东方商贸")
    page.get_by_role("combobox").press_sequentially("东方")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("combobox")).to_have_value(f"{body}（编号 {body.pk}）")
    assert complaints == []


def test_two_people_edit_one_record(browser, page, live_server, sign_in, cast, two_enterprises):
    """The second of two saves is shown both values and loses nothing."""
    address = f"{live_server.url}/enterprises/{two_enterprises.first.pk}/edit/"
    sign_in("dong")
    page.goto(address)
    other = browser.new_context(locale="zh-CN").new_page()
    other.goto(f"{live_server.url}/accounts/login/")
    other.get_by_label("用户名").fill("wei")
    other.get_by_label("密码").fill("long-enough-1")
    other.get_by_role("button", name="登录").click()
    other.goto(address)
    other.get_by_label("所属村（社区）").fill("光明社区")
    other.get_by_role("button", name="保存").click()
    page.get_by_label("所属村（社区）").fill("团结社区")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("改成了：光明社区")).to_be_visible()
    expect(page.get_by_label("所属村（社区）")).to_have_value("团结社区")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".message.success")).to_contain_text("已保存")
    two_enterprises.first.refresh_from_db()
    assert two_enterprises.first.village == "团结社区"
    other.context.close()
