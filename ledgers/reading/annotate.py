"""The child process that marks a workbook up: each problem's cell coloured and commented, a list in front.

Run as `python -m ledgers.reading.annotate SOURCE TARGET` with the problems as JSON on standard input. Imports no
Django. An .xlsx keeps its formatting, widths, merges and validations; anything else becomes a new .xlsx with the
same cells.
"""

import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import Any

LIST = "问题清单"
AUTHOR = "系统核对"
_HEADINGS = ("级别", "工作表", "行", "列", "栏目", "填的内容", "问题和改法")
_WIDTHS = (8, 16, 8, 8, 24, 28, 80)
_COLOURS = {"error": "FFFFC7CE", "question": "FFDDD6F3", "warning": "FFFFEB9C"}
_LEVELS = {"error": "错误", "question": "待定", "warning": "提醒"}
# A workbook with more comments than this opens slowly; the list in front has them all.
_MOST_COMMENTS = 5_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def main(source: Path, target: Path) -> None:
    from ledgers.reading import child

    child.restrict()
    problems = json.load(sys.stdin)
    book = _opened(source)
    if book is None:
        book = _copied(child.read(source))
    _mark(book, problems)
    _list(book, problems)
    try:
        book.save(target)
    except OSError as error:
        child.end_without_room(error)


def _opened(source: Path) -> Any:
    """The user's own workbook, or None for what only a copy of the cells can stand for."""
    import openpyxl

    from ledgers.reading.archive import examine

    content = source.read_bytes()
    if not content.startswith(b"PK"):
        return None
    content, _ = examine(content)
    try:
        # Not by its path: openpyxl goes by the ending, and an upload is kept under a name of ours.
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parts raise
        return None
    if LIST in book.sheetnames:
        # A copy that was marked up before: its marks go.
        del book[LIST]
        for sheet in book.worksheets:
            _unmark(sheet)
    formulas = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas.append(cell)
                elif cell.data_type == "s" and isinstance(cell.value, str):
                    cell.value = _safe(cell.value)
                    cell.data_type = "s"
    if formulas:
        _stop(formulas, openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False))
    return book


def _stop(formulas: list, calculated: Any) -> None:
    """Put what a formula came to in its place: the copy goes from hand to hand, and a formula may reach out of it. One
    that was never calculated stays as text."""
    for cell in formulas:
        value = calculated[cell.parent.title][cell.coordinate].value
        if value is None:
            value = str(getattr(cell.value, "text", cell.value))
        cell.value = _safe(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"


def _unmark(sheet: Any) -> None:
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _copied(sheets: list[dict]) -> Any:
    """A new workbook with the same cells."""
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    if any(isinstance(cell, dict) and "day1904" in cell for each in sheets for row in each["rows"] for cell in row):
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.active)
    for number, each in enumerate(sheets, 1):
        title = "".join("_" if char in "[]:*?/\\" else char for char in each["name"])[:31] or f"表{number}"
        sheet = book.create_sheet(title)
        for index, row in enumerate(each["rows"], 1):
            for column, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = sheet.cell(index, column)
                if isinstance(value, dict) and "date" in value:
                    cell.value, cell.number_format = dt.date.fromisoformat(value["date"]), "yyyy-mm-dd"
                elif isinstance(value, dict):
                    cell.value = value["day1904"] if "day1904" in value else _safe(value["text"])
                elif isinstance(value, str):
                    cell.value = _safe(value)
                    cell.data_type, cell.number_format = "s", "@"
                else:
                    cell.value = value
        for top, left, bottom, right in each["merges"]:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return book


def _safe(text: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe; a lone sign or a number stays as it is."""
    bare = text.lstrip("+-").replace(".", "", 1).replace(" ", "").replace("-", "")
    if not text.startswith(_DANGEROUS) or len(text) == 1 or bare.isdigit() or not bare:
        return text
    return f"'{text}"


def _mark(book: Any, problems: list[dict]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    at: dict[tuple[str, int, str], list[dict]] = {}
    for problem in problems:
        if problem["sheet"] in book.sheetnames and problem["row"] and problem["column"]:
            at.setdefault((problem["sheet"], problem["row"], problem["column"]), []).append(problem)
    for number, ((sheet, row, column), here) in enumerate(at.items()):
        cell = book[sheet][f"{column}{row}"]
        if type(cell).__name__ == "MergedCell":
            # Only the corner of a merged range can be marked.
            corner = next((r for r in book[sheet].merged_cells.ranges if cell.coordinate in r), None)
            if corner is None:
                continue
            cell = book[sheet].cell(corner.min_row, corner.min_col)
        level = next(each for each in _LEVELS if any(problem["level"] == each for problem in here))
        cell.fill = PatternFill("solid", fgColor=_COLOURS[level])
        if number < _MOST_COMMENTS:
            words = "\n".join(f"{_LEVELS[problem['level']]}：{problem['message']}" for problem in here)
            comment = Comment(words[:2000], AUTHOR)
            comment.width, comment.height = 320, 40 + 24 * min(8, len(words) // 20 + len(here))
            cell.comment = comment


def _list(book: Any, problems: list[dict]) -> None:
    """The list in front, each line linked to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(LIST, 0)
    sheet.append(["上传核对结果：改正后直接上传这份文件即可，本页不会导入"])
    sheet["A1"].font = Font(bold=True, size=13)
    sheet.append(list(_HEADINGS))
    for cell, width in zip(sheet[2], _WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for problem in problems:
        values = [_LEVELS[problem["level"]], problem["sheet"], problem["row"], problem["column"], problem["heading"]]
        sheet.append([*values, _safe(str(problem["value"] or ""))[:200], problem["message"]])
        row = sheet.max_row
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_COLOURS[problem["level"]])
        sheet.cell(row, 7).alignment = Alignment(wrap_text=True, vertical="top")
        for cell in sheet[row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
        if problem["sheet"] in book.sheetnames and problem["row"]:
            name = str(problem["sheet"]).replace("'", "''")
            link = sheet.cell(row, 3)
            link.hyperlink = f"#'{name}'!{problem['column'] or 'A'}{problem['row']}"
            link.font = Font(color="0563C1", underline="single")
    sheet.freeze_panes = "A3"
    book.active = 0
    for each in book.worksheets[1:]:
        each.sheet_view.tabSelected = False


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
