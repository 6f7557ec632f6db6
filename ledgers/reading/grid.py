"""A sheet as the rest of the pipeline sees it."""

import datetime as dt
from dataclasses import dataclass, field

from common.day_1904 import Day1904

LOST_DIGITS, ERROR_VALUE, FORMULA = "lost_digits", "error_value", "formula"
BAD_CHARACTER, TOO_LONG = "bad_character", "too_long"


@dataclass(frozen=True)
class CellFault:
    """A cell whose value cannot be had: lost digits, an error value, an uncalculated formula."""

    kind: str
    text: str

    @property
    def message(self) -> str:
        """What was found and what to do, in Chinese."""
        return {
            LOST_DIGITS: "该单元格为数字格式，超过 15 位的数字后几位已丢失，请改为文本格式后重新填写",
            ERROR_VALUE: f"单元格是错误值 {self.text}，请改正公式或直接填写",
            FORMULA: "单元格是公式，没有计算结果，请直接填写内容",
            TOO_LONG: "单元格文字过长，请缩短",
            BAD_CHARACTER: "单元格里有不可见的非法字符，请删除后重新填写",
        }[self.kind]

    def __str__(self) -> str:
        return self.text


# What the one sheet of a text file is called.
TEXT = "文本"
Cell = str | int | float | bool | dt.date | CellFault | None


@dataclass
class Sheet:
    """Rows of cells from A1 on; `merges` are (top, left, bottom, right), zero-based and inclusive. Of an .xlsx also
    which rows and columns hold something and are hidden, and which rows are struck through (zero-based)."""

    name: str
    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    struck_rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._origin: dict[tuple[int, int], tuple[int, int]] = {}
        self._bottom: dict[tuple[int, int], int] = {}
        for top, left, bottom, right in self.merges:
            self._bottom[top, left] = bottom
            for row in range(top, min(bottom, len(self.rows) - 1) + 1):
                for column in range(left, right + 1):
                    self._origin[row, column] = (top, left)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def at(self, row: int, column: int) -> Cell:
        """The cell as it stands; None outside the sheet."""
        cells = self.rows[row] if row < len(self.rows) else []
        return cells[column] if column < len(cells) else None

    @property
    def is_text(self) -> bool:
        """Whether it is of a file of separated values (ledgers/reading/text.py)."""
        return self.name == TEXT

    def is_merged(self, row: int, column: int) -> bool:
        return (row, column) in self._origin

    def spread(self, row: int, column: int) -> Cell:
        """The cell, or the value of the merged range it belongs to (for headings)."""
        return self.at(*self._origin.get((row, column), (row, column)))

    def span(self, row: int, column: int) -> tuple[int, int]:
        """The first and last row of the merged range that the cell belongs to; its own row when it belongs to none."""
        if not self._origin:
            return row, row
        top, left = self._origin.get((row, column), (row, column))
        return (top, self._bottom.get((top, left), row)) if left == column else (row, row)

    def filled_down(self, row: int, column: int) -> Cell:
        """The cell, or what a merged range gives it from above (for data: only down, never across)."""
        if not self._origin:
            return self.at(row, column)
        top, left = self._origin.get((row, column), (row, column))
        return self.at(top, column) if left == column else self.at(row, column)


def from_json(value: object) -> Cell:
    """A cell as ledgers/reading/child.py writes it: dates, days from 1904 and faults are objects."""
    if isinstance(value, dict):
        if "date" in value:
            return dt.date.fromisoformat(value["date"])
        if "day1904" in value:
            return Day1904(value["day1904"])
        return CellFault(value["fault"], value["text"])
    return value  # type: ignore[return-value]
