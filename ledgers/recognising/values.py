"""Cells to values: one reader per kind of column. What cannot be read says what to do; what may mean several things is
asked."""

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stdnum.cn import ric

from common.identifiers import IdentifierError, IdNumber, check_credit_code, check_id_number
from common.ledger_dates import DateError, LedgerDate, NoDay, read_date
from common.sheets import unsafe_text
from common.text import BLANK_WORDS, is_blank, squeeze, tidy, tidy_person, without_phones
from ledgers.reading.grid import LOST_DIGITS, Cell, CellFault
from ledgers.recognising import words as meaning

# What people can say of any word that is asked about: it states nothing.
BLANK = "blank"
# Of a name that looks like none: it is one. Of a cell that may hold several: it does.
ITSELF, SEVERAL = "itself", "several"


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


class Stated(enum.Enum):
    """What stands in a name column that holds no name: whether there is one."""

    YES = "yes"
    NO = "no"


# A spreadsheet that opened a csv has rounded a long number away.
_ROUNDED = re.compile(r"^\d(\.\d+)?E\+?\d{2}$", re.IGNORECASE)
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

    return Reader(read)


_PERSON = "姓名"


# Behind a name they are no part of it.
_STOPS = "。.；;，,、 "


def _named(
    what: str, fits: Callable[[str], bool], kept: Callable[[str], str], alone: bool, states: bool
) -> Mapping[str, tuple[str, Any]]:
    def parted(text: str) -> tuple[str, ...]:
        parts = [kept(part) for part in meaning.parts_of(text)]
        return tuple(dict.fromkeys(part for part in parts if fits(part))) or (kept(text),)

    several = {} if alone else {SEVERAL: (f"是几个{what}，分开登记", parted)}
    return {
        ITSELF: (f"就是{what}", kept),
        **several,
        "none": ("没有人" if what == _PERSON else f"没有{what}", Stated.NO if states else None),
        BLANK: ("不算填写", None),
    }


def _name(
    limit: int,
    what: str,
    fits: Callable[[str], bool],
    one: Callable[[str], Any],
    kept: Callable[[str], str],
    alone: bool,
    states: bool,
) -> Reader:
    """A reader of names. `one` reads what fits as a whole (None: it is no name); what does not is asked about. `alone`:
    of several in one cell nothing can be made. `states`: a cell may also say whether there is one (Stated.NO for 否 or
    未建立, Stated.YES for 是 or √)."""
    read_text = text(limit)

    def read(cell: Cell) -> Any:
        raw = squeeze(as_text(cell)).casefold()
        if raw in BLANK_WORDS:
            return None
        if raw in meaning.NO_WORDS or _NONE.match(raw):
            return Stated.NO if states else None
        if states and (raw in meaning.YES_WORDS or raw in _YES_NAMED):
            return Stated.YES
        if isinstance(cell, dt.date | int | float):
            raise CellQuestion(f"这里应是{what}，却是“{raw[:20]}”，请核对这一列的表头")
        parts = meaning.parts_of(as_text(cell))
        if len(parts) > 1:
            if all(fits(part) for part in parts):
                remedy = "请只填一个" if alone else "请每个写一行，或在“待定的写法”里确认分开登记"
                raise CellQuestion(f"一格里像是有 {len(parts)} 个{what}，{remedy}")
            if (marked := meaning.boxes(as_text(cell))) is not None and len(marked) == 1:
                parts = marked
        words: str | None = read_text(cell)
        if words is None:
            return None
        words = words.rstrip(_STOPS) or words
        found = one(words)
        if found is None:
            raise CellQuestion(f"“{words[:30]}”不像{what}，请填写全名；没有的请留空")
        return found

    return Reader(read, _named(what, fits, kept, alone, states))


_YES_NAMED = frozenset({"已建", "已建立", "已成立", "建立", "已组建", "已选派", "已派", "已派驻", "已配备", "已覆盖"})


