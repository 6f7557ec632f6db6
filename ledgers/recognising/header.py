"""Finding the header of a sheet and saying what each column means. Position means nothing."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from common.text import squeeze
from ledgers.reading.grid import CellFault, Sheet
from ledgers.recognising.fields import Column, Field, heading_key
from ledgers.recognising.problems import ERROR, WARNING, Problem

# Headers stand near the top, but below titles, notes and whatever else an office adds.
SEARCH_ROWS, DEPTH = 60, 4
# Fewer recognised columns than this is a chance hit, not a table of this kind.
ENOUGH = 3
# Without the column that every row must have, only a table that is plain by the rest.
ENOUGH_WITHOUT_KEY = 6
_COMMON = {"serial", "remark"}


@dataclass
class Header:
    """Rows first..last (zero-based, inclusive) head the table."""

    first: int
    last: int
    columns: list[Column]
    # (column index, heading) of what is not recognised.
    unmapped: list[tuple[int, str]]
    problems: list[Problem] = field(default_factory=list)
    # (column index, heading) of what people have said is not to be imported, and of what is to be kept as it stands.
    ignored: list[tuple[int, str]] = field(default_factory=list)
    extras: list[tuple[int, str]] = field(default_factory=list)
    # Whether the column that every row must have was found.
    has_key: bool = True
    # The rows that are this table's: from the end of the one above it, up to where another begins or the sheet ends.
    begin: int = 0
    end: int = 0

    @property
    def fields(self) -> set[str]:
        """The names of what was found, a column number or remark aside: those stand in every kind of table."""
        return {column.field.name for column in self.columns if column.field.name not in _COMMON}


def _paths(sheet: Sheet, first: int, last: int) -> list[tuple[str, ...]]:
    """Per column the headings from top to leaf, as written; merged parents spread over their columns, and one that is
    not merged over the blanks at its right: it is centred across them, or the file is a csv."""
    paths = []
    above = [""] * (last - first)
    for column in range(sheet.width):
        path: list[str] = []
        for row in range(first, last + 1):
            value = sheet.spread(row, column)
            text = "" if value is None or isinstance(value, CellFault) else squeeze(str(value))
            if row < last:
                place = row - first
                if sheet.is_merged(row, column):
                    above[place:] = [""] * (last - row)
                elif text:
                    above[place] = text
                    above[place + 1 :] = [""] * (last - row - 1)
                elif any(sheet.at(below, column) for below in range(row + 1, last + 1)):
                    text = above[place]
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(tuple(path))
    return paths


def _best(fields: tuple[Field, ...], path: tuple[str, ...]) -> tuple[int, Field | None]:
    scored = [(each.score(path), -index, each) for index, each in enumerate(fields)]
    score, _, best = max(scored, key=lambda entry: entry[:2])
    return (score, best) if score else (0, None)


# Longer text is content, not a heading.
_LONGEST = 60
# A heading that stands in the declaration of its field, not one that is only like it.
_SURE = 30
# In the place of a field: people have said that the column is kept as it stands, beside all columns of ours.
EXTRA = "+"
# What people have said of a heading is surer than any wording.
_BY_HAND = 1000


@lru_cache(maxsize=20_000)
def _claim(fields: tuple[Field, ...], path: tuple[str, ...]) -> tuple[int, Field, object | None] | None:
    """(score, field, option) for one heading path, or None when it means nothing here."""
    keys = tuple(key for part in path if (key := heading_key(part)))
    if not keys or len(keys[-1]) > _LONGEST:
        return None
    for depth in range(len(keys) - 1, 0, -1):
        score, parent = _best(fields, keys[:depth])
        if parent is not None and (option := parent.option_for(keys[-1])) is not None:
            return score + 5, parent, option
    score, found = _best(fields, keys)
    return None if found is None else (score, found, None)


def mapping_key(heading: str) -> str:
    """A heading path as a mapping by hand remembers it: whole, for what stands in brackets may tell two apart."""
    return squeeze(heading.replace(" / ", "/"))[:200]


def recognise(
    sheet: Sheet, fields: tuple[Field, ...], first: int, last: int, mapping: Mapping[str, str | None]
) -> Header:
    """What the columns mean if rows first..last are the header.

    `mapping` wins: mapping_key(heading) → the name of a field, EXTRA for a column that is kept as it stands, or
    None for one that is not to be imported.
    """
    claims: dict[str, list[tuple[int, int, object | None, str]]] = defaultdict(list)
    unmapped: list[tuple[int, str]] = []
    by_name = {each.name: each for each in fields}
    orphans: list[tuple[int, tuple[str, ...]]] = []
    ignored: list[tuple[int, str]] = []
    extras: list[tuple[int, str]] = []
    for index, path in enumerate(_paths(sheet, first, last)):
        if not path:
            continue
        said = mapping.get(mapping_key(" / ".join(path)), "") if mapping else ""
        if said is None:
            ignored.append((index, " / ".join(path)))
            continue
        if said == EXTRA:
            extras.append((index, " / ".join(path)))
            continue
        if said in by_name:
            claims[said].append((_BY_HAND, index, None, " / ".join(path)))
            continue
        claim = _claim(fields, path)
        if claim is None:
            orphans.append((index, path))
        else:
            score, found, option = claim
            claims[found.name].append((score, index, option, " / ".join(path)))
    # √ columns whose common heading is missing: two or more options of one field stand side by side.
    for each in fields:
        if not each.options or each.name in claims:
            continue
        together: dict[tuple[str, ...], list[tuple[int, object | None, str]]] = defaultdict(list)
        for index, path in orphans:
            option = each.option_for(heading_key(path[-1]))
            if option is not None:
                together[path[:-1]].append((index, option, " / ".join(path)))
        hits = max(together.values(), key=len, default=[])
        # “其他” beside one more says nothing of the field.
        if len({option for _, option, path in hits if "其他" not in path}) > 1:
            claims[each.name] = [(30, index, option, path) for index, option, path in hits]
            taken = {index for index, _, _ in hits}
            orphans = [orphan for orphan in orphans if orphan[0] not in taken]
    unmapped = [(index, " / ".join(path)) for index, path in orphans]

    columns: list[Column] = []
    problems: list[Problem] = []
    for name, found_claims in claims.items():
        chosen, dropped, problem = _choose(sheet, last, by_name[name], found_claims)
        columns += chosen
        unmapped += dropped
        if problem:
            problems.append(problem)
    problems += _twice(sheet, last, unmapped)
    return Header(first, last, sorted(columns, key=lambda c: c.index), sorted(unmapped), problems, ignored, extras)


def _twice(sheet: Sheet, row: int, unmapped: list[tuple[int, str]]) -> list[Problem]:
    """A warning on each heading that stands over two columns which nothing is known of."""
    seen: dict[str, int] = {}
    found = []
    for index, heading in sorted(unmapped):
        first = seen.setdefault(heading, index)
        if first != index:
            message = f"表头“{heading}”在 {column_letter(first)} 列和 {column_letter(index)} 列出现两次，都没有导入"
            found.append(Problem(sheet.name, row + 1, column_letter(index), heading, heading, WARNING, message))
    return found


def _choose(
    sheet: Sheet, row: int, found: Field, claims: list[tuple[int, int, object | None, str]]
) -> tuple[list[Column], list[tuple[int, str]], Problem | None]:
    """Which of the columns that claim one field is it: the surest. Two equally sure ones are an error."""
    plain = [claim for claim in claims if claim[2] is None]
    options = [claim for claim in claims if claim[2] is not None]
    top = max(claim[0] for claim in claims)
    winners = [claim for claim in plain if claim[0] == top]
    if len(seen := [claim for claim in winners if claim[1] not in sheet.hidden_columns]) == 1:
        # Of two that say the same, the one that people see is meant.
        winners = seen
    problem = None
    if options and (not plain or max(claim[0] for claim in options) >= top):
        winners = options
    elif len(winners) > 1:
        headings = "、".join(f"{column_letter(index)} 列“{heading}”" for _, index, _, heading in winners)
        _, index, _, heading = winners[-1]
        remedy = "请只保留一列或改清楚表头" if found.decisive else "只取第一列，其余不导入"
        if found.required:
            remedy = "像是左右并排的两份名单，请把右边的接到左边下面；不是的请只保留一列"
        level = ERROR if found.decisive else WARNING
        message = f"{headings} 都像是“{found.label}”，{remedy}"
        problem = Problem(sheet.name, row + 1, column_letter(index), heading, heading, level, message)
        winners = winners if found.decisive else winners[:1]
    columns = [Column(index, heading, found, option) for _, index, option, heading in winners]
    kept = {column.index for column in columns}
    return columns, [(index, heading) for _, index, _, heading in claims if index not in kept], problem


def column_letter(index: int) -> str:
    """The spreadsheet's letters for a zero-based column."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_header(
    sheet: Sheet,
    fields: tuple[Field, ...],
    key: str,
    mapping: Mapping[str, str | None] | None = None,
    rows: range | None = None,
) -> Header | None:
    """The header rows of `sheet`: those by which most fields are recognised, `key` among them; `rows`: where it may
    begin.

    Where `key` is nowhere, a header that is plain by the rest, with an error that says what is missing.
    """
    best: Header | None = None
    for first in rows or range(min(SEARCH_ROWS, len(sheet.rows))):
        for last in range(first, min(first + DEPTH, len(sheet.rows))):
            if not _may_be_header(sheet, first, last):
                continue
            header = recognise(sheet, fields, first, last, mapping or {})
            header.has_key = key in header.fields
            if len(header.fields) < (ENOUGH if header.has_key else ENOUGH_WITHOUT_KEY):
                continue
            if best is None or (header.has_key, *_rank(header)) > (best.has_key, *_rank(best)):
                best = header
    if best is not None and not best.has_key:
        label = next(each.label for each in fields if each.name == key)
        message = f"缺少必填的栏目“{label}”：请在表头里写明，或在下面指定哪一列是它"
        best.problems.insert(0, Problem(sheet.name, best.last + 1, None, None, None, ERROR, message))
    if best is not None:
        best.end = len(sheet.rows)
    return best


