"""A file as tables: which sheets hold one, of which kind, what its columns mean, and what surrounds it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from common.ledger_dates import DateError, LedgerDate, read_date
from common.periods import Precision
from common.text import squeeze
from ledgers.reading.grid import CellFault, Sheet
from ledgers.recognising.header import Header, column_letter, find_header, likeliest_header
from ledgers.recognising.kind import SheetKind
from ledgers.recognising.problems import WARNING, Problem
from ledgers.recognising.rows import NOTE, Row, read_rows, scrubbed

# What people have said of headings: (code of a kind, or "" for all; mapping_key of the heading) → field or None.
Mapping = dict[tuple[str, str], str | None]
# In the place of a field: people have said that the column is not to be imported.
IGNORED = "-"
# What the marked-up copy and the templates put beside the table: ours, not a ledger.
OUR_SHEETS = {"问题清单", "填写说明"}

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
_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


class Part(NamedTuple):
    """One sheet that holds a table: of which kind, and what its columns mean."""

    sheet: Sheet
    header: Header
    kind: SheetKind


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
    def kinds(self) -> set[str]:
        """The codes of the kinds in the file."""
        return {part.kind.code for part in self.parts}


def read_table(
    sheets: Sequence[Sheet], kinds: Sequence[SheetKind], mapping: Mapping, guessing: Sequence[SheetKind]
) -> Table:
    """Read every visible sheet that holds a table of one of `kinds`, each as the kind that it is.

    `mapping` is what people have said of headings (ledgers/recognising/header.py). A sheet with content but
    without such a table is named in a warning, so that nothing is left out unsaid. `guessing`: the
    kinds that are tried where nothing is found, the likeliest first.
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
        if header.has_key:
            # Without it no row says whom it is about; the header's own problem asks for it.
            table.rows += read_rows(sheet, header, kind.code)
    if not table.parts:
        table.guessed = _guess(sheets, guessing, mapping)
        for sheet, header, _ in table.guessed:
            table.problems += header.problems
            _read_surroundings(sheet, header, table)
    return table


def _of_kind(mapping: Mapping, kind: SheetKind) -> dict[str, str | None]:
    """What has been said of headings of this kind of file."""
    return {heading: field for asked in ("", kind.code) for (of, heading), field in mapping.items() if of == asked}


def _guess(sheets: Sequence[Sheet], kinds: Sequence[SheetKind], mapping: Mapping) -> list[Part]:
    """The sheet and row that look most like a header of one of `kinds`, or nothing."""
    found = [
        Part(sheet, header, kind)
        for sheet in sheets
        if not sheet.hidden
        for kind in kinds
        if (header := likeliest_header(sheet, kind.fields, _of_kind(mapping, kind))) is not None
    ]
    if not found:
        return []
    best = max(found, key=lambda part: len(part.header.fields))
    best.header.has_key = best.kind.key in best.header.fields
    return [best]


def find_table(sheet: Sheet, kinds: Sequence[SheetKind], mapping: Mapping) -> tuple[Header, SheetKind] | None:
    """The kind of table on the sheet: the one by which most columns are understood, the first of several."""
    best: tuple[Header, SheetKind] | None = None
    for kind in kinds:
        header = find_header(sheet, kind.fields, kind.key, _of_kind(mapping, kind))
        if header is None or not kind.fits({column.field.name: column.heading for column in header.columns}):
            continue
        if best is None or (header.has_key, len(header.fields)) > (best[0].has_key, len(best[0].fields)):
            best = header, kind
    return best


def _samples(sheet: Sheet, header: Header, index: int) -> list[str]:
    values = (sheet.at(row, index) for row in range(header.last + 1, min(len(sheet.rows), header.last + 200)))
    texts = [_MOBILE.sub(r"\1****\2", scrubbed(squeeze(str(value))))[:30] for value in values if value is not None]
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
        if index > header.last and not (texts and NOTE.match(squeeze(texts[0]))):
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


def as_of_from(table: Table) -> LedgerDate | None:
    """The as-of date that the ledger states, or None when it states none or several."""
    if not table.as_of_dates:
        return None
    surest = table.as_of_dates[min(table.as_of_dates)]
    day = next(iter(surest)) if len(surest) == 1 else None
    return day if day is not None and day.precision == Precision.DAY else None
