"""Dates as ledgers write them. Precision is kept; what could mean two things is refused."""

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from common.day_1904 import EPOCH, Day1904
from common.periods import Precision
from common.text import squeeze, tidy


class LedgerDate(NamedTuple):
    day: dt.date
    precision: Precision


class Month(dt.date):
    """A month that was stated where a day is asked for: it stands as its first day, and says what it is."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec or "%Y-%m")


class DateError(ValueError):
    """The cell is no date that can be read without guessing; the message is for the screen."""


class NoDay(DateError):
    """The cell holds a day that stands for “nothing known”: people can say so once for all its rows."""


FORMATS = "请写成 2019-07-01、2019年7月1日 或 2019.07"
_EARLIEST, _LATEST = 1900, 2100
# Six digits are year and month; what would be an older year is more likely 19-07-01.
_OLDEST_SIX_DIGITS = 1949
# Excel's day numbers for 1954-10-03 and 2119-01-05. Below lie plain years and small
# counts, above eight-digit dates; no date of this field lies outside.
_SERIALS = range(20_000, 80_001)
_EPOCH = dt.date(1899, 12, 30)
# The zero of an empty lookup, shown as a date.
_ZERO = {dt.date(1899, 12, 30), dt.date(1899, 12, 31), EPOCH}
_PLACEHOLDER = dt.date(1900, 1, 1)

# A time behind the day, with the half of the day before or behind it, and a zone.
_HALF = r"(?:上午|下午|凌晨|中午|晚上|[AP]M)"
_TIME = re.compile(
    rf"(\d日?)(?:[T ]*{_HALF}?[T ]*\d{{1,2}}:\d{{2}}(:\d{{2}}([.,]\d+)?)?[ ]?{_HALF}?[ ]?(Z|[+-]\d{{2}}:?\d{{2}})?"
    rf"|[ ]*{_HALF})$",
    re.IGNORECASE,
)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$")
_HERE = dt.timezone(dt.timedelta(hours=8))
_NOTHING = "像是空单元格变成的日期，不知道的请留空"
_UNKNOWN = "1900-01-01 多半表示“不知道”，请填实际日期，不知道的请留空"
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
        value = value.date()
    if isinstance(value, dt.date):
        return _checked(LedgerDate(value, Precision.DAY))
    if isinstance(value, bool) or value is None:
        raise DateError(f"不是日期，{FORMATS}")
    if isinstance(value, int | float):
        return _checked(_from_number(value))
    return _checked(_from_text(str(value)))


def _checked(found: LedgerDate) -> LedgerDate:
    """`found`, unless it is one of the days that stand for none."""
    if found.day in _ZERO:
        raise NoDay(_NOTHING)
    if found.day == _PLACEHOLDER:
        raise NoDay(_UNKNOWN)
    return found


# Day numbers of 1954 and 1955, or 2019.5 without its point.
_YEAR_AND_MONTH = range(20_001, 20_310)


def _from_number(number: float) -> LedgerDate:
    if number in _YEAR_AND_MONTH:
        raise DateError(f"分不清是日期序号还是少了点的年月，{FORMATS}")
    if int(number) in _SERIALS:
        epoch = EPOCH if isinstance(number, Day1904) else _EPOCH
        return LedgerDate(epoch + dt.timedelta(days=int(number)), Precision.DAY)
    if number == 0:
        raise NoDay(_NOTHING)
    text = str(int(number)) if number == int(number) else repr(number)
    if re.fullmatch(r"\d{4}\.1", text):
        raise DateError("数字格式的单元格分不清 1 月和 10 月，请改为文本，写成 2019.01 或 2019.10")
    return _from_text(text)


def _from_text(raw: str) -> LedgerDate:
    raw = tidy(unicodedata.normalize("NFKC", raw))
    if _ZONED.match(raw):
        # A program writes midnight here as 16:00 of the day before in UTC.
        try:
            raw = dt.datetime.fromisoformat(raw).astimezone(_HERE).date().isoformat()
        except (ValueError, OverflowError):
            raise DateError(f"看不出是哪一天，{FORMATS}") from None
    text = squeeze(_TIME.sub(r"\1", raw)).translate(_SAME)
    if re.fullmatch(r"1900[-/.年]0?1[-/.月]0日?|1899[-/.年]12[-/.月]3[01]日?", text):
        raise NoDay(_NOTHING)
    text = text.replace("月份", "月").rstrip(".") or text
    if text.isdigit() and len(text) == 5 and int(text) in _YEAR_AND_MONTH:
        raise DateError(f"分不清是日期序号还是少了点的年月，{FORMATS}")
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
