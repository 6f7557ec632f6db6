"""Wrong settings are told in a line each, with what to do, without a trace or a secret; keys, and the trusted proxy."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, RequestFactory, override_settings

from committees.models import AccessLog, KeyCheck
from coverage_tracker.env import Reader
from coverage_tracker.proxied import proxied
from coverage_tracker.startup import CHANGED, key_is_right, objections

ROOT = Path(__file__).resolve().parent.parent
KEY, OTHER = (
    "k3y-of-this-test-only-0123456789-abcdefghijklmnopqrstuvw",
    "0ther-of-this-test-only-0123456789-abcdefghijklmnopqrst",
)
GOOD = {"SECRET_KEY": KEY, "FINGERPRINT_KEY": OTHER, "ALLOWED_HOSTS": "fugai.example.gov.cn"}


def manage(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "var"), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


WRONG = [
    ("SECRET_KEY", ""), ("SECRET_KEY", "x"), ("SECRET_KEY", "a" * 80), ("FINGERPRINT_KEY", ""), ("FINGERPRINT_KEY", KEY),
    ("FINGERPRINT_KEY", "short-secret"), ("ALLOWED_HOSTS", ""), ("ALLOWED_HOSTS", "*"), ("ALLOWED_HOSTS", "https://fugai.example.gov.cn"),
    ("ALLOWED_HOSTS", "fugai.example.gov.cn:8000"), ("DATABASE_URL", "mysql://u:hidden-word@h/n"), ("DATABASE_URL", "postgres://u:hidden-word@h:port/n"),
    ("DATABASE_URL", "postgres://u:hidden-word@h/"), ("DATABASE_URL", "postgres://u:hidden-word@h/n?sslmod=require"),
    ("DATABASE_URL", "postgres://u:hidden-word@10.0.0.5/n"), ("DATABASE_URL", "postgres://u:hidden-word@db.local/n?sslmode=require"),
    ("DATABASE_URL", "postgres://u:hidden-word@localhost/n?hostaddr=10.0.0.5"),
    ("DATABASE_URL", "sqlite:///a.db?mode=ro"), ("DATABASE_URL", "nonsense"), ("UPLOADS_KEPT_DAYS", "abc"), ("UPLOADS_KEPT_DAYS", "0"),
    ("PORT", "99999"), ("HTTPS", "maybe"), ("DEBUG", "perhaps"), ("LOG_LEVEL", "LOUD"), ("CSRF_TRUSTED_ORIGINS", "fugai.example.gov.cn"),
    ("TRUSTED_PROXY", "proxy.local"), ("SECOND_FACTOR", "2"), ("VAR_DIR", str(ROOT / "manage.py")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_told_in_a_line(tmp_path, name, value):
    done = manage(tmp_path, "check", **{**GOOD, name: value})
    lines = [line for line in done.stderr.splitlines() if line]
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert lines[0] == "设置有误，没有启动：" and all("：" in line for line in lines)
    assert any(line.startswith(f"{name}：") for line in lines), lines
    assert not any(secret in done.stderr for secret in (KEY, OTHER, "hidden-word", "short-secret"))


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    done = manage(tmp_path, "check", PORT="x", LOG_LEVEL="y")
    for name in ("SECRET_KEY", "FINGERPRINT_KEY", "ALLOWED_HOSTS", "PORT", "LOG_LEVEL"):
        assert f"\n{name}：" in done.stderr


def test_right_values_start(tmp_path):
    assert manage(tmp_path, "check", **GOOD).returncode == 0


def test_options_reach_postgresql(tmp_path):
    pytest.importorskip("psycopg")
    show = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    url = "postgres://u:p@h:5433/n?sslmode=verify-full&connect_timeout=3"
    done = manage(tmp_path, "shell", "-c", show, **GOOD, DATABASE_URL=url)
    assert "'sslmode': 'verify-full'" in done.stdout and "'connect_timeout': 3" in done.stdout


@pytest.mark.parametrize(
    "where",
    [
        "localhost/n",
        "127.0.0.1:5433/n",
        "[::1]/n",
        "%2Fvar%2Frun%2Fpostgresql/n",
        "/n",
        "10.0.0.5/n?sslmode=verify-full",
    ],
)
def test_a_database_of_this_machine_needs_no_certificate(where):
    pytest.importorskip("psycopg")
    reader = Reader()
    reader.env.ENVIRON = {"DATABASE_URL": f"postgres://u:p@{where}"}
    reader.database("DATABASE_URL", "", ROOT)
    assert reader.faults == []


def test_the_shipped_units_reach_this_machine_only():
    for unit in ("coverage.service", "coverage-backup.service"):
        lines = (ROOT / "deploy" / unit).read_text().splitlines()
        assert {"IPAddressDeny=any", "IPAddressAllow=localhost"} <= set(lines), unit


# -- keys -------------------------------------------------------------------------------------------


def test_keys_are_made_once_and_read_from_their_file(tmp_path):
    assert manage(tmp_path, "make_keys").returncode == 0
    keys = tmp_path / "var" / "keys.env"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600 and stat.S_IMODE(keys.parent.stat().st_mode) == 0o700
    before = keys.read_text()
    assert manage(tmp_path, "check", ALLOWED_HOSTS="x.example").returncode == 0
    again = manage(tmp_path, "make_keys")
    assert again.returncode == 1 and "没有改动" in again.stderr and keys.read_text() == before


def test_what_is_written_is_the_owners_only(tmp_path):
    assert manage(tmp_path, "migrate", "--verbosity", "0", **GOOD).returncode == 0
    made = tmp_path / "var" / "db.sqlite3"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600 and stat.S_IMODE(made.parent.stat().st_mode) == 0o700


@pytest.mark.django_db
def test_another_fingerprint_key_is_refused_and_the_way_back_told(settings):
    assert key_is_right() and objections() == []
    settings.FINGERPRINT_KEY = OTHER
    assert objections() == [CHANGED] and "保险柜" in CHANGED
    assert settings.FINGERPRINT_KEY not in str(list(KeyCheck.objects.values()))


# -- what stands against serving ----------------------------------------------------------------------


def test_an_empty_and_a_newer_database_are_refused_in_a_line(tmp_path):
    empty = manage(tmp_path, "serve", "--no-worker", **GOOD)
    assert empty.returncode == 1 and "还没有升级" in empty.stderr and "Traceback" not in empty.stderr
    assert manage(tmp_path, "migrate", "--verbosity", "0", **GOOD).returncode == 0
    newer = "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection; R(connection).record_applied('ledgers', '9999_later')"
    assert manage(tmp_path, "shell", "-c", newer, **GOOD).returncode == 0
    late = manage(tmp_path, "serve", "--no-worker", **GOOD)
    assert (
        late.returncode == 1 and "数据库比程序新（ledgers.9999_later" in late.stderr and "Traceback" not in late.stderr
    )


def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path):
    pytest.importorskip("psycopg")
    away = manage(tmp_path, "serve", "--no-worker", **GOOD, DATABASE_URL="postgres://u:hidden-word@127.0.0.1:1/n")
    assert away.returncode == 1 and "连不上数据库（127.0.0.1/n）" in away.stderr and "hidden-word" not in away.stderr


# -- behind a proxy -----------------------------------------------------------------------------------

SAID = {
    "HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.1.2.3",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
}


def as_seen(peer: str, **said: str) -> tuple[str, bool, str]:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **said)
    proxied(lambda request: None)(request)
    return request.META["REMOTE_ADDR"], request.is_secure(), request.META.get("HTTP_X_FORWARDED_HOST", "")


@override_settings(TRUSTED_PROXY=["127.0.0.1", "10.9.0.0/16"])
def test_the_named_proxy_is_believed_and_only_of_what_it_saw_itself():
    assert as_seen("127.0.0.1", **SAID) == ("10.1.2.3", True, "")
    assert as_seen("10.9.3.4", **SAID) == ("10.1.2.3", True, "")
    assert as_seen("127.0.0.1") == ("127.0.0.1", False, "")
    assert as_seen("127.0.0.1", HTTP_X_FORWARDED_FOR="nonsense") == ("127.0.0.1", False, "")


def test_nobody_else_is_believed():
    for trusted in ([], ["127.0.0.1"], ["unix"]):
        with override_settings(TRUSTED_PROXY=trusted):
            assert as_seen("10.1.1.1", **SAID) == ("10.1.1.1", False, "")


@override_settings(TRUSTED_PROXY=["unix"])
def test_a_proxy_on_a_socket_has_no_address():
    assert as_seen("", **SAID)[:2] == ("10.1.2.3", True)


@pytest.mark.django_db
@override_settings(TRUSTED_PROXY=["127.0.0.1"], AXES_ENABLED=True)
def test_a_locked_out_guesser_does_not_lock_out_the_victim(cast):
    def sign_in(address: str, password: str) -> int:
        form = {"username": "dong", "password": password}
        return Client(REMOTE_ADDR="127.0.0.1").post("/accounts/login/", form, HTTP_X_FORWARDED_FOR=address).status_code

    for _ in range(9):
        sign_in("10.0.0.66", "wrong")
    assert sign_in("10.0.0.66", "long-enough-1") in {403, 429} and sign_in("10.0.0.7", "long-enough-1") == 302
    assert AccessLog.objects.get(what="signed_in").address == "10.0.0.7"


@pytest.mark.django_db
@override_settings(TRUSTED_PROXY=["127.0.0.1"], SECURE_SSL_REDIRECT=True)
def test_behind_tls_nothing_redirects_to_itself():
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.get("/accounts/login/", HTTP_X_FORWARDED_PROTO="https").status_code == 200
    assert client.get("/accounts/login/").status_code == 301
    # What watches over the machine asks without TLS, and is answered.
    assert client.get("/healthz").status_code == 200 and client.get("/readyz").status_code in {200, 503}
