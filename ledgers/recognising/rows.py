"""Rows of values: reads every cell under a header, and collects every problem in one pass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.text import is_blank, masked, squeeze, tidy, without_phones
from ledgers.reading.grid import Cell, CellFault, Sheet
from ledgers.recognising.fields import Column, Field
from ledgers.recognising.header import Header, column_letter
from ledgers.recognising.kind import SheetKind
from ledgers.recognising.problems import BLOCKING, ERROR, QUESTION, WARNING, Asked, Problem
from ledgers.recognising.values import CellProblem, CellQuestion, CellRemark, Remarked, UnknownWord, as_text, text
from ledgers.recognising.words import DOUBT, boxes, parts_of, yes_or_no


class Stumbled(Exception):
    """A fault of ours at a row; what was thrown is its cause. The place is told, not what stands there."""

    def __init__(self, sheet: str, row: int):
        super().__init__(sheet, row)
        self.sheet, self.row = sheet, row


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
    # Says more of the subject of a row above: another organization, another instructor.
    continues: bool = False
    # What columns hold that are kept as they stand, by heading.
    extras: dict[str, str] = field(default_factory=dict)
    # What is to be settled before the row can be read, or may be.
    asked: list[Asked] = field(default_factory=list)

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
        """Whether it cannot go in as it stands: something is wrong, or not settled yet."""
        return any(problem.level in BLOCKING for problem in self.problems)


_DIGITS = re.compile(r"(?<!\d)\d{14}(?:\d{3}[0-9Xx]|\d)(?!\d)")
# A number cell that has lost its last digits still tells the first ones.
_ROUNDED = re.compile(r"\d\.\d{6,}[eE]\+?\d+")


def scrubbed(text: str) -> str:
    """`text` with what may be an ID number masked."""
    return _ROUNDED.sub("（长数字）", _DIGITS.sub("（身份证号，不显示）", text))


# So many different cells are remembered of one column, that a word which recurs is read once. A column of codes or
# names fills its own memory only.
_REMEMBERED = 2_000
# What people have said of words: (field, word) → the code of a meaning (ledgers/recognising/values.py).
Settled = Mapping[tuple[str, str], str]
# What is asked of rows that go on with the subject of the row above: no column's word.
CONTINUED_FIELD, CONTINUED = "continued", "一家企业占几行"
_DITTO = frozenset({"同上", "〃", "″", '"', "”", "“", "''", "′′", "同前", "同上行", "〞", "々"})
# What is no word that recurs: a ditto there is an error.
_NO_DITTO = frozenset({"credit_code", "id_number"})


def word_key(cell: Cell) -> str:
    """A cell's word as it is remembered when people have said what it means."""
    return squeeze(as_text(cell)).casefold()[:200]


_EXTRA = text(500, keep_words=True)


