"""What is wrong with a ledger, and where: the spreadsheet's own row and column."""

from typing import NamedTuple

ERROR, WARNING = "error", "warning"


class Problem(NamedTuple):
    """`row` is 1-based, `column` a letter; both None when the whole sheet or file is meant."""

    sheet: str | None
    row: int | None
    column: str | None
    heading: str | None
    value: str | None
    level: str
    message: str


def file_problem(message: str) -> Problem:
    """An error of the whole file."""
    return Problem(None, None, None, None, None, ERROR, message)
