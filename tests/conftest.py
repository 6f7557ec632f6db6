"""A cast of named users and a small district for every test."""

import datetime as dt
import gc
import itertools
import os
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase

from committees.models import Committee, CommitteeKind, User
from committees.scope import Role
from ledgers import process
from ledgers.models import Upload
from tests import make
from tests.histories import sheet
from tests.one_ledger import BASE


def pytest_addoption(parser):
    parser.addoption("--browser-tests", action="store_true", help="run the tests that drive Chromium")


def pytest_ignore_collect(collection_path, config):
    """The browser tests need packages of their own: make test-browser."""
    if collection_path.name == "browser" and not config.getoption("--browser-tests"):
        return True
    return None


def pytest_collection_finish():
    """What was loaded until now stays: looked through as often as Python does by itself, it takes a sixth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """A file for the test database where one is named: SQLite in memory has one connection only. Else each process of
    the tests has a database of its own."""
    if name := os.environ.get("TEST_DATABASE"):
        connection.settings_dict["TEST"]["NAME"] = name


@pytest.fixture(autouse=True)
def _uploads_in_a_temporary_folder(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "common.durable.DurableStorage",
            "OPTIONS": {"location": tmp_path / "uploads"},
        },
    }


@pytest.fixture
def east(db) -> Committee:
    return Committee.objects.create(kind=CommitteeKind.SUBDISTRICT, name="东关办事处", order=1)


@pytest.fixture
def west(db) -> Committee:
    return Committee.objects.create(kind=CommitteeKind.SUBDISTRICT, name="西苑办事处", order=2)


@pytest.fixture
def cast(east, west) -> SimpleNamespace:
    """Everyone who may come to a door. Wei works for the district, Dong for east, Xi for west."""

    def user(name: str, role: str = "", committee: Committee | None = None, **more) -> User:
        return User.objects.create_user(name, password="long-enough-1", role=role, committee=committee, **more)

    return SimpleNamespace(
        wei=user("wei", Role.DISTRICT),
        kan=user("kan", Role.DISTRICT_VIEWER),
        dong=user("dong", Role.COMMITTEE, east),
        dong_kan=user("dong-kan", Role.COMMITTEE_VIEWER, east),
        xi=user("xi", Role.COMMITTEE, west),
        nobody=user("nobody"),
        gone=user("gone", Role.DISTRICT, is_active=False),
        admin=User.objects.create_superuser("admin", password="long-enough-1"),
    )


@pytest.fixture
def signed_in(client):
    """A function: the test client signed in as a user."""

    def sign_in(user: User):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def two_enterprises(east, west) -> SimpleNamespace:
    """One enterprise of each committee, each covered and assisted."""
    first = make.enterprise(east, "东方商贸有限公司", registered=dt.date(2015, 1, 1))
    second = make.enterprise(west, "西山物流有限公司", registered=dt.date(2016, 1, 1))
    for each, committee in ((first, east), (second, west)):
        make.cover(each, make.organization(committee, f"中共{each.name}支部委员会"))
        make.assign(each, committee)
    return SimpleNamespace(first=first, second=second)


@pytest.fixture
def post(signed_in, cast, east):
    """A function: upload through the page as Dong and get the upload; with `commit`, `client` and `viewer`."""
    client = signed_in(cast.dong)

    def post(content: bytes, name: str = "表.xlsx", **more) -> Upload:
        more = {"committee": east.pk, "as_of": "2023-12-20", **more}
        answer = client.post("/ledgers/new/", {"file": SimpleUploadedFile(name, content), **more}, follow=True)
        return Upload.objects.get(pk=int(answer.request["PATH_INFO"].split("/")[2]))

    def commit(upload: Upload, **more) -> Upload:
        client.post(f"/ledgers/{upload.pk}/commit/", {"acknowledged": "1", **more})
        upload.refresh_from_db()
        return upload

    def viewer(address: str) -> int:
        """The status that one of the committee's viewers is answered."""
        other = Client()
        other.force_login(cast.dong_kan, backend="django.contrib.auth.backends.ModelBackend")
        return other.get(address).status_code

    post.client, post.commit, post.viewer = client, commit, viewer
    return post


@pytest.fixture
def office(east, monkeypatch):
    """Three enterprises of the East, and a function: commit a sheet as of a day, errors at their rows allowed. Its
    files are upload:1, upload:2 and so on."""
    for name in ("东方商贸有限公司", "南方食品有限公司", "北方物流有限公司"):
        make.enterprise(east, name, registered=dt.date(2015, 1, 1))
    number = itertools.count(1)

    def take(on: dt.date, *rows: list, committee: Committee = east) -> process.Outcome:
        monkeypatch.setattr(process, "read_file", lambda path: [sheet(list(rows))])
        request = process.Request(committee, on)
        seen = process.examine(None, request)
        reason = f"upload:{next(number)}"
        return process.commit(None, request, reason=reason, skip_bad_rows=True, expected_digest=seen.digest)

    return take


@pytest.fixture
def ledger(tmp_path):
    """A function: a workbook with these rows (changes to BASE) and headings."""

    def write(*rows: dict, name: str = "台账.xlsx", drop: tuple = (), above: list | None = None) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        for line in above or []:
            sheet.append(line)
        keys = [key for key in dict.fromkeys([*BASE, *(key for row in rows for key in row)]) if key not in drop]
        sheet.append(keys)
        for row in rows:
            sheet.append([{**BASE, **row}.get(key) for key in keys])
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture(autouse=True, scope="session")
def _test_databases_may_be_emptied():
    """What empties a test database must get at the log that nobody may change (committees/append_only.py)."""
    from django.test import TransactionTestCase

    from committees.append_only import unprotect

    tear_down = TransactionTestCase._fixture_teardown

    def after(self):
        if not isinstance(self, TestCase):
            unprotect()
        tear_down(self)

    TransactionTestCase._fixture_teardown = after
    yield
    TransactionTestCase._fixture_teardown = tear_down
