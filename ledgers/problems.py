"""What is wrong with a ledger, and where: the spreadsheet's own row and column."""

from dataclasses import asdict, dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """`row` is 1-based, `column` a letter; both None when the whole sheet or file is meant."""

    sheet: str | None
    row: int | None
    column: str | None
    heading: str | None
    value: str | None
    level: str
    message: str

    def as_dict(self) -> dict:
        return asdict(self)


def file_problem(message: str) -> Problem:
    """An error of the whole file."""
    return Problem(None, None, None, None, None, ERROR, message)
