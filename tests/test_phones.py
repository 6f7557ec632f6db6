"""Phones: masked wherever they are shown or handed out; the mask that comes back means no change."""

import datetime as dt

import pytest

from committees.models import AccessLog
from coverage_tracker.views import PHONES_A_DAY
from enterprises.models import Enterprise
from instructors.models import Assignment, Instructor
from organizations.models import Member
from tests import make
from tests.uploading import cells_of, xlsx

pytestmark = pytest.mark.django_db
PHONE, MASK = "13812340846", "138****0846"
OTHER = "13998765432"


@pytest.fixture
def known(two_enterprises, east):
    """An enterprise, an instructor and a person of East, each with a phone."""
    assignment = Assignment.objects.select_related("instructor").get(enterprise=two_enterprises.first)
    person = make.member(east, two_enterprises.first)
    for record, said in (
        (two_enterprises.first, {"contact_phone": PHONE}),
        (assignment.instructor, {"phone": PHONE, "name": "程指导"}),
        (person, {"phone": PHONE, "name": "李员", "born_on": dt.date(1980, 5, 6)}),
    ):
        for name, value in said.items():
            setattr(record, name, value)
        record.save()
    return {"enterprise": two_enterprises.first, "instructor": assignment.instructor, "member": person}


def phones() -> set[str]:
    return {
        Enterprise.objects.get(name="东方商贸有限公司").contact_phone,
        Instructor.objects.get(name="程指导").phone,
        Member.objects.get().phone,
    }


@pytest.mark.parametrize("kind", ["enterprise_ledger", "instructor_roster", "member_roster"])
def test_a_filled_file_carries_masks_and_comes_back_without_a_change(post, known, east, kind):
    content = post.client.get(f"/ledgers/templates/{kind}/?committee={east.pk}&filled=1").content
    said = cells_of(content)
    assert MASK in said and PHONE not in said
    upload = post(content, as_of="")
    assert (upload.changes, upload.errors) == (0, 0), (upload.differences, upload.problems)
    post.commit(upload)
    assert phones() == {PHONE}


def test_a_mask_of_another_number_is_said_and_left_out(post, known):
    upload = post(xlsx(["企业名称", "统一社会信用代码", "联系电话"], ["东方商贸有限公司", None, "139****0846"]))
    assert upload.changes == 0 and "与登记的对不上" in upload.problems[0]["message"]
    new = post(xlsx(["姓名", "党员类别", "手机号码"], ["新员", "正式党员", MASK]))
    post.commit(new)
    assert Member.objects.get(name="新员").phone == "" and "没有导入" in str(new.problems)


def test_a_whole_number_in_a_file_is_taken_and_shown_masked(post, known):
    upload = post(xlsx(["企业名称", "统一社会信用代码", "联系电话"], ["东方商贸有限公司", None, OTHER]))
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert "139****5432" in page and OTHER not in page and PHONE not in page
    post.commit(upload)
    assert Enterprise.objects.get(name="东方商贸有限公司").contact_phone == OTHER


def edit(client, address: str, **changes):
    """Send the form back as it came, but for the changes."""
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return client.post(address, {**{name: "" if value is None else value for name, value in data.items()}, **changes})


@pytest.mark.parametrize(
    ("kind", "field"), [("enterprise", "contact_phone"), ("instructor", "phone"), ("member", "phone")]
)
def test_a_form_shows_the_mask_and_keeps_what_it_stands_for(post, known, kind, field):
    record = known[kind]
    address = f"{record.get_absolute_url()}edit/"
    page = post.client.get(address).content.decode()
    assert MASK in page and PHONE not in page
    assert edit(post.client, address).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == PHONE
    wrong = edit(post.client, address, **{field: "138****0000"})
    assert wrong.status_code == 422 and "请填写全号" in wrong.content.decode() and PHONE not in wrong.content.decode()
    assert edit(post.client, address, **{field: OTHER}).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == OTHER


def test_a_form_that_is_refused_shows_no_more_than_before(post, known):
    answer = edit(post.client, f"{known['member'].get_absolute_url()}edit/", name="")
    page = answer.content.decode()
    assert answer.status_code == 422 and MASK in page and PHONE not in page and "1980-05-06" not in page


def test_two_who_edit_a_phone_lose_nothing_and_see_no_number(post, known, cast, signed_in):
    address = f"{known['enterprise'].get_absolute_url()}edit/"
    form = post.client.get(address).context["form"]
    first = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert edit(post.client, address, contact_phone=OTHER).status_code == 302
    # The other form still has the old mask: it did not touch the phone.
    assert post.client.post(address, {**first, "remark": "新备注"}).status_code == 302
    known["enterprise"].refresh_from_db()
    assert (known["enterprise"].contact_phone, known["enterprise"].remark) == (OTHER, "新备注")
    both = post.client.post(address, {**first, "contact_phone": "13700000000"})
    page = both.content.decode()
    assert both.status_code == 422 and "139****5432" in page and OTHER not in page


def test_pages_show_the_birth_year_only(post, known):
    person = known["member"]
    address = f"{person.get_absolute_url()}edit/"
    assert "1980-05-06" not in post.client.get(person.get_absolute_url()).content.decode()
    assert "1980 年" in post.client.get(address).content.decode()
    edit(post.client, address)
    person.refresh_from_db()
    assert str(person.born_on) == "1980-05-06"
    edit(post.client, address, born_on="1981-05-06")
    page = post.client.get(person.get_absolute_url()).content.decode()
    assert "1981" in page and "05-06" not in page


def test_so_many_a_day_are_shown_whole(post, known):
    address = f"/phones/enterprise/{known['enterprise'].pk}/"
    for _ in range(PHONES_A_DAY):
        assert post.client.post(address, {"reason": "走访"}).content.decode() == PHONE
    answer = post.client.post(address, {"reason": "走访"}).content.decode()
    assert PHONE not in answer and "不能再看" in answer
    assert AccessLog.objects.filter(what="phone").count() == PHONES_A_DAY + 1
    assert post.client.get(address, {"reason": "走访"}).status_code == 405


def test_a_phone_in_a_cell_that_is_wrong_is_masked(post, known):
    upload = post(xlsx(["企业名称", "统一社会信用代码", "联系电话"], ["东方商贸有限公司", None, f"{OTHER}{'0' * 70}"]))
    assert OTHER not in str(upload.problems)
