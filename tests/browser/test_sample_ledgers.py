"""Every sample ledger as a clerk takes it in: the running product with its own worker, in a real browser."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.processes.district import PASSWORD, District

LEDGERS = Path(settings.BASE_DIR).parent / "shared" / "ledgers"
PICTURES = settings.VAR_DIR / "screenshots" / "ledgers"
pytestmark = pytest.mark.skipif(not LEDGERS.exists(), reason="../shared/ledgers is not here")


@pytest.fixture
def expected() -> dict:
    return json.loads((LEDGERS / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def clerk(page, tmp_path, expected):
    """Signed in for the district of the samples; `take` uploads a file and waits for the worker."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    district = District(tmp_path / "var")
    district.run("found", *expected["ledgers"], "南湖办事处")
    with district.served() as address:
        page.goto(f"{address}/accounts/login/")
        page.get_by_label("用户名").fill("wei")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

        def take(name: str, committee: str, picture: str) -> None:
            page.goto(f"{address}/ledgers/new/")
            page.get_by_label("填报单位").select_option(label=committee)
            page.get_by_label("台账文件").set_input_files(LEDGERS / name)
            page.get_by_label("台账日期").fill(expected["as_of"])
            page.get_by_role("button", name="上传并预览").click()
            expect(page.locator("#progress")).to_have_count(0, timeout=30_000)
            page.screenshot(path=PICTURES / f"{picture}-1-preview.png", full_page=True)

        def commit(picture: str) -> None:
            for box in page.get_by_label("都已看过").all():
                box.check()
            page.get_by_role("button", name="提交导入").click()
            expect(page.get_by_text("已导入：")).to_be_visible(timeout=30_000)
            page.screenshot(path=PICTURES / f"{picture}-2-committed.png", full_page=True)

        page.take, page.commit, page.address = take, commit, address
        yield page


def test_the_samples_give_the_expected_figures(clerk, expected):
    for number, (committee, name) in enumerate(expected["ledgers"].items()):
        clerk.take(name, committee, f"ledger{number}")
        expect(clerk.locator(".tiles .bad")).to_have_count(0)
        clerk.commit(f"ledger{number}")
        # The same once more changes nothing, and says so.
        clerk.take(name, committee, f"again{number}")
        expect(clerk.get_by_role("button", name="提交（没有变动）")).to_be_visible()
        clerk.get_by_role("link", name="没有变化").click()
        expect(clerk.locator("ul.plain li").first).to_contain_text("行")
    clerk.goto(f"{clerk.address}/dashboard/?as_of={expected['as_of']}")
    clerk.screenshot(path=PICTURES / "dashboard.png", full_page=True)
    for committee, figures in {"全区": expected["district"], **expected["by_committee"]}.items():
        figures = figures.get(expected["as_of"], figures.get(committee))
        if committee == "全区":
            row = clerk.locator("table.figures tfoot tr, table.figures tbody tr", has_text="全区").first
            assert row.locator("td").nth(0).inner_text() == str(figures["enterprises"])
            assert row.locator("td").nth(1).inner_text() == str(figures["organization_covered"])
    for number, name in enumerate(
        ["党员花名册-东关办事处.xls", "党建指导员花名册-东关办事处.xls", "党组织基本情况表-东关办事处.xlsx"]
    ):
        clerk.take(name, "东关办事处", f"roster{number}")
        clerk.commit(f"roster{number}")
        clerk.take(name, "东关办事处", f"roster-again{number}")
        expect(clerk.get_by_role("button", name="提交（没有变动）")).to_be_visible()


def test_the_broken_sample_comes_back_marked(clerk, expected):
    clerk.take("有错误的台账-南湖办事处.xlsx", "南湖办事处", "broken")
    expect(clerk.get_by_text("有错误或待定的写法")).to_be_visible()
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="下载标注件").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames[0] == "问题清单"
    clerk.goto(f"{clerk.address}/ledgers/")
    expect(clerk.get_by_role("link", name="标注件").first).to_be_visible()
    clerk.screenshot(path=PICTURES / "list.png", full_page=True)
