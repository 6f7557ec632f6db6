"""Saying no to a file."""

from ledgers.reading import limits


class Refusal(Exception):
    """Why a file is not taken; the message is for the screen."""


def check_size(name: str, rows: int, columns: int) -> None:
    """Raise Refusal for a sheet beyond the limits of rows and columns."""
    if rows > limits.ROWS:
        raise Refusal(f"工作表“{name}”有 {rows} 行，最多 {limits.ROWS} 行，请分成几个文件上传。")
    if columns > limits.COLUMNS:
        raise Refusal(f"工作表“{name}”有 {columns} 列，最多 {limits.COLUMNS} 列，请删去右边多余的列。")
