"""Every cell is read rightly, or asked about at its place: oddities written into random cells of a good ledger, and the
oddities that have a name."""

import datetime as dt
import random

import pytest

from common.day_1904 import Day1904
from common.text import name_key
from ledgers.kinds.catalogue import catalogue
from ledgers.reading.binary import _cell
from ledgers.reading.grid import FORMULA, CellFault
from ledgers.recognising.asking import questions
from ledgers.recognising.header import column_letter
from ledgers.recognising.table import Table
from tests import ledger_maker as maker
from tests.one_ledger import BASE
from tests.read_tables import at, ledger, read

# The columns of items are rows.
pytestmark = pytest.mark.django_db

D = dt.date


# -- a good ledger with an oddity in a random cell --------------------------------------------------


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


# What is no part of a value, whatever the column: the cell reads as before, or it is asked about.
DECORATIONS = [
    lambda text: f"{text}\u200b",
    lambda text: f"\ufeff{text}",
    lambda text: f"\u200e{text}\u200f",
    lambda text: f"\u00a0{text}\u3000",
    lambda text: f"{text[:1]}\u00ad{text[1:]}",
    lambda text: f" {text}\n",
    lambda text: f"{text}。",
    lambda text: f"'{text}",
    _wide,
]
# Words that must not pass for what stood there: of a heading, what nobody may read as a plain statement.
DOUBTS = {
    "是否建立党组织": ["已撤销", "已列入2024年计划", "有意向", "有党员未建", "已上报待批", "有3名党员，拟建", "正在筹建", "已注销", "是（已撤销）"],
    "党组织名称": ["筹建中", "拟建", "计划2024年6月建立", "已撤销", "详见备注", "联合", "见附表", "×××", "拟建党支部", "党支部（筹）", "中共甲支部、中共乙支部"],
    "党建指导员姓名": ["空缺", "暂缺", "见附表", "由社区书记兼任", "拟派", "调整中", "×××", "社区书记", "张三、李四", "王五（拟）"],
    "成立日期": ["1900-01-01", "1900/1/0", 0, "不详年月", "2019年"],
    "党组织成立时间": ["1900-01-01", "1900/1/0", 0, "1912-01-01", "待定时间"],
    "职工人数": ["约50人", "50-60", "☑", "2019-07-01"],
    "企业名称": ["91410100MA1234567X", 13800001234, "2023-01-01", "详见附表", "同上"],
}  # fmt: skip


def _good() -> list[list]:
    return maker.table(maker.truth("东关办事处", seed=11, number=12), maker.Style(text=lambda value: value))


def _facts(table: Table) -> dict[int, dict]:
    """What each row says; names are the same when their keys are, and the numbering says nothing."""

    def same(value):
        return name_key(value).rstrip("。") if isinstance(value, str) else value

    return {
        row.number: {name: same(value) for name, value in row.values.items() if value is not None and name != "serial"}
        for row in table.rows
    }


def test_the_head_of_a_second_printed_page_is_no_row():
    title = [["台账"], ["填报单位（盖章）：东关办事处", None, None, "填报时间：2023年12月20日"]]
    head = [["序号", "企业名称", "统一社会信用代码", "职工人数"]]
    table = read([*title, *head, [1, "甲公司", "", 5], *title, *head, [2, "乙公司", "", 6]])
    assert [row.get("name") for row in table.rows] == ["甲公司", "乙公司"]
    assert [(each.what, each.rows) for each in table.skipped] == [("重复的表头", [5, 6, 7])]


