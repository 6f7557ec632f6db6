"""Writing workbooks: one way for every export."""

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What openpyxl refuses: control characters that XML cannot hold.
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """`text` as it may stand in a cell: no control characters, and nothing a spreadsheet would run.

    A text beginning with = + - @ TAB CR gets a leading apostrophe, as a person would type it.
    """
    text = text.translate(_FORBIDDEN)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unsafe_text(text: str) -> str:
    """`text` without the apostrophe that `safe_text` (or a person) put before a dangerous first character."""
    return text[1:] if text[:1] == "'" and text[1:2] in _DANGEROUS else text


class SheetOf(NamedTuple):
    """One sheet: a title line, note lines, one heading row, then `rows`."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Iterable[Sequence]


def workbook_bytes(title: str, notes: Sequence[str], headings: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """An .xlsx of one sheet. Cells may be None, text, numbers, bools (written 是 and 否) and dates."""
    return workbook_of([SheetOf(title, notes, headings, rows)])


def workbook_of(sheets: Iterable[SheetOf]) -> bytes:
    """An .xlsx of several sheets. Memory stays flat, whatever the number of rows."""
    book = Workbook(write_only=True)
    for each in sheets:
        _write(book.create_sheet(each.title[:31]), each)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(sheet: Any, what: SheetOf) -> None:
    for index, heading in enumerate(what.headings, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(10, min(40, 4 + 2 * len(heading)))
    sheet.freeze_panes = f"A{len(what.notes) + 3}"

    def cell(value: object, **style: object) -> WriteOnlyCell:
        if isinstance(value, bool):
            value = "是" if value else "否"
        text = isinstance(value, str)
        made = WriteOnlyCell(sheet, safe_text(value) if isinstance(value, str) else value)
        if text:
            made.data_type = "s"
        if isinstance(value, dt.date):
            made.number_format = "yyyy-mm-dd"
        for name, part in style.items():
            setattr(made, name, part)
        return made

    sheet.append([cell(what.title, font=Font(bold=True, size=14))])
    for note in what.notes:
        sheet.append([cell(note, font=Font(color="666666"))])
    head = {
        "font": Font(bold=True),
        "fill": PatternFill("solid", fgColor="F2F2F2"),
        "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
    }
    sheet.append([cell(heading, **head) for heading in what.headings])
    for row in what.rows:
        sheet.append([cell(value) for value in row])


def download(content: bytes, filename: str, content_type: str = XLSX) -> HttpResponse:
    """`content` as a file to save under the (Chinese) `filename`; never shown in the page."""
    return HttpResponse(
        content,
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
