"""The parent's side: start the child, give it limits, turn its death into a clear message."""

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from openpyxl import Workbook

from ledgers.reading import limits
from ledgers.reading.grid import Sheet, from_json

# Where `ledgers` is imported from. Not of Django's settings: the child imports this too, and must start fast.
ROOT = Path(__file__).resolve().parents[2]


class UnreadableFile(Exception):
    """The file cannot be read, wholly and rightly; the message is for the screen."""


class ReaderUnavailable(Exception):
    """This server cannot read any file now: a library is missing, the limits are too low, the machine is overloaded.
    No file is to blame."""


TOO_HARD = (
    "这个文件打不开：读取时超出了内存或时间限制。请用 Excel 或 WPS 打开，把台账复制到新的工作簿，另存为 .xlsx 再上传。"
)


def read_file(path: Path) -> list[Sheet]:
    """All sheets of the spreadsheet at `path`, whatever its ending says.

    Takes .xlsx, .xlsm, .xls, .xlsb, .ods, comma or tab separated text in UTF-8, GB18030 or
    UTF-16, and an HTML table saved as .xls. Raises UnreadableFile with a Chinese message, or ReaderUnavailable.
    """
    if path.stat().st_size > limits.FILE_BYTES:
        raise UnreadableFile(f"文件超过 {limits.FILE_BYTES // limits.MIB} MB，请删去图片和无关工作表后再上传。")
    with tempfile.TemporaryFile() as answer:
        if not _read(path, answer):
            if not reads():
                raise ReaderUnavailable
            raise UnreadableFile(TOO_HARD)
        answer.seek(0)
        document = json.load(answer)
    if "error" in document:
        raise UnreadableFile(document["error"])
    return [_sheet(sheet) for sheet in document["sheets"]]


def said_against(path: Path) -> str:
    """Why a file should be opened by nobody: it is too large, packed or unpacked, or broken; "" when it can be read.
    For files that another reader of ours opens then; text is bounded by its size."""
    with path.open("rb") as file:
        is_text = not file.read(4).startswith((b"PK", b"\xd0\xcf"))
    try:
        if is_text and path.stat().st_size <= limits.FILE_BYTES:
            return ""
        read_file(path)
    except UnreadableFile as error:
        return str(error)
    except ReaderUnavailable:
        return "服务器上的读表程序现在不能用，不是这个文件的问题。请告诉系统管理员。"
    return ""


def _read(path: Path, answer: IO) -> bool:
    return _run("ledgers.reading.child", [str(path.resolve())], stdout=answer)


def reads() -> bool:
    """Whether the reader reads here at all: a small workbook of our own, which no limit can be too low for."""
    book = Workbook()
    book.active["A1"] = _KNOWN
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file, tempfile.TemporaryFile() as answer:
        book.save(file.name)
        if not _read(Path(file.name), answer):
            return False
        answer.seek(0)
        sheets = json.load(answer).get("sheets", [])
    return [sheet["rows"] for sheet in sheets] == [[[_KNOWN]]]


_KNOWN = "台账"


def _sheet(answer: dict) -> Sheet:
    # A ledger says the same words in thousands of cells: each is held once.
    words: dict[object, object] = {}
    for row in answer["rows"]:
        row[:] = [words.setdefault(cell, cell) if isinstance(cell, str) else from_json(cell) for cell in row]
    merges = [tuple(merge) for merge in answer["merges"]]
    unseen = [answer.get(name, []) for name in ("hidden_rows", "hidden_columns", "struck_rows")]
    return Sheet(answer["name"], answer["rows"], merges, answer["hidden"], *unseen)


def annotate(path: Path, problems: list[dict]) -> bytes:
    """The spreadsheet at `path` as an .xlsx with each problem marked at its cell and listed in front.

    Raises UnreadableFile where it cannot be made.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        given = Path(folder) / "problems.json"
        given.write_text(json.dumps(problems), encoding="utf-8")
        with given.open("rb") as words:
            made = _run("ledgers.reading.annotate", [str(path.resolve()), str(target)], stdin=words)
        if not made or not target.exists():
            raise UnreadableFile("这份文件做不出标注：请对照页面上的问题清单在原表改正。")
        return target.read_bytes()


def _run(
    module: str, arguments: list[str], stdin: IO | int = subprocess.DEVNULL, stdout: IO | int = subprocess.DEVNULL
) -> bool:
    """Run one of our modules in a process with limits; whether it ended well. Raises OSError when the disk is full."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            # Nothing of ours: no secret key, no database address.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
            timeout=limits.SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, BlockingIOError, MemoryError):
        # Too slow, or the machine has no process or memory to give.
        return False
    if child.returncode == limits.NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return child.returncode == 0
