"""A full disk, of files and of either database: said in words, with nothing half-done and nothing half-written."""

import errno
import os
import shutil
import sqlite3
import time
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from committees.models import AccessLog
from common.full_disk import is_full
from coverage_tracker import startup, status
from enterprises.models import Enterprise
from ledgers.models import Upload, WorkerSeen
from ledgers.reading import limits, sandbox
from ledgers.uploads.expiry import expire_nameless
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
LEDGER = [["企业名称", "统一社会信用代码", "职工人数"], ["甲公司", make.credit_code(5), 10]]
SAID = "服务器的磁盘满了"
IN_THE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def _sqlite() -> Exception:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


class _DiskFull(Exception):
    """As psycopg raises it, which need not be installed."""

    sqlstate = "53100"


@pytest.fixture(params=[_sqlite, _DiskFull], ids=["SQLite", "PostgreSQL"])
def full_database(request):
    """A function: rows of the table cannot be written any more, while the block runs."""

    def full(table: str = ""):
        def refuse(execute, sql, *rest):
            if sql.startswith(("INSERT", "UPDATE")) and f'"{table}' in sql:
                raise OperationalError from request.param()
            return execute(sql, *rest)

        return connection.execute_wrapper(refuse)

    return full


def _no_room(monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 1 << 40, 0))


def _files() -> list[Path]:
    return [path for path in Path(storages["default"].location).rglob("*") if path.is_file()]


def test_it_is_told_from_other_faults(monkeypatch):
    assert is_full(OSError(errno.ENOSPC, "")) and is_full(OSError(errno.EDQUOT, ""))
    assert not is_full(None) and not is_full(OSError(errno.EACCES, "")) and not is_full(OperationalError("locked"))
    # SQLite says so too when it cannot enlarge its files, and of broken disks.
    broken = sqlite3.OperationalError("disk I/O error")
    broken.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert not is_full(broken)
    _no_room(monkeypatch)
    assert is_full(broken) and not is_full(OperationalError("locked"))


def test_nobody_is_signed_in_and_it_is_said_why(cast, full_database):
    client = Client(raise_request_exception=False)
    with full_database():
        answer = client.post("/accounts/login/", {"username": "dong", "password": "long-enough-1"})
    assert answer.status_code == 507 and SAID in answer.content.decode()
    assert client.get("/todo/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_pages_are_read_and_what_must_be_on_record_is_not_handed_out(cast, signed_in, full_database):
    client = signed_in(cast.dong)
    client.raise_request_exception = False
    session = client.session
    session["seen"] = time.time() - 120
    session.save()
    before = AccessLog.objects.count()
    with full_database():
        assert client.get("/todo/").status_code == 200
        answer = client.get("/enterprises/export/")
        assert answer.status_code == 507 and SAID in answer.content.decode()
    assert AccessLog.objects.count() == before


@pytest.mark.parametrize("table", [Upload._meta.db_table, DBTaskResult._meta.db_table])
def test_a_file_whose_row_could_not_be_written_is_not_kept(post, east, full_database, settings, table):
    settings.TASKS = IN_THE_QUEUE
    file = SimpleUploadedFile("表.xlsx", xlsx(*LEDGER))
    with full_database(table):
        answer = post.client.post("/ledgers/new/", {"file": file, "committee": east.pk, "as_of": "2023-12-20"})
    assert answer.status_code == 507 and SAID in answer.content.decode()
    assert not Upload.objects.exists() and not _files()


@pytest.mark.parametrize("step", ["examine", "commit", "undo"])
def test_work_that_finds_no_room_is_given_up_whole_and_can_be_done_again(post, full_database, step):
    # What each step writes.
    table = "enterprises_historical" if step != "undo" else "enterprises_enterprise"
    if step == "examine":
        with full_database(table):
            upload = post(xlsx(*LEDGER))
    else:
        upload = post(xlsx(*LEDGER))
        if step == "commit":
            with full_database(table):
                post.commit(upload)
        else:
            post.commit(upload)
            with full_database(table):
                post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert SAID in upload.note and "数据没有改动" in upload.note
    assert (upload.state, Enterprise.objects.count()) == (("committed", 1) if step == "undo" else ("failed", 0))
    if step == "undo":
        post.client.post(f"/ledgers/{upload.pk}/undo/")
        upload.refresh_from_db()
        assert (upload.state, upload.note) == ("undone", "")
    else:
        post.client.post(f"/ledgers/{upload.pk}/retry/")
        assert post.commit(Upload.objects.get()).state == "committed" and Enterprise.objects.exists()


def test_a_disk_that_is_full_is_no_file_that_is_too_hard(post, monkeypatch):
    class Ended:
        returncode = limits.NO_ROOM

    with monkeypatch.context() as patched:
        patched.setattr(sandbox.subprocess, "run", lambda *_, **__: Ended)
        upload = post(xlsx(*LEDGER))
        assert upload.state == "failed" and SAID in upload.note
    post.client.post(f"/ledgers/{upload.pk}/retry/")
    assert post.commit(Upload.objects.get()).state == "committed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="wants a device that is full")
def test_the_reading_process_says_so(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("企业名称\n甲公司\n", encoding="utf-8")
    with Path("/dev/full").open("wb") as answer, pytest.raises(OSError) as said:
        sandbox._run("ledgers.reading.child", [str(path)], stdout=answer)
    assert said.value.errno == errno.ENOSPC


def test_what_waits_says_what_for(post, cast, signed_in, monkeypatch, settings):
    settings.TASKS = IN_THE_QUEUE
    upload = post(xlsx(*LEDGER))
    pages = ["/ledgers/", f"/ledgers/{upload.pk}/", f"/ledgers/{upload.pk}/progress/"]
    assert all("后台程序没有在运行" in post.client.get(page).content.decode() for page in pages)
    _no_room(monkeypatch)
    for page in pages:
        told = post.client.get(page).content.decode()
        assert SAID in told and "后台程序没有在运行" not in told
    words = signed_in(cast.wei).get("/status/").content.decode()
    assert "满了：登录、上传" in words and "动静写不下来" in words and not WorkerSeen.objects.exists()
    assert status.Disk().answer().level == status.BAD


def test_who_starts_on_a_full_disk_is_told_so(monkeypatch):
    def full() -> None:
        raise OperationalError from _sqlite()

    monkeypatch.setattr(startup.connection, "ensure_connection", full)
    assert startup.objections()[0].startswith(SAID)


def test_what_is_half_written_does_not_stay(monkeypatch):
    storage = storages["default"]

    def full(handle):
        raise OSError(errno.ENOSPC, "")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError):
            storage.save("ledgers/x.bin", SimpleUploadedFile("x", b"content"))
    assert not _files()


def test_a_file_that_no_upload_names_goes_after_a_day(post):
    upload = post(xlsx(*LEDGER))
    root = Path(storages["default"].location)
    lost, fresh, other = root / "ledgers/2020/01/a.bin", root / "ledgers/2020/01/b.bin", root / "imports/c.bin"
    for path in (lost, fresh, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    old = time.time() - 2 * 24 * 3600
    for path in (lost, other, Path(upload.file.path), Path(upload.details.path)):
        os.utime(path, (old, old))
    assert expire_nameless() == 1 and not lost.exists()
    assert fresh.exists() and other.exists() and Path(upload.file.path).exists() and Path(upload.details.path).exists()
