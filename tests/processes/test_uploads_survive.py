"""Workers killed in the middle, requests sent twenty times at once, and where an ID number may not stand."""

import gzip
import io
import os
import signal
import sqlite3
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from tests import make

ID_NUMBER = "11010519491231002X"
ROWS = 5_000
POINTS = 10


def _book(path: Path, rows: list[list]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _ledger(path: Path, rows: int) -> Path:
    headings = ["企业名称", "统一社会信用代码", "成立日期", "职工人数", "正式党员数", "是否建立党组织", "党组织名称", "党组织成立时间"]  # fmt: skip
    body = [
        [f"企业{n}有限公司", make.credit_code(n), "2015-03-01", 20, 3, "是", f"中共企业{n}支部委员会", "2018-07-01"]
        for n in range(rows)
    ]
    return _book(path, [headings, *body])


class Browser:
    """Posts forms as the signed-in user does, with the cookie and the token that a page would give."""

    def __init__(self, address: str, cookies: dict):
        self.address = address
        self.token = "a" * 32
        self.cookies = f"sessionid={cookies['sessionid']}; csrftoken={self.token}"

    def post(self, path: str, fields: dict, file: Path | None = None) -> tuple[int, str]:
        """The status and the address that it ends at."""
        boundary, body = uuid.uuid4().hex, io.BytesIO()
        for name, value in {"csrfmiddlewaretoken": self.token, **fields}.items():
            body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        if file is not None:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
            body.write(head.encode() + file.read_bytes() + b"\r\n")
        body.write(f"--{boundary}--\r\n".encode())
        request = urllib.request.Request(
            self.address + path,
            body.getvalue(),
            {"Cookie": self.cookies, "Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.url
        except urllib.error.HTTPError as error:
            return error.code, error.url


def _at_once(times: int, work) -> list:
    with ThreadPoolExecutor(times) as pool:
        return [each.result() for each in [pool.submit(work) for _ in range(times)]]


def test_a_worker_killed_at_ten_points_of_a_commit_leaves_all_or_nothing(district, tmp_path):
    kept = district.run("upload", _ledger(tmp_path / "ledger.xlsx", ROWS))["upload"]
    district.run("work")
    assert district.run("commit", kept)["state"] == "committing"
    whole = district.copy(tmp_path / "whole")
    statements = whole.run("work")["statements"]
    assert whole.run("state", kept)["enterprises"] == ROWS
    # From before the first statement of the task to the last one of the worker, which is after the commit.
    points = sorted({1 + round((statements - 1) * n / (POINTS - 1)) for n in range(POINTS)})
    assert len(points) == POINTS
    ended = []
    for number, point in enumerate(points):
        tried = district.copy(tmp_path / f"killed-{number}")
        tried.run("work", point, killed=True)
        after = tried.run("state", kept)
        whole_or_none = (after["state"], after["enterprises"], after["history"])
        ended.append(whole_or_none[0])
        assert whole_or_none in {("committing", 0, 0), ("committed", ROWS, ROWS)}, (point, whole_or_none)
        with sqlite3.connect(tried.database) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if after["state"] == "committed":
            assert tried.run("wait_and_reap", kept)["state"] == "committed"
        elif point == 1:
            # The task was not taken: it waits for the next worker, and is no dead one's.
            assert tried.run("wait_and_reap", kept)["broken"] == 0
            tried.run("work")
            assert tried.run("state", kept)["enterprises"] == ROWS
        else:
            reaped = tried.run("wait_and_reap", kept)
            assert (reaped["broken"], reaped["state"], reaped["enterprises"]) == (1, "failed", 0)
            assert "数据没有改动" in reaped["note"]
            if number == POINTS // 2:
                done = tried.run("again", kept)
                assert (done["state"], done["enterprises"], done["history"]) == ("committed", ROWS, ROWS)
    assert ended.count("committing") >= POINTS // 2 and ended[-1] == "committed"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_killed_worker_is_replaced_and_the_queue_goes_on(district, tmp_path):
    with district.served() as address:
        (worker,) = _until(lambda: district.workers())
        os.kill(worker, signal.SIGKILL)
        browser = Browser(address, district.cookies)
        fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
        _, page = browser.post("/ledgers/new/", fields, _ledger(tmp_path / "ledger.xlsx", 20))
        kept = int(page.rstrip("/").rpartition("/")[2])
        assert _until(lambda: district.workers() - {worker})
        after = _until(lambda: (found := district.run("state", kept))["state"] == "examined" and found)
        assert after["counts"]["new"] == 20


def _until(told, seconds: float = 40):
    """The first answer of `told` that is not empty."""
    ends = time.monotonic() + seconds
    while not (answer := told()):
        assert time.monotonic() < ends
        time.sleep(0.2)
    return answer


def test_the_same_request_twenty_times_at_once_is_done_once(district, served, tmp_path):
    browser = Browser(served, district.cookies)
    file = _ledger(tmp_path / "ledger.xlsx", 300)
    fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
    answers = _at_once(20, lambda: browser.post("/ledgers/new/", fields, file))
    assert len(set(answers)) == 1 and answers[0][0] == 200, answers
    kept = int(answers[0][1].rstrip("/").rpartition("/")[2])
    district.run("work")
    answers = _at_once(20, lambda: browser.post(f"/ledgers/{kept}/commit/", {"acknowledged": "1"}))
    assert {status for status, _ in answers} == {200}
    district.run("work")
    after = district.run("state", kept)
    assert (after["state"], after["enterprises"], after["history"]) == ("committed", 300, 300)
    # And the same file once more says that nothing is new.
    _, address = browser.post("/ledgers/new/", fields, file)
    again = int(address.rstrip("/").rpartition("/")[2])
    district.run("work")
    assert again != kept and district.run("state", again)["counts"]["same"] == 300
    answers = _at_once(20, lambda: browser.post(f"/ledgers/{kept}/undo/", {}))
    assert {status for status, _ in answers} == {200}
    district.run("work")
    after = district.run("state", kept)
    assert (after["state"], after["enterprises"], after["history"]) == ("undone", 0, 600)


@pytest.mark.parametrize("wrong", [False, True], ids=["right", "wrong check digit"])
def test_an_id_number_stands_nowhere_but_in_the_original(district, served, tmp_path, wrong):
    number = ID_NUMBER[:-1] + "1" if wrong else ID_NUMBER
    rows = [["姓名", "身份证号", "党员类别", "入党时间", "备注", "另一列"], ["李员", number, "正式党员", "1990-07-01", number, number]]  # fmt: skip
    browser = Browser(served, district.cookies)
    fields = {"committee": district.cookies["committee"], "as_of": "2023-12-20"}
    status, address = browser.post("/ledgers/new/", fields, _book(tmp_path / "花名册.xlsx", rows))
    kept = int(address.rstrip("/").rpartition("/")[2])
    district.run("work")
    assert status == 200 and district.run("state", kept)["state"] == "examined"
    # Not even in a column that is kept as it stands.
    browser.post(f"/ledgers/{kept}/settle/", {"about-0": "另一列", "answer-0": "+"})
    district.run("work")
    if not wrong:
        browser.post(f"/ledgers/{kept}/commit/", {"acknowledged": "1"})
        district.run("work")
        assert district.run("state", kept)["state"] == "committed", district.run("state", kept)
    tasks = district.run("state", kept)["tasks"]
    looked_at = {path: path.read_bytes() for path in district.folder.rglob("*") if path.is_file()}
    original = [path for path in looked_at if path.suffix == ".bin"]
    assert tasks and len(original) == 1 and district.log in looked_at
    for path, content in looked_at.items():
        if path not in original:
            plain = gzip.decompress(content) if path.suffix == ".gz" else content
            assert number[:14].encode() not in plain, path
