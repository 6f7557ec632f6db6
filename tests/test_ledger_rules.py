"""What a ledger may and may not do to the register."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from committees.models import Committee
from enterprises.models import Enterprise, Headcount, Jurisdiction, MassOrganization
from instructors.models import Assignment, Instructor
from ledgers.objections import NO_AS_OF
from ledgers.process import Refused, Request, examine
from organizations.models import Cover, PartyOrganization, SecretaryTerm
from tests import make
from tests.one_ledger import AS_OF, BASE, CODE, problems, take

pytestmark = pytest.mark.django_db
D = dt.date


def test_one_row_feeds_every_kind_of_fact(ledger, east):
    path = ledger({"党建指导员姓名": "赵指导", "派驻时间": "2020-02-03", "法定代表人": "钱总", "所属行业": "商贸"})
    take(path, east)
    enterprise = Enterprise.objects.get()
    assert (enterprise.credit_code, enterprise.registered_on, enterprise.legal_representative) == (CODE, D(2018, 5, 1), "钱总")  # fmt: skip
    assert Jurisdiction.objects.get().start == D(2018, 5, 1) and Jurisdiction.objects.get().committee == east
    assert (Headcount.objects.get().start, Headcount.objects.get().employees) == (AS_OF, 60)
    assert PartyOrganization.objects.get().established_on == D(2019, 7, 1)
    assert Cover.objects.get().start == D(2019, 7, 1)
    term = SecretaryTerm.objects.get()
    assert (term.name, term.start, term.start_precision) == ("王书记", AS_OF, "assumed")
    assert Assignment.objects.get().start == D(2020, 2, 3)
    assert (MassOrganization.objects.get().kind, MassOrganization.objects.get().start) == ("union", AS_OF)
    assert {row.history_change_reason for row in Enterprise.history.all()} == {"试"}


def test_cover_begins_no_earlier_than_the_enterprise(ledger, east):
    take(ledger({"党组织成立时间": "2015-01-01"}), east)
    assert Cover.objects.get().start == D(2018, 5, 1)


def test_blank_never_clears_and_a_missing_row_deletes_nothing(ledger, east):
    take(ledger({"党建指导员姓名": "赵", "派驻时间": "2020-01-01"}, {"企业名称": "另一家", "统一社会信用代码": make.credit_code(2), "党组织名称": "另一支部"}), east)  # fmt: skip
    blanks = dict.fromkeys([key for key in BASE if key not in {"企业名称", "统一社会信用代码"}], "")
    outcome = take(ledger({**blanks, "党建指导员姓名": "无"}), east, D(2024, 3, 1))
    assert outcome.differences == []
    assert (outcome.counts["same"], outcome.counts["not_in_file"], outcome.not_in_file) == (1, 1, ["另一家"])
    assert Enterprise.objects.count() == 2
    assert Cover.objects.filter(end=None).count() == 2 and Assignment.objects.get().end is None


def test_an_explicit_no_ends_the_cover_from_the_ledgers_date_and_says_so(ledger, east):
    take(ledger({}), east)
    outcome = take(ledger({"是否建立党组织": "否", "党组织名称": "", "是否建立工会": "否"}), east, D(2024, 3, 1))
    assert {(d.kind, d.what) for d in outcome.differences} == {("ended", "党组织覆盖"), ("ended", "工会")}
    assert Cover.objects.get().end == D(2024, 3, 1) and MassOrganization.objects.get().end == D(2024, 3, 1)
    again = take(ledger({}), east, D(2024, 6, 1))
    assert [d.kind for d in again.differences].count("new") == 2
    assert [(c.start, c.end) for c in Cover.objects.order_by("start")] == [(D(2019, 7, 1), D(2024, 3, 1)), (D(2024, 6, 1), None)]  # fmt: skip


def test_closing_ends_what_is_live_on_the_closing_day(ledger, east):
    take(ledger({"党建指导员姓名": "赵", "派驻时间": "2020-01-01"}), east)
    closed = ledger({"经营状态": "注销", "注销日期": "2024.02", "党建指导员姓名": "赵", "派驻时间": "2020-01-01"})
    outcome = take(closed, east, D(2024, 3, 1))
    assert {d.what for d in outcome.differences if d.kind == "ended"} == {
        "企业（注销）",
        "党组织覆盖",
        "指导员派驻",
        "人数",
        "工会",
    }
    enterprise = Enterprise.objects.get()
    assert (enterprise.closed_on, enterprise.closed_precision) == (D(2024, 2, 1), "month")
    assert Cover.objects.get().end == Assignment.objects.get().end == D(2024, 2, 1)
    assert take(closed, east, D(2024, 3, 1)).differences == []


def test_closed_without_a_date_counts_from_the_ledgers_date_with_a_warning(ledger, east):
    path = ledger({"经营状态": "吊销"})
    assert any("注销日期：没有填写" in message for *_, message in problems(path, east))
    take(path, east)
    assert (Enterprise.objects.get().closed_on, Enterprise.objects.get().closed_precision) == (AS_OF, "assumed")


def test_a_later_ledger_opens_a_new_headcount_and_an_equal_one_does_not(ledger, east):
    take(ledger({}), east)
    take(ledger({}), east, D(2024, 1, 1))
    assert Headcount.objects.count() == 1
    outcome = take(ledger({"职工人数": 61, "正式党员数": ""}), east, D(2024, 2, 1))
    assert [(d.what, d.old, d.new) for d in outcome.differences] == [("职工人数", "60", "61")]
    first, second = Headcount.objects.order_by("start")
    assert (first.end, second.start, second.full_members) == (D(2024, 2, 1), D(2024, 2, 1), 2)
    take(ledger({"职工人数": 40}), east, D(2023, 1, 1))
    assert [(h.start, h.end, h.employees) for h in Headcount.objects.order_by("start")][0] == (D(2023, 1, 1), AS_OF, 40)


def test_dates_without_a_day_do_not_blur_those_with_one(ledger, east):
    take(ledger({}), east)
    assert take(ledger({"成立日期": "2018.05", "党组织成立时间": "2019年7月"}), east).differences == []
    outcome = take(ledger({"成立日期": "2018.06"}), east)
    assert [(d.what, d.old, d.new) for d in outcome.differences] == [("成立日期", "2018-05-01", "2018-06-01")]


def test_an_unknown_start_is_known_from_the_ledgers_date_only_and_is_mended_later(ledger, east):
    undated = ledger({"党组织成立时间": "", "党建指导员姓名": "赵"})
    levels = {(column, level) for _, column, level, _ in problems(undated, east)}
    assert ("I", "warning") in levels and ("L", "warning") in levels
    take(undated, east)
    assert Cover.objects.get().start == Assignment.objects.get().start == AS_OF
    take(ledger({"党组织成立时间": "2019-07-01", "党建指导员姓名": "赵", "派驻时间": "2020.02"}), east, D(2024, 1, 1))
    assert Cover.objects.get().start == D(2019, 7, 1) and Assignment.objects.get().start == D(2020, 2, 1)
    assert Cover.objects.get().start_precision == "day" and Assignment.objects.get().start_precision == "month"


def test_a_cover_dated_by_hand_is_not_moved_by_the_organizations_founding_day(ledger, east):
    take(ledger({}), east)
    cover = Cover.objects.get()
    cover.start = D(2021, 1, 1)
    cover.save()
    assert take(ledger({}), east).differences == []
    assert Cover.objects.get().start == D(2021, 1, 1)


def test_without_a_code_the_name_inside_the_committee_is_the_identity(ledger, east, west):
    nameless = {"统一社会信用代码": ""}
    take(ledger(nameless), east)
    take(ledger(nameless), west)
    assert Enterprise.objects.count() == 2
    outcome = take(ledger({"企业名称": "示例商贸有限公司 "}), east)
    assert outcome.counts["changed"] == 1
    assert Enterprise.objects.count() == 2 and Enterprise.objects.filter(credit_code=CODE).count() == 1


def test_a_new_name_under_the_same_code_keeps_the_old_one_as_former(ledger, east):
    take(ledger({}), east)
    take(ledger({"企业名称": "改名后的有限公司"}), east)
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.former_names) == ("改名后的有限公司", "示例商贸有限公司")


def test_an_enterprise_of_another_committee_is_a_conflict_that_tells_nothing_of_it(ledger, east, west):
    take(ledger({}), east)
    found = problems(ledger({}), west)
    assert [(row, column, level) for row, column, level, _ in found] == [(2, "B", "error")]
    assert "东关" not in found[0][3] and "示例" not in found[0][3]
    with pytest.raises(Refused):
        take(ledger({}), west)


def test_a_transferred_enterprise_is_no_longer_the_old_committees_to_change(ledger, east, west):
    take(ledger({}), east)
    Jurisdiction.objects.update(end=D(2024, 1, 1))
    Jurisdiction.objects.create(enterprise=Enterprise.objects.get(), committee=west, start=D(2024, 1, 1))
    assert any(level == "error" for *_, level, _ in problems(ledger({"职工人数": 1}), east))


def test_nothing_is_written_with_an_error_and_only_good_rows_when_asked(ledger, east):
    good, bad = (
        {"企业名称": "好企业", "统一社会信用代码": make.credit_code(5), "党组织名称": "好支部"},
        {"职工人数": "约五十"},
    )
    with pytest.raises(Refused, match="有 1 行有错误"):
        take(ledger(good, bad), east)
    assert not Enterprise.objects.exists() and not PartyOrganization.objects.exists()
    outcome = take(ledger(good, bad), east, skip_bad_rows=True)
    assert outcome.counts["rejected"] == 1
    assert [each.name for each in Enterprise.objects.all()] == ["好企业"]
    assert [each.name for each in PartyOrganization.objects.all()] == ["好支部"]


def test_a_commit_that_no_longer_agrees_with_its_preview_stops(ledger, east):
    path = ledger({})
    seen = examine(path, Request(east, AS_OF))
    make.enterprise(east, "示例商贸有限公司")
    with pytest.raises(Refused, match="重新比对"):
        take(path, east, expected_digest=seen.digest)
    assert Enterprise.objects.count() == 1 and not Cover.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(ledger, east, monkeypatch):
    def break_off(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("ledgers.comparing.writing.bulk_create_with_history", lambda rows, model, **more: break_off() if model is Cover else model.objects.bulk_create(rows))  # fmt: skip
    with pytest.raises(RuntimeError):
        take(ledger({}), east)
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("change", "column", "level", "words"),
    [
        ({"统一社会信用代码": 914101991234567800}, "B", "error", "后几位已丢失"),
        ({"统一社会信用代码": "9.14101E+17"}, "B", "error", "科学计数法"),
        ({"统一社会信用代码": "914101991234"}, "B", "error", "应为 18 位"),
        ({"成立日期": "2020.2.30"}, "C", "error", "没有 30 日"),
        ({"成立日期": "2099-01-01"}, "C", "error", "在未来"),
        ({"成立日期": "2024-01-05"}, "C", "warning", "晚于台账日期"),
        ({"职工人数": -3}, "D", "error", "负数"),
        ({"职工人数": 12.5}, "D", "error", "整数"),
        ({"正式党员数": 99}, "E", "warning", "多于职工"),
        ({"是否建立党组织": "大概"}, "G", "question", "是 或 否"),
        ({"是否建立党组织": "否"}, "H", "error", "填了否"),
        ({"企业名称": "名" * 201}, "A", "error", "最多 200 个字"),
        ({"企业名称": None}, "A", "error", "没有填写"),
        ({"企业名称": "=1+1"}, "A", "error", "公式"),
        ({"经营状态": "天知道"}, "N", "question", "说不清"),
        ({"经营状态": "濒临破产"}, "N", "question", "说不清"),
        ({"经营状态": "破产"}, "N", "warning", "核定"),
        ({"经营状态": "停产"}, "N", "warning", "核定"),
        ({"注销日期": "2022-01-01"}, "N", "error", "却有注销日期"),
        ({"经营状态": "注销", "注销日期": "2001-01-01"}, "O", "error", "早于成立日期"),
    ],
)
def test_faults_are_reported_at_their_cell(ledger, east, change, column, level, words):
    found = problems(ledger(change), east)
    assert any(p[0] == 2 and p[1] == column and p[2] == level and words in p[3] for p in found), found


def test_all_faults_of_a_row_are_reported_in_one_pass(ledger, east):
    found = problems(ledger({"成立日期": "2019.13", "职工人数": "x", "是否建立党组织": "?"}), east)
    assert {column for _, column, *_ in found} == {"C", "D", "G"}


def test_repeated_rows(ledger, east):
    outcome = examine(ledger({}, {}), Request(east, AS_OF))
    assert outcome.counts == {"read": 2, "new": 1, "changed": 0, "same": 1, "rejected": 0, "not_in_file": 0}
    assert [(p.row, p.level) for p in outcome.problems] == [(3, "warning")]
    assert [(row, level) for row, _, level, _ in problems(ledger({}, {"职工人数": 9}), east)] == [(3, "error")]
    assert [(row, level) for row, _, level, _ in problems(ledger({}, {"企业名称": "另名"}), east)] == [(3, "error")]


def test_one_organization_has_one_founding_day_in_a_file(ledger, east):
    second = {"企业名称": "乙", "统一社会信用代码": make.credit_code(7)}
    assert problems(ledger({}, {**second, "党组织成立时间": "2019年7月"}), east) == []
    found = problems(ledger({}, {**second, "党组织成立时间": "2019-07-02"}), east)
    assert [(row, column, level) for row, column, level, _ in found] == [(3, "I", "error")]


def test_a_dissolved_organization_covers_nobody_new(ledger, east):
    make.organization(east, BASE["党组织名称"], dissolved=D(2022, 1, 1))
    assert any("撤销" in message for *_, message in problems(ledger({}), east))


def test_dates_that_contradict_those_held_are_refused_before_anything_is_touched(ledger, east):
    take(ledger({"经营状态": "注销", "注销日期": "2020-01-01"}), east)
    found = problems(ledger({"成立日期": "2021-01-01"}), east)
    assert [(row, column, level) for row, column, level, _ in found] == [(2, "C", "error")]


def test_a_ledger_without_names_of_organizations_gets_made_up_ones_and_a_warning(ledger, east):
    path = ledger({}, drop=("党组织名称",))
    assert any("没有填写，暂用企业名称起名" in message for *_, message in problems(path, east))
    take(path, east)
    assert PartyOrganization.objects.get().name == "中共示例商贸有限公司支部委员会"


def test_a_ticked_instructor_without_a_name_is_no_work_coverage(ledger, east):
    path = ledger({"是否选派党建工作指导员": "是"})
    assert any("不计入工作覆盖" in message for *_, message in problems(path, east))
    take(path, east)
    assert not Assignment.objects.exists()


def test_what_moves_no_figure_is_left_out_with_a_remark(ledger, east):
    path = ledger({"企业类型": "制造业", "联系电话": "1", "书记来源": "天知道"})
    assert {level for *_, level, _ in problems(path, east)} == {"warning"}
    take(path, east)
    assert Enterprise.objects.get().ownership == ""


def test_namesakes_with_different_phones_are_two_instructors(ledger, east):
    rows = [
        {"企业名称": f"企业{n}", "统一社会信用代码": make.credit_code(20 + n), "党组织名称": f"支部{n}", "党建指导员姓名": "赵", "派驻时间": "2020-01-01", "指导员电话": phone}
        for n, phone in enumerate(["13800000001", "13800000001", "13900000002"])
    ]  # fmt: skip
    take(ledger(*rows), east)
    assert sorted(Instructor.objects.values_list("phone", flat=True)) == ["13800000001", "13900000002"]
    assert Assignment.objects.count() == 3


def test_only_a_total_of_members_counts_as_full_members_and_is_said_once(ledger, east):
    path = ledger({"党员总数": 4}, {"企业名称": "乙", "统一社会信用代码": make.credit_code(8), "党员总数": 1}, drop=("正式党员数", "预备党员数"))  # fmt: skip
    assert [message for *_, message in problems(path, east) if "党员总数" in message] == ["台账只有党员总数，没有分正式和预备，按正式党员计；请尽量分开填写"]  # fmt: skip
    take(path, east)
    assert list(Headcount.objects.order_by("id").values_list("full_members", flat=True)) == [4, 1]


def test_two_columns_for_one_field_are_an_error_of_the_file(ledger, east):
    path = ledger({"职工总数": 5})
    assert any("请只保留一列" in message for *_, message in problems(path, east))
    with pytest.raises(Refused, match="请只保留一列"):
        take(path, east, skip_bad_rows=True)


def test_unknown_headings_are_shown(ledger, east):
    outcome = examine(ledger({"注册资本": 5}), Request(east, AS_OF))
    expected = {"sheet": "Sheet", "kind": "enterprise_ledger", "column": "P", "heading": "注册资本", "samples": ["5"]}
    assert outcome.table.unmapped == [expected]
    assert outcome.as_dict()["unmapped"] == [{"sheet": "Sheet", "column": "P", "heading": "注册资本"}]


def test_the_as_of_date_comes_from_the_ledger_or_is_asked_for(ledger, east):
    with_date = ledger({}, above=[["台账"], ["填报单位：东关办事处", "填报时间：2023年12月20日"]], name="a.xlsx")
    assert examine(with_date, Request(east)).as_of == AS_OF
    assert examine(with_date, Request(east, D(2022, 1, 1))).as_of == D(2022, 1, 1)
    without = examine(ledger({}), Request(east))
    assert [p.message for p in without.problems] == [NO_AS_OF] and without.staging is None
    to_the_month = ledger({}, above=[["填报时间：2023年12月"]], name="b.xlsx")
    assert [p.message for p in examine(to_the_month, Request(east)).problems] == [NO_AS_OF]
    assert any("在未来" in p.message for p in examine(ledger({}), Request(east, D(2999, 1, 1))).problems)


def test_another_units_ledger_gets_a_warning(ledger, east):
    path = ledger({}, above=[["填报单位（盖章）：南湖办事处", "填报时间：2023年12月20日"]])
    assert [(level, "南湖办事处" in message) for *_, level, message in problems(path, east)] == [("warning", True)]


def run(*arguments, capsys) -> tuple[int, dict]:
    try:
        call_command("import_ledger", *map(str, arguments), "--format", "json")
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def test_the_command(ledger, east, capsys):
    good, bad = ledger({}, name="good.xlsx"), ledger({"职工人数": -1}, name="bad.xlsx")
    code, said = run(good, "--committee", "东关办事处", "--as-of", "2023-12-20", capsys=capsys)
    assert (code, said["committed"], said["kind"], said["as_of"]) == (0, False, "enterprise_ledger", "2023-12-20")
    assert said["columns"][0] == {"sheet": "Sheet", "column": "A", "heading": "企业名称", "field": "name"}
    keys = {"kind", "sheets", "as_of", "columns", "unmapped", "rows", "problems", "committed", "questions", "skipped"}
    assert set(said) == keys
    code, said = run(bad, "--committee", "东关办事处", "--as-of", "2023-12-20", "--commit", capsys=capsys)
    assert (code, said["committed"]) == (1, False)
    assert set(said["problems"][0]) == {"sheet", "row", "column", "heading", "value", "level", "message"}
    code, said = run(bad, "--committee", "东关办事处", "--as-of", "2023-12-20", "--commit", "--skip-bad-rows", capsys=capsys)  # fmt: skip
    assert (code, said["committed"], said["rows"]["rejected"]) == (0, True, 1)
    code, said = run(good, "--committee", "没有的乡", "--as-of", "2023-12-20", capsys=capsys)
    assert code == 1 and "没有的乡" in said["problems"][0]["message"]
    code, said = run(good, "--committee", "北岭乡", "--create-committee", "--as-of", "2023-12-20", "--commit", capsys=capsys)  # fmt: skip
    assert (code, said["committed"], Committee.objects.get(name="北岭乡").kind) == (0, True, "township")
    code, _ = run(good, "--committee", "东关办事处", "--commit", capsys=capsys)
    assert code == 1
    with pytest.raises(CommandError) as error:
        call_command("import_ledger", "/nowhere.xlsx", "--committee", "东关办事处")
    assert error.value.returncode == 2


def test_a_ledger_without_a_column_of_names_asks_for_it_and_reads_nothing(tmp_path, east):
    heads = ["统一社会信用代码", "成立日期", "职工人数", "正式党员数", "所属行业", "地址", "联系人"]
    rows = [heads, [make.credit_code(1), "2015-01-01", 60, 3, "食品", "某街 1 号", "王某"]]
    path = tmp_path / "台账.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    outcome = examine(path, Request(east, D(2023, 12, 20)))
    assert outcome.blocks_everything and "缺少必填的栏目“企业名称”" in outcome.problems[0].message
