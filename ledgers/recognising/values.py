"""Cells to values: one reader per kind of column. What cannot be read says what to do."""

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stdnum.cn import ric

from common.identifiers import IdentifierError, IdNumber, check_credit_code, check_id_number
from common.ledger_dates import DateError, LedgerDate, read_date
from common.sheets import unsafe_text
from common.text import BLANK_WORDS, is_blank, squeeze, tidy
from ledgers.reading.grid import LOST_DIGITS, Cell, CellFault

Reader = Callable[[Cell], Any]


class CellProblem(ValueError):
    """A cell that cannot be taken; the message is for the screen."""


class CellRemark(CellProblem):
    """A cell that is left out, and whose row may go in without it: it moves no figure."""


class Stated(enum.Enum):
    """What stands in a name column that holds no name: whether there is one."""

    YES = "yes"
    NO = "no"


YES_WORDS = frozenset(
    {
        "是",
        "√",
        "✓",
        "✔",
        "☑",
        "有",
        "已",
        "y",
        "yes",
        "1",
        "true",
        "t",
        "对",
        "v",
        "已建",
        "已建立",
        "已成立",
        "建立",
        "已组建",
        "正式成立",
        "●",
        "■",
    }
)
NO_WORDS = frozenset(
    {
        "否",
        "×",
        "✗",
        "✘",
        "x",
        "无",
        "未",
        "没有",
        "n",
        "no",
        "0",
        "false",
        "f",
        "不是",
        "未建",
        "未建立",
        "未成立",
        "未组建",
        "○",
        "□",
        "☐",
        "◯",
        "╳",
        "错",
    }
)

# A spreadsheet that opened a csv has rounded a long number away.
_ROUNDED = re.compile(r"^\d(\.\d+)?E\+?\d{2}$", re.IGNORECASE)
# Words beside a yes or no, and a full stop after it.
_AROUND = re.compile(r"\(.*\)$|[。.]$")
# A name column that says there is none. Names may begin with 无 or 未 too: whole wordings only.
_NONE = re.compile(
    r"^((尚|暂)?未(建立?|成立|组建|设立?|派驻?|选派|配备?|覆盖|达到条件|确定).{0,6}|没有?.{0,6}"
    r"|无(党组织|党支部|支部|指导员|联络员|人|需.*)|不(需要?|涉及|适用|具备.*)|待(定|建|派|选派|组建|确定))$"
)
_NUMBER = re.compile(r"^(-?\d+(?:,\d{3})*)(?:\.0+)?(?:人|名|个|位|家|户)?。?$")


def as_text(cell: Cell) -> str:
    """The text of a cell as it would be shown. Raises CellProblem for a cell without a value."""
    if cell is None:
        return ""
    if isinstance(cell, CellFault):
        raise CellProblem(cell.message)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float):
        return repr(cell)
    return unsafe_text(str(cell))


_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")


def holds_id_number(value: str) -> bool:
    """Whether a citizen's ID number with a right check digit stands in the text: it may not be kept anywhere."""
    return any(ric.is_valid(match[0].upper()) for match in _ID_NUMBER.finditer(squeeze(value)))


def text(limit: int, *, keep_words: bool = False) -> Reader:
    """Text of at most `limit` characters. 无, — and the like are blank unless `keep_words`."""

    def read(cell: Cell) -> str | None:
        raw = as_text(cell)
        value = tidy(raw)
        if not value or (not keep_words and is_blank(value)):
            return None
        if holds_id_number(value):
            raise CellRemark("这一格里有身份证号，不导入；身份证号只能填在“身份证号”栏，请删去号码再传")
        if value.startswith("="):
            raise CellProblem("单元格是公式，不是内容，请直接填写文字")
        if len(value) > limit:
            raise CellProblem(f"最多 {limit} 个字，现为 {len(value)} 个字，请缩短")
        return value

    return read


def name(limit: int) -> Reader:
    """A name of at most `limit` characters; Stated.NO for 否 or 未建立, Stated.YES for 是 or √."""
    read_text = text(limit)

    def read(cell: Cell) -> str | Stated | None:
        raw = squeeze(as_text(cell)).casefold()
        if raw in BLANK_WORDS:
            return None
        if raw in NO_WORDS or _NONE.match(raw):
            return Stated.NO
        if raw in YES_WORDS:
            return Stated.YES
        words: str | None = read_text(cell)
        return words

    return read


def date(cell: Cell) -> LedgerDate | None:
    """A date with its precision."""
    if isinstance(cell, CellFault | str):
        raw = as_text(cell)
        if is_blank(raw):
            return None
    if cell is None:
        return None
    try:
        return read_date(cell)
    except DateError as error:
        raise CellProblem(str(error)) from None


