"""A backup restored gives every row and file again, on either database; what is not whole is refused."""

import json
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

with suppress(ImportError):
    import psycopg

from tests.processes.district import ROOT, District
from tests.processes.test_uploads_survive import _ledger, _until


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> str:
    """A key as make_keys writes it."""
    import pyrage

    return str(pyrage.x25519.Identity.generate())


@pytest.fixture
def filled(district, tmp_path, keys) -> District:
    district.environment["BACKUP_KEY"] = keys
    kept = district.run("upload", _ledger(tmp_path / "ledger.xlsx", 200))["upload"]
    district.run("work")
    district.run("commit", kept)
    district.run("work")
    return district


def manage(district: District, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and the last line that it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=district.environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, (done.stdout or done.stderr).strip().splitlines()[-1]


def beside(district: District, folder: Path) -> District:
    """An empty place with the same keys."""
    made = District(folder)
    made.environment |= {name: district.environment[name] for name in ("SECRET_KEY", "FINGERPRINT_KEY", "BACKUP_KEY")}
    return made


def contents(district: District, path: str) -> tuple[bytes, dict]:
    """The rows and the manifest, without what differs from one backup to the next."""
    script = (
        "import sys, gzip, json, django; django.setup(); from pathlib import Path\n"
        "from coverage_tracker.backups.archive import Backup\n"
        "backup = Backup(Path(sys.argv[1]))\n"
        "Path(sys.argv[2]).write_bytes(gzip.decompress(backup._bytes('rows.jsonl.gz').read()))\n"
        "print(json.dumps(backup.manifest))"
    )
    rows = district.folder / "rows"
    done = subprocess.run(
        [sys.executable, "-c", script, path, str(rows)],
        cwd=ROOT,
        env=district.environment,
        capture_output=True,
        check=True,
    )
    manifest = json.loads(done.stdout)
    del manifest["taken"], manifest["database"], manifest["files"]["rows.jsonl.gz"]
    return rows.read_bytes(), manifest


def test_restored_and_backed_up_again_is_the_same_byte_for_byte(filled, tmp_path):
    code, path = manage(filled, "backup")
    assert code == 0 and Path(path).stat().st_mode & 0o777 == 0o600
    again = beside(filled, tmp_path / "again")
    assert manage(again, "restore", path)[0] == 0
    code, second = manage(again, "backup")
    assert code == 0 and contents(again, second) == contents(filled, path)
    _, manifest = contents(filled, path)
    assert manifest["counts"]["enterprises.Enterprise"] == 200 and len(manifest["files"]) == 2
    # And it goes on: the next row of a table gets a key of its own, the figures are there.
    kept = again.run("upload", _ledger(tmp_path / "more.xlsx", 210))["upload"]
    again.run("work")
    again.run("commit", kept)
    again.run("work")
    assert again.run("state", kept)["enterprises"] == 210
    assert manage(again, "check_facts")[0] == 0


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="needs PostgreSQL")
@pytest.mark.django_db
def test_from_sqlite_to_postgresql_and_back(filled, tmp_path):
    with database_of_postgresql(tmp_path) as (address, other):
        _, path = manage(filled, "backup")
        there = beside(filled, tmp_path / "there")
        there.environment["DATABASE_URL"] = address
        assert manage(there, "restore", path)[0] == 0
        _, from_there = manage(there, "backup")
        assert contents(there, from_there) == contents(filled, path)
        back = beside(filled, tmp_path / "back")
        assert manage(back, "restore", from_there)[0] == 0
        assert contents(back, manage(back, "backup")[1]) == contents(filled, path)
        _outlives(there, other)


def _outlives(district: District, other) -> None:
    """A worker goes on when the database throws it out, as at a restart; and ends when it is told to."""

    def seen() -> object:
        with closing(psycopg.connect(district.environment["DATABASE_URL"])) as asking:
            return asking.execute("SELECT max(seen_at) FROM ledgers_workerseen").fetchone()[0]

    worker = district.start("manage.py", "worker")
    try:
        before = _until(seen)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        assert other.execute(others, [district.environment["DATABASE_URL"].rpartition("/")[2]]).fetchall()
        _until(lambda: (seen() or before) > before)
        assert worker.poll() is None
    finally:
        worker.terminate()
    assert worker.wait(timeout=20) == 0


@contextmanager
def database_of_postgresql(tmp_path: Path):
    """The address of an empty database, and a connection to another."""
    said, name = connection.settings_dict, f"restored_{tmp_path.name[-8:]}".replace("-", "_")
    address = f"postgres://{said['USER']}:{said['PASSWORD']}@{said['HOST'] or 'localhost'}:{said['PORT'] or 5432}"
    with closing(psycopg.connect(f"{address}/postgres", autocommit=True)) as other:
        other.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{address}/{name}", other
        finally:
            other.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_what_cannot_be_restored_says_why_and_writes_nothing(filled, tmp_path):
    _, path = manage(filled, "backup")
    empty = beside(filled, tmp_path / "empty")

    def refused(file: Path | str, *, of: District = empty) -> str:
        code, said = manage(of, "restore", str(file))
        assert code == 1
        assert of is not empty or not empty.database.exists() or empty.database.stat().st_size == 0
        return said

    whole = Path(path).read_bytes()
    for place in (3, len(whole) // 2, len(whole) - 1):
        flipped = tmp_path / "flipped"
        flipped.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "打不开" in refused(flipped)
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    assert "打不开" in refused(tmp_path / "cut")
    assert "读不了" in refused(tmp_path / "nowhere")
    assert "只能恢复到空的" in refused(path, of=filled)
    import pyrage

    empty.environment["BACKUP_KEY"], right = str(pyrage.x25519.Identity.generate()), empty.environment["BACKUP_KEY"]
    assert "BACKUP_KEY 不是做备份时的那一个" in refused(path)
    empty.environment["BACKUP_KEY"] = "short"
    assert "make_keys" in refused(path)
    empty.environment["BACKUP_KEY"] = right
    empty.environment["FINGERPRINT_KEY"] = "one-more-key-that-is-another-0123456789-abcdefghijklmnop"
    assert "FINGERPRINT_KEY" in refused(path)


def test_the_oldest_backups_go_and_a_check_writes_nothing(filled, tmp_path):
    folder = tmp_path / "backups"
    paths = [manage(filled, "backup", str(folder), "--keep", "2")[1] for _ in range(3)]
    assert [str(each) for each in sorted(folder.iterdir())] == paths[1:]
    empty = beside(filled, tmp_path / "empty")
    code, said = manage(empty, "restore", paths[-1], "--check")
    assert code == 0 and "完好" in said and not empty.database.exists()


def test_while_one_writes_a_backup_is_of_one_moment_and_holds_nobody_up(filled):
    import sqlite3

    # The first one notes the key, which is a row.
    manage(filled, "backup")
    with closing(sqlite3.connect(filled.database, isolation_level=None, timeout=1)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM reports_target")
        code, path = manage(filled, "backup")
        other.execute("ROLLBACK")
    assert code == 0 and contents(filled, path)[1]["counts"]["reports.Target"] > 0
