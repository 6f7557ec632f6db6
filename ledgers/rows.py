"""Sheets to rows of values: skips what is no data, reads every cell, collects every problem in one pass."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from common.ledger_dates import DateError, LedgerDate, read_date
from common.periods import Precision
from common.text import BLANK_WORDS, is_blank, squeeze
from ledgers.fields import Column, Field
from ledgers.header import Header, column_letter, find_header, is_numbering, likeliest_header
from ledgers.problems import ERROR, WARNING, Problem
from ledgers.reading.grid import CellFault, Sheet
from ledgers.values import NO_WORDS, CellProblem, CellRemark, as_text, yes_no

if TYPE_CHECKING:
    from ledgers.catalogue import Kind

# In the place of a field: people have said that the column is not to be imported.
IGNORED = "-"
# What the marked-up copy and the templates put beside the table: ours, not a ledger.
OUR_SHEETS = {"问题清单", "填写说明"}

_TOTAL = re.compile(r"^.{0,20}(小计|合计|总计|共计|累计|总数|占比|比例|百分比)[:：]?(\d+家?)?$")
# Lines around a table: notes, signatures, a bare date. Names of enterprises hold no colon.
_NOTE = re.compile(
    r"^[※*]?(注|备注|说明|填表说明|填报说明|附注|附件)\d*([:：(]|$)|^.{0,14}[:：]|^\d+[、.]\D|签字|盖章|签章"
    r"|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$"
)
_GROUP = re.compile(r"^[(]?[一二三四五六七八九十]+[)]?[、.]?")
_PLACE = re.compile(r"(村|社区|街道|园区|片区|网格|楼宇)(\(.*\))?$")
_DATE = r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{4}年\d{1,2}月|\d{8})"
_UNTIL = r"[:：]?(?:截止到|截止至|截止|截至|至|到|为|是)?[:：]?"
# Wordings of the as-of date, the surest first. Of a range the end is meant; “…前” is a deadline.
_AS_OF = [
    re.compile(rf"{words}{_UNTIL}{_DATE}(?:[至到~—-]{_DATE})?(?!前|\d)")
    for words in (
        r"(?:填报|填表|制表)(?:时间|日期|期)",
        r"(?:统计时间|统计时点|统计|数据更新|更新时间|更新至|截止时间|截止日期|截止|截至)",
        r"(?:上报|报送)(?:时间|日期)",
        r"(?:时间|日期)",
    )
]
# A title that ends in a date, or a line that is nothing but one.
_BARE_AS_OF = re.compile(rf"(?:^|[(]){_DATE}[)]?$")
_UNIT = re.compile(r"填报单位(?:\(盖章\))?[:：](.+)")
_YES_MARK = re.compile(r"^[√✓✔☑]|^(是|有|1|Y|y|v|V|已)$")


@dataclass(slots=True)
class Row:
    """One data row of the sheet `source`. `number` is the spreadsheet's own (1-based)."""

    source: Sheet
    number: int
    # Shared by the rows of a sheet, as long as no √ column says otherwise.
    columns: dict[str, Column]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # The code of the kind of file that the row's sheet is.
    kind: str = ""
    # The same as an earlier row of the file, which has been reported.
    repeats: bool = False

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return self.source.name

    def written(self, name: str) -> str:
        """What stands in the cell of the field `name`, as problems show it; "" for an empty one."""
        column = self.columns.get(name)
        cell = None if column is None else self.source.filled_down(self.number - 1, column.index)
        return "" if column is None or cell is None else _shown(column.field, cell)

    def label(self, name: str) -> str:
        """What the field `name` is called in this row's sheet."""
        column = self.columns.get(name)
        return name if column is None else column.field.label

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def report(self, level: str, name: str, message: str) -> None:
        """Note a problem at this row's cell of the field `name` (of the name column when it has none)."""
        column = self.columns.get(name) or self.columns.get("name") or next(iter(self.columns.values()), None)
        written = self.written(name) or None
        self.problems.append(
            Problem(
                self.sheet,
                self.number,
                None if column is None else column_letter(column.index),
                None if column is None else column.heading,
                written,
                level,
                message,
            )
        )

    @property
    def has_errors(self) -> bool:
        return any(problem.level == ERROR for problem in self.problems)