def count(cell: Cell) -> int | None:
    """A number of people or things: 16, １３, “16人”, 1,024."""
    if isinstance(cell, bool):
        raise CellProblem("应为数字，请填写阿拉伯数字")
    raw = squeeze(as_text(cell))
    if raw in BLANK_WORDS:
        return None
    match = _NUMBER.match(raw)
    if match is None:
        raise CellProblem("应为整数，请填写阿拉伯数字，如 16")
    number = int(match[1].replace(",", ""))
    if number < 0:
        raise CellProblem("不能是负数，请改正")
    if number > 10_000_000:
        raise CellProblem("数字过大，请核对")
    return number


def yes_no(cell: Cell) -> bool | None:
    """是/否, √/×, 有/无, Y/N, 1/0, 已/未. Blank states nothing; here 无 means no."""
    raw = _AROUND.sub("", squeeze(as_text(cell)).casefold())
    if raw in YES_WORDS:
        return True
    if raw in NO_WORDS:
        return False
    if raw in BLANK_WORDS:
        return None
    if raw.startswith(("已", "有")):
        return True
    if raw.startswith(("未", "没", "无", "尚未", "暂未")):
        return False
    raise CellProblem("应为 是 或 否（也可用 √、×、有、无）")


def choice(
    options: Mapping[Any, tuple[str, ...]], *, inside: Sequence[tuple[str, Any]] = (), strict: bool = True
) -> Reader:
    """One of `options`: code → the words that mean it; else the first of `inside` (pattern, code) found.

    An unknown word is an error, or with `strict` off a remark: the cell is left out.
    """
    words = {squeeze(word): code for code, accepted in options.items() for word in accepted}

    def read(cell: Cell) -> Any:
        raw = squeeze(as_text(cell))
        if raw in words:
            return words[raw]
        if raw in BLANK_WORDS:
            return None
        found = next((code for pattern, code in inside if re.search(pattern, raw)), None)
        if found is not None:
            return found
        listed = "、".join(accepted[0] for accepted in options.values())
        if strict:
            raise CellProblem(f"应为：{listed}")
        raise CellRemark(f"认不出“{raw[:20]}”，这一格不导入；可填：{listed}")

    return read


def credit_code(cell: Cell) -> str | None:
    """A unified social credit code; a number cell has lost digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and len(str(int(cell))) > 15:
        raise CellProblem("该单元格为数字格式，后几位已丢失，请改为文本格式后重新填写")
    raw = as_text(cell)
    if is_blank(raw):
        return None
    if _ROUNDED.match(squeeze(raw)):
        raise CellProblem("代码已变成科学计数法，后几位已丢失，请改为文本格式后重新填写")
    try:
        return check_credit_code(raw)
    except IdentifierError as error:
        raise CellProblem(str(error)) from None


def id_number(cell: Cell) -> IdNumber | None:
    """What a citizen ID number tells; the number itself goes no further. A number cell has lost digits."""
    if isinstance(cell, CellFault) and cell.kind == LOST_DIGITS:
        raise CellProblem("该单元格为数字格式，后几位已丢失，请改为文本格式后重新填写")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and len(str(int(cell))) > 15:
        raise CellProblem("该单元格为数字格式，后几位已丢失，请改为文本格式后重新填写")
    raw = as_text(cell).strip().lstrip("'＇’")
    if is_blank(raw):
        return None
    if _ROUNDED.match(squeeze(raw)):
        raise CellProblem("号码已变成科学计数法，后几位已丢失，请改为文本格式后重新填写")
    try:
        return check_id_number(raw)
    except IdentifierError as error:
        raise CellProblem(re.sub("^身份证号[的里]?", "", str(error))) from None


_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r|]+")


def names(cell: Cell) -> tuple[str, ...] | None:
    """Several full names in one cell, parted by 、 or the like; repetitions once."""
    value = text(4000)(cell if not isinstance(cell, str) else _BETWEEN_NAMES.sub("、", cell))
    if value is None:
        return None
    found = [name for part in value.split("、") if (name := tidy(part)) and not is_blank(name)]
    if any(len(name) > 200 for name in found):
        raise CellProblem("一个名称最多 200 个字，多个名称请用顿号隔开")
    return tuple(dict.fromkeys(found)) or None


def reached(cell: Cell) -> bool | LedgerDate | str | None:
    """Whether something was reached, since when, or by whom: yes, no, a date, or a few words. Blank states nothing."""
    if isinstance(cell, dt.date):
        return read_date(cell)
    try:
        return yes_no(cell)
    except CellProblem:
        if isinstance(cell, CellFault):
            raise
    try:
        return read_date(cell)
    except DateError:
        words: str | None = text(300)(cell)
        return words
