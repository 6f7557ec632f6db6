"""A disk that is really full while the product runs: a small one of memory, made by root."""

import os
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes.test_uploads_survive import Browser, _ledger, _until

SAID = "磁盘满了"
ROWS = 500


class SmallDisk:
    def __init__(self, folder: Path):
        self.folder = folder
        self.filling = folder / "filling"

    def fill(self, but: int = 0) -> None:
        """Leave so many bytes, about."""
        self.empty()
        with self.filling.open("wb", buffering=0) as file, suppress(OSError):
            while (free := shutil.disk_usage(self.folder).free) > but:
                file.write(b"x" * min(free - but, 1 << 20))

    def empty(self) -> None:
        self.filling.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path):
    """A disk of 48 MB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a disk")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _get(address: str, path: str, cookies: dict) -> tuple[int, str]:
    request = urllib.request.Request(address + path, headers={"Cookie": f"sessionid={cookies['sessionid']}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_disk_that_fills_while_people_work(_new_district, disk, tmp_path):
    district = _new_district.copy(disk.folder / "var")
    # What is written while nobody can write is not of this disk.
    district.log = tmp_path / "log"
    with district.served() as address:
        _until(district.workers)
        browser = Browser(address, district.cookies)
        fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
        disk.fill()
        status, page = _get(address, "/enterprises/export/", district.cookies)
        assert status == 507 and SAID in page
        status, page = browser.post("/ledgers/new/", fields, _ledger(tmp_path / "ledger.xlsx", ROWS))
        assert status == 507
        # Whoever is signed in can go on reading, for all that nothing can be noted.
        assert _get(address, "/enterprises/", district.cookies)[0] == 200
        assert urllib.request.urlopen(f"{address}/healthz", timeout=10).status == 200
        assert not list((district.folder / "uploads").rglob("*.*"))
        disk.empty()
        _, page = browser.post("/ledgers/new/", fields, tmp_path / "ledger.xlsx")
        kept = int(page.rstrip("/").rpartition("/")[2])
        _until(lambda: district.run("state", kept)["state"] == "examined", 120)
    # Started anew, the database has no room beside it that was made before.
    with district.served() as address:
        _until(district.workers)
        browser = Browser(address, district.cookies)
        # Enough for what is asked for, and not for what is then written.
        disk.fill(250_000)
        assert browser.post(f"/ledgers/{kept}/commit/", {"acknowledged": "1"})[0] == 200
        assert SAID in _get(address, f"/ledgers/{kept}/", district.cookies)[1]
        _until(lambda: "没有办成" in _get(address, f"/ledgers/{kept}/", district.cookies)[1], 120)
        disk.empty()
        after = _until(lambda: (now := district.run("state", kept))["state"] != "committing" and now, 120)
        assert (after["state"], after["enterprises"], after["history"]) == ("failed", 0, 0)
        assert browser.post(f"/ledgers/{kept}/retry/", {})[0] == 200
        _until(lambda: district.run("state", kept)["state"] == "examined", 120)
        assert browser.post(f"/ledgers/{kept}/commit/", {"acknowledged": "1"})[0] == 200
        after = _until(lambda: (now := district.run("state", kept))["state"] != "committing" and now, 120)
        assert (after["state"], after["enterprises"], after["history"]) == ("committed", ROWS, ROWS)
    with sqlite3.connect(district.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(district.folder.rglob("*.part"))


def test_a_database_that_may_not_grow_is_left_as_it_was(district, tmp_path):
    kept = district.run("upload", _ledger(tmp_path / "ledger.xlsx", 200))["upload"]
    district.run("work")
    district.run("commit", kept)
    with sqlite3.connect(district.database) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    district.run("work", 0, pages)
    after = district.run("state", kept)
    assert (after["state"], after["enterprises"], after["history"]) == ("failed", 0, 0) and SAID in after["note"]
    done = district.run("again", kept)
    assert (done["state"], done["enterprises"], done["history"]) == ("committed", 200, 200)