@pytest.mark.parametrize("seed", range(40))
def test_an_oddity_leaves_the_facts_or_is_a_problem_at_its_cell(seed):
    chance = random.Random(seed)
    grid = _good()
    clean = _facts(read(grid))
    for _ in range(25):
        odd = [list(row) for row in grid]
        row = chance.randrange(1, len(odd))
        filled = [column for column, cell in enumerate(odd[row]) if cell not in (None, "")]
        column = chance.choice(filled)
        heading, before = odd[0][column], odd[row][column]
        doubts = DOUBTS.get(heading)
        if doubts and chance.random() < 0.5:
            odd[row][column] = chance.choice(doubts)
        else:
            # As the reading child hands it over.
            odd[row][column] = _cell(chance.choice(DECORATIONS)(str(before)))
        table = read(odd)
        rows = {each.number: each for each in table.rows}
        letter = column_letter(column)
        told = [each for each in rows[row + 1].problems if each.column == letter] if row + 1 in rows else []
        said = f"{heading}：{odd[row][column]!r}，原为 {before!r}，{[each.message for each in told]}"
        if odd[row][column] in (doubts or ()):
            assert told, said
        else:
            assert told or _facts(table).get(row + 1) == clean[row + 1], said
        others = {number: facts for number, facts in _facts(table).items() if number != row + 1}
        same = {number: facts for number, facts in clean.items() if number != row + 1}
        assert others == same, said


# -- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "word", "value"),
    [
        ("经营状态", "☑在业 □停业 □注销", "operating"),
        ("经营状态", "□在业 □停业 ☑注销", "closed"),
        ("经营状态", "√在业  注销", "operating"),
        ("经营状态", "在业√ 停业 注销", "operating"),
        ("经营状态", "□在业 □停业 □注销", None),
        ("经营状态", "在业、正常", "operating"),
        ("是否建立党组织", "有□ 无☑", False),
        ("是否建立党组织", "已建☐未建☑", False),
        ("是否建立党组织", "有（√） 无（ ）", True),
        ("是否建立党组织", "尚未建立党组织", False),
        ("是否建立党组织", "已成立联合党支部", True),
        ("是否建立党组织", "是（2020年成立）", True),
    ],
)
def test_boxes_and_whole_words_are_understood(heading, word, value):
    no = value is False
    row = {heading: word, **({"党组织名称": "", "党组织成立时间": "", "书记姓名": ""} if no else {})}
    table = read(ledger(row, {"企业名称": "另一家有限公司", "统一社会信用代码": ""}))
    name = {"经营状态": "status", "是否建立党组织": "established"}[heading]
    assert table.rows[0].get(name) == value and not table.rows[0].asked


@pytest.mark.parametrize(
    "word", ["未注销", "拟注销", "正常（2021年吊销后恢复）", "存续，未停业", "不在经营", "☑在业 ☑注销"]
)
def test_a_status_that_may_mean_either_closes_nobody_and_is_asked(word):
    table = read(ledger({"经营状态": word}))
    assert [level for level, _ in at(table, "N")] == ["question"] and table.rows[0].get("status") is None


def test_a_question_is_asked_once_for_all_its_rows_and_settled_by_one_answer():
    names = [f"第{n}商贸有限公司" for n in range(5)]
    rows = [{"企业名称": name, "统一社会信用代码": "", "经营状态": "拟注销"} for name in names]
    table = read(ledger(*rows))
    (asked,) = questions(table.rows, catalogue())
    assert (asked.field, asked.shown, asked.number, asked.waits) == ("status", "拟注销", 5, True)
    assert dict(asked.choices)["operating"] == "在业"
    settled = read(ledger(*rows), words={("enterprise_ledger", "status", asked.word): "operating"})
    assert {row.get("status") for row in settled.rows} == {"operating"} and not questions(settled.rows, catalogue())
    blank = read(ledger(*rows), words={("enterprise_ledger", "status", asked.word): "blank"})
    assert {row.get("status") for row in blank.rows} == {None} and not any(row.has_errors for row in blank.rows)


