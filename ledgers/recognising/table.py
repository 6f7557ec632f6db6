"""A file as tables: which sheets hold one, of which kind, what its columns mean, and what surrounds it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.text import squeeze, without_phones
from ledgers.reading.grid import Sheet
from ledgers.recognising.header import EXTRA, Header, column_letter
from ledgers.recognising.kind import SheetKind
from ledgers.recognising.problems import Problem
from ledgers.recognising.rows import Row, scrubbed

# What people have said of headings: (code of a kind, or "" for all; mapping_key of the heading) → field or None.
Mapping = dict[tuple[str, str], str | None]
# In the place of a field: people have said that the column is not to be imported.
IGNORED = "-"
# What the marked-up copy and the templates put beside the table: ours, not a ledger.
OUR_SHEETS = {"问题清单", "填写说明"}


class Skipped(NamedTuple):
    """Lines of one sheet that are no data, and what they are (ledgers/recognising/lines.py); rows are 1-based."""

    sheet: str
    what: str
    rows: list[int]


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
    # The sheets that state each date.
    dated_sheets: dict[LedgerDate, set[str]] = field(default_factory=dict)
    reporting_units: set[str] = field(default_factory=set)
    # Why sheets were not read that might have been meant.
    refused: list[str] = field(default_factory=list)
    # Lines that hold something and are no data.
    skipped: list[Skipped] = field(default_factory=list)
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
                "field": said,
            }
            for sheet, header, kind in self.parts
            for said, columns in ((IGNORED, header.ignored), (EXTRA, header.extras))
            for index, heading in columns
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


def _samples(sheet: Sheet, header: Header, index: int) -> list[str]:
    values = (sheet.at(row, index) for row in range(header.last + 1, min(len(sheet.rows), header.last + 200)))
    texts = [without_phones(scrubbed(squeeze(str(value))))[:30] for value in values if value is not None]
    return list(dict.fromkeys(text for text in texts if text))[:3]


def as_of_from(table: Table) -> LedgerDate | None:
    """The as-of date that the ledger states, or None when it states none or several."""
    if not table.as_of_dates:
        return None
    surest = table.as_of_dates[min(table.as_of_dates)]
    day = next(iter(surest)) if len(surest) == 1 else None
    return day if day is not None and day.precision == Precision.DAY else None
