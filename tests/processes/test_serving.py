"""`manage.py serve` and its worker: a clean end under load, no orphans, no silent death."""

import io
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from pathlib import Path

import pytest

from coverage_tracker.serving import GRACE, PAUSE, SILENT_LOOKS
from coverage_tracker.signs import SECONDS as SIGNS
from coverage_tracker.signs import Signs
from ledgers.models import SILENCE
from ledgers.uploads.workers import SECONDS
from tests.processes.test_uploads_survive import Browser, _ledger, _until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
ROWS = 3_000


def _lives(pid: int) -> bool:
    try:
        return (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split())[0] != "Z"
    except OSError:
        return False


def test_on_sigterm_exports_end_a_commit_is_whole_or_gone_and_it_exits_with_0(district, tmp_path):
    kept = district.run("upload", _ledger(tmp_path / "ledger.xlsx", ROWS))["upload"]
    district.run("work")
    whole, cut, ends = [], [], threading.Event()
    cookie = {"Cookie": f"sessionid={district.cookies['sessionid']}"}

    def export(address: str) -> None:
        while not ends.is_set():
            try:
                request = urllib.request.Request(f"{address}/enterprises/export/", headers=cookie)
                with urllib.request.urlopen(request, timeout=60) as answer:
                    begun = answer.status
                    zipfile.ZipFile(io.BytesIO(answer.read())).testzip()
                    whole.append(begun)
            except (urllib.error.URLError, ConnectionError) as refused:
                if not isinstance(refused, urllib.error.HTTPError):
                    # Nobody is taken in any more.
                    return
                cut.append(refused.code)
            except (HTTPException, zipfile.BadZipFile) as broken:
                if type(broken).__name__ != "RemoteDisconnected":
                    cut.append(broken)

    with district.served() as address:
        (worker,) = _until(district.workers)
        loads = [threading.Thread(target=export, args=(address,)) for _ in range(6)]
        for load in loads:
            load.start()
        assert Browser(address, district.cookies).post(f"/ledgers/{kept}/commit/", {"acknowledged": "1"})[0] == 200
        _until(lambda: len(whole) >= 6)
        district.server.send_signal(signal.SIGTERM)
        assert district.server.wait(timeout=60) == 0, district.log.read_text()[-2000:]
        ends.set()
        for load in loads:
            load.join()
    assert not cut and set(whole) == {200}
    assert not _lives(worker) and "Fatal" not in district.log.read_text()
    after = district.run("state", kept)
    assert (after["state"], after["enterprises"]) in {("committing", 0), ("committed", ROWS)}


def test_a_killed_server_leaves_no_worker_behind(district):
    with district.served():
        (worker,) = _until(district.workers)
        district.server.kill()
        _until(lambda: not _lives(worker), 10)


def test_what_a_killed_worker_was_at_is_told_of_within_a_minute(district, tmp_path):
    with district.served() as address:
        (worker,) = _until(district.workers)
        browser = Browser(address, district.cookies)
        fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
        _, page = browser.post("/ledgers/new/", fields, _ledger(tmp_path / "ledger.xlsx", 20_000))
        kept = int(page.rstrip("/").rpartition("/")[2])
        _until(lambda: district.run("state", kept)["state"] == "examining")
        os.kill(worker, signal.SIGKILL)
        killed = time.monotonic()
        after = _until(lambda: (found := district.run("state", kept))["state"] != "examining" and found, 60)
        assert after["state"] == "failed" and "重试" in after["note"]
        assert time.monotonic() - killed <= 60
    assert SILENCE.total_seconds() + SECONDS <= 60


def test_a_worker_that_hangs_is_replaced_and_the_queue_goes_on(district, tmp_path):
    with district.served() as address:
        (worker,) = _until(district.workers)
        os.kill(worker, signal.SIGSTOP)
        browser = Browser(address, district.cookies)
        fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
        _, page = browser.post("/ledgers/new/", fields, _ledger(tmp_path / "ledger.xlsx", 20))
        kept = int(page.rstrip("/").rpartition("/")[2])
        after = _until(
            lambda: (found := district.run("state", kept))["state"] == "examined" and found,
            SILENT_LOOKS * PAUSE + GRACE + 180,
        )
        assert after["counts"]["new"] == 20
        assert not _lives(worker) and len(district.workers()) == 1
    assert "gave no sign of life" in district.log.read_text()


def test_signs_are_given_while_the_main_thread_gets_on():
    ours, theirs = os.pipe()
    signs = Signs(theirs, stuck=3 * SIGNS)
    signs.start()
    for _ in range(5):
        signs.around(lambda sql: sql, "SELECT 1")
        assert os.read(ours, 10) == b"."
    # It does not any more: what is under way is read, then nothing comes.
    os.set_blocking(ours, False)
    time.sleep(5 * SIGNS)
    assert len(os.read(ours, 100)) <= 4
    time.sleep(2 * SIGNS)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)
    os.close(ours)
    os.close(theirs)


def test_a_port_that_is_taken_is_said_in_one_line(district):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = district.start("manage.py", "serve", "--no-worker", "--port", str(taken.getsockname()[1]))
        assert process.wait(timeout=60) == 1
    last = district.log.read_text().strip().splitlines()[-1]
    assert last.startswith("CommandError: 没有启动：127.0.0.1:") and "PORT" in last


def test_gunicorn_and_the_worker_ask_too_whether_the_database_is_right(district):
    with district.served("--no-worker"):
        # The key that the database was begun with is noted by the first server.
        pass
    district.environment["FINGERPRINT_KEY"] = "one-more-key-that-is-another-0123456789-abcdefghijklmnop"
    for arguments in (("-c", "import coverage_tracker.wsgi"), ("manage.py", "worker")):
        process = district.start(*arguments)
        assert process.wait(timeout=60) == 1
        assert "FINGERPRINT_KEY" in district.log.read_text().strip().splitlines()[-1], arguments
