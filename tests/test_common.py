"""Dates, identifiers, fractions, periods, and writing cells."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fractions import Rate
from common.identifiers import IdentifierError, check_credit_code, credit_code_class, fingerprint
from common.ledger_dates import DateError, read_date
from common.periods import Precision, intersect, month_ends, subtract, union
from common.sheets import workbook_bytes

JULY_FIRST = dt.date(2019, 7, 1)


@pytest.mark.parametrize(
    "written",
    ["2019-07-01", "2019/7/1", "2019.07.01", "2019年7月1日", "20190701", 20190701, 43647, 43647.5, "43647", "２０１９－０７－０１",
     " 2019 年 7 月 1 日 ", "2019年7月1号", "2019、7、1", "2019\\7\\1", "2019—07—01", "2019.7.1.", "2019-07-01 12:00:00 AM", "2019-07-01 08:30:00", "2019-07-01T00:00", JULY_FIRST, dt.datetime(2019, 7, 1, 8)],
)  # fmt: skip
def test_a_day_in_every_form(written):
    assert read_date(written) == (JULY_FIRST, Precision.DAY)


@pytest.mark.parametrize("written", ["2019.07", "2019-7", "2019年7月", "201907", 2019.07, 201907, "2019.7"])
def test_a_month_is_its_first_day_and_marked(written):
    assert read_date(written) == (JULY_FIRST, Precision.MONTH)


@pytest.mark.parametrize(
    "written",
    ["2019.13", "2020.2.30", "2019年13月5日", "2019", 2019, "19.7.1", "7/1/2019", "去年", "190701", "2019-07-01起", True, None, 2019.1, "99999999"],
)  # fmt: skip
def test_what_would_be_a_guess_is_refused(written):
    with pytest.raises(DateError):
        read_date(written)


def test_october_typed_as_a_number_says_why():
    with pytest.raises(DateError, match="分不清 1 月和 10 月"):
        read_date(2019.1)
    assert read_date("2019.10").day == dt.date(2019, 10, 1)


@given(st.dates(dt.date(1955, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]))  # fmt: skip
def test_every_day_survives_every_form(day, form):
    assert read_date(day.strftime(form)) == (day, Precision.DAY)


# 617/624 … are the vectors of the domain: printed cut, judged by integers.
@pytest.mark.parametrize(
    ("part", "base", "shown", "ninety", "full"),
    [
        (617, 624, "98.87%", True, False),
        (8996, 9996, "89.99%", False, False),
        (899, 999, "89.98%", False, False),
        (1499, 1500, "99.93%", True, False),
        (0, 0, "无基数", False, False),
        (9, 10, "90.00%", True, False),
        (10, 10, "100.00%", True, True),
        (99999, 100000, "99.99%", True, False),
    ],
)
def test_rates_are_cut_and_judged_exactly(part, base, shown, ninety, full):
    rate = Rate(part, base)
    assert (str(rate), rate.at_least(90), rate.at_least(100)) == (shown, ninety, full)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 100))
def test_missing_is_the_least_number_that_meets_the_target(part, base, percent):
    rate = Rate(min(part, base), base)
    missing = rate.missing(percent)
    assert Rate(rate.part + missing, base).at_least(percent)
    assert missing == 0 or not Rate(rate.part + missing - 1, base).at_least(percent)


def test_credit_codes():
    assert check_credit_code("9135 0100 m000100y43") == "91350100M000100Y43"
    assert check_credit_code("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"
    with pytest.raises(IdentifierError, match="校验位"):
        check_credit_code("91350100M000100Y44")
    with pytest.raises(IdentifierError, match="是否应为 91350100M000100Y43"):
        check_credit_code("9135O1OOMOOO1OOY43")
    with pytest.raises(IdentifierError, match="18 位"):
        check_credit_code("91350100M000100Y4")
    with pytest.raises(IdentifierError, match="旧注册号"):
        check_credit_code("410100000012345")
    assert credit_code_class("92350100M000100Y43") == "个体工商户"
    assert credit_code_class("91350100M000100Y43") is None


def test_fingerprints_are_keyed_and_ignore_writing(settings):
    settings.FINGERPRINT_KEY = "one"
    first = fingerprint("11010519491231002x")
    assert first == fingerprint(" 11010519491231002X")
    settings.FINGERPRINT_KEY = "two"
    assert first != fingerprint("11010519491231002X")


def _span(days):
    a, b = sorted(days)
    return dt.date.fromordinal(700_000 + a), dt.date.fromordinal(700_001 + b)


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(_span), max_size=6)


def _days(all_spans):
    return {day for start, end in all_spans for day in range(start.toordinal(), end.toordinal())}


@given(spans, spans)
def test_span_arithmetic_is_that_of_sets_of_days(a, b):
    merged = union(a)
    assert _days(merged) == _days(a)
    assert sum((end - start).days for start, end in merged) == len(_days(a))
    for span in a:
        assert _days(subtract(span, b)) == _days([span]) - _days(b)
        for other in b:
            both = intersect(span, other)
            assert _days([both] if both else []) == _days([span]) & _days([other])


def test_month_ends_close_with_the_day_asked_about():
    assert list(month_ends(dt.date(2019, 11, 1), dt.date(2020, 2, 10))) == [
        dt.date(2019, 11, 30),
        dt.date(2019, 12, 31),
        dt.date(2020, 1, 31),
        dt.date(2020, 2, 10),
    ]


def test_exports_hold_no_formulas_and_no_control_characters():
    content = workbook_bytes(
        "名单", ["说明"], ["甲", "乙"], [["=1+1", "+86"], ["@x", "a\x00b"], [True, dt.date(2020, 1, 2)], [None, 5]]
    )
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("'=1+1", "'+86")
    assert rows[1] == ("'@x", "ab")
    assert rows[2][0] == "是" and rows[2][1].date() == dt.date(2020, 1, 2)
    assert rows[3] == (None, 5)
