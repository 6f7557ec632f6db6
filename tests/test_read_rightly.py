"""Headings of something else, words of another column, brackets that turn a word: none is read in silence."""

import pytest

from ledgers.kinds.catalogue import catalogue, surest_first
from ledgers.reading.grid import Sheet
from ledgers.recognising.finding import read_table
from ledgers.recognising.header import column_letter
from tests.read_tables import at, ledger, read

# The columns of items are rows.
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "党组织/撤销时间", "拟注销时间", "计划注销时间", "是否撤销党组织", "是否拟建党组织", "是否应建党组织", "上年是否建立党组织", "拟建党组织名称",
        "拟任书记", "拟派指导员", "原党组织名称", "前任指导员", "安全指导员", "社区书记", "女正式党员", "正式党员转出数", "预备党员转正数",
        "工会/成立时间", "上级统一社会信用代码", "未建工会原因", "指导员/撤回时间", "上级党组织/名称",
    ],
)  # fmt: skip
def test_headings_of_something_else_are_not_taken(path):
    parent, _, leaf = path.rpartition("/")
    head = [["企业名称", "职工人数", "正式党员数", parent or leaf], [None, None, None, leaf if parent else None]]
    merges = [(0, column, 1, column) for column in range(3)] if parent else []
    table = read([*(head if parent else head[:1]), ["甲公司", 5, 1, None]], merges=merges)
    assert table.rows and [each["field"] for each in table.columns if each["column"] == "D"] == []


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("是否建立党组织", ["有党员", "已建工会", "有场所", "是（已撤）", "是（预计）", "否（是）", "无（社区联合党支部）", "无单独党组织", "已换届"]),
        ("党组织名称", ["今年计划成立党支部", "3名党员", "企业无党组织", "某公司党支部已撤销", "原某公司党支部", "党群服务中心", "甲公司党支部 乙公司党支部", "甲公司党支部和乙公司党支部"]),
        ("党建指导员姓名", ["未落实", "已调走", "停派", "退休", "有一名", "同左", "税务局", "村支书", "网格员", "李所长", "请填写", "有（王芳）", "王芳（已离任）"]),
        ("书记姓名", ["本人", "法人兼", "总经理", "王总", "待换届", "未选举"]),
        ("企业名称", ["计", "汇总", "2022年合计数", "共3家企业", "3家", "东风村", "向阳社区", "XX公司", "待定", "甲公司、乙公司", "某公司等3家"]),
        ("成立日期", ["20195", 20195]),
        ("经营状态", ["存续（搬迁）", "正常（已搬迁）"]),
    ],
)  # fmt: skip
def test_cells_of_which_nobody_can_be_sure_are_asked(heading, words):
    for word in words:
        table = read(ledger({heading: word}, {"企业名称": "另一家有限公司", "统一社会信用代码": ""}))
        column = column_letter(ledger({})[0].index(heading))
        told = [each for row in table.rows if row.number == 2 for each in row.problems if each.column == column]
        skipped = any(2 in each.rows for each in table.skipped)
        assert told or skipped, word


@pytest.mark.parametrize("word", ["正式党员（开除）", "正式党员（预备期）", "预备党员（已转正）", "积极分子（已入党）"])
def test_what_stands_in_brackets_may_turn_a_stage(word):
    table = read([["姓名", "党员类别", "入党时间"], ["李明", word, "2019-07-01"]])
    assert table.rows[0].get("category") is None and table.rows[0].has_errors


@pytest.mark.parametrize("word", ["损坏", "丢失", "缺", "落选", "推荐"])
def test_what_is_lost_or_only_proposed_is_not_reached(word):
    grid = [["党组织名称", "成立时间", "有场所", "党旗"], ["中共甲公司支部委员会", "2019-07-01", "√", word]]
    assert [level for level, _ in at(read(grid), "D")] == ["question"]


def test_states_behind_a_name_and_numbers_before_it_are_no_part_of_it():
    for written in ("某公司已注销", "某公司 注销", "某公司（已搬离）", "1、某公司", "①某公司"):
        assert read(ledger({"企业名称": written})).rows[0].get("name") == "某公司", written


def test_a_comma_too_many_is_wrong_with_its_row_and_a_column_without_heading_is_said():
    grid = [["企业名称", "职工人数", "正式党员"], ["甲公司", 2, "001", 1], ["乙公司", 5, 1]]
    sheet = Sheet("文本", [list(row) for row in grid])
    table = read_table([sheet], surest_first(), {}, list(catalogue().values()))
    assert [row.has_errors for row in table.rows] == [True, False]
    assert any("D 列没有表头，第 2 行却有内容" in each.message for each in read(grid).problems)


def test_an_organization_over_several_rows_covers_what_each_names():
    grid = [
        ["党组织名称", "成立时间", "书记", "覆盖企业数", "覆盖企业"],
        ["中共甲联合支部委员会", "2019-07-01", "张三", 2, "甲公司"],
        [None, None, None, None, "乙公司"],
    ]
    table = read(grid, merges=[(1, column, 2, column) for column in range(4)])
    assert [(row.get("name"), row.get("covered")) for row in table.rows] == [
        ("中共甲联合支部委员会", ("甲公司",)),
        ("中共甲联合支部委员会", ("乙公司",)),
    ]
    assert not any(row.problems for row in table.rows)


@pytest.mark.parametrize(
    ("heading", "word", "field", "value"),
    [("规模以上", "规上", "above_scale", True), ("规模以上", "规下", "above_scale", False), ("是否党员", "群众", "representative_is_member", False),
     ("是否党员", "中共党员", "representative_is_member", True), ("是否建立工会", "已建工会", "union", True), ("是否建立工会", "联合", "union", "joint")],
)  # fmt: skip
def test_words_of_a_columns_own_are_understood(heading, word, field, value):
    assert read(ledger({heading: word})).rows[0].get(field) == value
