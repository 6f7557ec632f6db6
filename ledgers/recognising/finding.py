"""Finding the tables of a file and reading them: which sheets hold one, or several, and what holds none and why."""

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from common.text import squeeze
from ledgers.reading.grid import Sheet
from ledgers.recognising.header import Header, column_letter, find_header, headings_in, likeliest_header
from ledgers.recognising.kind import SheetKind
from ledgers.recognising.lines import DOUBTFUL, Lines
from ledgers.recognising.problems import ERROR, QUESTION, WARNING, Problem, listed
from ledgers.recognising.rows import Reading, Row, Stumbled
from ledgers.recognising.surroundings import read_surroundings
from ledgers.recognising.table import OUR_SHEETS, Mapping, Part, Skipped, Table
from ledgers.recognising.words import PLACE

# What people have said of words: (code of a kind, field, word) → code of a meaning.
Words = AnyMapping[tuple[str, str, str], str]


def read_table(
    sheets: Sequence[Sheet],
    kinds: Sequence[SheetKind],
    mapping: Mapping,
    guessing: Sequence[SheetKind],
    words: Words | None = None,
) -> Table:
    """Read every visible sheet that holds a table of one of `kinds`, each as the kind that it is; of a sheet with
    several tables below each other, each by its own header.

    `mapping` is what people have said of headings (ledgers/recognising/header.py), `words` what they have said of words
    in cells (ledgers/recognising/rows.py). A sheet with content but without such a table is named in a warning, so that
    nothing is left out unsaid. `guessing`: the kinds that are tried where nothing is found, the likeliest first.
    """
    table = Table([], [], [], all_sheets=list(sheets))
    for sheet in sheets:
        if sheet.name in OUR_SHEETS or not any(cell is not None for row in sheet.rows for cell in row):
            continue
        if sheet.hidden:
            table.problems.append(_sheet_warning(sheet, "是隐藏的，没有读取；如需导入请先取消隐藏"))
            continue
        if (why := _no_list(sheet, guessing)) is not None:
            table.refused.append(why)
            table.problems.append(_sheet_warning(sheet, why))
            continue
        begin = 0
        while begin < len(sheet.rows):
            rows = range(begin, begin + 3) if begin else None
            found = find_table(sheet, kinds, mapping, rows)
            if found is None:
                if not begin:
                    table.problems.append(_sheet_warning(sheet, "里找不到台账的表头，没有读取"))
                else:
                    told = f"第 {begin + 1} 行起像是另一张表，表头看不懂，没有读取；请放到另一个工作表"
                    table.problems.append(Problem(sheet.name, begin + 1, None, None, None, ERROR, told))
                break
            header, kind = found
            header.begin, header.end = begin, _next_header(sheet, header, kinds)
            begin = header.end
            _read_part(table, Part(sheet, header, kind), words or {})
    if not table.parts:
        table.guessed = _guess(sheets, guessing, mapping)
        for sheet, header, _ in table.guessed:
            table.problems += header.problems
            read_surroundings(sheet, header, table)
    return table


def _read_part(table: Table, part: Part, words: Words) -> None:
    sheet, header, kind = part
    rows: list[Row] = []
    skipped: dict[str, list[int]] = {}
    reading = None
    if header.has_key:
        # Without it no row says whom it is about; the header's own problem asks for it.
        settled = {(field, word): code for (of, field, word), code in words.items() if of == kind.code}
        reading, lines = Reading(sheet, header, kind, settled), Lines(sheet, header, kind)
        for index in range(header.last + 1, header.end):
            try:
                what = lines.no_data(index)
                if what is None:
                    rows += reading.row(index)
                elif what:
                    skipped.setdefault(what, []).append(index + 1)
            except Exception as error:
                raise Stumbled(sheet.name, index + 1) from error
    if kind.layout.of_places and rows and _counts_places(header, rows):
        why = "像是汇总表（一行一个村、社区或单位），不是一行一家的名单，没有读取"
        table.refused.append(why)
        table.problems.append(_sheet_warning(sheet, why))
        return
    table.parts.append(part)
    table.rows += rows
    table.problems += header.problems
    table.skipped += [Skipped(sheet.name, what, numbers) for what, numbers in skipped.items()]
    read_surroundings(sheet, header, table)
    table.problems += [*_unsaid(part, rows, reading, skipped), *_unheaded(part, rows)]