def test_two_names_in_a_cell_are_two_once_that_is_said():
    row = {
        "党组织名称": "中共甲公司第一支部委员会、中共甲公司第二支部委员会",
        "党组织成立时间": "2019-07-01、2021-03-11",
        "书记姓名": "张三、李四",
    }
    table = read(ledger(row))
    assert "question" in {level for level, _ in at(table, "H")}
    (asked,) = [each for each in questions(table.rows, catalogue()) if each.field == "organization_name"]
    settled = read(ledger(row), words={("enterprise_ledger", "organization_name", asked.word): "several"})
    said = [
        (each.get("organization_name")[-7:], each.get("established_on").day, each.get("secretary_name"))
        for each in settled.rows
    ]
    assert said == [("第一支部委员会", D(2019, 7, 1), "张三"), ("第二支部委员会", D(2021, 3, 11), "李四")]
    assert [each.continues for each in settled.rows] == [False, True]
    assert settled.rows[1].get("employees") is None and not any(each.has_errors for each in settled.rows)


def test_two_organizations_and_two_instructors_of_one_row_keep_to_themselves():
    row = {"党组织名称": "中共甲支部、中共乙支部", "党建指导员姓名": "王芳、李明", "派驻时间": "2020-01-01"}
    words = {
        ("enterprise_ledger", name, row[heading]): "several"
        for name, heading in (("organization_name", "党组织名称"), ("instructor_name", "党建指导员姓名"))
    }
    _, organization, instructor = read(ledger(row), words=words).rows
    assert organization.get("assigned_on") is None and instructor.get("organization_name") is None
    assert instructor.get("assigned_on").day == D(2020, 1, 1)
    assert not any("指导员" in each.message for each in organization.problems)


def test_a_name_merged_over_two_rows_is_one_enterprise_with_two_organizations():
    second = dict.fromkeys(BASE, "") | {"党组织名称": "中共示例第二支部委员会", "党组织成立时间": "2022-05-01"}
    grid = ledger({}, second)
    merges = [(1, column, 2, column) for column in (0, 1, 2, 3)]
    table = read(grid, merges=merges)
    assert [row.continues for row in table.rows] == [False, True] and table.rows[1].asked
    settled = read(grid, merges=merges, words={("enterprise_ledger", "continued", "一家企业占几行"): "yes"})
    assert not any(row.has_errors for row in settled.rows)
    assert settled.rows[1].get("organization_name") == "中共示例第二支部委员会"
    assert settled.rows[1].get("credit_code") == settled.rows[0].get("credit_code")
    assert settled.rows[1].get("employees") is None


def test_a_ditto_mark_is_what_stands_above():
    rows = [{"企业名称": f"第{n}商贸有限公司", "统一社会信用代码": ""} for n in range(4)]
    for row, mark in zip(rows[1:], ("同上", "〃", "″"), strict=True):
        row |= {"党组织名称": mark, "党建指导员姓名": mark}
    rows[0] |= {"党建指导员姓名": "张三", "派驻时间": "2020-01-01"}
    table = read(ledger(*rows))
    assert {row.get("organization_name") for row in table.rows} == {BASE["党组织名称"]}
    assert {row.get("instructor_name") for row in table.rows} == {"张三"}
    first = read(ledger({"党组织名称": "同上"}))
    assert [level for level, _ in at(first, "H")] == ["error"]


@pytest.mark.parametrize(
    ("written", "name"),
    [("示例商贸有限公司（已注销）", "示例商贸有限公司"), ("★示例商贸有限公司", "示例商贸有限公司"), ("示例商贸有限公司（停产）", "示例商贸有限公司"),
     ("示例（中国）有限公司", "示例（中国）有限公司"), ("示例合伙企业（有限合伙）", "示例合伙企业（有限合伙）")],
)  # fmt: skip
def test_a_remark_behind_a_name_is_no_part_of_it(written, name):
    assert read(ledger({"企业名称": written})).rows[0].get("name") == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("李　明", "李明"),
        ("张三 13800001234", "张三"),
        ("张三（党政办主任）", "张三"),
        ("张三（社区干部，13800001111）", "张三"),
        ("阿不都・艾尼", "阿不都・艾尼"),
        ("王书记", "王书记"),
    ],
)
def test_persons_are_known_by_their_names(written, name):
    assert read(ledger({"书记姓名": written})).rows[0].get("secretary_name") == name


