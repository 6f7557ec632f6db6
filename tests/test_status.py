"""Each fault is shown on the status page and told to what watches over the machine."""

import datetime as dt
import shutil
from collections import namedtuple

import pytest
from django.db import DatabaseError
from django.test import Client, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from committees.append_only import unprotect
from committees.models import KeyCheck, User
from coverage_tracker import status
from coverage_tracker.backups.archive import SUFFIX
from ledgers.models import Upload, WorkerSeen

pytestmark = pytest.mark.django_db
IN_THE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def well(tmp_path, settings):
    """Everything is as it should be, until a test makes a fault."""
    settings.TASKS = IN_THE_QUEUE
    settings.BACKUP_DIR, settings.BACKUP_KEY, settings.VAR_DIR = tmp_path, "AGE-SECRET-KEY-1", tmp_path
    (tmp_path / f"20261127{SUFFIX}").write_bytes(b"a")
    WorkerSeen.objects.create(name="here:1", seen_at=timezone.now())


def found(code: str) -> status.Found:
    return next(each for each in status.QUESTIONS if each.code == code)().answer()


def readyz() -> tuple[int, list[str]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.content.decode().split("\n")[:-1]


def test_when_all_is_well_it_says_so(cast, signed_in):
    page = signed_in(cast.wei).get("/status/").content.decode()
    assert "一切正常" in page and "故障" not in page and "注意" not in page
    code, lines = readyz()
    assert code == 200 and all(line.endswith(" ok") for line in lines) and len(lines) == 9
    assert Client().get("/healthz").content == b"ok\n"


def test_an_empty_product_leads_from_committees_to_ledgers(cast, signed_in, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "none"
    page = signed_in(cast.admin).get("/").content.decode()
    labels = ["登记党（工）委", "建立用户", "抄存密钥", "上传台账"]
    assert [page.index(label) for label in labels] == sorted(page.index(label) for label in labels)
    # There are committees and users; there is no backup. An administrator without a role hands nothing in.
    assert page.count("✓") == 2 and "/ledgers/new/" not in page
    assert 'href="/ledgers/new/"' in signed_in(cast.wei).get("/").content.decode()
    settings.BACKUP_DIR = tmp_path
    assert signed_in(cast.wei).get("/").content.decode().count("✓") == 3


def test_no_database(monkeypatch):
    def away(*_: object) -> None:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(status.connection, "ensure_connection", away)
    assert readyz() == (503, ["database bad"])
    assert found("database").level == status.BAD and "secret" not in found("database").words


def test_a_log_that_could_be_changed():
    unprotect()
    assert "防改保护" in found("database").words and readyz()[0] == 503


def test_a_schema_that_is_not_the_programs(monkeypatch):
    monkeypatch.setattr(status, "schema_objections", lambda: ["数据库还没有升级（差 1 项）"])
    assert found("schema") == (status.BAD, "数据库还没有升级（差 1 项）") and readyz()[0] == 503


def test_another_fingerprint_key():
    KeyCheck.objects.update_or_create(name="fingerprint", defaults={"value": "0" * 64})
    assert found("keys").level == status.BAD and readyz()[0] == 503


def test_no_worker_for_a_minute(cast, signed_in, east):
    WorkerSeen.objects.update(seen_at=timezone.now() - dt.timedelta(seconds=61))
    assert found("worker").level == status.BAD and "1 分钟前" in found("worker").words
    code, lines = readyz()
    # People can be answered all the same.
    assert code == 200 and "worker bad" in lines
    # And whoever has handed in a file is told.
    upload = Upload.objects.create(committee=east, user=cast.dong, file_name="a.csv", size=1, heartbeat=timezone.now())
    client = signed_in(cast.dong)
    for page in (f"/ledgers/{upload.pk}/", f"/ledgers/{upload.pk}/progress/", "/ledgers/"):
        assert "后台程序没有在运行" in client.get(page).content.decode(), page
    WorkerSeen.objects.update(seen_at=timezone.now())
    assert "后台程序没有在运行" not in client.get("/ledgers/").content.decode()


def test_a_queue_that_does_not_move():
    from ledgers.uploads.tasks import run

    run.enqueue(1, 0, "examining")
    assert found("queue").level == status.FINE
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=11))
    assert found("queue") == (status.WARNED, "1 个在排队，最早的11 分钟前放进来")


@pytest.mark.parametrize(("free", "level"), [(6 << 30, status.FINE), (2 << 30, status.WARNED), (1 << 20, status.BAD)])
def test_a_disk_that_fills(monkeypatch, free, level):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 0, free))
    assert found("disk").level == level


def test_backups_that_stopped(tmp_path, monkeypatch):
    later = timezone.now() + dt.timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "定时备份停了" in found("backup").words
    (tmp_path / f"20261127{SUFFIX}").unlink()
    assert "没有备份" in found("backup").words and found("backup").level == status.BAD
    with override_settings(BACKUP_KEY=""):
        assert "不能备份" in found("keys").words


def test_what_goes_over_the_network_in_the_clear():
    for https, host, proxy, level in (
        (True, "0.0.0.0", [], status.FINE),
        (False, "127.0.0.1", [], status.FINE),
        (False, "127.0.0.1", ["127.0.0.1"], status.WARNED),
        (False, "0.0.0.0", [], status.WARNED),
    ):
        with override_settings(HTTPS=https, HOST=host, TRUSTED_PROXY=proxy):
            assert found("https").level == level, (https, host)


def test_accounts_that_nobody_uses(cast):
    User.objects.filter(pk=cast.dong.pk).update(last_login=timezone.now() - dt.timedelta(days=91))
    first = {"password_is_first": True, "date_joined": timezone.now() - dt.timedelta(days=15)}
    User.objects.filter(pk=cast.xi.pk).update(**first)
    assert found("accounts") == (
        status.WARNED,
        "1 个发出首次密码 14 天没有用，1 个 90 天没有登录：不用的请停用。",
    )
    # Who has left counts no more.
    User.objects.filter(pk__in=[cast.dong.pk, cast.xi.pk]).update(is_active=False)
    assert found("accounts").level == status.FINE


def test_a_reader_that_reads_nothing_is_told_to_people_only(well, cast, signed_in, monkeypatch):
    monkeypatch.setattr(status, "reads", lambda: False)
    assert found("reader").level == status.BAD
    assert "连一张最简单的表也读不了" in signed_in(cast.wei).get("/status/").content.decode()
    assert not any(line.startswith("reader") for line in readyz()[1])