class Part(NamedTuple):
    """One sheet that holds a table: of which kind, and what its columns mean."""

    sheet: Sheet
    header: Header
    kind: "Kind"


@dataclass
class Table:
    """What one file says: its rows, how the columns were understood, and what surrounds the tables."""

    parts: list[Part]
    rows: list[Row]
    problems: list[Problem]
    # How sure the wording is (0: surest) → the dates it gives.
    as_of_dates: dict[int, set[LedgerDate]] = field(default_factory=dict)
    reporting_units: set[str] = field(default_factory=set)
    all_sheets: list[Sheet] = field(default_factory=list)

    # Where nothing was recognised: the likeliest header, so that people can say what its columns are.
    guessed: list[Part] = field(default_factory=list)

    @property
    def columns(self) -> list[dict]:
        return [
            {
                "sheet": sheet.name,
                "kind": kind.code,
                "column": column_letter(column.index),
                "heading": column.heading,
                "field": column.field.name,
            }
            for sheet, header, kind in self.parts or self.guessed
            for column in header.columns
        ] + [
            {
                "sheet": sheet.name,
                "kind": kind.code,
                "column": column_letter(index),
                "heading": heading,
                "field": IGNORED,
            }
            for sheet, header, kind in self.parts
            for index, heading in header.ignored
        ]

    @property
    def unmapped(self) -> list[dict]:
        """What is not recognised, with a few sample values (masked) to tell it by."""
        return [
            {
                "sheet": sheet.name,
                "kind": kind.code,
                "column": column_letter(index),
                "heading": heading,
                "samples": _samples(sheet, header, index),
            }
            for sheet, header, kind in self.parts or self.guessed
            for index, heading in header.unmapped
        ]

    def forget_rows(self) -> None:
        """Let go of the cells: they are of no use any more once everything that they say is staged."""
        self.rows.clear()
        for sheet in self.all_sheets:
            sheet.rows.clear()

    @property
    def kinds(self) -> list["Kind"]:
        """The kinds in the file, each once, in the order in which they are taken in."""
        from ledgers.catalogue import CATALOGUE

        here = {part.kind.code for part in self.parts}
        return [kind for kind in CATALOGUE.values() if kind.code in here]


def read_table(sheets: Sequence[Sheet], kinds: Sequence["Kind"], mapping: Mapping[str, str | None]) -> Table:
    """Read every visible sheet that holds a table of one of `kinds`, each as the kind that it is.

    `mapping` is what people have said of headings (ledgers/header.py). A sheet with content but
    without such a table is named in a warning, so that nothing is left out unsaid.
    """
    table = Table([], [], [], all_sheets=list(sheets))
    for sheet in sheets:
        if sheet.name in OUR_SHEETS or not any(cell is not None for row in sheet.rows for cell in row):
            continue
        if sheet.hidden:
            table.problems.append(_sheet_warning(sheet, "是隐藏的，没有读取；如需导入请先取消隐藏"))
            continue
        found = find_table(sheet, kinds, mapping)
        if found is None:
            table.problems.append(_sheet_warning(sheet, "里找不到台账的表头，没有读取"))
            continue
        header, kind = found
        table.parts.append(Part(sheet, header, kind))
        table.problems += header.problems
        _read_surroundings(sheet, header, table)
        table.rows += _read_rows(sheet, header, kind)
    if not table.parts:
        table.guessed = _guess(sheets, kinds, mapping)
        for sheet, header, _ in table.guessed:
            table.problems += header.problems
            _read_surroundings(sheet, header, table)
    return table


def _guess(sheets: Sequence[Sheet], kinds: Sequence["Kind"], mapping: Mapping[str, str | None]) -> list[Part]:
    """The sheet and row that look most like a header of one of `kinds`, or nothing."""
    from ledgers.catalogue import CATALOGUE

    tried = kinds if len(kinds) == 1 else CATALOGUE.values()
    found = [
        Part(sheet, header, kind)
        for sheet in sheets
        if not sheet.hidden
        for kind in tried
        if (header := likeliest_header(sheet, kind.fields, mapping)) is not None
    ]
    if not found:
        return []
    best = max(found, key=lambda part: len(part.header.fields))
    best.header.has_key = best.kind.key in best.header.fields
    return [best]


