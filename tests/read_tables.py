"""Tables read without a file: a grid of cells in, rows and problems out."""

import datetime as dt

from ledgers.kinds.catalogue import catalogue, surest_first
from ledgers.reading.grid import Sheet
from ledgers.recognising.finding import read_table
from ledgers.recognising.table import Table
from tests.one_ledger import BASE

D = dt.date


def read(*grids: list[list], merges=(), words=None, mapping=None, **sheet) -> Table:
    """A file of these sheets, read and checked. A grid begins with its headings."""
    sheets = [Sheet(f"表{n}", [list(row) for row in grid], list(merges), **sheet) for n, grid in enumerate(grids, 1)]
    table = read_table(sheets, surest_first(), mapping or {}, list(catalogue().values()), words)
    for kind in catalogue().values():
        kind.check([row for row in table.rows if row.kind == kind.code], D(2023, 12, 20), D(2026, 11, 1))
    return table


def ledger(*rows: dict, drop: tuple[str, ...] = ()) -> list[list]:
    headings = [name for name in dict.fromkeys([*BASE, *(key for row in rows for key in row)]) if name not in drop]
    return [headings, *([{**BASE, **row}.get(name, "") or None for name in headings] for row in rows)]


def at(table: Table, column: str) -> list[tuple[str, str]]:
    """(level, message) of the problems in a column."""
    return [(each.level, each.message) for row in table.rows for each in row.problems if each.column == column]
