"""Pages: what they say, what their addresses carry, and how many statements they cost."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise
from ledgers.models import Upload
from ledgers.reading import limits
from tests import ledger_maker as maker
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date


def statements(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    ["/dashboard/?as_of=2023-12-31", "/committees/", "/figures/organization_covered/", "/enterprises/", "/organizations/", "/instructors/", "/members/", "/todo/", "/plan/", "/users/", "/figures/organization_covered/export/"],
)  # fmt: skip
def test_the_statements_of_a_page_do_not_grow_with_the_rows(address, cast, signed_in, two_enterprises, east, west):
    client = signed_in(cast.wei)
    make.member(east, two_enterprises.first)
    few = statements(client, address)
    for number in range(25):
        committee = east if number % 2 else west
        enterprise = make.enterprise(committee)
        make.cover(enterprise, make.organization(committee))
        make.assign(enterprise, committee)
        make.headcount(enterprise, employees=5)
        make.member(committee, enterprise)
    assert statements(client, address) == few
    assert few < 38


def test_the_dashboard_says_how_far_the_district_is(cast, signed_in, east):
    for number in range(10):
        enterprise = make.enterprise(east)
        if number:
            make.cover(enterprise, make.organization(east))
    make.exclude(make.enterprise(east), D(2020, 1, 1))
    page = signed_in(cast.wei).get("/dashboard/?as_of=2021-06-30").content.decode()
    for words in ("90.00%", "已达标", "还有 184 天", "还差", "每周须完成 1", "第 1 条", "努力目标", "空壳"):
        assert words in page, words
    assert "/figures/organization_uncovered/?as_of=2021-06-30" in page


def test_a_figures_list_keeps_the_question_in_its_address_and_exports_the_same(cast, signed_in, two_enterprises, east):
    client = signed_in(cast.wei)
    page = client.get(f"/figures/organization_covered/?as_of=2020-05-01&committee={east.pk}&q=东方").content.decode()
    assert "东方商贸有限公司" in page and "西山" not in page and "截至 2020-05-01" in page
    assert f"export/?as_of=2020-05-01&amp;committee={east.pk}&amp;q=" in page
    answer = client.get(f"/figures/organization_covered/export/?as_of=2020-05-01&committee={east.pk}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0][:2] == ("序号", "企业名称") and [row[1] for row in rows[1:]] == ["东方商贸有限公司"]
    assert rows[1][6] == "中共东方商贸有限公司支部委员会"


def test_what_was_known_at_a_moment_can_be_asked_of_pages(cast, signed_in, two_enterprises):
    client = signed_in(cast.wei)
    assert "2 家" in client.get("/figures/enterprises/?as_of=2020-05-01").content.decode()
    page = client.get("/figures/enterprises/?as_of=2020-05-01&known_at=2020-05-01T00:00").content.decode()
    assert "0 家" in page and "按 2020-05-01 00:00 掌握的数据" in page


@pytest.mark.parametrize(
    "as_of", ["昨天", "2020-02-30", "2020-13-01", "2020-05", "<script>", "99999-01-01", "0000-00-00"]
)
def test_a_date_that_is_none_is_said_beside_the_field(cast, signed_in, as_of):
    answer = signed_in(cast.wei).get("/dashboard/", {"as_of": as_of})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'class="fault"' in page and "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize("query", ["page=x", "page=-1", "page=999", "committee=abc", "ownership=zz", "sort=zz", "q=%00", "q=%ED%A0%80", "known_at=x"])  # fmt: skip
@pytest.mark.parametrize(
    "address", ["/dashboard/", "/enterprises/", "/figures/enterprises/", "/organizations/", "/ledgers/"]
)
def test_nonsense_in_an_address_breaks_nothing(cast, signed_in, two_enterprises, address, query):
    assert signed_in(cast.wei).get(f"{address}?{query}").status_code == 200


def test_the_committees_table_sorts_by_any_column(cast, signed_in, east, west):
    make.enterprise(east)
    for _ in range(2):
        make.enterprise(west)
    client = signed_in(cast.wei)

    def order(query: str) -> bool:
        page = client.get("/committees/" + query).content.decode()
        return page.index("东关办事处") < page.index("西苑办事处")

    assert (order(""), order("?sort=enterprises"), order("?sort=-enterprises")) == (True, True, False)


@pytest.fixture
def post_ledger(signed_in):
    def post(user, committee, content: bytes, name: str = "台账.xlsx", **more):
        client = signed_in(user)
        file = SimpleUploadedFile(name, content)
        answer = client.post("/ledgers/new/", {"committee": committee.pk, "file": file, **more}, follow=True)
        return client, answer

    return post


@pytest.fixture
def ledger(tmp_path) -> bytes:
    rows = maker.truth("东关办事处", 1, 12)
    return maker.write_xlsx(tmp_path / "a.xlsx", maker.table(rows, maker.Style()), committee="东关办事处").read_bytes()


def test_upload_preview_commit_and_again(cast, east, post_ledger, ledger):
    client, answer = post_ledger(cast.dong, east, ledger)
    upload = Upload.objects.get()
    page = answer.content.decode()
    assert "导入预览" in page and "提交导入" in page and upload.counts["new"] == 12
    assert not Enterprise.objects.exists()
    done = client.post(f"/ledgers/{upload.pk}/commit/", follow=True).content.decode()
    assert "已导入：新增 12，" in done and Enterprise.objects.count() == 12
    assert {row.history_change_reason for row in Enterprise.history.all()} == {f"upload:{upload.pk}"}
    assert {row.history_user for row in Enterprise.history.all()} == {cast.dong}
    twice = client.post(f"/ledgers/{upload.pk}/commit/", follow=True).content.decode()
    assert "已经导入过了" in twice and Enterprise.history.count() == 12
    _, again = post_ledger(cast.dong, east, ledger)
    assert "没有变动" in again.content.decode()


def test_a_preview_overtaken_by_the_register_stops_and_can_be_compared_again(cast, east, post_ledger, ledger):
    client, _ = post_ledger(cast.dong, east, ledger)
    first = Upload.objects.get()
    client, twice = post_ledger(cast.dong, east, ledger)
    assert "没有重复上传" in twice.content.decode() and Upload.objects.count() == 1
    client, _ = post_ledger(cast.dong, east, ledger, as_of="2023-12-20")
    client.post(f"/ledgers/{Upload.objects.exclude(pk=first.pk).get().pk}/commit/")
    stopped = client.post(f"/ledgers/{first.pk}/commit/", follow=True).content.decode()
    assert "请点“重新比对”" in stopped
    again = client.post(f"/ledgers/{first.pk}/again/", follow=True).content.decode()
    assert "没有变动" in again


def test_bad_rows_are_listed_and_may_be_left_out(cast, east, post_ledger, tmp_path):
    rows = maker.truth("东关办事处", 1, 3)
    grid = maker.table(rows, maker.Style())
    grid[2][7] = "约五十"
    content = maker.write_xlsx(tmp_path / "a.xlsx", grid, committee="东关办事处").read_bytes()
    client, answer = post_ledger(cast.dong, east, content)
    page = answer.content.decode()
    assert "约五十" in page and "职工人数：应为整数" in page and "只导入其余 2 行" in page
    upload = Upload.objects.get()
    assert "有 1 行有错误或待定" in client.post(f"/ledgers/{upload.pk}/commit/", follow=True).content.decode()
    assert not Enterprise.objects.exists()
    client.post(f"/ledgers/{upload.pk}/commit/", {"skip_bad_rows": "1"})
    assert Enterprise.objects.count() == 2


def test_a_ledger_without_a_date_is_asked_for_one(cast, east, post_ledger, tmp_path):
    grid = maker.table(maker.truth("东关办事处", 1, 3), maker.Style())
    content = maker.write_xlsx(tmp_path / "a.xlsx", grid, committee="东关办事处", as_of="").read_bytes()
    client, answer = post_ledger(cast.dong, east, content)
    assert "按这个日期重新检查" in answer.content.decode()
    upload = Upload.objects.get()
    assert "台账日期" in client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": ""}, follow=True).content.decode()
    page = client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": "2023-12-20"}, follow=True).content.decode()
    assert "提交导入" in page


@pytest.mark.parametrize(
    ("content", "words"), [(b"%PDF-1.4", "PDF"), (b"PK\x03\x04broken", "损坏"), (b"x,y\n1,2", "没有找到可以导入的表")]
)
def test_what_is_no_ledger_gets_one_clear_message(cast, east, post_ledger, content, words):
    _, answer = post_ledger(cast.dong, east, content)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert "提交导入" not in answer.content.decode()


@pytest.mark.parametrize("name", ["evil.exe", "台账.pdf", "图.SVG", "表.xlsx.lnk", "说明.docx", "全部.zip"])
def test_what_ends_like_no_spreadsheet_is_not_kept(cast, east, post_ledger, ledger, name):
    _, answer = post_ledger(cast.dong, east, ledger, name=name)
    assert answer.status_code == 422 and "不是电子表格" in answer.content.decode() and not Upload.objects.exists()


@pytest.mark.parametrize("name", ["台账.xls", "台账.CSV", "台账2023.12.25", "台账", "台账.xlsx(1)", "台账.et"])
def test_a_ledger_is_taken_whatever_its_ending_says(cast, east, post_ledger, ledger, name):
    post_ledger(cast.dong, east, ledger, name=name)
    assert Upload.objects.get().file_name == name and Upload.objects.get().state == "examined"


def test_the_form_says_what_is_missing_or_too_large(cast, east, signed_in, monkeypatch):
    client = signed_in(cast.dong)
    assert "请选择要上传的台账文件" in client.post("/ledgers/new/", {"committee": east.pk}).content.decode()
    empty = client.post("/ledgers/new/", {"committee": east.pk, "file": SimpleUploadedFile("a.csv", b"")})
    assert "空的" in empty.content.decode()
    monkeypatch.setattr(limits, "FILE_BYTES", 5)
    large = client.post("/ledgers/new/", {"committee": east.pk, "file": SimpleUploadedFile("a.csv", b"a,b,c,d")})
    assert "文件超过" in large.content.decode()


def test_a_wrong_date_can_be_mended_until_the_commit(cast, east, post_ledger, ledger):
    client, answer = post_ledger(cast.dong, east, ledger, as_of="2019-01-01")
    assert "台账日期不对" in answer.content.decode()
    upload = Upload.objects.get()
    assert (
        "在未来" in client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": "2099-01-01"}, follow=True).content.decode()
    )
    client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": "2023-12-20"})
    upload.refresh_from_db()
    assert upload.as_of == D(2023, 12, 20) and not upload.problems
    future = client.post(
        "/ledgers/new/", {"committee": east.pk, "file": SimpleUploadedFile("a.csv", b"a,b"), "as_of": "2099-01-01"}
    )
    assert future.status_code == 422 and "在未来" in future.content.decode()


def test_the_reasons_left_out_open_lists_of_their_own_size(cast, signed_in, east):
    for number in range(3):
        make.exclude(make.enterprise(east), D(2020, 1, 1), reason="shell" if number else "dormant")
    client = signed_in(cast.wei)
    page = client.get("/dashboard/?as_of=2020-06-30").content.decode()
    assert "/figures/left_out/?as_of=2020-06-30&amp;reason=shell" in page or "reason=shell" in page
    assert "2 家" in client.get("/figures/left_out/?as_of=2020-06-30&reason=shell").content.decode()
    assert "1 家" in client.get("/figures/left_out/?as_of=2020-06-30&reason=dormant").content.decode()


@pytest.mark.parametrize("query", ["as_of=zzz", "committee=abc", "known_at=0001-01-01T00:00", "ownership=zz"])
def test_an_export_of_what_cannot_be_asked_is_refused(cast, signed_in, two_enterprises, query):
    answer = signed_in(cast.wei).get(f"/figures/enterprises/export/?{query}")
    assert answer.status_code == 400 and "没有导出" in answer.content.decode()


def test_lists_sort_remember_columns_and_page_size_and_export_the_same(cast, signed_in, east):
    for number in range(25):
        make.enterprise(east, f"曾氏{number:02d}号公司", registered=D(2000 + number % 20, 1, 1))
    client = signed_in(cast.dong)
    newest = client.get("/enterprises/?sort=-registered_on").content.decode()
    assert newest.index("曾氏19号") < newest.index("曾氏18号")
    client.post("/enterprises/", {"column": ["name", "village", "nonsense"], "page_size": "50"})
    page = client.get("/enterprises/").content.decode()
    assert "共 25 条" in page and page.count("<tr>") >= 26 and "sort=village" in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/enterprises/export/?sort=-registered_on").content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("序号", "企业名称", "所属村（社区）") and rows[1][1] == "曾氏19号公司" and len(rows) == 26


@pytest.mark.parametrize("initials", ["cs", "zs", "ZS"])
def test_names_are_found_by_the_initials_of_every_reading(cast, signed_in, east, west, initials):
    make.enterprise(east, "曾氏商贸公司")
    make.enterprise(west, "曾氏物流公司")
    client = signed_in(cast.dong)
    for address in ("/enterprises/", "/search/"):
        page = client.get(address, {"q": initials}).content.decode()
        assert "曾氏商贸" in page and "曾氏物流" not in page


def test_the_search_remembers_what_was_opened(cast, signed_in, two_enterprises):
    client = signed_in(cast.dong)
    client.get(f"/enterprises/{two_enterprises.first.pk}/")
    assert "最近看过" in client.get("/search/").content.decode()


def test_bulk_actions_do_all_or_nothing(cast, signed_in, east, west):
    mine = [make.enterprise(east) for _ in range(3)]
    other = make.enterprise(west)
    make.assign(mine[0], east)
    person = mine[0].assignments.get().instructor
    client = signed_in(cast.dong)
    rows = [row.pk for row in [*mine[1:], other]]
    shown = client.post("/enterprises/bulk/assign/", {"row": rows, "instructor": person.pk, "on": "2022-01-01"})
    assert "2 家" in shown.content.decode() and person.assignments.count() == 1
    make.confirm(
        client, "/enterprises/bulk/assign/", {"row": rows, "instructor": person.pk, "on": "2022-01-01", "sure": "1"}
    )
    assert person.assignments.count() == 3 and not other.assignments.exists()
    again = [row.pk for row in mine]
    refused = make.confirm(
        client, "/enterprises/bulk/assign/", {"row": again, "instructor": person.pk, "on": "2023-01-01", "sure": "1"}
    )
    assert refused.status_code == 422 and person.assignments.count() == 3
    make.confirm(client, "/enterprises/bulk/check/", {"row": again, "on": "2023-01-01"})
    assert Enterprise.objects.filter(checked_on=D(2023, 1, 1)).count() == 3
    assert client.post("/enterprises/bulk/exclude/", {"row": again}).status_code == 403


def test_markup_in_names_is_shown_harmlessly(cast, signed_in, east):
    make.enterprise(east, "<script>alert(1)</script>公司")
    for address in ("/enterprises/", "/figures/enterprises/"):
        assert "<script>alert" not in signed_in(cast.wei).get(address).content.decode()


def test_the_demo_stays_out_of_any_other_database():
    from unittest.mock import patch

    with patch.dict(connection.settings_dict, NAME="real.sqlite3"), pytest.raises(CommandError, match="not a demo"):
        call_command("demo")


def test_the_demo_crosses_the_plans_steps(capsys):
    from unittest.mock import patch

    from reports.coverage import coverage_on
    from reports.indicators import INDICATORS

    with patch.dict(connection.settings_dict, NAME="test_demo.sqlite3"):
        call_command("demo")
        call_command("demo")
    assert "quwei" in capsys.readouterr().out
    ends = [coverage_on(D(year, 12, 31)).district for year in (2019, 2020, 2021, 2023)]
    assert 550 <= ends[-1]["enterprises"] + ends[-1]["left_out"] + ends[-1]["closed"] <= 650
    assert not ends[0].rate(INDICATORS["organization_coverage"]).at_least(90)
    assert ends[1].rate(INDICATORS["organization_coverage"]).at_least(90)
    assert not ends[2].rate(INDICATORS["organization_coverage"]).at_least(100)
    assert ends[3].rate(INDICATORS["work_coverage"]).at_least(100)


def test_a_fresh_install_has_no_account():
    from committees.models import User

    assert not User.objects.exists()
