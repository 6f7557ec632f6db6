"""Workbooks (.xlsx .xlsm .xlsb .xls .ods): calamine reads, openpyxl when that fails."""

import datetime as dt
import io
import re
from pathlib import Path

import python_calamine

from ledgers.reading import limits
from ledgers.reading.archive import SheetFindings, examine
from ledgers.reading.grid import BAD_CHARACTER, ERROR_VALUE, FORMULA, LOST_DIGITS, TOO_LONG
from ledgers.reading.looks import symbol
from ledgers.reading.refusal import Refusal, check_size

ENCRYPTED = (
    "文件是加密的：有打开密码；打开时不用输密码的，是只读保护用了 Excel 的默认密码。"
    "请在 Excel 或 WPS 里取消密码和只读保护（文件—信息—保护工作簿），另存为 .xlsx 再上传。"
)
BROKEN = "文件已损坏或不是电子表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
# An integer of more digits than a double holds has lost its last ones.
_TOO_LONG = 1e15
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(path: Path) -> list[dict]:
    """The sheets of a workbook. Raises Refusal."""
    content = path.read_bytes()
    findings: dict[str, SheetFindings] = {}
    if content.startswith(b"PK"):
        content, findings = examine(content)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise Refusal(ENCRYPTED)
    else:
        _check_rows_of_xls(content)
    try:
        return _with_calamine(content, findings)
    except python_calamine.PasswordError:
        raise Refusal(ENCRYPTED) from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise Refusal(ENCRYPTED) from None
        if not findings:
            raise Refusal(BROKEN) from None
    try:
        return _with_openpyxl(content)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parts raise
        raise Refusal(BROKEN) from None


# In an .xls: how far the cells of a sheet reach, and the row of each text, number or short number.
_REACH = re.compile(rb"\x00\x02\x0e\x00(.{4})(.{4})(.{2})(.{2})\x00\x00", re.DOTALL)
_CELL_ROW = re.compile(rb"(?:\xfd\x00\x0a\x00|\x7e\x02\x0a\x00|\x03\x02\x0e\x00)(.{2})", re.DOTALL)


def _check_rows_of_xls(content: bytes) -> None:
    """Refuse an .xls of too many rows before a reader opens it, which takes a gigabyte for a full sheet. A sheet that
    only says it reaches so far (formats of empty rows) passes."""
    reaches = [[int.from_bytes(part, "little") for part in match.groups()] for match in _REACH.finditer(content)]
    far = [last for first, last, left, right in reaches if first < last <= 65_536 and left < right <= 256]
    if max(far, default=0) <= limits.ROWS:
        return
    rows = set(_CELL_ROW.findall(content))
    if len(rows) > limits.ROWS:
        check_size("台账", len(rows), 1)


def _with_calamine(content: bytes, findings: dict[str, SheetFindings]) -> list[dict]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = {
        meta.name: meta.visible == python_calamine.SheetVisibleEnum.Visible
        for meta in book.sheets_metadata
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
    }
    sheets = []
    for name in book.sheet_names:
        if name not in visible:
            continue
        sheet = book.get_sheet_by_name(name)
        check_size(name, sheet.height + (sheet.start or (0, 0))[0], sheet.width + (sheet.start or (0, 0))[1])
        rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        found = findings.get(name)
        _mark(rows, found)
        sheets.append(
            {
                "name": name,
                "hidden": not visible[name],
                "rows": rows,
                "merges": [[*start, *end] for start, end in sheet.merged_cell_ranges or []],
                **({} if found is None else _unseen(rows, found)),
            }
        )
    return sheets


# Numbers that can be days (common/ledger_dates.py): of a workbook that counts from 1904 they are marked as such.
_DAYS = range(20_000, 80_001)


