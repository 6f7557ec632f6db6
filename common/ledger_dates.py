"""Dates as ledgers write them. Precision is kept; what could mean two things is refused."""

import datetime as dt
import re
from typing import NamedTuple

from common.periods import Precision
from common.text import squeeze


class LedgerDate(NamedTuple):
    day: dt.date
    precision: Precision


class Month(dt.date):
    """A month that was stated where a day is asked for: it stands as its first day, and says what it is."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec or "%Y-%m")


class DateError(ValueError):
    """The cell is no date that can be read without guessing; the message is for the screen."""


FORMATS = "请写成 2019-07-01、2019年7月1日 或 2019.07"
_EARLIEST, _LATEST = 1900, 2100
# Six digits are year and month; what would be an older year is more likely 19-07-01.
_OLDEST_SIX_DIGITS = 1949
# Excel's day numbers for 1954-10-03 and 2119-01-05. Below lie plain years and small
# counts, above eight-digit dates; no date of this field lies outside.
_SERIALS = range(20_000, 80_001)
_EPOCH = dt.date(1899, 12, 30)

_TIME = re.compile(r"(\d)[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?Z?$")
# Other signs for the same: 7月1号, 2019、7、1, back slashes and long dashes.
_SAME = str.maketrans({"。": ".", "号": "日", "、": "-", "\\": "-", "—": "-", "–": "-", "−": "-"})
_PARTS = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")


def read_date(value: object) -> LedgerDate:
    """The date in a cell: a date, an Excel day number, or text in any form ledgers use.

    Takes 2019-07-01, 2019/7/1, 2019.07.01, 2019年7月1日, 20190701 (day precision) and
    2019.07, 2019年7月, 201907 (month precision, first day). Raises DateError with a
    Chinese message for everything else, 2019.13, 2020.2.30 and a bare year included.
    """
    if isinstance(value, dt.datetime):
        return LedgerDate(value.date(), Precision.DAY)
    if isinstance(value, dt.date):
        return LedgerDate(value, Precision.DAY)
    if isinstance(value, bool) or value is None:
        raise DateError(f"不是日期，{FORMATS}")
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(str(value))


def _from_number(number: float) -> LedgerDate:
    if int(number) in _SERIALS:
        return LedgerDate(_EPOCH + dt.timedelta(days=int(number)), Precision.DAY)
    text = str(int(number)) if number == int(number) else repr(number)
    if re.fullmatch(r"\d{4}\.1", text):
        raise DateError("数字格式的单元格分不清 1 月和 10 月，请改为文本，写成 2019.01 或 2019.10")
    return _from_text(text)


def _from_text(raw: str) -> LedgerDate:
    text = squeeze(_TIME.sub(r"\1", raw.strip())).translate(_SAME)
    text = text.replace("月份", "月").rstrip(".") or text
    if text.isdigit() and len(text) == 5 and int(text) in _SERIALS:
        return LedgerDate(_EPOCH + dt.timedelta(days=int(text)), Precision.DAY)
    if re.fullmatch(r"\d{4}年?", text):
        raise DateError(f"只有年份，请补到月或日，{FORMATS}")
    match = _PARTS.match(text) or _COMPACT.match(text)
    if match is None:
        raise DateError(f"看不出是哪一天，{FORMATS}")
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    if text.isdigit() and not match[3] and year < _OLDEST_SIX_DIGITS:
        raise DateError(f"六位数字分不清年月日，{FORMATS}")
    if not _EARLIEST <= year <= _LATEST:
        raise DateError(f"年份应在 {_EARLIEST}—{_LATEST} 之间，{FORMATS}")
    if not 1 <= month <= 12:
        raise DateError(f"没有 {month} 月，{FORMATS}")
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise DateError(f"{year}年{month}月没有 {day} 日，{FORMATS}") from None
    return LedgerDate(date, Precision.DAY if match[3] else Precision.MONTH)