# -- what no list is ------------------------------------------------------------------------------

_FORM_FIELDS, _FORM_ROWS = 6, 3


def _no_list(sheet: Sheet, kinds: Sequence[SheetKind]) -> str | None:
    """Why the sheet is no list of one row each: a form with labels beside their values, or a list laid on its side."""
    for kind in kinds:
        fields: set[str] = set()
        rows: set[int] = set()
        columns: set[int] = set()
        wide = 0
        for row in range(min(60, len(sheet.rows))):
            labels = headings_in(sheet, row, kind.fields)
            filled = [column for column, cell in enumerate(sheet.rows[row]) if cell is not None]
            for column, field in labels.items():
                right = next((each for each in filled if each > column), None)
                if right is not None and right not in labels:
                    fields.add(field.name)
                    rows.add(row)
                    columns.add(column)
                    wide = max(wide, sum(each not in labels for each in filled))
        if len(fields) >= _FORM_FIELDS and len(rows) >= _FORM_ROWS:
            if len(columns) == 1 and wide > 1:
                return "是横着排的（一列一家），没有读取；请转置成一行一家（复制—选择性粘贴—转置）再上传"
            return "是登记表（栏目旁边填内容），不是一行一家的台账，没有读取；请填到台账样表里再上传"
    return None


def _counts_places(header: Header, rows: Sequence[Row]) -> bool:
    """Whether the table counts what there is by place: a column of how many enterprises, or only places for names."""
    names = [row.get("name") or row.written("name") for row in rows]
    if "enterprise_count" in header.fields and "credit_code" not in header.fields:
        return True
    return all(isinstance(name, str) and PLACE.search(squeeze(name)) for name in names) and not any(
        row.get("credit_code") for row in rows
    )


_SECOND_TABLE = 3
# What the first heading of a table holds.
_HEADING_WORD = re.compile("号|名|单位|企业|公司|备注|时间|日期|编号|代码|党|社区|村|乡|街道|类")
_LONGEST_FIRST = 12


def _next_header(sheet: Sheet, header: Header, kinds: Sequence[SheetKind]) -> int:
    """The row in which another table begins below this one's header, with headings of its own; else the sheet's end."""
    own = {
        (column, squeeze(str(sheet.spread(row, column))))
        for row in range(header.first, header.last + 1)
        for column in range(sheet.width)
    }
    for row in range(header.last + 1, len(sheet.rows)):
        # Few rows begin with the word of a heading: the others need no closer look.
        first = next((cell for cell in sheet.rows[row] if isinstance(cell, str)), None)
        if first is None or len(first) > _LONGEST_FIRST or not _HEADING_WORD.search(first):
            continue
        cells = [
            (column, squeeze(cell)) for column, cell in enumerate(sheet.rows[row]) if isinstance(cell, str) and cell
        ]
        if len(cells) < _SECOND_TABLE:
            continue
        if all(cell in own for cell in cells):
            continue
        for kind in kinds:
            found = headings_in(sheet, row, kind.fields)
            if len(found) >= _SECOND_TABLE and len(found) * 3 >= len(cells) * 2:
                return row
    return len(sheet.rows)


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


def find_table(
    sheet: Sheet, kinds: Sequence[SheetKind], mapping: Mapping, rows: range | None = None
) -> tuple[Header, SheetKind] | None:
    """The kind of table on the sheet: the one by which most columns are understood, the first of several."""
    best: tuple[Header, SheetKind] | None = None
    for kind in kinds:
        header = find_header(sheet, kind.fields, kind.key, _of_kind(mapping, kind), rows)
        if header is None or not kind.fits({column.field.name: column.heading for column in header.columns}):
            continue
        if best is None or (header.has_key, len(header.fields)) > (best[0].has_key, len(best[0].fields)):
            best = header, kind
    return best


# -- what would stay unsaid -----------------------------------------------------------------------


