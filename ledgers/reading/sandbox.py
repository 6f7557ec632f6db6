"""The parent's side: start the child, give it limits, turn its death into a clear message."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from ledgers.reading import limits
from ledgers.reading.grid import Sheet, from_json


class UnreadableFile(Exception):
    """The file cannot be read, wholly and rightly; the message is for the screen."""


TOO_HARD = (
    "这个文件打不开：读取时超出了内存或时间限制。请用 Excel 或 WPS 打开，把台账复制到新的工作簿，另存为 .xlsx 再上传。"
)


def read_file(path: Path) -> list[Sheet]:
    """All sheets of the spreadsheet at `path`, whatever its ending says.

    Takes .xlsx, .xlsm, .xls, .xlsb, .ods, comma or tab separated text in UTF-8, GB18030 or
    UTF-16, and an HTML table saved as .xls. Raises UnreadableFile with a Chinese message.
    """
    if path.stat().st_size > limits.FILE_BYTES:
        raise UnreadableFile(f"文件超过 {limits.FILE_BYTES // limits.MIB} MB，请删去图片和无关工作表后再上传。")
    with tempfile.TemporaryFile() as answer:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "ledgers.reading.child", str(path.resolve())],
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                # Nothing of ours: no secret key, no database address.
                env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
                timeout=limits.SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UnreadableFile(TOO_HARD) from None
        if child.returncode != 0:
            raise UnreadableFile(TOO_HARD)
        answer.seek(0)
        document = json.load(answer)
    if "error" in document:
        raise UnreadableFile(document["error"])
    return [
        Sheet(
            name=sheet["name"],
            rows=[[from_json(cell) for cell in row] for row in sheet["rows"]],
            merges=[tuple(merge) for merge in sheet["merges"]],
            hidden=sheet["hidden"],
        )
        for sheet in document["sheets"]
    ]