class Reading:
    """Reads the rows under one header of one kind of table, from the top down."""

    def __init__(self, sheet: Sheet, header: Header, kind: SheetKind, settled: Settled):
        self.sheet, self.header, self.kind, self.settled = sheet, header, kind, settled
        self.columns: dict[str, Column] = {}
        for column in header.columns:
            if column.option is None:
                self.columns[column.field.name] = column
            else:
                self.columns.setdefault(column.field.name, column)
        self._known: dict[str, dict[tuple, Any]] = {column.field.name: {} for column in header.columns}
        # The cells of the data row above, for ditto marks.
        self._above: dict[int, Cell] = {}
        # Columns of numbers that one merged cell gives to several enterprises → the rows.
        self.shared: dict[str, list[int]] = {}

    def row(self, index: int) -> list[Row]:
        """What row `index` (zero-based) of the sheet says: one row, or several when a cell holds several names."""
        row = Row(self.sheet, index + 1, self.columns, kind=self.kind.code)
        ticked: dict[str, list[Column]] = {}
        cells: dict[int, Cell] = {}
        continued = self._continued(index)
        merged = bool(self.sheet.merges)
        for column in self.header.columns:
            cell = self._cell(row, column, cells)
            if cell is None:
                continue
            if column.option is not None:
                if _is_ticked(cell, row, column):
                    ticked.setdefault(column.field.name, []).append(column)
            elif not (merged and self._is_not_its_own(index, column, continued)):
                self._read(row, column, cell)
        self._above = cells
        _choose_ticked(row, ticked)
        if continued:
            self._continue(row, index)
        self._ask_for_required(row)
        if not continued:
            self._read_extras(row)
        return [row, *self._expanded(row)]

    def _read_extras(self, row: Row) -> None:
        for index, heading in self.header.extras:
            cell = self.sheet.filled_down(row.number - 1, index)
            if cell is None:
                continue
            try:
                value = _EXTRA(cell)
            except CellProblem as problem:
                where = (row.sheet, row.number, column_letter(index), heading, scrubbed(str(cell))[:200])
                row.problems.append(Problem(*where, WARNING, f"附加栏“{heading}”：{problem}，这一格没有保存"))
                continue
            if value is not None:
                row.extras[heading] = value

    def _cell(self, row: Row, column: Column, cells: dict[int, Cell]) -> Cell:
        """The cell of the row in this column; of a ditto mark the one above."""
        cell = self.sheet.filled_down(row.number - 1, column.index)
        if isinstance(cell, str) and len(cell) <= 6 and cell.strip() in _DITTO and column.field.kept:
            above = self._above.get(column.index)
            if (
                above is None
                or column.field.name in _NO_DITTO
                or (column.field.required and not self.kind.layout.repeats_key)
            ):
                row.report(
                    ERROR, column.field.name, f"{column.field.label}：“{tidy(cell)}”上面没有可以照抄的内容，请写明"
                )
                return None
            cell = above
        cells[column.index] = cell
        return cell

    def _read(self, row: Row, column: Column, cell: Cell) -> None:
        name = column.field.name
        same, read = (type(cell), cell), self._known[name]
        if same in read:
            row.values[name] = read[same]
            return
        code = self.settled.get((name, word_key(cell)), "") if self.settled and not isinstance(cell, CellFault) else ""
        if code in column.field.read.meanings:
            row.values[name] = column.field.read.meant(code, cell)
            return
        try:
            value = column.field.read(cell)
        except CellProblem as problem:
            if not column.field.kept:
                # What is not imported stops no row.
                return
            asked = isinstance(problem, CellQuestion)
            level = QUESTION if asked else WARNING if isinstance(problem, CellRemark) else ERROR
            row.report(level, name, f"{column.field.label}：{problem}")
            if isinstance(problem, CellQuestion | CellRemark | UnknownWord) and self._can_be_settled(column.field):
                row.asked.append(Asked(name, word_key(cell), tidy(as_text(cell))[:60], level != WARNING))
            return
        if isinstance(value, Remarked):
            row.report(WARNING, name, f"{column.field.label}：{value.words}")
            row.values[name] = value.value
            return
        row.values[name] = value
        if len(read) < _REMEMBERED:
            read[same] = value

    @staticmethod
    def _can_be_settled(field: Field) -> bool:
        return bool(field.read.meanings) and not field.masked

    def _ask_for_required(self, row: Row) -> None:
        for column in self.header.columns:
            if not column.field.required or row.values.get(column.field.name) is not None:
                continue
            letter = column_letter(column.index)
            if not any(problem.level in BLOCKING and problem.column == letter for problem in row.problems):
                row.report(ERROR, column.field.name, f"{column.field.label}：没有填写，请补上")

    # -- one subject in several rows, several names in one cell ------------------------------------

    def _is_not_its_own(self, index: int, column: Column, continued: bool) -> bool:
        """Whether a merged cell gives the row what is another's: the row above it, whose subject it goes on with, or
        several subjects' together."""
        top, bottom = self.sheet.span(index, column.index)
        if top == bottom:
            return False
        key = self.columns.get(self.kind.key)
        if column.field.name in self.kind.layout.own_numbers and key is not None:
            own = self.sheet.span(index, key.index)
            if top < own[0] or bottom > own[1]:
                self.shared.setdefault(column.field.name, []).append(index + 1)
                return True
        return continued and top < index

    def _continued(self, index: int) -> bool:
        """Whether the row goes on with the subject of the row above: its key is merged over both."""
        key = self.columns.get(self.kind.key)
        return bool(self.kind.layout.continues) and key is not None and self.sheet.span(index, key.index)[0] < index

    def _continue(self, row: Row, index: int) -> None:
        """Keep of a row that goes on with a subject only whose it is, and what such a row may say."""
        row.continues = True
        own = {
            name: value
            for name, value in row.values.items()
            if name in self.kind.layout.continues and value is not None
        }
        row.values = own
        for name in self.kind.layout.identity:
            column = self.columns.get(name)
            if column is not None and (cell := self.sheet.filled_down(index, column.index)) is not None:
                self._read(row, column, cell)
        if own and self.kind.layout.asks_to_continue and self.settled.get((CONTINUED_FIELD, CONTINUED)) != "yes":
            name = next(iter(own))
            words = f"{row.label(self.kind.key)}占了几行，这一行像是它的另一个党组织或指导员，请确认"
            row.report(QUESTION, name, words)
            row.asked.append(Asked(CONTINUED_FIELD, CONTINUED, CONTINUED, True))

    def _expanded(self, row: Row) -> list[Row]:
        """The further rows of a row in which a cell holds several names, one row a name."""
        more: list[Row] = []
        for name, value in list(row.values.items()):
            if not isinstance(value, tuple) or name not in self.kind.layout.several:
                continue
            row.values[name] = value[0]
            beside = {each: self._parts(row, each, len(value)) for each in self.kind.layout.several[name]}
            others: list[Row] = []
            for number, each in enumerate(value[1:], 1):
                another = Row(row.source, row.number, row.columns, kind=row.kind, continues=True)
                another.values = {key: row.values[key] for key in self.kind.layout.identity if key in row.values}
                another.values[name] = each
                for field_name, parts in beside.items():
                    if parts is not None:
                        another.values[field_name] = parts[number]
                others.append(another)
            for field_name, parts in beside.items():
                if parts is not None:
                    row.values[field_name] = parts[0]
                elif row.values.get(field_name) is not None and field_name not in self.kind.layout.shared_by_several:
                    words = f"{row.label(field_name)}：前面一格有 {len(value)} 个，这里只有一个，记在第一个上"
                    row.report(WARNING, field_name, words)
                elif field_name in self.kind.layout.shared_by_several:
                    for another in others:
                        another.values.setdefault(field_name, row.values.get(field_name))
            more += others
        return more

    def _parts(self, row: Row, name: str, number: int) -> list[Any] | None:
        """The values of a cell that holds as many as the names beside it; then nothing is wrong with it."""
        column = self.columns.get(name)
        cell = None if column is None else self._above.get(column.index)
        parts = parts_of(cell) if isinstance(cell, str) else []
        if column is None or len(parts) != number:
            return None
        try:
            read = [column.field.read(part) for part in parts]
        except CellProblem:
            return None
        letter = column_letter(column.index)
        row.problems[:] = [problem for problem in row.problems if problem.column != letter]
        row.asked[:] = [each for each in row.asked if each.field != name]
        return [each.value if isinstance(each, Remarked) else each for each in read]


