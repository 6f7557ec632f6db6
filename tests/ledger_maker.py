"""Made-up ledgers in the shapes that districts use, and what they should count up to.

The truth is a list of dicts; each `write_…` puts it on a sheet in one arrangement. The
expected figures are counted from the truth in plain Python, apart from all product code.
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from tests import make

D = dt.date
AS_OF = D(2023, 12, 20)
DAYS = [D(2020, 12, 31), D(2021, 12, 31), D(2022, 12, 31), D(2023, 12, 31), AS_OF]


def truth(committee: str, seed: int, number: int = 40) -> list[dict]:
    """`number` enterprises of one committee: what is the case."""
    chance = random.Random(seed)
    joint = {"name": f"中共{committee}联合支部委员会", "on": D(2016, 3, 4), "secretary": "李书记"}
    rows = []
    for index in range(number):
        registered = D(2005, 1, 1) + dt.timedelta(days=chance.randint(0, 6000))
        row: dict = {
            "name": f"示例{committee}{index}号商贸有限公司",
            "code": make.credit_code(seed * 10_000 + index),
            "ownership": chance.choice(["私营企业", "港澳台商投资企业", "外商投资企业"]),
            "registered": registered,
            "employees": chance.choice([5, 12, 49, 50, 51, 130]),
            "full": chance.choice([0, 0, 1, 2, 3, 5]),
            "probationary": chance.choice([0, 0, 0, 1]),
            "activists": chance.choice([0, 1, 2]),
            "village": f"{'光明团结前进和平'[index * 4 // number * 1]}社区",
            "representative": "王经理",
            "is_member": chance.choice([True, False]),
            "union": chance.choice([True, False]),
            "league": chance.choice([True, False]),
            "women": chance.choice([True, False]),
            "organization": None,
            "instructor": None,
            "closed": None,
        }
        kind = chance.random()
        if kind < 0.35:
            row["organization"] = {**joint, "form": "联合组建"}
        elif kind < 0.6:
            on = D(2017, 1, 1) + dt.timedelta(days=chance.randint(0, 2500))
            own = f"中共{row['name']}支部委员会"
            row["organization"] = {"name": own, "on": on, "form": "单独组建", "secretary": f"书记{index}"}
        elif kind < 0.85:
            row["instructor"] = (f"指导员{index % 4}", D(2019, 6, 1) + dt.timedelta(days=chance.randint(0, 1600)))
        if chance.random() < 0.12:
            row["closed"] = max(registered, D(2020, 6, 1)) + dt.timedelta(days=chance.randint(30, 1000))
        rows.append(row)
    return rows


def expected(rows: list[dict], day: D) -> dict[str, int]:
    """The figures of these enterprises on `day`, counted one by one. Headcounts hold from AS_OF on."""
    found = dict.fromkeys(
        ("enterprises", "organization_covered", "work_covered", "employees_50_plus", "employees_50_plus_with_members", "due_to_establish"),
        0,
    )  # fmt: skip
    for row in rows:
        if row["registered"] > day or (row["closed"] and row["closed"] <= day):
            continue
        organization = bool(row["organization"]) and row["organization"]["on"] <= day
        work = organization or bool(row["instructor"] and row["instructor"][1] <= day)
        known = day >= AS_OF
        fifty = known and row["employees"] >= 50
        found["enterprises"] += 1
        found["organization_covered"] += organization
        found["work_covered"] += work
        found["employees_50_plus"] += fifty
        found["employees_50_plus_with_members"] += fifty and row["full"] + row["probationary"] > 0
        found["due_to_establish"] += known and row["full"] >= 3 and not organization
    return found


# The columns of the one-row ledger: heading, and the cell from a row of the truth.
Columns = list[tuple[str, Callable[[dict, "Style"], object]]]


class Style:
    """How one ledger writes yes and no, and dates."""

    def __init__(self, yes="是", no="否", date: Callable[[D], object] = lambda day: day.isoformat(), text=str):
        self.yes, self.no, self._date, self.text = yes, no, date, text

    def date(self, day: D | None) -> object:
        return None if day is None else self._date(day)

    def flag(self, value: bool) -> str:
        return self.yes if value else self.no


def _of(key: str, part: str) -> Callable[[dict, Style], object]:
    return lambda row, style: (row[key] or {}).get(part)


COLUMNS: Columns = [
    ("企业名称", lambda row, style: row["name"]),
    ("统一社会信用代码", lambda row, style: style.text(row["code"])),
    ("企业类型", lambda row, style: row["ownership"]),
    ("成立日期", lambda row, style: style.date(row["registered"])),
    ("法定代表人", lambda row, style: row["representative"]),
    ("法人是否党员", lambda row, style: style.flag(row["is_member"])),
    ("职工人数", lambda row, style: row["employees"]),
    ("正式党员数", lambda row, style: row["full"]),
    ("预备党员数", lambda row, style: row["probationary"]),
    ("入党积极分子数", lambda row, style: row["activists"]),
    ("是否建立党组织", lambda row, style: style.flag(bool(row["organization"]))),
    ("党组织名称", lambda row, style: (row["organization"] or {}).get("name") or "—"),
    ("党组织类型", lambda row, style: "党支部" if row["organization"] else None),
    ("组建方式", _of("organization", "form")),
    ("党组织成立时间", lambda row, style: style.date((row["organization"] or {}).get("on"))),
    ("书记姓名", _of("organization", "secretary")),
    ("党建指导员姓名", lambda row, style: row["instructor"][0] if row["instructor"] else "暂无"),
    ("派驻时间", lambda row, style: style.date(row["instructor"][1]) if row["instructor"] else None),
    ("是否建立工会", lambda row, style: style.flag(row["union"])),
    ("是否建立共青团组织", lambda row, style: style.flag(row["league"])),
    ("是否建立妇联组织", lambda row, style: style.flag(row["women"])),
    ("经营状态", lambda row, style: "注销" if row["closed"] else "在业"),
    ("注销日期", lambda row, style: style.date(row["closed"])),
]
REWORDED = {
    "企业名称": "单位名称",
    "统一社会信用代码": "统一信用社代码",
    "企业类型": "控股情况",
    "成立日期": "工商登记时间",
    "法定代表人": "企业负责人姓名",
    "法人是否党员": "是否中共党员",
    "职工人数": "从业人员总数\n（人）",
    "正式党员数": "其中：正式党员（名）",
    "预备党员数": "预备党员（名）",
    "入党积极分子数": "现有入党积极分子数量",
    "是否建立党组织": "是否成立党组织",
    "党组织名称": "关联党组织",
    "党组织类型": "党组织设置形式",
    "组建方式": "组建方式(联合组建/单独组建)",
    "党组织成立时间": "成立党组织时间",
    "书记姓名": "党组织书记姓名",
    "党建指导员姓名": "党建工作指导员",
    "派驻时间": "指导员选派日期",
    "是否建立工会": "有无公会",
    "是否建立共青团组织": "共青团",
    "是否建立妇联组织": "妇联组织情况",
    "经营状态": "登记状态",
    "注销日期": "注（吊）销时间",
}


def table(rows: list[dict], style: Style, columns: Columns = COLUMNS) -> list[list]:
    """Heading row and data rows, with 序号 first."""
    body = [[index, *(cell(row, style) for _, cell in columns)] for index, row in enumerate(rows, 1)]
    return [["序号", *(heading for heading, _ in columns)], *body]


def mixed_dates(seed: int = 7) -> Callable[[D], object]:
    """Every date in another of six forms."""
    chance = random.Random(seed)
    forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
    return lambda day: chance.choice([day, *(day.strftime(form) for form in forms)])


def serial(day: D) -> int:
    return (day - D(1899, 12, 30)).days


def write_xlsx(path: Path, grid: list[list], *, committee: str, as_of: str = "2023年12月20日", above: int = 0) -> Path:
    """One header row under a title and the 填报单位 line, `above` blank rows between."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["非公有制企业党建工作台账"])
    sheet.append([f"填报单位（盖章）：{committee}", None, f"填报时间：{as_of}" if as_of else None])
    for _ in range(above):
        sheet.append(["　"])
    for row in grid:
        sheet.append(row)
    book.save(path)
    return path


