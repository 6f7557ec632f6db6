"""Sheets to rows of values: skips what is no data, reads every cell, collects every problem in one pass."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from common.text import BLANK_WORDS, is_blank, squeeze
from ledgers.reading.grid import CellFault, Sheet
from ledgers.recognising.fields import Column, Field
from ledgers.recognising.header import Header, column_letter, is_numbering
from ledgers.recognising.problems import ERROR, WARNING, Problem
from ledgers.recognising.values import NO_WORDS, CellProblem, CellRemark, as_text, yes_no

_TOTAL = re.compile(r"^.{0,20}(小计|合计|总计|共计|累计|总数|占比|比例|百分比)[:：]?(\d+家?)?$")
# Lines around a table: notes, signatures, a bare date. Names of enterprises hold no colon.
NOTE = re.compile(
    r"^[※*]?(注|备注|说明|填表说明|填报说明|附注|附件)\d*([:：(]|$)|^.{0,14}[:：]|^\d+[、.]\D|签字|盖章|签章"
    r"|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$"
)
_GROUP = re.compile(r"^[(]?[一二三四五六七八九十]+[)]?[、.]?")
_PLACE = re.compile(r"(村|社区|街道|园区|片区|网格|楼宇)(\(.*\))?$")
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


_DIGITS = re.compile(r"(?<!\d)\d{14}(\d{3}[0-9Xx]|\d)(?!\d)")
# A number cell that has lost its last digits still tells the first ones.
_ROUNDED = re.compile(r"\d\.\d{6,}[eE]\+?\d+")


def scrubbed(text: str) -> str:
    """`text` with what may be an ID number masked but for its last digits."""
    return _ROUNDED.sub("（长数字）", _DIGITS.sub(lambda match: "*" * 14 + match[1], text))


def _is_data(sheet: Sheet, index: int, by_index: dict[int, str], leaves: Sequence[str]) -> bool:
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
    if not coded and (NOTE.search(filled[0][1]) or (_GROUP.match(filled[0][1]) and len(filled) <= 2)):
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


def read_rows(sheet: Sheet, header: Header, kind: str) -> list[Row]:
    """Every data row under the header, of the kind of file with this code."""
    rows = []
    by_index = {column.index: column.field.name for column in header.columns}
    leaves = [squeeze(str(sheet.spread(header.last, column))) for column in range(sheet.width)]
    columns: dict[str, Column] = {}
    for column in header.columns:
        if column.option is None:
            columns[column.field.name] = column
        else:
            columns.setdefault(column.field.name, column)
    known: dict[str, dict[tuple, Any]] = {column.field.name: {} for column in header.columns}
    for index in range(header.last + 1, len(sheet.rows)):
        if is_numbering(sheet.rows[index]) and _numbers_all_columns(sheet, header, index):
            continue
        if _is_data(sheet, index, by_index, leaves):
            row = Row(sheet, index + 1, columns, kind=kind)
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


# So many different cells are remembered of one column, that a word which recurs is read once. A column of codes or
# names fills its own memory only.
_REMEMBERED = 2_000


def _read_cells(row: Row, header: Header, known: dict[str, dict[tuple, Any]]) -> None:
    """Read every cell of the row. `known`: what has been read of each column before."""
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
        same, read = (type(cell), cell), known[name]
        if same in read:
            row.values[name] = read[same]
            continue
        try:
            value = row.values[name] = column.field.read(cell)
        except CellProblem as problem:
            level = WARNING if isinstance(problem, CellRemark) else ERROR
            row.report(level, name, f"{column.field.label}：{problem}")
            continue
        if len(read) < _REMEMBERED:
            read[same] = value
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
    # Codes of enterprises are as long as ID numbers, but begin with 9.
    return text if field.name == "credit_code" and text.startswith("9") else scrubbed(text)


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
