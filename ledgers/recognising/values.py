"""Cells to values: one reader per kind of column. What cannot be read says what to do; what may mean several things is
asked."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from stdnum.cn import ric

from common.identifiers import IdentifierError, IdNumber, check_credit_code, check_id_number
from common.ledger_dates import DateError, LedgerDate, NoDay, read_date
from common.sheets import unsafe_text
from common.text import BLANK_WORDS, is_blank, squeeze, tidy
from ledgers.reading.grid import LOST_DIGITS, Cell, CellFault
from ledgers.recognising import words as meaning

# What people can say of any word that is asked about: it states nothing.
BLANK = "blank"


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads the cells of one kind of column. `meanings`: what people can say that a word in such a column means: code →
    (what it is called on the screen, the value, or a function that makes it of the cell's text)."""

    read: Callable[[Cell], Any]
    meanings: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    def __call__(self, cell: Cell) -> Any:
        return self.read(cell)

    def meant(self, code: str, cell: Cell) -> Any:
        """The value of a cell whose word people have said to mean `code`."""
        _, value = self.meanings[code]
        return value(as_text(cell)) if callable(value) else value


class CellProblem(ValueError):
    """A cell that cannot be taken; the message is for the screen."""


class CellRemark(CellProblem):
    """A cell that is left out, and whose row may go in without it: it moves no figure."""


class CellQuestion(CellProblem):
    """A cell that may mean several things; people say which, once for all rows with the same word."""


class UnknownWord(CellProblem):
    """A word that is none of a column's: wrong as it stands, but people may say what it means."""


class Remarked(NamedTuple):
    """A value that was read, and what is to be said of its cell."""

    value: Any
    words: str


# A spreadsheet that opened a csv has rounded a long number away.
_ROUNDED = re.compile(r"^\d(\.\d+)?E\+?\d{2}$", re.IGNORECASE)
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

    return Reader(read)


# Before it there was no organization of the party.
FOUNDED = dt.date(1921, 7, 23)


def _date(cell: Cell) -> LedgerDate | None:
    """A date with its precision."""
    if isinstance(cell, CellFault | str):
        raw = as_text(cell)
        if is_blank(raw):
            return None
    if cell is None:
        return None
    try:
        return read_date(cell)
    except NoDay as error:
        raise CellQuestion(str(error)) from None
    except DateError as error:
        raise CellProblem(str(error)) from None


def _party_date(cell: Cell) -> LedgerDate | None:
    """A date of the party: of an organization, a secretary, a member or an instructor."""
    found = _date(cell)
    if found is not None and found.day < FOUNDED:
        raise CellQuestion(f"{found.day} 早于建党（{FOUNDED}），请填实际日期，不知道的请留空")
    return found


def _dates_in(text: str) -> Any:
    found = tuple(read_date(part) for part in meaning.parts_of(text))
    return found[0] if len(found) == 1 else found


_NO_DATE = {BLANK: ("不算填写", None)}
date, party_date = Reader(_date, _NO_DATE), Reader(_party_date, _NO_DATE)


def _count(cell: Cell) -> int | None:
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


count = Reader(_count)


