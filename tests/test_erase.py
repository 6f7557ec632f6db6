"""A person who is erased is found nowhere any more, and every number stays."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry

from common.models import Extra
from ledgers.models import Conflict, Upload
from organizations.models import Member, MemberPlacement, MemberStage
from reports.coverage import coverage_on
from reports.indicators import FIGURES
from tests import make
from tests.test_canary import everything_kept
from tests.uploading import settle_open, xlsx

pytestmark = [pytest.mark.django_db(transaction=True)]
NAME, PHONE, NUMBER = "欧阳志远", "13812340846", "11010519491231002X"
HEADS = ["姓名", "身份证号", "党员类别", "入党时间", "工作单位", "手机号码", "籍贯"]


@pytest.fixture
def person(post, two_enterprises, cast, west):
    rows = [
        [NAME, NUMBER, "正式党员", "1990-07-01", "东方商贸有限公司", PHONE, "某县"],
        ["李员", None, "正式党员", "1990-07-01", None, None, None],
    ]
    upload = settle_open(post.client, post(xlsx(HEADS, *rows)), 籍贯="+")
    assert post.commit(upload).state == "committed", (upload.state, upload.note, upload.problems, upload.unmapped)
    found = Member.objects.get(name=NAME)
    found.education = "本科"
    found.save()
    Conflict.objects.create(
        kind="person",
        committee=west,
        holder=found.committee,
        subject=found.id_fingerprint,
        name=NAME,
        claimed=NAME,
        held=NAME,
        day=make.LONG_AGO,
    )
    LogEntry.objects.log_actions(cast.admin.pk, [found], CHANGE, change_message="x", single_object=True)
    post.client.get(f"/members/{found.pk}/")
    return found


def counted() -> tuple:
    figures = coverage_on(make.D(2023, 12, 31)).district
    return (
        {key: figures[key] for key in FIGURES},
        list(MemberStage.objects.order_by("pk").values_list("member", "stage", "start", "end")),
        list(MemberPlacement.objects.order_by("pk").values_list("member", "enterprise", "start", "end")),
        list(Member.objects.order_by("pk").values_list("committee", "sex", "education")),
    )


def test_an_erased_person_is_found_nowhere_and_every_number_stays(person, cast, signed_in):
    before = counted()
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    assert NAME in everything_kept(folder) and person.id_fingerprint in everything_kept(folder)
    answer = make.confirm(signed_in(cast.wei), f"/members/{person.pk}/erase/", {"reason": "本人要求"})
    assert answer.status_code == 302
    kept = everything_kept(folder)
    for word in (NAME, PHONE, "1949-12-31", "datetime.date(1949", person.id_fingerprint, "某县"):
        assert word not in kept, word
    assert counted() == before
    signed_in(cast.wei).get(f"/members/{person.pk}/")
    page = signed_in(cast.wei).get(f"/members/{person.pk}/").content.decode()
    assert f"已删除 {person.pk}" in page and NAME not in page and "删除个人信息" not in page
    assert "李员" in kept and not Extra.objects.filter(subject="member", key=person.pk).exists()
    upload = Upload.objects.get()
    assert upload.expired_at is not None and not upload.file.storage.exists(upload.file.name)


def test_looking_at_what_it_would_do_erases_nothing(person, cast, signed_in):
    answer = signed_in(cast.wei).post(f"/members/{person.pk}/erase/", {"reason": "本人要求"})
    assert "不能撤回" in answer.content.decode()
    upload = Upload.objects.get()
    assert (
        Member.objects.filter(name=NAME).exists()
        and upload.file.storage.exists(upload.file.name)
        and NAME in str(upload.differences)
    )