def _choose_ticked(row: Row, ticked: dict[str, list[Column]]) -> None:
    """The option of each field whose column is ticked; several of one field are an error."""
    for name, columns in ticked.items():
        row.columns = {**row.columns, name: columns[0]}
        row.values[name] = columns[0].option
        if len(columns) > 1:
            level = WARNING if name == "reason_not_established" else ERROR
            words = "、".join(column.heading.rpartition(" / ")[2] for column in columns)
            ends = "按第一项记" if level == WARNING else "请只勾一项"
            row.report(level, name, f"{columns[0].field.label}：同时勾了 {words}，{ends}")


def _shown(field: Field, cell: object) -> str:
    """A cell as problems show it: nothing personal whole."""
    text = str(cell)[:200]
    if field.masked:
        # Not even its end: with a birth date that would give it back.
        return f"（{len(text)} 位，不显示）"
    if field.name.endswith("phone"):
        return masked(text)
    # Codes of enterprises are as long as ID numbers, but begin with 9.
    return text if field.name == "credit_code" and text.startswith("9") else without_phones(scrubbed(text))


def _is_ticked(cell: Cell, row: Row, column: Column) -> bool:
    """Whether an option's own column says yes."""
    if cell is None:
        return False
    try:
        raw = as_text(cell)
    except CellProblem as problem:
        row.columns = {**row.columns, column.field.name: column}
        row.report(ERROR, column.field.name, f"{column.heading}：{problem}")
        return False
    if is_blank(raw):
        return False
    said = yes_or_no(raw)
    if said is not None:
        return said
    if (marked := boxes(raw)) is not None:
        return bool(marked)
    if DOUBT.search(raw):
        row.columns = {**row.columns, column.field.name: column}
        row.report(ERROR, column.field.name, f"{column.heading}：“{squeeze(raw)[:20]}”说不清勾了没有，请填 √ 或留空")
        return False
    # Words of its own (another reason, a name) under a √ heading: it is chosen.
    return True