def write_wide(path: Path, rows: list[dict], *, committee: str) -> Path:
    """Three merged header rows, one √ column per answer, column numbers, merged villages, total and notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    date = mixed_dates()
    tick = lambda value: "√" if value else None  # noqa: E731
    part = lambda row, key: (row["organization"] or {}).get(key)  # noqa: E731
    leaves = [
        (("序号",), lambda row: None),
        (("所属村（社区）",), lambda row: row["village"]),
        (("企业基本情况", "企业名称"), lambda row: row["name"]),
        (("企业基本情况", "统一社会信用代码"), lambda row: row["code"]),
        (("企业基本情况", "成立时间"), lambda row: date(row["registered"])),
        *[
            (("企业基本情况", "企业类型", word), lambda row, word=word: tick(row["ownership"] == word))
            for word in ("私营企业", "港澳台商投资企业", "外商投资企业")
        ],
        (("企业基本情况", "从业人员数量\n（名）"), lambda row: f"{row['employees']}人"),
        (("企业基本情况", "注销时间"), lambda row: date(row["closed"]) if row["closed"] else None),
        (("企业出资人情况", "企业出资人姓名"), lambda row: row["representative"]),
        (("企业出资人情况", "是否是党员（是、否）"), lambda row: "是" if row["is_member"] else "否"),
        (("党组织设置情况", "是否建立党组织"), lambda row: "是" if row["organization"] else "否"),
        (("党组织设置情况", "党组织名称"), lambda row: part(row, "name") or "—"),
        (("党组织设置情况", "成立时间"), lambda row: date(part(row, "on")) if part(row, "on") else "—"),
        *[
            (("党组织设置情况", "党组织组建形式", word), lambda row, form=form: tick(part(row, "form") == form))
            for word, form in (("单独建立", "单独组建"), ("联合建立", "联合组建"), ("网格建立", "网格建立"))
        ],
        *[
            (("党组织设置情况", "党组织类别", word), lambda row, word=word: tick(row["organization"] and word == "党支部"))
            for word in ("党支部", "党总支", "党委")
        ],
        *[
            (("党组织设置情况", "未建立党组织原因", word), lambda row, word=word: tick(not row["organization"] and word == "没有党员"))
            for word in ("没有党员", "企业出资人不支持", "外商投资企业", "其他原因")
        ],
        (("党建工作指导员", "姓名"), lambda row: row["instructor"][0] if row["instructor"] else "无"),
        (("党建工作指导员", "派驻时间"), lambda row: date(row["instructor"][1]) if row["instructor"] else None),
        (("党组织书记情况", "姓名"), lambda row: part(row, "secretary")),
        (("党员队伍情况", "正式党员（名）"), lambda row: row["full"]),
        (("党员队伍情况", "预备党员（名）"), lambda row: row["probationary"]),
        (("党员队伍情况", "入党积极分子（名）"), lambda row: row["activists"]),
        (("群团组织设置情况", "公会"), lambda row: tick(row["union"])),
        (("群团组织设置情况", "共青团"), lambda row: tick(row["league"])),
        (("群团组织设置情况", "妇联"), lambda row: tick(row["women"])),
    ]  # fmt: skip
    width = len(leaves)
    sheet.cell(1, 1, f"{committee}非公有制企业党建工作台账")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet.cell(2, 1, f"填报单位（盖章）：{committee}")
    sheet.cell(2, 5, "填报时间：2023年12月20日")
    _write_header(sheet, [path for path, _ in leaves], 3)
    for column in range(1, width + 1):
        sheet.cell(6, column, column)
    village_starts = 7
    for index, row in enumerate(rows):
        number = 7 + index
        for column, (_, cell) in enumerate(leaves, 1):
            value = index + 1 if column == 1 else cell(row)
            if column == 2 and index and rows[index - 1]["village"] == row["village"]:
                value = None
            sheet.cell(number, column, value)
        if index + 1 == len(rows) or rows[index + 1]["village"] != row["village"]:
            if number > village_starts:
                sheet.merge_cells(start_row=village_starts, end_row=number, start_column=2, end_column=2)
            village_starts = number + 1
    last = 7 + len(rows)
    sheet.cell(last, 1, "合计")
    sheet.cell(last, 3, f"{len(rows)}家")
    sheet.cell(last + 2, 1, "注：1．本表统计时间截止填报时间。")
    book.create_sheet("Sheet2")
    book.save(path)
    return path


def _write_header(sheet, paths: list[tuple[str, ...]], first: int, depth: int = 3) -> None:
    """Headings with merged parents; a short path is merged down to the last header row."""
    for column, path in enumerate(paths, 1):
        for level, text in enumerate(path):
            if not (column > 1 and level + 1 < len(path) and paths[column - 2][: level + 1] == path[: level + 1]):
                sheet.cell(first + level, column, text)
        if len(path) < depth:
            sheet.merge_cells(
                f"{get_column_letter(column)}{first + len(path) - 1}:{get_column_letter(column)}{first + depth - 1}"
            )
    for level in range(depth - 1):
        start = 0
        while start < len(paths):
            stop = start
            while (
                stop + 1 < len(paths)
                and len(paths[start]) > level + 1
                and paths[stop + 1][: level + 1] == paths[start][: level + 1]
            ):
                stop += 1
            if stop > start:
                sheet.merge_cells(
                    start_row=first + level, end_row=first + level, start_column=start + 1, end_column=stop + 1
                )
            start = stop + 1


def as_csv(grid: list[list], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(["" if cell is None else cell for cell in row] for row in grid)
    return out.getvalue()


def as_html(grid: list[list]) -> str:
    lines = ["<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>" for row in grid]
    head = f"<tr><td colspan={len(grid[0])}>非公有制企业党建工作台账&nbsp;填报时间：2023-12-20</td></tr>"
    return f"<html><head><meta charset=utf-8><script>1</script></head><body><table>{head}{''.join(lines)}</table></body></html>"


def write_sheets_by_village(path: Path, rows: list[dict], *, committee: str) -> Path:
    """A sheet per village, each with its own header, subtotals between the groups, and a hidden copy."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for village in sorted({row["village"] for row in rows}):
        sheet = book.create_sheet(village)
        sheet.append([f"{committee}{village}台账"])
        sheet.append(["填报时间：2023年12月20日"])
        grid = table([row for row in rows if row["village"] == village], Style())
        half = len(grid) // 2
        for line in grid[:half]:
            sheet.append(line)
        sheet.append(["小计", half - 1])
        sheet.append(["二、第二组"])
        for line in grid[half:]:
            sheet.append(line)
        sheet.append(["总计", len(grid) - 1])
        sheet.append(["审核人：某某", None, "联系电话：12345"])
    hidden = book.create_sheet("旧数据")
    hidden.sheet_state = "hidden"
    hidden.append(["企业名称", "统一社会信用代码", "是否建立党组织"])
    hidden.append(["不该导入的企业", make.credit_code(999_999_999), "否"])
    book.save(path)
    return path