def headings_in(sheet: Sheet, row: int, fields: tuple[Field, ...]) -> dict[int, Field]:
    """Column → field, of the cells of a row that are just what a column of these fields is headed by."""
    found = {}
    for column, cell in enumerate(sheet.rows[row]):
        if isinstance(cell, str) and 0 < len(cell) <= _LONGEST and not _is_content(cell):
            claim = _claim(fields, (squeeze(cell),))
            if claim is not None and claim[0] >= _SURE and claim[2] is None:
                found[column] = claim[1]
    return found


def likeliest_header(sheet: Sheet, fields: tuple[Field, ...], mapping: Mapping[str, str | None]) -> Header | None:
    """The row with the most cells that can be headings, when it has enough of them; the first of several."""
    best = None
    for row, cells in enumerate(sheet.rows[:SEARCH_ROWS]):
        words = [cell for cell in cells if isinstance(cell, str) and 0 < len(squeeze(cell)) <= _LONGEST]
        if len(words) >= ENOUGH and _may_be_header(sheet, row, row) and (best is None or len(words) > best[0]):
            best = len(words), row
    return None if best is None else recognise(sheet, fields, best[1], best[1], mapping)


_CONTENT = re.compile(r"^([0-9A-Z]{15,18}|1\d{10}|\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?)$")


