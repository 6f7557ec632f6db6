"""Template workbooks, empty or filled with a committee's own records, made from the column declarations."""

import datetime as dt
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from committees.models import Committee
from common.extras import extras_of
from common.sheets import safe_text
from common.text import without_phones
from common.today import today
from ledgers.codes import ACTIVIST_ROSTER
from ledgers.kinds.catalogue import Kind, catalogue
from ledgers.kinds.kept import RECORD, Values
from ledgers.recognising import names, values
from ledgers.recognising.fields import Field
from ledgers.recognising.table import OUR_SHEETS

_EMPTY_ROWS = 200
_AS_TEXT = {"credit_code", "id_number", "contact_phone", "instructor_phone", "phone"}
_LINE = Side(style="thin", color="BBBBBB")
HELP = "填写说明"
assert HELP in OUR_SHEETS


_DATES = "日期，如 2019-07-01、2019年7月1日、2019.07"


def accepted(field: Field) -> str:
    """What may stand in the column, in words."""
    if field.options:
        return "、".join(words[0] for words in field.options.values())
    words: dict[Any, str] = {
        values.date: _DATES,
        values.party_date: _DATES,
        values.count: "整数，如 16 或 16人",
        **dict.fromkeys(values.YES_NO_READERS, "是、否（也可用 √、×、有、无）"),
        values.credit_code: "18 位代码，文本格式",
        values.id_number: "18 位号码，文本格式",
        names.names: "一个或多个全称，用顿号隔开",
        values.reached: "√、日期，或几个字的说明",
    }
    return words.get(field.read, "文字")


def shown_fields(kind: Kind) -> list[Field]:
    """The columns of the kind's own form: what is kept, and the numbering."""
    # Who has not joined has no date of it.
    left = {"joined_on", "full_on"} if kind.code == ACTIVIST_ROSTER else set()
    shown = {"serial", "covered_count"}
    return [field for field in kind.fields if (field.kept or field.name in shown) and field.name not in left]


def template_bytes(code: str, committee: Committee | None, *, filled: bool) -> bytes:
    """The form of the kind `code` as an .xlsx: headings with notes, drop-down lists, formats, and a sheet that
    explains the columns. `filled`: with the committee's own records of today. Raises KeyError for an unknown kind."""
    kind = catalogue()[code]
    fields = shown_fields(kind)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = kind.label[:31]
    sheet["A1"] = f"非公有制企业{kind.label.removeprefix('企业')}"
    sheet["A1"].font = Font(bold=True, size=16)
    day = today()
    unit = str(committee) if committee else ""
    sheet["A2"] = f"填报单位：{unit}"
    sheet.cell(2, 4, f"填报时间：{day.year}年{day.month}月{day.day}日" if filled else "填报时间：")
    for index, field in enumerate(fields, 1):
        words = "\n".join(
            part for part in (field.meaning, accepted(field), field.example and f"例：{field.example}") if part
        )
        _head(sheet, index, f"{field.label}*" if field.required else field.label, words)
        sheet.column_dimensions[get_column_letter(index)].width = max(10, min(36, 4 + 2 * len(field.label)))
    rows = list(kind.kept(committee, day)) if filled and committee is not None and kind.kept else []
    extras = _extras(kind, rows, day, committee)
    for index, heading in enumerate(extras, len(fields) + 1):
        _head(sheet, index, heading, "附加栏：原样保存，不参与计算")
        sheet.column_dimensions[get_column_letter(index)].width = max(10, min(36, 4 + 2 * len(heading)))
    for number, row in enumerate(rows, 4):
        for index, field in enumerate(fields, 1):
            _fill(sheet.cell(number, index), field, row.get(field.name))
        for index, said in enumerate(extras.values(), len(fields) + 1):
            if value := said.get(row.get(RECORD)):
                cell = sheet.cell(number, index, safe_text(value))
                cell.data_type, cell.number_format = "s", "@"
    last = 3 + max(_EMPTY_ROWS, len(rows) + 50)
    for index, field in enumerate(fields, 1):
        _prepare(sheet, index, field, last)
    sheet.freeze_panes = "C4"
    sheet.row_dimensions[3].height = 36
    _explain(book.create_sheet(HELP), kind, fields)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _head(sheet: Any, index: int, label: str, words: str) -> None:
    cell = sheet.cell(3, index, safe_text(label))
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F2F2F2")
    cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    cell.border = Border(_LINE, _LINE, _LINE, _LINE)
    cell.comment = Comment(words, "填写说明", width=260, height=90)


def _extras(kind: Kind, rows: list[Values], day: dt.date, committee: Committee | None) -> dict[str, dict[Any, str]]:
    """By heading: what ledgers of this kind held beside its columns, by record."""
    named = [row[RECORD] for row in rows if RECORD in row]
    found: dict[str, dict[Any, str]] = {}
    for model in {model for model, _ in named}:
        keys = [key for each, key in named if each is model]
        for key, extras in extras_of(model, keys, day, told_by=committee.pk if committee else 0).items():
            for extra in extras:
                if extra.kind == kind.code:
                    found.setdefault(extra.heading, {})[model, key] = without_phones(extra.value)
    return dict(sorted(found.items()))


def _fill(cell: Any, field: Field, value: Any) -> None:
    if value is None or value == "":
        return
    if field.options and not isinstance(value, dt.date) and value in field.options:
        value = field.options[value][0]
    elif isinstance(value, bool):
        value = ("√" if value else None) if field.read is values.reached else "是" if value else "否"
    if isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
    else:
        cell.value = value


def _prepare(sheet: Any, index: int, field: Field, last: int) -> None:
    """Formats and the drop-down list of one column."""
    letter = get_column_letter(index)
    style = "@" if field.name in _AS_TEXT else "yyyy-mm-dd" if field.read in {values.date, values.party_date} else None
    if style is not None:
        for row in range(4, last + 1):
            sheet.cell(row, index).number_format = style
    words = [accepted[0] for accepted in field.options.values()]
    if not words and field.read in values.YES_NO_READERS:
        words = ["是", "否"]
    listed = ",".join(words)
    if words and len(listed) < 250:
        validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(validation)
        validation.add(f"{letter}4:{letter}{last}")


def _explain(sheet: Any, kind: Kind, fields: list[Field]) -> None:
    sheet.append([f"{kind.label}填写说明：本页不会导入"])
    sheet["A1"].font = Font(bold=True, size=13)
    sheet.append(["栏目", "是否必填", "含义", "可以填", "示例"])
    for field in fields:
        line = [field.label, "必填" if field.required else "", field.meaning, accepted(field), field.example]
        sheet.append([safe_text(part) for part in line])
    for letter, width in zip("ABCDE", (24, 10, 50, 50, 36), strict=True):
        sheet.column_dimensions[letter].width = width