def organization_name(limit: int = 200, *, alone: bool = False, states: bool = False) -> Reader:
    """The name of a party organization; `alone`: one cell, one name."""

    def one(words: str) -> str | None:
        return words if meaning.is_organization(words) else None

    return _name(limit, "党组织", meaning.is_organization, one, tidy, alone, states)


def person_name(limit: int = 50, *, alone: bool = False, states: bool = False) -> Reader:
    """The name of a person; a phone or post behind it is left out with a remark. `alone`: one cell, one name."""

    def one(words: str) -> Any:
        found = meaning.person_in(words)
        if found is None:
            return None
        name, beside = found
        kept = tidy_person(name)
        return Remarked(kept, f"姓名后面的“{without_phones(beside)}”没有导入，请写在自己的栏里") if beside else kept

    return _name(limit, _PERSON, lambda part: meaning.person_in(part) is not None, one, tidy_person, alone, states)


def enterprise_name(limit: int = 200) -> Reader:
    """The name of an enterprise; signs and （已注销） behind it are remarks, no part of it."""
    read_text = text(limit)

    def read(cell: Cell) -> Any:
        if isinstance(cell, dt.date | int | float) or meaning.is_no_enterprise(as_text(cell)):
            if is_blank(as_text(cell)):
                return None
            raise CellQuestion(f"这里应是企业名称，却是“{as_text(cell)[:20]}”，请核对这一列的表头")
        words: str | None = read_text(cell)
        if words is None:
            return None
        words = words.rstrip(_STOPS) or words
        name, beside = meaning.name_and_remark(words)
        if beside:
            return Remarked(name, f"名称后面注明“{beside}”，没有据此改动，请写在“经营状态”“注销日期”栏里")
        return name

    return Reader(read, {ITSELF: ("就是企业名称", tidy)})


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


def _yes_no(cell: Cell) -> bool | None:
    """是/否, √/×, 有/无, Y/N, 1/0, 已/未, and boxes. Blank states nothing; here 无 means no."""
    raw = as_text(cell)
    said = meaning.yes_or_no(raw)
    if said is not None:
        return said
    if is_blank(raw):
        return None
    marked = meaning.boxes(raw)
    if marked == []:
        return None
    if marked is not None and len(marked) == 1 and (said := meaning.yes_or_no(marked[0])) is not None:
        return said
    raise CellQuestion(f"“{squeeze(raw)[:30]}”说不清是“是”还是“否”，应填 是 或 否（也可用 √、×、有、无）")


yes_no = Reader(_yes_no, {"yes": ("是", True), "no": ("否", False), BLANK: ("不算填写", None)})


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
    return words.get(beside, found) == found and not meaning.DOUBT.search(beside)


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
_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r|]+")


def _names(cell: Cell) -> tuple[str, ...] | None:
    """Several full names in one cell, parted by 、 or the like; repetitions once."""
    value = text(4000)(cell if not isinstance(cell, str) else _BETWEEN_NAMES.sub("、", cell))
    if value is None:
        return None
    found = [name for part in value.split("、") if (name := tidy(part)) and not is_blank(name)]
    if any(len(name) > 200 for name in found):
        raise CellProblem("一个名称最多 200 个字，多个名称请用顿号隔开")
    return tuple(dict.fromkeys(found)) or None


names = Reader(_names, {BLANK: ("不算填写", None)})


def _reached(cell: Cell) -> bool | LedgerDate | str | None:
    """Whether something was reached, since when, or by whom: yes, no, a date, or a few words. Blank states nothing."""
    if isinstance(cell, dt.date):
        return _date(cell)
    try:
        return _yes_no(cell)
    except CellProblem:
        if isinstance(cell, CellFault):
            raise
    try:
        return read_date(cell)
    except NoDay as error:
        raise CellQuestion(str(error)) from None
    except DateError:
        words: str | None = text(300)(cell)
    if words and (meaning.DOUBT.search(words) or meaning.boxes(words) is not None):
        raise CellQuestion(f"“{words[:30]}”说不清做到了没有，应填 是、否或日期")
    return words


reached = Reader(_reached, {"yes": ("做到了", True), "no": ("没有做到", False), BLANK: ("不算填写", None)})
