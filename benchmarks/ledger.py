"""The ledger pipeline beside a stock django-import-export resource, and beside the least that writing can cost.

python -m benchmarks.ledger FILE        preview and commit one file; prints the most memory used, in MiB
"""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
from django.db import transaction
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from stdnum.cn import uscc

from committees.models import Committee
from enterprises.models import Enterprise
from ledgers.process import Request, commit, examine

AS_OF = dt.date(2023, 12, 20)
# Columns of the enterprise itself: field name → heading.
ENTERPRISE = {
    "credit_code": "统一社会信用代码", "name": "企业名称", "registered_on": "成立日期", "village": "所属村（社区）", "industry": "所属行业",
    "address": "地址", "legal_representative": "法定代表人", "contact_name": "联系人", "contact_phone": "联系电话", "remark": "备注",
}  # fmt: skip
PARTY = [
    "职工人数",
    "正式党员数",
    "是否建立党组织",
    "党组织名称",
    "党组织成立时间",
    "书记姓名",
    "党建指导员姓名",
    "派驻时间",
]


class StockResource(ModelResource):
    """Every option as it comes, but for the column by which a row is recognised."""

    class Meta:
        model = Enterprise
        fields = tuple(ENTERPRISE)
        import_id_fields = ("credit_code",)


def _enterprise(number: int) -> list:
    body = f"91999998{number:09d}"
    return [
        body + uscc.calc_check_digit(body), f"某某{number}商贸有限公司", "2015-03-01", f"向阳村{number % 40}", "批发和零售业",
        f"示例路{number}号", "甲某", "乙某", f"138{number:08d}", "已核对" if number % 3 else "待核对",
    ]  # fmt: skip


def _party(number: int) -> list:
    if number % 2:
        return [20, 2, "是", f"支部{number}", "2018-07-01", "王某某", "", ""]
    return [20, 2, "否", "", "", "", f"指导员{number % 50}", "2020-01-05"]


def prepare(rows: int, folder: Path) -> dict[str, Path]:
    """Four files of the same enterprises: with field names as headings, with ours, with all that a ledger says, and
    that with every twentieth row changed."""
    headings: dict[str, list] = {
        "stock": list(ENTERPRISE),
        "enterprises": list(ENTERPRISE.values()),
        "ledger": [*ENTERPRISE.values(), *PARTY],
        "changed": [*ENTERPRISE.values(), *PARTY],
    }
    paths = {}
    for name, row in headings.items():
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(row)
        for number in range(rows):
            cells = _enterprise(number) + (_party(number) if name in ("ledger", "changed") else [])
            if name == "changed" and number % 20 == 0:
                cells[6], cells[10] = "改某", 31
            sheet.append(cells)
        paths[name] = folder / f"{name}-{rows}.xlsx"
        book.save(paths[name])
    return paths


def _undone(work: Callable[[], object]) -> None:
    """Run inside a transaction that is rolled back, so that every run meets the same register."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def floor(rows: int) -> None:
    """The enterprises alone, unread and unchecked, without history."""
    _undone(
        lambda: Enterprise.objects.bulk_create(
            (Enterprise(name=f"某某{n}商贸有限公司", registered_on=AS_OF) for n in range(rows)), batch_size=500
        )
    )


def stock(path: Path) -> None:
    """Dry for the preview, then wet, as import-export's admin does it."""

    def both() -> None:
        for dry_run in (True, False):
            rows = XLSX().create_dataset(path.read_bytes())
            result = StockResource().import_data(rows, dry_run=dry_run, raise_errors=True, use_transactions=True)
            assert result.totals["new"] == len(rows)

    _undone(both)


def _request() -> Request:
    committee, _ = Committee.objects.get_or_create(name="台账乡", defaults={"kind": "township"})
    return Request(committee, AS_OF)


def preview(path: Path) -> None:
    assert examine(path, _request()).counts["new"]


def _both(path: Path, request: Request) -> None:
    """Read, check and compare; then read, check, compare and write with history."""
    seen = examine(path, request).digest
    assert commit(path, request, reason="bench", expected_digest=seen).committed


def preview_and_commit(path: Path) -> None:
    _undone(lambda: _both(path, _request()))


def cpu() -> float:
    """Seconds of processor time of this process and of the children that have ended: what a busy machine spares."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def three_times(path: Path, changed: Path) -> list[float]:
    """CPU seconds of a ledger's preview and commit: for the first time, again, and with a twentieth of the rows
    changed in a ledger of a later day, as most ledgers are."""
    later = Request(_request().committee, AS_OF + dt.timedelta(days=8))
    spent = []

    def all_three() -> None:
        for file, request in ((path, _request()), (path, _request()), (changed, later)):
            begun = cpu()
            _both(file, request)
            spent.append(cpu() - begun)

    _undone(all_three)
    return spent


def memory(path: Path) -> int:
    """The most memory, in MiB, of a process that previews and commits `path`; its reading child not counted."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger", str(path)], check=True, capture_output=True, env=os.environ
    )
    return int(answer.stdout)


if __name__ == "__main__":
    preview_and_commit(Path(sys.argv[1]))
    # Not getrusage: its peak is that of the process that started this one, where that is higher.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    print(int(peak[1]) // 1024 if peak else 0)