# -- what is no row ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (["", "合计（6家）", 285, 17], "合计"),
        (["总计10家企业", None, 100, 20], "合计"),
        (["", "本页小计（5家）", 30, 5], "合计"),
        (["", "2023年新增企业"], "分组"),
        (["和平社区（4家）"], "分组"),
        (["填报单位：东关办事处", "填报时间：2023年12月20日"], "说明"),
        (["栏次", 1, 2, 3], "栏次"),
        ([None, None, "人", "名"], "计量单位"),
        (["序号", "企业名称", "职工人数", "正式党员"], "重复的表头"),
    ],
)
def test_lines_that_are_no_data_are_skipped_and_said(line, what):
    grid = [["序号", "企业名称", "职工人数", "正式党员"], [1, "甲公司", 60, 3], line, [2, "乙公司", 5, 0]]
    table = read(grid)
    assert [row.get("name") for row in table.rows] == ["甲公司", "乙公司"]
    assert [(each.what, each.rows) for each in table.skipped] == [(what, [3])]


def test_a_second_table_below_is_read_by_its_own_header():
    grid = [
        ["填报时间：2023年12月20日"],
        ["序号", "企业名称", "职工人数", "党组织名称", "成立日期"],
        [1, "甲公司", 60, "中共甲公司支部委员会", "2005-10-02"],
        [],
        ["二、未建立党组织的企业"],
        ["序号", "职工人数", "企业名称", "未建立党组织原因"],
        [1, 78, "乙公司", "没有党员"],
    ]
    table = read(grid)
    assert [(row.get("name"), row.get("employees")) for row in table.rows] == [("甲公司", 60), ("乙公司", 78)]
    # What stands in the first is no date of the second.
    assert {date.day for dates in table.as_of_dates.values() for date in dates} == {D(2023, 12, 20)}


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ([["单位", "企业数", "从业人员数", "党员人数"], ["光明社区", 3, 90, 4]], "汇总表"),
        ([["单位名称", "职工人数", "党员总数", "备注"], ["光明社区", 90, 4, ""], ["向阳村", 30, 1, ""]], "汇总表"),
        ([["企业名称", "甲公司", "企业类型", "私营企业"], ["法定代表人", "王某", "联系电话", "1"], ["成立日期", "2019-07-01", "职工人数", 9]], "登记表"),
        ([["企业名称", "甲公司", "乙公司"], ["成立日期", "2019-07-01", "2020-07-01"], ["企业类型", "私营", "私营"], ["职工人数", 9, 8], ["正式党员", 1, 0], ["预备党员", 0, 0]], "横着排"),
        ([["企业名称", "职工人数", "正式党员", None, "企业名称", "职工人数", "正式党员"], ["甲公司", 1, 0, None, "乙公司", 2, 0]], "并排"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_for_what_it_is(grid, words):
    table = read(grid)
    told = [each.message for each in table.problems]
    assert any(words in message for message in told), told
    assert not table.rows or any(each.level == "error" for each in table.problems)


# -- the right column -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("上一级党组织名称", None), ("入党时所在支部", None), ("接受申请党组织", None), ("企业联系人职务", None), ("负责人党员数", None),
        ("注册登记号", "credit_code"), ("注册时期", "registered_on"), ("组建年月", "established_on"), ("党组织建制", "organization_kind"),
        ("是否配备党建工作指导员", "instructor_sent"), ("关系在本企业人数", "members_total"), ("党员数/关系在本企业人数", "members_total"),
        ("从业中共党员数", "members_total"), ("经营者党员标志", "representative_is_member"),
        ("法定代表人党组织书记标志", "representative_is_secretary"), ("是否建立党组织建制", "established"), ("组织总人数", "employees"),
        ("党组织书记名称", "secretary_name"), ("书记名称", "secretary_name"), ("住地", "address"), ("企业员工/合计", "employees"),
        ("党员情况/小计", "members_total"), ("党员数（名）/计", "members_total"), ("其中：正式党员", "full_members"),
    ],
)  # fmt: skip
def test_headings_mean_what_they_say(path, field):
    parent, _, leaf = path.rpartition("/")
    head = [["企业名称", "统一社会信用代码", "备注", parent or leaf], [None, None, None, leaf if parent else None]]
    table = read([*(head if parent else head[:1]), ["甲公司", "", "x", None]])
    found = [each["field"] for each in table.columns if each["column"] == "D"]
    assert found == ([field] if field else [])