def yes_no_about(body: str = "", yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Reader:
    """是/否, √/×, 有/无, Y/N, 1/0, 已/未, and boxes. Blank states nothing; here 无 means no. `body`: what the column
    asks about (ledgers/recognising/words.py); `yes`, `no`: words of its own."""
    own = {**{squeeze(word): True for word in yes}, **{squeeze(word): False for word in no}}

    def said(text: str) -> bool | None:
        return own.get(squeeze(text), meaning.yes_or_no(text, body))

    def read(cell: Cell) -> bool | None:
        raw = as_text(cell)
        answer = said(raw)
        if answer is not None:
            return answer
        if is_blank(raw):
            return None
        marked = meaning.boxes(raw)
        if marked == []:
            return None
        if marked is not None and len(marked) == 1 and (answer := said(marked[0])) is not None:
            return answer
        raise CellQuestion(f"“{squeeze(raw)[:30]}”说不清是“是”还是“否”，应填 是 或 否（也可用 √、×、有、无）")

    return Reader(read, {"yes": ("是", True), "no": ("否", False), BLANK: ("不算填写", None)})


yes_no = yes_no_about()
yes_no_of_party = yes_no_about(meaning.PARTY)
yes_no_of_mass = yes_no_about(meaning.MASS)
yes_no_of_scale = yes_no_about(
    "", ("规上", "规模以上", "限上", "限额以上"), ("规下", "规模以下", "限下", "小微", "限额以下")
)
yes_no_of_member = yes_no_about(
    "",
    ("党员", "中共党员", "正式党员", "预备党员"),
    ("群众", "非党员", "不是党员", "团员", "共青团员", "民主党派", "无党派"),
)
# Whatever is answered with yes or no.
YES_NO_READERS = frozenset({yes_no, yes_no_of_party, yes_no_of_mass, yes_no_of_scale, yes_no_of_member})


_MONEY = re.compile(r"^[¥￥]?([-－]?\d[\d,，]*(?:\.\d+)?)(万)?元?$")


class Money(NamedTuple):
    """An amount; `stated`: whether the cell itself says in what."""

    amount: Decimal
    stated: bool


def _money(cell: Cell) -> Money | None:
    """An amount of money: 12000, 1.2万元, ¥12,000.00. In what, the heading says where the cell does not."""
    if isinstance(cell, bool):
        raise CellProblem("应为金额，请填写阿拉伯数字")
    raw = squeeze(as_text(cell))
    if raw in BLANK_WORDS:
        return None
    match = _MONEY.match(raw)
    if match is None:
        raise CellProblem("应为金额，请填写阿拉伯数字，如 12000 或 1.2万元")
    number = Decimal(match[1].replace(",", "").replace("，", "").replace("－", "-"))
    if number < 0:
        raise CellProblem("金额不能小于 0，请改正")
    if number > 10**11:
        raise CellProblem("金额太大，请核对单位是元还是万元")
    return Money(number * 10_000 if match[2] else number, bool(match[2]) or "元" in raw)


def _hours(cell: Cell) -> Decimal | None:
    """Hours of training: 16, 4.5, “8学时”."""
    if isinstance(cell, bool):
        raise CellProblem("应为数字，请填写阿拉伯数字")
    raw = squeeze(as_text(cell))
    if raw in BLANK_WORDS:
        return None
    match = re.match(r"^(\d{1,4}(?:\.\d)?)(?:0*)(?:学时|课时|小时|时)?$", raw)
    if match is None:
        raise CellProblem("应为学时数，请填写阿拉伯数字，如 16")
    return Decimal(match[1])


number_of_hours = Reader(_hours, {BLANK: ("不算填写", None)})
money = Reader(_money, {BLANK: ("不算填写", None)})


def choice(
    options: Mapping[Any, tuple[str, ...]],
    *,
    inside: Sequence[tuple[str, Any]] = (),
    otherwise: type[CellProblem] = UnknownWord,
) -> Reader:
    """One of `options`: code → the words that mean it, alone or ticked among several.

    The whole cell must be one of the words; several words with one meaning are that. `inside` (pattern, code): for free
    text that is only classed, where nothing in it raises a doubt. `otherwise`: what a word is that is not understood;
    one that says a plan, a past or a contrary is a question, unless the column moves no figure (CellRemark).
    """
    words: dict[str, Any] = {squeeze(word).casefold(): code for code, accepted in options.items() for word in accepted}
    listed = "、".join(accepted[0] for accepted in options.values())

    def of(raw: str) -> Any:
        whole = squeeze(raw).casefold()
        word, beside = meaning.plain(raw)
        found = words.get(whole, words.get(word))
        if found is not None and (whole in words or not beside or _agrees(words, found, beside)):
            return found
        parts = [part for part in re.split(r"[、,;/和及()]+", whole) if part]
        found = meaning.same_meaning(parts, words) if len(parts) > 1 else None
        if found is None and not meaning.DOUBT.search(whole):
            found = next((code for pattern, code in inside if re.search(pattern, whole)), None)
        return found

    def read(cell: Cell) -> Any:
        raw = as_text(cell)
        found = of(raw)
        if found is not None:
            return found
        if is_blank(raw):
            return None
        marked = meaning.boxes(raw)
        if marked == []:
            return None
        if marked is not None and len(marked) == 1 and (found := of(marked[0])) is not None:
            return found
        shown = squeeze(raw)[:30]
        if otherwise is CellRemark and marked is None:
            raise CellRemark(f"认不出“{shown}”，这一格不导入；可填：{listed}")
        if marked is None and otherwise is UnknownWord and not meaning.DOUBT.search(shown):
            raise UnknownWord(f"应为：{listed}")
        raise CellQuestion(f"“{shown}”说不清是哪一种，应填：{listed}")

    meanings = {str(code): (accepted[0], code) for code, accepted in options.items()}
    return Reader(read, {**meanings, BLANK: ("不算填写", None)})


def _agrees(words: Mapping[str, Any], found: Any, beside: str) -> bool:
    """Whether what stands in brackets behind a word leaves it what it is."""
    return (beside in words and words[beside] == found) or (not meaning.BESIDE.search(beside) and beside not in words)


def _credit_code(cell: Cell) -> str | None:
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


credit_code = Reader(_credit_code)


def _id_number(cell: Cell) -> IdNumber | None:
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


id_number = Reader(_id_number)


_NOT_REACHED = re.compile("缺|坏|丢|损|差|落选|候选|推荐|摘牌|培育|争创|更换|需|否|待")


def _reached(cell: Cell) -> bool | LedgerDate | str | None:
    """Whether something was reached, since when, or by whom: yes, no, a date, or a few words. Blank states nothing."""
    if isinstance(cell, dt.date):
        return _date(cell)
    try:
        return bool(said) if (said := yes_no(cell)) is not None else None
    except CellProblem:
        if isinstance(cell, CellFault):
            raise
    try:
        return read_date(cell)
    except NoDay as error:
        raise CellQuestion(str(error)) from None
    except DateError:
        words: str | None = text(300)(cell)
    if words and (meaning.DOUBT.search(words) or _NOT_REACHED.search(words) or meaning.boxes(words) is not None):
        raise CellQuestion(f"“{words[:30]}”说不清做到了没有，应填 是、否或日期")
    return words


reached = Reader(_reached, {"yes": ("做到了", True), "no": ("没有做到", False), BLANK: ("不算填写", None)})