def find_table(
    sheet: Sheet, kinds: Sequence["Kind"], mapping: Mapping[str, str | None]
) -> tuple[Header, "Kind"] | None:
    """The kind of table on the sheet: the one by which most columns are understood, the first of several."""
    best: tuple[Header, Kind] | None = None
    for kind in kinds:
        header = find_header(sheet, kind.fields, kind.key, mapping)
        if header is None or not kind.fits({column.field.name: column.heading for column in header.columns}):
            continue
        if best is None or (header.has_key, len(header.fields)) > (best[0].has_key, len(best[0].fields)):
            best = header, kind
    return best


_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{14}(\d{3}[0-9Xx]|\d)(?![0-9A-Za-z])")


def scrubbed(text: str) -> str:
    """`text` with what may be an ID number masked but for its last digits."""
    return _DIGITS.sub(lambda match: "*" * 14 + match[1], text)


def _samples(sheet: Sheet, header: Header, index: int) -> list[str]:
    values = (sheet.at(row, index) for row in range(header.last + 1, min(len(sheet.rows), header.last + 200)))
    texts = [scrubbed(squeeze(str(value)))[:30] for value in values if value is not None]
    return list(dict.fromkeys(text for text in texts if text))[:3]


def _sheet_warning(sheet: Sheet, what: str) -> Problem:
    return Problem(sheet.name, None, None, None, None, WARNING, f"工作表“{sheet.name}”{what}")


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [str(cell) for cell in sheet.rows[row] if cell is not None and not isinstance(cell, CellFault)]


def _read_surroundings(sheet: Sheet, header: Header, table: Table) -> None:
    """The as-of date and the reporting unit, from the lines above the header and the notes below."""
    for index in range(len(sheet.rows)):
        if header.first <= index <= header.last:
            continue
        texts = _texts(sheet, index)
        if index > header.last and not (texts and _NOTE.match(squeeze(texts[0]))):
            continue
        line = squeeze(" ".join(texts))
        found = [(rank, match[2] or match[1]) for rank, words in enumerate(_AS_OF) for match in words.finditer(line)]
        if index < header.first:
            found += [(len(_AS_OF), match[1]) for text in texts if (match := _BARE_AS_OF.search(squeeze(text)))]
        for rank, written in found:
            try:
                table.as_of_dates.setdefault(rank, set()).add(read_date(written))
            except DateError:
                continue
        for text in texts:
            if match := _UNIT.match(squeeze(text)):
                table.reporting_units.add(match[1])


def _is_data(sheet: Sheet, index: int, by_index: Mapping[int, str], leaves: Sequence[str]) -> bool:
    """Whether the row is a data row: no total, note, numbering, group line, repeated header or empty form line.

    `by_index`: column → the field's name; `leaves`: the lowest heading of every column.
    """
    filled = [
        (column, text)
        for column, cell in enumerate(sheet.rows[index])
        if cell is not None and (text := squeeze(str(cell)))
    ]
    if not filled:
        return False
    if len(filled) > 1 and all(text == leaves[column] for column, text in filled):
        return False
    lead = [text for column, text in filled[:3] if by_index.get(column) in {None, "serial", "village", "name"}]
    if any(_TOTAL.match(text) for text in lead):
        return False
    named = {by_index.get(column): text for column, text in filled}
    coded = sum(char.isalnum() and char.isascii() for char in named.get("credit_code", "")) >= 8
    if not coded and (_NOTE.search(filled[0][1]) or (_GROUP.match(filled[0][1]) and len(filled) <= 2)):
        return False
    telling = [
        text
        for column, text in filled
        if by_index.get(column) not in {None, "serial", "village"} and text.casefold() not in NO_WORDS | BLANK_WORDS
    ]
    if not telling:
        # An empty line of the form: a number, a village, perhaps a preset 否.
        return False
    if "name" in named and len(telling) == 1 and not coded:
        # A group line such as “向阳社区（12家）”, or one merged across the table.
        column = next(column for column, _ in filled if by_index.get(column) == "name")
        merged = any(top == index and left <= column <= right and right > left for top, left, _, right in sheet.merges)
        return not merged and not _PLACE.search(named["name"])
    return True


