"""Who did it: what was seen, taken away, asked and refused is on record, and the record cannot be changed."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from committees.append_only import KEPT_DAYS, protect, unprotect
from committees.models import AccessLog
from common.today import today
from ledgers.models import Upload
from organizations.models import Member
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
LEDGER = [["企业名称", "统一社会信用代码", "职工人数"], ["甲公司", make.credit_code(5), 10]]


def test_uploader_committer_and_undoer_are_kept_apart(post, cast, signed_in):
    upload = post(xlsx(*LEDGER))
    district = signed_in(cast.wei)
    district.post(f"/ledgers/{upload.pk}/commit/", {"acknowledged": "1"})
    other = type(cast.wei).objects.create_user("lin", role="district")
    signed_in(other).post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert (upload.user, upload.committed_by, upload.undone_by) == (cast.dong, cast.wei, other)
    # As text too, whatever becomes of the names.
    type(cast.wei).objects.filter(pk=cast.wei.pk).update(name="改了名", username="other")
    upload = Upload.objects.get()
    assert (upload.user_name, upload.committed_name, upload.undone_name) == (
        "dong（dong）",
        "wei（wei）",
        "lin（lin）",
    )


def test_every_reading_of_a_persons_page_is_on_record_without_the_name(cast, signed_in, east):
    person = make.member(east, None)
    client = signed_in(cast.dong)
    client.get(f"/members/{person.pk}/")
    client.get(f"/members/{person.pk}/edit/")
    rows = AccessLog.objects.of_record(person)
    assert [row.what for row in rows] == ["person", "person"] and {row.user for row in rows} == {cast.dong}
    assert person.name not in str(list(AccessLog.objects.values()))


def test_who_saw_a_person_has_a_page(cast, signed_in, east):
    person = make.member(east, None)
    signed_in(cast.wei).get(f"/members/{person.pk}/")
    page = signed_in(cast.dong).get(f"/members/{person.pk}/seen/").content.decode()
    assert "wei（wei）" in page and "查看人员" in page
    assert signed_in(cast.xi).get(f"/members/{person.pk}/seen/").status_code == 404
    assert signed_in(cast.dong_kan).get(f"/members/{person.pk}/seen/").status_code == 403


def test_what_is_turned_away_is_on_record(cast, signed_in, two_enterprises):
    client = signed_in(cast.dong)
    client.get(f"/enterprises/{two_enterprises.second.pk}/")
    client.get("/dashboard/")
    client.get("/no-such-page/")
    said = list(AccessLog.objects.filter(what="denied").order_by("pk").values_list("subject", "result"))
    assert said == [(f"GET /enterprises/{two_enterprises.second.pk}/", "404"), ("GET /dashboard/", "403")]


def test_signing_in_and_failing_to_is_on_record(cast):
    client = Client()
    for password in ("wrong-password-1", "long-enough-1"):
        client.post("/accounts/login/", {"username": "dong", "password": password})
    Client().post("/accounts/login/", {"username": "nosuch", "password": "x"})
    said = list(AccessLog.objects.order_by("pk").values_list("what", "who", "user__username"))
    assert said == [("failed", "dong", None), ("signed_in", "dong（dong）", "dong"), ("failed", "nosuch", None)]


def test_an_export_is_known_again_by_its_hash_and_says_what_was_asked(cast, signed_in, two_enterprises):
    answer = signed_in(cast.dong).get("/enterprises/export/?q=东方&ownership=private")
    row = AccessLog.objects.get(what="export")
    assert row.sha256 == hashlib.sha256(answer.content).hexdigest()
    # What was searched for may be somebody's name.
    assert row.asked == "q=…&ownership=private"


@pytest.fixture
def three_days_ago(cast) -> list[AccessLog]:
    rows = [AccessLog.note(None, "export", f"第{n}份", user=cast.dong, count=n) for n in range(3)]
    unprotect()
    AccessLog.objects.update(at=timezone.now() - dt.timedelta(days=3))
    protect()
    return rows


def test_the_database_refuses_to_change_the_log(cast, three_days_ago):
    row = three_days_ago[0]
    for change in (
        lambda: AccessLog.objects.filter(pk=row.pk).update(subject="别的"),
        lambda: AccessLog.objects.filter(pk=row.pk).delete(),
        lambda: connection.cursor().execute(f"DELETE FROM committees_accesslog WHERE id = {row.pk}"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert AccessLog.objects.filter(subject="第0份").exists()


def test_only_what_is_old_may_go(cast, three_days_ago):
    unprotect()
    AccessLog.objects.filter(pk=three_days_ago[0].pk).update(at=timezone.now() - dt.timedelta(days=KEPT_DAYS + 1))
    protect()
    AccessLog.objects.filter(pk=three_days_ago[0].pk).delete()
    assert AccessLog.objects.count() == 2


def test_a_seal_names_the_day_and_the_row_that_changed(tmp_path, capsys, three_days_ago, cast):
    day = today() - dt.timedelta(days=3)
    call_command("audit_seal", "--day", day.isoformat())
    line = capsys.readouterr().out
    assert json.loads(line)["rows"] == 3
    kept = tmp_path / "seals"
    kept.write_text(line, encoding="utf-8")
    call_command("audit_verify", kept)
    assert "与封存时一致" in capsys.readouterr().out
    unprotect()
    first, second, _ = three_days_ago
    AccessLog.objects.filter(pk=first.pk).update(count=77)
    AccessLog.objects.filter(pk=second.pk).delete()
    late = AccessLog.note(None, "export", user=cast.dong)
    AccessLog.objects.filter(pk=late.pk).update(at=first.at - dt.timedelta(days=3))
    with pytest.raises(SystemExit):
        call_command("audit_verify", kept)
    said = capsys.readouterr().out
    assert f"{day}：第 {first.pk} 号记录被改动过" in said and f"{day}：第 {second.pk} 号记录不见了" in said
    assert f"{day}：第 {late.pk} 号记录是封存之后加进去的" in said


def test_a_day_that_is_not_over_and_a_file_that_is_no_seal_are_refused(tmp_path):
    with pytest.raises(CommandError, match="还没有过完"):
        call_command("audit_seal", "--day", today().isoformat())
    wrong = tmp_path / "wrong"
    wrong.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="第 1 行不是"):
        call_command("audit_verify", wrong)


def test_the_log_has_a_page_for_the_district_and_each_committee_its_own(cast, signed_in, two_enterprises):
    for user in (cast.dong, cast.xi):
        signed_in(user).get("/enterprises/export/")
    page = signed_in(cast.wei).get("/access-log/").content.decode()
    assert "dong（dong）" in page and "xi（xi）" in page and "企业名单" in page
    own = signed_in(cast.dong).get("/access-log/").content.decode()
    assert "dong（dong）" in own and "xi（xi）" not in own


def test_users_are_not_deleted_and_history_keeps_who_it_was(cast, east):
    with pytest.raises(Exception, match="停用"):
        cast.dong.delete()
    assert Member.objects.count() == 0