def _unsaid(part: Part, rows: Sequence[Row], reading: Reading | None, skipped: dict[str, list[int]]) -> list[Problem]:
    """One warning a kind, with the rows, of what people may not see in the table, or did not mean."""
    sheet, header, kind = part
    numbers = {row.number for row in rows}
    found: list[Problem] = []

    def warn(words: str, column: int | None = None, row: int | None = None) -> None:
        letter = None if column is None else column_letter(column)
        found.append(Problem(sheet.name, row, letter, None, None, WARNING, words))

    if hidden := [row + 1 for row in sheet.hidden_rows if row + 1 in numbers]:
        warn(f"{listed(hidden)}是隐藏的（或被筛选掉了），也导入了；不要的请删去这些行")
    used = {column.index: column.heading for column in header.columns if column.field.kept}
    if columns := [column for column in sheet.hidden_columns if column in used]:
        shown = "、".join(f"{column_letter(column)} 列“{used[column]}”" for column in columns)
        warn(f"{shown} 是隐藏的，也导入了；不要的请删去这些列")
    if struck := [row + 1 for row in sheet.struck_rows if row + 1 in numbers]:
        warn(f"{listed(struck)}画了删除线，仍按内容导入；不要的请删去这些行")
    if lone := skipped.get(DOUBTFUL):
        warn(f"{listed(lone)}只有几个字，当作分组行没有导入；是{kind.label}里的一行的，请补上别的栏目")
    for name, shared in (reading.shared if reading is not None else {}).items():
        column = reading.columns[name] if reading is not None else None
        label = "" if column is None else f"“{column.heading}”"
        warn(
            f"{label}一格合并了几家（{listed(shared)}），分不清各家是多少，没有导入",
            None if column is None else column.index,
        )
    return found + _misplaced(part, rows)


def _misplaced(part: Part, rows: Sequence[Row]) -> list[Problem]:
    """Columns of which most cells cannot be what their heading says."""
    found = []
    for column in part.header.columns:
        letter = column_letter(column.index)
        if not column.field.decisive or column.option is not None:
            continue
        wrong = sum(_is_misplaced(row, letter) for row in rows)
        if wrong >= _MOST and wrong * 2 > sum(bool(row.written(column.field.name)) for row in rows):
            words = (
                f"“{column.heading}”下面大多读不出“{column.field.label}”，请核对是否填错了列，或在“栏目”里指定它是什么"
            )
            where = (part.sheet.name, part.header.last + 1, letter, column.heading, None)
            found.append(Problem(*where, WARNING, words))
    return found


def _is_misplaced(row: Row, letter: str) -> bool:
    """Whether the row's cell cannot be read at all, or is a number where words are asked for."""
    return any(
        problem.column == letter
        and problem.value
        and (problem.level == ERROR or (problem.level == QUESTION and _NUMBER.match(problem.value)))
        for problem in row.problems
    )


_NUMBER = re.compile(r"^[\d./年月日A-Z-]+$")


def _unheaded(part: Part, rows: Sequence[Row]) -> list[Problem]:
    """What stands under no heading: said once; in a text file, where a comma too many pushes what follows into the
    wrong columns, it is wrong with its row."""
    sheet, header, _ = part
    heads = range(header.first, header.last + 1)
    headed = {column for column in range(sheet.width) if any(sheet.spread(row, column) is not None for row in heads)}
    found: dict[int, list[int]] = {}
    for row in rows:
        cells = sheet.rows[row.number - 1]
        beyond = [column for column, cell in enumerate(cells) if cell is not None and column not in headed]
        if beyond and sheet.is_text and beyond[-1] > max(headed):
            name = next(iter(row.columns))
            row.report(
                ERROR, name, "这一行比表头多出几格：可能是数字里的逗号把后面的格挤错了，请改正或另存为 .xlsx 再传"
            )
            continue
        for column in beyond:
            found.setdefault(column, []).append(row.number)
    problems = []
    for column, numbers in found.items():
        letter = column_letter(column)
        words = f"{letter} 列没有表头，{listed(numbers)}却有内容，没有导入；要的请写明表头"
        problems.append(Problem(sheet.name, None, letter, None, None, WARNING, words))
    return problems


# So many wrong cells are no slips of the pen.
_MOST = 3


def _sheet_warning(sheet: Sheet, what: str) -> Problem:
    return Problem(sheet.name, None, None, None, None, WARNING, f"工作表“{sheet.name}”{what}")
