"""What a file leaves open is settled once on its page: words, and columns of the form's own."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.desk.lookup import LookupField
from common.models import Extra
from enterprises.models import Enterprise
from instructors.models import Instructor
from ledgers.models import ColumnMapping, Upload, WordMeaning
from ledgers.recognising.rows import Reading
from tests import make
from tests.uploading import settle_open, xlsx

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "职工人数", "正式党员数", "经营状态"]


def rows(word: str = "拟注销", number: int = 3) -> list[list]:
    return [HEAD, *([f"第{n}商贸有限公司", 10, 0, word if n else "在业"] for n in range(number))]


def test_a_word_is_settled_once_for_all_its_rows_and_for_the_next_file(post, east):
    upload = post(xlsx(*rows()))
    assert (upload.open_questions, upload.counts["rejected"], upload.committable) == (2, 2, False)
    assert [(each["shown"], each["number"]) for each in upload.questions] == [("拟注销", 2)]
    upload = settle_open(post.client, upload, 拟注销="operating")
    assert (upload.open_questions, upload.counts["rejected"], upload.committable) == (0, 0, True)
    assert post.commit(upload).state == "committed" and Enterprise.objects.count() == 3
    assert not post(xlsx(*rows(number=4)), name="下一份.xlsx").questions
    meaning = WordMeaning.objects.get()
    assert (meaning.committee, meaning.shown, meaning.user.username) == (east, "拟注销", "dong")
    post.client.post(f"/ledgers/words/{meaning.pk}/forget/")
    assert post(xlsx(*rows(number=5)), name="再一份.xlsx").questions


def test_rows_that_are_not_settled_are_left_out_when_that_is_asked(post):
    upload = post(xlsx(*rows()))
    assert post.commit(upload).state == "examined" and not Enterprise.objects.exists()
    assert post.commit(upload, skip_bad_rows="1").state == "committed"
    assert Enterprise.objects.get().name == "第0商贸有限公司"


def test_a_column_nobody_knows_must_be_settled_before_the_file_goes_in(post):
    upload = post(xlsx([*HEAD, "三会一课"], ["第0商贸有限公司", 10, 0, "在业", "按期"]))
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert page.index("没有认出的栏目") < page.index('id="differences-title"') and "按期" in page
    assert post.commit(upload).state == "examined" and not Enterprise.objects.exists()
    upload = settle_open(post.client, upload, 三会一课="-")
    assert post.commit(upload).state == "committed" and not Extra.objects.exists()


def test_a_column_kept_as_it_stands_is_shown_exported_given_back_and_taken_back(post, east):
    grid = [[*HEAD, "三会一课", "场地"], ["第0商贸有限公司", 10, 0, "在业", "按期", "13800001234 张某"]]
    upload = settle_open(post.client, post(xlsx(*grid)), 三会一课="+", 场地="+")
    assert post.commit(upload).state == "committed"
    enterprise = Enterprise.objects.get()
    page = post.client.get(enterprise.get_absolute_url()).content.decode()
    assert "三会一课" in page and "按期" in page and "138****1234 张某" in page and "13800001234" not in page
    exported = openpyxl.load_workbook(io.BytesIO(post.client.get("/enterprises/export/").content)).active
    cells = [cell.value for row in exported.iter_rows() for cell in row]
    assert "三会一课" in cells and "按期" in cells and "138****1234 张某" in cells
    filled = post.client.get(f"/ledgers/templates/enterprise_ledger/?committee={east.pk}&filled=1").content
    sheet = openpyxl.load_workbook(io.BytesIO(filled)).worksheets[0]
    given = {sheet.cell(3, n).value: sheet.cell(4, n).value for n in range(1, sheet.max_column + 1)}
    assert (given["三会一课"], given["场地"]) == ("按期", "138****1234 张某")
    again = post(filled, name="回来.xlsx")
    assert (again.changes, again.unsettled, again.errors) == (0, [], 0)
    other = post(xlsx(grid[0], [*grid[1][:4], "不按期", "13800001234 张某"]), name="改.xlsx")
    assert [(each["what"], each["old"], each["new"]) for each in other.differences] == [
        ("附加栏“三会一课”", "按期", "不按期")
    ]
    post.commit(other)
    assert "不按期" in post.client.get(enterprise.get_absolute_url()).content.decode()
    post.client.post(f"/ledgers/{other.pk}/undo/")
    page = post.client.get(enterprise.get_absolute_url()).content.decode()
    assert "按期" in page and "不按期" not in page
    # An older ledger has its own word, once; the page shows the newest.
    for name in ("旧.xlsx", "旧的再传.xlsx"):
        old = post(xlsx(grid[0], [*grid[1][:4], "没有", "13800001234 张某"]), name=name, as_of="2022-12-20")
        post.commit(old)
        assert Extra.objects.filter(value="没有").count() == 1
    assert "没有</td>" not in post.client.get(enterprise.get_absolute_url()).content.decode()


def test_an_id_number_in_a_column_of_the_forms_own_is_not_kept(post):
    number = "11010519491231002X"
    grid = [[*HEAD, "经办人证件"], ["第0商贸有限公司", 10, 0, "在业", number]]
    upload = settle_open(post.client, post(xlsx(*grid)), 经办人证件="+")
    assert any("没有保存" in each["message"] and number not in str(each) for each in upload.problems)
    post.commit(upload)
    assert not Extra.objects.exists()


def test_the_district_settles_for_all_and_a_committee_cannot_take_that_back(post, cast, west):
    district = Client()
    district.force_login(cast.wei, backend="django.contrib.auth.backends.ModelBackend")
    upload = post(xlsx([*HEAD, "三会一课"], ["第0商贸有限公司", 10, 0, "拟注销", "按期"]))
    settle_open(district, upload, 三会一课="+", 拟注销="operating", for_all="1")
    assert ColumnMapping.objects.get().committee is None and WordMeaning.objects.get().committee is None
    theirs = Client()
    theirs.force_login(cast.xi, backend="django.contrib.auth.backends.ModelBackend")
    content = xlsx([*HEAD, "三会一课"], ["西山商贸有限公司", 10, 0, "拟注销", "按期"])
    theirs.post(
        "/ledgers/new/", {"file": SimpleUploadedFile("西.xlsx", content), "committee": west.pk, "as_of": "2023-12-20"}
    )
    assert Upload.objects.get(committee=west).committable
    page = theirs.get("/ledgers/mappings/").content.decode()
    assert "全区" in page and "恢复自动识别" not in page and "以后再问" not in page
    assert theirs.post(f"/ledgers/mappings/{ColumnMapping.objects.get().pk}/forget/").status_code == 404
    assert theirs.post(f"/ledgers/words/{WordMeaning.objects.get().pk}/forget/").status_code == 404


def test_what_the_district_says_of_a_name_is_told_to_its_committee_only(post, cast, east):
    district = Client()
    district.force_login(cast.wei, backend="django.contrib.auth.backends.ModelBackend")
    head = [*HEAD, "党组织名称"]
    upload = post(xlsx(head, ["第0商贸有限公司", 10, 0, "在业", "红色驿站"]))
    settle_open(district, upload, 红色驿站="itself", for_all="1")
    assert WordMeaning.objects.get().committee == east


def test_the_same_file_is_examined_anew_when_its_cause_is_mended(post, east):
    content = xlsx(*rows())
    first = post(content)
    WordMeaning.objects.create(
        committee=east, kind="enterprise_ledger", field="status", word="拟注销", meaning="operating"
    )
    again = post(content)
    assert again.pk == first.pk and not again.open_questions


def test_a_fault_of_ours_is_told_with_its_place_and_logged_without_the_row(post, monkeypatch, caplog):
    def stumble(self, index):
        raise TypeError(self.sheet.rows[1][0])

    monkeypatch.setattr(Reading, "row", stumble)
    upload = post(xlsx(*rows()))
    assert upload.state == "refused" and "第 2 行处理不了" in upload.problems[0]["message"]
    assert "TypeError" in caplog.text and "第0商贸有限公司" not in caplog.text


@pytest.mark.parametrize("spelling", ["阿不都·艾尼", "阿不都•艾尼", "阿不都．艾尼", "阿不都・艾尼"])
def test_a_person_is_one_whichever_dot_stands_in_the_name(post, east, spelling):
    head = [*HEAD, "党建指导员姓名", "派驻时间"]
    written = ["阿不都·艾尼", spelling]
    rows = [[f"第{n}商贸有限公司", 10, 0, "在业", name, "2023-01-01"] for n, name in enumerate(written)]
    post.commit(post(xlsx(head, *rows)))
    person = Instructor.objects.get()
    assert person.name == "阿不都·艾尼" and person.assignments.count() == 2
    assert list(Instructor.objects.search(spelling)) == [person]
    field = LookupField(Instructor.objects.all(), kind="instructors")
    assert field.clean(spelling) == person


def test_names_are_found_by_any_spelling(east):
    enterprise = make.enterprise(east, "示例（中国）商贸有限公司")
    for written in ("示例(中国)商贸有限公司", "示例（中国） 商贸有限公司", "示例\u200b（中国）商贸"):
        assert list(Enterprise.objects.search(written)) == [enterprise], written
    enterprise.name = "改名商贸有限公司"
    enterprise.save()
    assert enterprise.name_key == "改名商贸有限公司"
