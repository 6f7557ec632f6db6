"""The desk of uploads: several files, whose they are, what is missing, what mends what, what is given up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enterprises.models import Enterprise
from ledgers.models import Conflict, Upload
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "职工人数", "正式党员数"]


def ledger(unit: str = "", day: str = "2023年12月20日", employees: object = 10, code: str = "") -> bytes:
    said = [f"填报单位：{unit}"] if unit else ["台账"]
    dated = [f"填报时间：{day}"] if day else []
    return xlsx([*said, *dated], HEAD, ["甲公司", code or make.credit_code(5), employees, 0])


def send(client, *contents: bytes, **more) -> None:
    files = [SimpleUploadedFile(f"{n}.xlsx", content) for n, content in enumerate(contents, 1)]
    answer = client.post("/ledgers/new/", {"file": files, **more})
    assert answer.status_code == 302, answer.context["form"].errors


def test_several_files_at_once_are_a_row_each(post, east):
    send(post.client, ledger(), ledger(day="2023年11月20日"), b"nonsense", committee=east.pk)
    assert [each.state_words for each in Upload.objects.order_by("pk")] == ["待提交", "待提交", "不能导入"]
    page = post.client.get("/ledgers/").content.decode()
    assert page.count("看过变动，提交") == 2 and "看原因" in page


def test_the_districts_ledger_is_of_the_unit_that_it_names(signed_in, cast, east):
    client = signed_in(cast.wei)
    send(client, ledger("东关办事处"))
    upload = Upload.objects.get()
    assert upload.committee == east and upload.committable
    send(client, ledger("", employees=11))
    nobodys = Upload.objects.latest("pk")
    assert (nobodys.committee, nobodys.state_words) == (None, "待补填报单位")
    assert "待补填报单位" in client.get("/ledgers/").content.decode()
    client.post(f"/ledgers/{nobodys.pk}/unit/", {"committee": east.pk, "back": "desk"})
    nobodys.refresh_from_db()
    assert nobodys.committee == east and nobodys.committable


def test_a_missing_day_is_asked_for_on_the_desk(post, east):
    send(post.client, ledger(day=""), committee=east.pk)
    upload = Upload.objects.get()
    assert upload.state_words == "待补台账日期" and "补上" in post.client.get("/ledgers/").content.decode()
    answer = post.client.post(f"/ledgers/{upload.pk}/as-of/", {"as_of": "2023-12-20", "back": "desk"})
    upload.refresh_from_db()
    assert answer["Location"] == "/ledgers/" and upload.committable


def test_another_units_ledger_waits_for_its_own_tick_and_promises_no_conflict(post, east, west):
    theirs = make.enterprise(west, "西山物流有限公司")
    upload = post(ledger("西苑办事处", code=theirs.credit_code), as_of="")
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert "填报单位对不上" in page and "列入“冲突”" not in page and not Conflict.objects.exists()
    assert post.commit(upload, skip_bad_rows="1").state == "examined"
    post.client.post(f"/ledgers/{upload.pk}/unit/", {"confirm": "1"})
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert "填报单位对不上" not in page and "提交后列入“冲突”" in page and not Conflict.objects.exists()
    upload.refresh_from_db()
    assert post.commit(upload, skip_bad_rows="1").state == "committed" and Conflict.objects.count() == 1


def test_a_second_try_says_how_much_it_mends_and_the_first_waits_no_more(post):
    first = post(ledger(employees="约五十"))
    assert first.state_words == "待改正"
    assert first.file_name in post.client.get("/todo/").content.decode()
    second = post(ledger(employees=50), name="改好.xlsx")
    assert (second.follows, second.mended) == (first, 1)
    assert "已改正 1 条" in post.client.get(f"/ledgers/{second.pk}/").content.decode()
    work = post.client.get("/todo/").content.decode()
    assert "改好.xlsx" in work and first.file_name not in work


def test_what_is_given_up_is_off_the_desk_and_changed_nothing(post):
    upload = post(ledger())
    post.client.post(f"/ledgers/{upload.pk}/discard/", follow=True)
    upload.refresh_from_db()
    assert upload.state == "discarded" and upload.file_name not in post.client.get("/ledgers/").content.decode()
    assert upload.file_name in post.client.get("/ledgers/?state=discarded").content.decode()
    assert post.commit(upload).state == "discarded" and not Enterprise.objects.exists()
    committed = post.commit(post(ledger(), name="好.xlsx"))
    post.client.post(f"/ledgers/{committed.pk}/discard/")
    committed.refresh_from_db()
    assert committed.state == "committed"


def test_a_marked_copy_is_offered_although_no_row_is_good(post):
    upload = post(ledger(employees="约五十"))
    assert upload.good_rows == 0
    assert f"/ledgers/{upload.pk}/marked/" in post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert post.client.get(f"/ledgers/{upload.pk}/marked/").status_code == 200
