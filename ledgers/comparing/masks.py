"""Phones that come back as files of ours show them: 138****0846 says nothing new, and never overwrites a number."""

from common.text import masked, squeeze
from ledgers.recognising.problems import WARNING
from ledgers.recognising.rows import Row


def is_masked(phone: str) -> bool:
    return "*" in squeeze(phone)


def same_phone(held: str, told: str) -> bool:
    """Whether a file means the phone that is held: by its digits, or by their mask."""
    return held == told or (is_masked(told) and masked(held) == squeeze(told))


def news(held: str, told: str, row: Row, column: str) -> str:
    """The phone that the row tells; "" where that is the mask of what is held, or of no number that is known (which is
    said at its cell)."""
    if not told or not is_masked(told):
        return told
    if not same_phone(held, told):
        words = (
            f"{row.label(column)}：“{squeeze(told)}”是遮去中间几位的号码，与登记的对不上，没有导入；要更改请填写全号"
        )
        row.report(WARNING, column, words)
    return ""
