"""The ledger pipeline beside the least that writing its enterprises can cost."""

import datetime as dt
from pathlib import Path

import openpyxl
from django.db import transaction
from stdnum.cn import uscc

from committees.models import Committee
from enterprises.models import Enterprise
from ledgers.process import Request, commit, examine

AS_OF = dt.date(2023, 12, 20)
HEADINGS = ["企业名称", "统一社会信用代码", "成立日期", "职工人数", "正式党员数", "是否建立党组织", "党组织名称", "党组织成立时间", "书记姓名", "党建指导员姓名", "派驻时间"]  # fmt: skip
_state: dict = {}


def prepare(rows: int, folder: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for number in range(rows):
        body = f"91999998{number:09d}"
        built = number % 2
        sheet.append(
            [f"企业{number}有限公司", body + uscc.calc_check_digit(body), "2015-03-01", 20, 2, "是" if built else "否"]
            + ([f"支部{number}", "2018-07-01", "书记", "", ""] if built else ["", "", "", f"指导员{number % 50}", "2020-01-05"])
        )  # fmt: skip
    path = folder / f"ledger-{rows}.xlsx"
    book.save(path)
    committee, _ = Committee.objects.get_or_create(name="台账乡", defaults={"kind": "township"})
    _state.update(path=path, committee=committee, rows=rows)


def _undone(work) -> None:
    """Run inside a transaction that is rolled back, so that every run meets the same register."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def floor() -> None:
    def write() -> None:
        Enterprise.objects.bulk_create(
            (Enterprise(name=f"企业{n}", registered_on=AS_OF) for n in range(_state["rows"])), batch_size=200
        )

    _undone(write)


WORKS = {
    "read, check and compare (preview)": lambda: examine(_state["path"], Request(_state["committee"], AS_OF)),
    "the same and commit, history included": lambda: _undone(
        lambda: commit(_state["path"], Request(_state["committee"], AS_OF), reason="bench")
    ),
}