def _unseen(rows: list[list], found: SheetFindings) -> dict[str, list[int]]:
    """Write into the rows what symbol fonts look like and how days are counted; tell which rows and columns that
    hold something nobody sees, or which are struck through."""
    if found.from_1904:
        for cells in rows:
            cells[:] = [{"day1904": cell} if isinstance(cell, int) and cell in _DAYS else cell for cell in cells]
    for (row, column), letters in found.looks.symbols.items():
        if row < len(rows) and column < len(rows[row]) and isinstance(text := rows[row][column], str):
            rows[row][column] = symbol(text, letters)
    held = [{column for column, cell in enumerate(row) if cell is not None} for row in rows]
    columns = set().union(*held) if held else set()
    struck: dict[int, set[int]] = {}
    for row, column in found.looks.struck:
        struck.setdefault(row, set()).add(column)
    return {
        "hidden_rows": [row for row in found.looks.hidden_rows if row < len(rows) and held[row]],
        "hidden_columns": [column for column in found.looks.hidden_columns if column in columns],
        # A row is struck through when most of what it holds is.
        "struck_rows": [
            row for row, cells in struck.items() if row < len(rows) and len(cells & held[row]) * 2 > len(held[row])
        ],
    }


def _mark(rows: list[list], found: SheetFindings | None) -> None:
    """Put the faults that calamine blanks or smooths over where they stand."""
    if found is None:
        return
    uncalculated = dict.fromkeys(found.uncalculated, "=")
    for kind, cells in ((ERROR_VALUE, found.errors), (FORMULA, uncalculated)):
        for (row, column), written in cells.items():
            while len(rows) <= row:
                rows.append([])
            rows[row].extend([None] * (column + 1 - len(rows[row])))
            current = rows[row][column]
            text = current if isinstance(current, str) and current else written or "#REF!"
            rows[row][column] = {"fault": kind, "text": text}


_QUOTED = re.compile(r'="((?:[^"]|"")*)"\s*')
_APOSTROPHES = ("'", "＇")


def _inside(text: str) -> str:
    """What a text is about: exporters write ="0123", or a tab or an apostrophe before it, so that Excel keeps it."""
    text = text.lstrip("\t")
    match = _QUOTED.fullmatch(text)
    if match is not None:
        text = match[1].replace('""', '"')
    # An apostrophe before = + - @ is the mark of a text that must not be run; who reads it takes it off.
    return text[1:] if text.startswith(_APOSTROPHES) and text[1:2] not in {"", "=", "+", "-", "@"} else text


def _cell(value: object) -> object:
    if isinstance(value, str):
        value = _inside(value)
        if not value:
            return None
        if len(value) > limits.CELL_CHARACTERS:
            return {"fault": TOO_LONG, "text": _FORBIDDEN.sub("□", value[:20]) + "…"}
        return {"fault": BAD_CHARACTER, "text": _FORBIDDEN.sub("□", value)[:50]} if _FORBIDDEN.search(value) else value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if value != value or abs(value) == float("inf"):
            return {"fault": ERROR_VALUE, "text": "#NUM!"}
        if abs(value) >= _TOO_LONG:
            return {"fault": LOST_DIGITS, "text": f"{value:.15g}"}
        return int(value) if value == int(value) else value
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if value in (dt.time(0), dt.timedelta(0)):
        # The zero of an empty lookup, formatted as a date.
        return {"date": "1899-12-31"}
    return None if value is None else str(value)


def _with_openpyxl(content: bytes) -> list[dict]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheets = []
    for sheet in book.worksheets:
        # A wrong <dimension> would lose cells.
        sheet.reset_dimensions()
        rows = []
        for row in sheet.iter_rows(values_only=True):
            rows.append([_from_openpyxl(value) for value in row])
            check_size(sheet.title, len(rows), len(row))
        sheets.append({"name": sheet.title, "hidden": sheet.sheet_state != "visible", "rows": rows, "merges": []})
    return sheets


def _from_openpyxl(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)", value):
        return {"fault": ERROR_VALUE, "text": value}
    return _cell(value)
