"""Which lines under a header are data, and what the others are: totals, notes, numberings, groups, headings again."""

import re
from collections.abc import Iterable
from itertools import pairwise

from common.text import BLANK_WORDS, squeeze
from ledgers.reading.grid import Sheet
from ledgers.recognising.header import Header
from ledgers.recognising.kind import SheetKind
from ledgers.recognising.words import NO_WORDS, PLACE

# What a line is that is no data; "" for an empty one.
EMPTY, TOTAL, NOTE_LINE, NUMBERING, HEADING, UNITS = "", "合计", "说明", "栏次", "重复的表头", "计量单位"
GROUP, DOUBTFUL = "分组", "只有几个字"

_TOTAL = re.compile(
    r"^.{0,20}(小计|合计|总计|共计|累计|总数|占比|比例|百分比)[:：]?(\(?共?\d+.{0,8}\)?)?$|^(合计|总计|小计|共计)[:：(].{0,30}$"
)
# Lines around a table: notes, signatures, a bare date. Names of enterprises hold no colon.
NOTE = re.compile(
    r"^[※*]?(注|备注|说明|填表说明|填报说明|附注|附件)\d*([:：(]|$)|^.{0,14}[:：]|^\d+[、.]\D|签字|盖章|签章"
    r"|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$"
)
_GROUP = re.compile(r"^[(]?[一二三四五六七八九十]+[)]?[、.]?")
_LONE_GROUP = re.compile(
    r"^\d{4}年?度?|新增|规模?以[上下]|^[(]?[一二三四五六七八九十]+[)、.]|类(企业)?$|^以[下上]|情况$|名单$"
)
_UNIT = re.compile(
    r"^[(]?(单位[:：])?(人|名|个|家|户|元|万元|亿元|年月日|年-月-日|年/月/日|yyyy-mm-dd|年|是/否|是、否|是或否|有/无|平方米|㎡|m2|%|岁|周岁|文本|数字)[)]?$",
    re.IGNORECASE,
)
# So much of a credit code as tells a row from a note.
_CODE = re.compile(r"[0-9A-Za-z]{8}")
_SERIAL = re.compile(r"^[\d.A-Za-z=()-]+$|^[一二三四五六七八九十]+$")
# Fewer numbered columns than this number nothing.
_ENOUGH = 3
_NUMBERING_WORDS = frozenset("甲乙丙丁戊己庚辛壬癸") | {"栏次", "列次", "行次", "栏号", "项次", "栏目"}


def is_numbering(values: Iterable[object]) -> bool:
    """Whether a row under the header only numbers the columns: 1 2 3 …, 甲 乙 1 2 …, or 栏次 (1) (2) 3=1+2."""
    numbers = []
    filled = 0
    for value in values:
        if value is None:
            continue
        filled += 1
        text = squeeze(str(value)).strip("()").partition("=")[0]
        if text.replace(".", "", 1).isdigit():
            numbers.append(int(float(text)))
        elif text not in _NUMBERING_WORDS:
            return False
    if filled < _ENOUGH:
        return False
    return all(later == earlier + 1 for earlier, later in pairwise(numbers))


class Lines:
    """Tells of each line under a header what it is."""

    def __init__(self, sheet: Sheet, header: Header, kind: SheetKind):
        self.sheet, self.header, self.kind = sheet, header, kind
        self._names = {column.index: column.field.name for column in header.columns}
        self._headings = [
            {squeeze(str(sheet.spread(row, column))) for row in range(header.first, header.last + 1)}
            for column in range(sheet.width)
        ]
        self._titles = {squeeze(str(cell)) for row in sheet.rows[: header.first] for cell in row if cell is not None}
        self._required = [column.index for column in header.columns if column.field.required]

    def no_data(self, index: int) -> str | None:
        """What the line is when it is no data row; None for a data row."""
        cells = self.sheet.rows[index]
        filled = [
            (column, text) for column, cell in enumerate(cells) if cell is not None and (text := squeeze(str(cell)))
        ]
        if not filled:
            return EMPTY
        if is_numbering(cells) and self._numbers_required(index):
            return NUMBERING
        if len(filled) > 1 and all(text in self._headings[column] for column, text in filled):
            return HEADING
        if all(text in self._titles for _, text in filled):
            # The lines above the header, again on the next printed page.
            return HEADING
        if all(_UNIT.match(text) for _, text in filled) and self._names.get(filled[0][0]) != "serial":
            return UNITS
        lead = [text for column, text in filled[:3] if self._names.get(column) in {None, "serial", "village", "name"}]
        if any(_TOTAL.match(text) for text in lead):
            return TOTAL
        named = {self._names.get(column): text for column, text in filled}
        coded = _CODE.search(named.get("credit_code", "")) is not None
        if not coded and NOTE.search(filled[0][1]):
            return NOTE_LINE
        if not coded and _GROUP.match(filled[0][1]) and len(filled) <= 2:
            return GROUP
        telling = [
            text
            for column, text in filled
            if self._names.get(column) not in {None, "serial", "village"}
            and text.casefold() not in NO_WORDS | BLANK_WORDS
        ]
        if not telling:
            # An empty line of the form: a number, a village, perhaps a preset 否. Words for a number head a group.
            first = filled[0]
            return EMPTY if self._names.get(first[0]) != "serial" or _SERIAL.match(first[1]) else GROUP
        if "name" in named and len(telling) == 1 and not coded:
            return self._lone_name(index, filled, named["name"])
        return None

    def _lone_name(self, index: int, filled: list[tuple[int, str]], name: str) -> str | None:
        """A line with nothing but a name: of a group such as 向阳社区（12家）, merged across the table, or of a row."""
        column = next(column for column, _ in filled if self._names.get(column) == "name")
        merges = self.sheet.merges
        merged = any(top == index and left <= column <= right and right > left for top, left, _, right in merges)
        if merged or PLACE.search(name) or (_LONE_GROUP.search(name) and self.kind.layout.of_places):
            return GROUP
        return None if self.kind.layout.lone(name) else DOUBTFUL

    def _numbers_required(self, index: int) -> bool:
        """A numbering row fills the required columns with bare numbers, which no data row does."""
        cells = [self.sheet.at(index, column) for column in self._required]
        return all(squeeze(str(cell or "")).replace(".", "").strip("()").isdigit() for cell in cells)
