"""Text files: comma or tab separated, and HTML tables that call themselves .xls."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

from ledgers.reading import limits
from ledgers.reading.archive import NOT_A_WORKBOOK
from ledgers.reading.binary import BROKEN, _cell
from ledgers.reading.refusal import Refusal, check_size

# PNG, JPEG, GIF, RAR, 7z, gzip, RTF.
_OTHER_FORMATS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
XML_TABLE = "这是“XML 表格 2003”，只是名字像 .xls。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
MHTML = "这是“单个文件网页”（MHTML），只是名字像 .xls。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
ENCODING = "文件的编码看不懂，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


def read(path: Path) -> list[dict]:
    """The one sheet (or the tables) of a text file. Raises Refusal."""
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        raise Refusal("这是 PDF 文件，请上传 .xlsx、.xls 或 .csv 台账。")
    if content.startswith(_OTHER_FORMATS):
        raise Refusal(NOT_A_WORKBOOK)
    text = decode(content)
    start = text[:4096].lower()
    if (
        start.lstrip().startswith("<?xml")
        and "urn:schemas-microsoft-com:office:spreadsheet" in start
        and "<html" not in start
    ):
        raise Refusal(XML_TABLE)
    if start.startswith("mime-version:") or "content-type: multipart/related" in start:
        raise Refusal(MHTML)
    if "<html" in start or "<table" in start:
        return _html(text)
    if start.lstrip().startswith(("<?xml", "<!doctype", "{", "<")):
        raise Refusal(BROKEN)
    return [_separated(text)]


def decode(content: bytes) -> str:
    """The text of UTF-8 (with or without mark), UTF-16 or GB18030 bytes. Raises Refusal, never guesses."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(content, "utf-16")
    head = content[:4096]
    if 0 in head:
        # UTF-16 without its mark: separators and digits have a zero on one side.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return _strict(content, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return _checked(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        declared = re.search(rb"charset=[\"']?([\w-]+)", content[:2048])
        if declared and declared[1].lower() in {b"utf-8", b"utf8"}:
            raise Refusal(ENCODING) from None
        _refuse_mixed(content, error.start)
    return _strict(content, "gb18030")


def _refuse_mixed(content: bytes, position: int) -> None:
    """A UTF-8 file with one line in another encoding would turn to nonsense as GB18030."""
    lines = content.split(b"\n")
    wide = [line for line in lines if any(byte > 127 for byte in line)]

    def is_utf8(line: bytes) -> bool:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    if sum(map(is_utf8, wide)) * 2 > len(wide):
        number = content[:position].count(b"\n") + 1
        raise Refusal(f"第 {number} 行的编码与其他行不同，请用 Excel 或 WPS 打开检查后另存为 .xlsx 再上传。")


def _strict(content: bytes, encoding: str) -> str:
    try:
        return _checked(content.decode(encoding).removeprefix("\ufeff"))
    except UnicodeError:
        raise Refusal(ENCODING) from None


def _checked(text: str) -> str:
    if "\x00" in text or "\ufffd" in text:
        raise Refusal(ENCODING)
    return text


def _separated(text: str) -> dict:
    # Some exporters put a tab before every value, so that Excel leaves it alone: that is no separator.
    sample = re.sub(r"^\t|(?<=[,;])\t", "", "\n".join(text.splitlines()[:50]), flags=re.MULTILINE)
    delimiter = max("\t,;", key=sample.count)
    if delimiter not in sample:
        raise Refusal("看不出表格：没有逗号或制表符分隔的列。请上传 .xlsx、.xls 或 .csv 台账。")
    csv.field_size_limit(limits.CELL_CHARACTERS * 4)
    rows: list[list] = []
    lines = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            _check_quotes(row, lines + 1, reader.line_num, delimiter)
            lines = reader.line_num
            rows.append([_cell(value) for value in row])
            check_size("文本", len(rows), len(row))
    except csv.Error:
        raise Refusal(f"第 {lines + 1} 行读不出来：引号不成对或一格过长，请检查后再上传。") from None
    return {"name": "文本", "hidden": False, "rows": rows, "merges": []}


# A cell with line breaks is a person's few lines; with so many it is the rest of the file.
_LINES_OF_A_CELL = 60


def _check_quotes(row: list[str], first: int, last: int, delimiter: str) -> None:
    """Refuse a row whose quote is not closed where it should be: it has swallowed the rows below."""
    if first == last:
        return
    for cell in row:
        swallowed = [line for line in cell.split("\n")[1:] if line.count(delimiter) >= 2]
        if swallowed or cell.count("\n") > _LINES_OF_A_CELL:
            words = f"第 {first} 行有一个引号没有成对，把下面到第 {last} 行都当成了一格，请补上或删去这个引号再上传。"
            raise Refusal(words)


class _Tables(HTMLParser):
    """The tables of a page as grids; row and column spans become merged ranges."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[dict] = []
        self._sheet: dict | None = None
        self._taken: set[tuple[int, int]] = set()
        self._row = -1
        self._column = 0
        self._text: list[str] | None = None
        self._ignore = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._ignore += 1
        elif tag == "table" and self._sheet is None:
            self._sheet = {"name": f"表{len(self.sheets) + 1}", "hidden": False, "rows": [], "merges": []}
            self._row, self._taken = -1, set()
        elif self._sheet is not None and tag == "tr":
            self._finish_cell()
            self._row, self._column = self._row + 1, 0
            self._sheet["rows"].append([])
            check_size(self._sheet["name"], self._row + 1, 1)
        elif self._sheet is not None and tag in {"td", "th"} and self._row >= 0:
            self._finish_cell()
            self._open_cell(dict(attrs))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        assert self._sheet is not None
        while (self._row, self._column) in self._taken:
            self._column += 1
        down, right = (self._span(attributes.get(name)) for name in ("rowspan", "colspan"))
        check_size(self._sheet["name"], self._row + down, self._column + right)
        for row in range(self._row, self._row + down):
            for column in range(self._column, self._column + right):
                self._taken.add((row, column))
        if down > 1 or right > 1:
            bounds = [self._row, self._column, self._row + down - 1, self._column + right - 1]
            self._sheet["merges"].append(bounds)
        self._text = []

    @staticmethod
    def _span(value: str | None) -> int:
        return min(int(value), 1000) if value and value.isdigit() and int(value) > 0 else 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._ignore = max(0, self._ignore - 1)
        elif tag in {"td", "th"}:
            self._finish_cell()
        elif tag == "table" and self._sheet is not None:
            self._finish_cell()
            self.sheets.append(self._sheet)
            self._sheet = None

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._ignore:
            self._text.append(data)

    def _finish_cell(self) -> None:
        if self._text is None or self._sheet is None:
            return
        row = self._sheet["rows"][self._row]
        row.extend([None] * (self._column + 1 - len(row)))
        row[self._column] = _cell("".join(self._text).replace("\xa0", " ").strip())
        self._column += 1
        self._text = None


def _html(text: str) -> list[dict]:
    parser = _Tables()
    parser.feed(text)
    parser.close()
    sheets = [sheet for sheet in parser.sheets if any(any(row) for row in sheet["rows"])]
    if not sheets:
        raise Refusal("这是网页文件，里面没有表格。请上传 .xlsx、.xls 或 .csv 台账。")
    return sheets
