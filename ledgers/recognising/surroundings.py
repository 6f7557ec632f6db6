"""What stands around a table: the day that it is of, and the unit that reports it."""

import re

from common.ledger_dates import DateError, read_date
from common.text import squeeze
from ledgers.reading.grid import CellFault, Sheet
from ledgers.recognising.header import Header
from ledgers.recognising.lines import NOTE
from ledgers.recognising.table import Table

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


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [str(cell) for cell in sheet.rows[row] if cell is not None and not isinstance(cell, CellFault)]


def read_surroundings(sheet: Sheet, header: Header, table: Table) -> None:
    """The as-of date and the reporting unit, from the lines above the header and the notes below."""
    for index in range(header.begin, header.end or len(sheet.rows)):
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
                day = read_date(written)
                table.as_of_dates.setdefault(rank, set()).add(day)
                table.dated_sheets.setdefault(day, set()).add(sheet.name)
            except DateError:
                continue
        for text in texts:
            if match := _UNIT.match(squeeze(text)):
                table.reporting_units.add(match[1])
