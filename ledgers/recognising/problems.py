"""What is wrong with a ledger, and where: the spreadsheet's own row and column."""

from collections.abc import Sequence
from typing import NamedTuple

# An error is mended in the file; a question is settled by saying what a word means, once for all its rows; a warning is
# only to be read.
ERROR, QUESTION, WARNING = "error", "question", "warning"
LEVELS = {ERROR: "错误", QUESTION: "待定", WARNING: "提醒"}
# Rows with such a problem do not go in.
BLOCKING = frozenset({ERROR, QUESTION})


class Problem(NamedTuple):
    """`row` is 1-based, `column` a letter; both None when the whole sheet or file is meant."""

    sheet: str | None
    row: int | None
    column: str | None
    heading: str | None
    value: str | None
    level: str
    message: str


class Asked(NamedTuple):
    """A word of a row that is to be settled: of which field, the word as it is compared and as it is shown, and whether
    the row waits for it."""

    field: str
    word: str
    shown: str
    waits: bool


def listed(rows: Sequence[int]) -> str:
    """第 3、5、8 行, or the first ten of more."""
    first = "、".join(str(row) for row in rows[:10])
    return f"第 {first} 行" if len(rows) <= 10 else f"第 {first} 等 {len(rows)} 行"


def file_problem(message: str) -> Problem:
    """An error of the whole file."""
    return Problem(None, None, None, None, None, ERROR, message)