def _is_content(cell: object) -> bool:
    """Whether a cell is plainly data: a number, a date, a code, a phone."""
    return isinstance(cell, int | float | dt.date) or (
        isinstance(cell, str) and _CONTENT.match(squeeze(cell)) is not None
    )


def _may_be_header(sheet: Sheet, first: int, last: int) -> bool:
    """Whether rows first..last can be a whole header: no merged range is cut, and no cell is plainly data."""
    for top, left, bottom, right in sheet.merges:
        if bottom > top and (top <= last < bottom or top < first <= bottom):
            return False
        if top == bottom == last and right > left and last - first + 1 < DEPTH:
            # A heading over several headings is not the last row. A title spans the whole sheet.
            below = [sheet.at(last + 1, column) for column in range(left, right + 1)]
            words = [cell for cell in below if isinstance(cell, str) and not _is_content(cell)]
            if len(words) > 1 and right - left + 1 < sheet.width and not any(map(_is_content, sheet.rows[last + 1])):
                return False
    return not any(_is_content(cell) for row in range(first, last + 1) for cell in sheet.rows[row])


def _rank(header: Header) -> tuple[int, int, int]:
    options = sum(column.option is not None for column in header.columns)
    # More fields, then more √ columns, then the tighter block of rows.
    return len(header.fields), options, header.first - header.last
