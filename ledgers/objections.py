"""What stands against taking a file in as a whole: its date, its unit, that it is no ledger."""

import datetime as dt
from collections.abc import Iterable, Sequence

from committees.models import Committee
from common.text import squeeze
from common.today import today
from ledgers.codes import KINDS
from ledgers.kinds.catalogue import Kind
from ledgers.recognising.header import column_letter
from ledgers.recognising.problems import WARNING, Problem
from ledgers.recognising.table import Table

# No ledger of this field is older than the republic.
EARLIEST = dt.date(1949, 10, 1)
NO_AS_OF = "台账里没有写明填报时间（到日），请指定台账日期。"
BAD_ROWS = "有 {} 行有错误或待定的写法，请改正或选定意思，或选择只导入其余的行。"
NO_UNIT = "台账里没有写明是哪个单位填报的，请指定填报单位（全区只能比对市场监管登记名单）。"


def wrong_with_date(as_of: dt.date | None, table: Table) -> str | None:
    if as_of is None:
        if len(table.dated_sheets) > 1 and len(set().union(*table.dated_sheets.values())) > 1:
            stated = "，".join(
                f"“{'”“'.join(sorted(sheets))}”写的是 {date.day}" for date, sheets in sorted(table.dated_sheets.items())
            )
            return f"各工作表的日期不同：{stated}。一次只能导入一期，请只留下要导入的工作表再上传。"
        return NO_AS_OF
    if as_of < EARLIEST:
        return f"台账日期 {as_of} 过早，请改正。"
    return f"台账日期 {as_of} 在未来，请改正。" if as_of > today() else None


def wrong_with_scope(committee: Committee | None, kinds: Sequence[Kind]) -> str | None:
    if committee is None and not all(kind.compared_only for kind in kinds):
        return NO_UNIT
    if any(kind.compared_only for kind in kinds) and len(kinds) > 1:
        return "市场监管登记名单只比对、不导入，请和台账分开上传。"
    return None


def not_a_ledger(table: Table) -> str:
    """Why nothing was found, and what can be done about it."""
    if table.guessed and (found := table.columns):
        _, header, kind = table.guessed[0]
        headings = "、".join(f"“{column['heading']}”" for column in found[:6])
        missing = "" if header.has_key else f"，缺少“{kind.by_name[kind.key].label}”"
        return (
            f"只认出 {headings}{missing}，还不够看出是哪种表。请补上缺的栏目；"
            "不改表头的，上传时选好种类，再在下面“栏目”里指定每一列是什么。"
        )
    if table.refused:
        return f"没有可以导入的表：{'；'.join(dict.fromkeys(table.refused))}。"
    kinds = "、".join(KINDS.values())
    by_hand = "不改表头也可以：上传时选好种类，再在下面“栏目”里指定每一列是什么。也" if table.guessed else ""
    return (
        f"没有找到可以导入的表（{kinds}）：表头里要有“企业名称”“党组织名称”或“姓名”等，和至少两个别的栏目。"
        f"{by_hand}可以在“模板和填写说明”里下载样表对照。"
    )


def is_another(unit: str, committee: Committee) -> bool:
    """Whether the reporting unit that a file names is not this committee."""
    own = [squeeze(committee.name), squeeze(committee.short_name)]
    return not any(name and (name in unit or unit in name) for name in own)


def about_the_file(table: Table, committee: Committee) -> list[Problem]:
    found = []
    for unit in sorted(table.reporting_units):
        if is_another(unit, committee):
            message = f"填报单位写的是“{unit}”，现在导入的是“{committee}”，请核对是否选错了单位"
            found.append(Problem(None, None, None, None, unit, WARNING, message))
    for sheet, header, _ in table.parts:
        total = next(
            (column for column in header.columns if column.field.name == "members_total" and column.field.kept), None
        )
        if total is not None and "full_members" not in header.fields:
            message = "台账只有党员总数，没有分正式和预备，按正式党员计；请尽量分开填写"
            letter = column_letter(total.index)
            found.append(Problem(sheet.name, header.last + 1, letter, total.heading, None, WARNING, message))
    return found


def committee_of(units: Iterable[str]) -> Committee | None:
    """The committee that a file's reporting units name; None where they name none, or several."""
    found = {each for unit in units if (each := _named(unit)) is not None}
    return found.pop() if len(found) == 1 else None


def _named(unit: str) -> Committee | None:
    exactly = Committee.objects.filter(active=True).named(unit).first()
    if exactly is not None:
        return exactly
    near = [each for each in Committee.objects.filter(active=True) if not is_another(unit, each)]
    return near[0] if len(near) == 1 else None
