"""Cells to names: of organizations, persons and enterprises. What is no name, or may be several, is asked about."""

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from typing import Any

from common.text import BLANK_WORDS, is_blank, squeeze, tidy, tidy_person, without_phones
from ledgers.reading.grid import Cell
from ledgers.recognising import words as meaning
from ledgers.recognising.values import BLANK, CellProblem, CellQuestion, Reader, Remarked, as_text, text

# Of a name that looks like none: it is one. Of a cell that may hold several: it does.
ITSELF, SEVERAL = "itself", "several"
_PERSON = "姓名"


class Stated(enum.Enum):
    """What stands in a name column that holds no name: whether there is one."""

    YES = "yes"
    NO = "no"


# A name column that says there is none. Names may begin with 无 or 未 too: whole wordings only.
_NONE = re.compile(
    r"^((尚|暂)?未(建立?|成立|组建|设立?|派驻?|选派|配备?|覆盖|达到条件|确定).{0,6}|没有?.{0,6}"
    r"|无(党组织|党支部|支部|指导员|联络员|人|需.*)|不(需要?|涉及|适用|具备.*)|待(定|建|派|选派|组建|确定))$"
)
# Behind a name they are no part of it.
_STOPS = "。.；;，,、 "


def _named(
    what: str, fits: Callable[[str], bool], kept: Callable[[str], str], alone: bool, states: bool
) -> Mapping[str, tuple[str, Any]]:
    def parted(text: str) -> tuple[str, ...]:
        parts = [kept(part) for part in meaning.names_in(text, fits)]
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
        parts = meaning.names_in(as_text(cell), fits)
        if len(parts) > 1:
            if all(fits(part) for part in parts):
                remedy = "请只填一个" if alone else "请每个写一行，或在“待定的写法”里确认分开登记"
                raise CellQuestion(f"一格里像是有 {len(parts)} 个{what}，{remedy}")
            if not fits(parts[-1]) and any(map(fits, parts)):
                # 甲公司、乙公司联合支部 is one name; a name with something else behind it is not.
                raise CellQuestion(f"一格里除了{what}还有“{parts[-1][:20]}”，请只填{what}")
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
        parts = meaning.parts_of(words)
        if len(parts) > 1 and all(map(meaning.looks_like_enterprise, parts)):
            raise CellQuestion(f"一格里像是有 {len(parts)} 家企业，请每家写一行")
        if meaning.PLACE.search(squeeze(words)) and not meaning.looks_like_enterprise(words):
            raise CellQuestion(f"“{words[:30]}”像是村、社区或园区的名称，不是企业；是小计行的请写明“小计”")
        name, beside = meaning.name_and_remark(words)
        if beside:
            return Remarked(name, f"名称后面注明“{beside}”，没有据此改动，请写在“经营状态”“注销日期”栏里")
        return name

    return Reader(read, {ITSELF: ("就是企业名称", tidy)})


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
