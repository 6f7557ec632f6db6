"""What somebody asks of the whole register by claiming it: nothing is told, and whoever asks often is noticed."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn import ric

from committees.models import AccessLog
from common.identifiers import check_id_number
from enterprises.models import Enterprise
from ledgers.models import Conflict, Upload
from ledgers.uploads.asking import A_DAY
from organizations.models import Member
from tests import make
from tests.uploading import cells_of, xlsx

pytestmark = pytest.mark.django_db
HEADS = ["姓名", "身份证号", "党员类别", "入党时间"]
HELD = "11010519491231002X"
FREE = "110105194912310038"


def number(serial: int) -> str:
    body = f"41080219{70 + serial % 30}0101{serial % 1000:03}"
    return body + ric.calc_check_digit(f"{body}0")


def person(committee, name: str, id_number: str) -> Member:
    told = check_id_number(id_number)
    return Member.objects.create(committee=committee, name=name, born_on=told.born_on, id_fingerprint=told.fingerprint)


@pytest.fixture
def theirs(west) -> Member:
    return person(west, "西方某", HELD)


def preview(post, *people: tuple[str, str], name: str = "花名册.xlsx") -> Upload:
    return post(xlsx(HEADS, *([who, digits, "正式党员", "1990-07-01"] for who, digits in people)), name=name)


def told(upload: Upload, client) -> str:
    """All that a preview says: the page, the details, what is kept; without what differs between any two uploads."""
    page = client.get(f"/ledgers/{upload.pk}/").content.decode()
    kept = {
        name: getattr(upload, name) for name in ("problems", "differences", "counts", "effects", "questions", "claims")
    }
    return str(kept) + page.replace(f"/ledgers/{upload.pk}/", "/ledgers/N/").partition("<main")[2].replace(
        str(upload.size), ""
    )


def test_a_preview_says_the_same_of_a_number_that_is_held_and_of_one_that_is_not(post, theirs):
    held, free = preview(post, ("甲某", HELD)), preview(post, ("甲某", FREE))
    one, other = told(held, post.client), told(free, post.client)
    assert "西方某" not in one and "西苑" not in one
    for part in ("counts", "problems"):
        assert getattr(held, part) == getattr(free, part)
    assert [each["new"] for each in held.differences] == [each["new"] for each in free.differences]
    assert len(one) == len(other)
    assert not Conflict.objects.exists() and not AccessLog.objects.filter(what="id_question").exists()


def test_the_preview_writes_nothing_that_the_database_refuses(post, theirs, monkeypatch):
    upload = preview(post, ("甲某", HELD), ("乙某", FREE))
    assert upload.committable and upload.note == "" and upload.counts["new"] == 2


def test_who_commits_is_told_that_the_district_settles_it_and_no_more(post, theirs, cast, signed_in):
    upload = post.commit(preview(post, ("甲某", HELD), ("乙某", FREE)))
    assert (upload.state, upload.counts["new"], upload.counts["rejected"]) == ("committed", 1, 1)
    assert [each.name for each in Member.objects.order_by("pk")] == ["西方某", "乙某"]
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.holder) == ("person", theirs.committee)
    assert "已列入“冲突”，由区委组织部核定" in upload.problems[0]["message"]
    said = (
        post.client.get(f"/ledgers/{upload.pk}/").content.decode()
        + post.client.get("/ledgers/conflicts/").content.decode()
    )
    said += cells_of(post.client.get(f"/ledgers/{upload.pk}/details/").content)
    assert "甲某" in said and "西方某" not in said and "西苑" not in said
    assert "甲某" not in signed_in(cast.xi).get("/ledgers/conflicts/").content.decode()
    district = signed_in(cast.wei).get("/ledgers/conflicts/").content.decode()
    assert "甲某（1949 年生）" in district and "西方某（1949 年生）" in district


def test_the_same_name_is_no_question(post, theirs):
    post.commit(preview(post, (theirs.name, HELD)))
    assert Conflict.objects.count() == 1 and not AccessLog.objects.filter(what="id_question").exists()


def test_guessing_is_counted_limited_and_on_record(post, theirs, west, cast):
    for serial in range(A_DAY + 5):
        person(west, f"西{serial}", number(serial))
    few = [("甲某", number(serial)) for serial in range(A_DAY - 1)]
    assert post.commit(preview(post, *few)).state == "committed"
    noted = AccessLog.objects.filter(what="id_question", user=cast.dong)
    assert noted.get().count == A_DAY - 1 and Conflict.objects.count() == A_DAY - 1
    more = post.commit(preview(post, *(("乙某", number(serial)) for serial in range(A_DAY - 1, A_DAY + 5))))
    assert more.state == "examined" and "联系区委组织部" in more.note and Conflict.objects.count() == A_DAY - 1
    assert [each.result for each in noted.order_by("pk")] == ["已列入冲突", "超过每日次数"]
    # From then on nothing is answered, right or wrong, by file or by form.
    right = post.commit(preview(post, ("丙某", FREE)))
    assert right.state == "examined" and not Member.objects.filter(name="丙某").exists()
    form = {
        "name": "丁某",
        "committee": cast.dong.committee_id,
        "stage": "full",
        "stage_since": "2015-07-01",
        "id_number": FREE,
    }
    assert "联系区委组织部" in post.client.post("/members/new/", form).content.decode()
    assert not Member.objects.filter(name="丁某").exists()


def test_the_form_for_a_person_answers_with_a_conflict(post, theirs, cast):
    form = {
        "name": "甲某",
        "committee": cast.dong.committee_id,
        "stage": "full",
        "stage_since": "2015-07-01",
        "id_number": HELD,
    }
    page = post.client.post("/members/new/", form, follow=True).content.decode()
    assert "已列入“冲突”，由区委组织部核定" in page and "西方某" not in page
    assert Member.objects.get() == theirs and Conflict.objects.get().claimed == "甲某（1949 年生）"
    assert AccessLog.objects.get(what="id_question").count == 1
    # A mistake in the form asks nothing.
    wrong = post.client.post("/members/new/", {**form, "stage_since": ""}).content.decode()
    assert "冲突，由" not in wrong and AccessLog.objects.filter(what="id_question").count() == 1


def test_the_form_for_an_enterprise_answers_with_a_conflict(post, two_enterprises, cast):
    code = two_enterprises.second.credit_code
    form = {"name": "冒名公司", "committee": cast.dong.committee_id, "credit_code": code}
    page = post.client.post("/enterprises/new/", form, follow=True).content.decode()
    assert "已列入“冲突”" in page and "西山" not in page
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.subject, conflict.holder) == ("two_names", code, cast.xi.committee)
    first = two_enterprises.first
    edit = {"name": first.name, "credit_code": code, "version": first.history.first().history_id}
    post.client.post(f"/enterprises/{first.pk}/edit/", edit)
    first.refresh_from_db()
    assert first.credit_code != code and Enterprise.objects.filter(credit_code=code).count() == 1


def test_the_date_of_a_namesake_elsewhere_is_not_told(post, west):
    make.organization(west, "中共联合支部委员会", established=dt.date(2010, 3, 4))
    rows = [["党组织名称", "成立时间", "书记"], ["中共联合支部委员会", "2012-01-01", "王新"]]
    upload = post(xlsx(*rows))
    assert not upload.problems and not Conflict.objects.exists()
    post.commit(upload)
    said = (
        post.client.get(f"/ledgers/{upload.pk}/").content.decode()
        + post.client.get("/ledgers/conflicts/").content.decode()
    )
    assert Conflict.objects.get().kind == "two_dates" and "2010-03-04" not in said and "2012-01-01 成立" in said


def test_somebody_who_only_looks_puts_no_question(post, theirs, cast, signed_in):
    upload = preview(post, ("甲某", HELD))
    page = signed_in(cast.dong_kan).get(f"/ledgers/{upload.pk}/").content.decode()
    assert "西方某" not in page and "已列入" not in page
    file = SimpleUploadedFile("表.xlsx", xlsx(HEADS, ["甲某", HELD, "正式党员", None]))
    assert signed_in(cast.dong_kan).post("/ledgers/new/", {"file": file}).status_code == 403