def _read_rows(sheet: Sheet, header: Header, kind: "Kind") -> list[Row]:
    rows = []
    by_index = {column.index: column.field.name for column in header.columns}
    leaves = [squeeze(str(sheet.spread(header.last, column))) for column in range(sheet.width)]
    columns: dict[str, Column] = {}
    for column in header.columns:
        if column.option is None:
            columns[column.field.name] = column
        else:
            columns.setdefault(column.field.name, column)
    known: dict[tuple, Any] = {}
    for index in range(header.last + 1, len(sheet.rows)):
        if is_numbering(sheet.rows[index]) and _numbers_all_columns(sheet, header, index):
            continue
        if _is_data(sheet, index, by_index, leaves):
            row = Row(sheet, index + 1, columns, kind=kind.code)
            _read_cells(row, header, known)
            rows.append(row)
    return rows


def _numbers_all_columns(sheet: Sheet, header: Header, index: int) -> bool:
    """A numbering row fills the required columns with bare numbers, which no data row does."""
    return all(
        squeeze(str(sheet.at(index, column.index) or "")).replace(".", "").isdigit()
        for column in header.columns
        if column.field.required
    )


# So many different cells are remembered of one sheet, that a word which recurs is read once.
_REMEMBERED = 5_000


def _read_cells(row: Row, header: Header, known: dict[tuple, Any]) -> None:
    """Read every cell of the row. `known`: what has been read of the sheet before."""
    ticked: dict[str, list[Column]] = {}
    for column in header.columns:
        name = column.field.name
        cell = row.source.filled_down(row.number - 1, column.index)
        if column.option is not None:
            if _is_ticked(cell, row, column):
                ticked.setdefault(name, []).append(column)
            continue
        if cell is None:
            continue
        same = (name, type(cell), cell)
        if same in known:
            row.values[name] = known[same]
            continue
        try:
            value = row.values[name] = column.field.read(cell)
        except CellProblem as problem:
            level = WARNING if isinstance(problem, CellRemark) else ERROR
            row.report(level, name, f"{column.field.label}：{problem}")
            continue
        if len(known) < _REMEMBERED:
            known[same] = value
    for name, columns in ticked.items():
        row.columns = {**row.columns, name: columns[0]}
        row.values[name] = columns[0].option
        if len(columns) > 1:
            level = WARNING if name == "reason_not_established" else ERROR
            words = "、".join(column.heading.rpartition(" / ")[2] for column in columns)
            row.report(
                level,
                name,
                f"{columns[0].field.label}：同时勾了 {words}，" + ("按第一项记" if level == WARNING else "请只勾一项"),
            )
    for column in header.columns:
        name = column.field.name
        if (
            column.field.required
            and row.values.get(name) is None
            and not any(
                problem.level == ERROR and problem.column == column_letter(column.index) for problem in row.problems
            )
        ):
            row.report(ERROR, name, f"{column.field.label}：没有填写，请补上")


def _shown(field: Field, cell: object) -> str:
    """A cell as problems show it: nothing personal whole."""
    text = str(cell)[:200]
    if field.masked:
        return "*" * max(0, len(text) - 4) + text[-4:] if len(text) > 4 and not isinstance(cell, CellFault) else "****"
    return text if field.name == "credit_code" else scrubbed(text)


def _is_ticked(cell: object, row: Row, column: Column) -> bool:
    if cell is None:
        return False
    try:
        raw = as_text(cell)  # type: ignore[arg-type]
    except CellProblem as problem:
        row.columns = {**row.columns, column.field.name: column}
        row.report(ERROR, column.field.name, f"{column.heading}：{problem}")
        return False
    text = squeeze(raw)
    if _YES_MARK.match(text):
        return True
    if is_blank(text):
        return False
    try:
        return bool(yes_no(text))
    except CellProblem:
        # Words of its own (another reason, a name) under a √ heading: it is chosen.
        return True


def as_of_from(table: Table) -> LedgerDate | None:
    """The as-of date that the ledger states, or None when it states none or several."""
    if not table.as_of_dates:
        return None
    surest = table.as_of_dates[min(table.as_of_dates)]
    day = next(iter(surest)) if len(surest) == 1 else None
    return day if day is not None and day.precision == Precision.DAY else None