def test_a_parent_centred_across_the_blanks_at_its_right_stands_over_them():
    grid = [
        ["东关办事处台账", None, None, None, None],
        ["序号", "企业基本情况", None, "党组织情况", None],
        [None, "企业名称", "职工人数", "名称", "成立时间"],
        [1, "甲公司", 60, "中共甲公司支部委员会", "2019-08-02"],
    ]
    (row,) = read(grid, merges=[(0, 0, 0, 4)]).rows
    assert row.get("established_on").day == D(2019, 8, 2) and row.get("registered_on") is None


def test_of_two_columns_of_one_name_the_one_that_is_seen_is_meant():
    grid = [["企业名称", "职工人数", "正式党员", "职工人数"], ["甲公司", 60, 3, 51]]
    (row,) = read(grid, hidden_columns=[3]).rows
    assert row.get("employees") == 60 and not row.has_errors


# -- what would stay unsaid --------------------------------------------------------------------------


def test_what_nobody_sees_is_said_once_with_its_rows():
    rows = ([f"第{n}商贸有限公司", 10, "已搬迁" if n < 2 else "", 1] for n in range(5))
    grid = [["企业名称", "职工人数", "备注", "正式党员"], *rows]
    table = read(grid, hidden_rows=[2, 3], hidden_columns=[1], struck_rows=[4])
    told = [each.message for each in table.problems] + [each.message for row in table.rows for each in row.problems]
    for words in ("第 3、4 行是隐藏的", "B 列“职工人数” 是隐藏的", "第 5 行画了删除线", "第 2、3 行的备注写明"):
        assert sum(words in message for message in told) == 1, (words, told)


def test_one_number_merged_over_several_enterprises_is_nobodys_own():
    grid = [
        ["企业名称", "职工人数", "党员总数"],
        *([f"第{n}商贸有限公司", 10, 12 if not n else None] for n in range(3)),
    ]
    table = read(grid, merges=[(1, 2, 3, 2)])
    assert [row.get("members_total") for row in table.rows] == [None, None, None]
    assert [each.message for each in table.problems if "合并了几家（第 2、3、4 行）" in each.message]


def test_a_serial_that_cannot_be_computed_stops_no_row():
    grid = [["序号", "企业名称", "职工人数", "正式党员"], [CellFault(FORMULA, "=ROW()-1"), "甲公司", 60, 3]]
    (row,) = read(grid).rows
    assert not row.problems


def test_days_of_a_workbook_that_counts_from_1904():
    (row,) = read(ledger({"成立日期": Day1904(42_000)})).rows
    assert row.get("registered_on").day == D(1904, 1, 1) + dt.timedelta(days=42_000)


def test_a_column_that_is_kept_as_it_stands():
    grid = [["企业名称", "职工人数", "正式党员", "三会一课"], ["甲公司", 60, 3, "按期"], ["乙公司", 6, 0, None]]
    assert [each["heading"] for each in read(grid).unmapped] == ["三会一课"]
    table = read(grid, mapping={("enterprise_ledger", "三会一课"): "+"})
    assert [row.extras for row in table.rows] == [{"三会一课": "按期"}, {}] and not table.unmapped


@pytest.mark.parametrize("word", ["申报中", "计划购买", "拟申报", "待评审", "在建", "取消"])
def test_what_is_only_planned_is_not_reached(word):
    grid = [["党组织名称", "成立时间", "有场所", "市级双强六好"], ["中共甲公司支部委员会", "2019-07-01", "√", word]]
    (row,) = read(grid).rows
    assert row.get("item:have_venue") is True and row.get("item:double_strong_municipal") is None
    assert [level for level, _ in at(read(grid), "D")] == ["question"]
