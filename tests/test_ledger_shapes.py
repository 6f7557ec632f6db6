"""The same truth in every arrangement gives the same figures."""

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command

from committees.models import Committee
from ledgers.process import Request, commit, examine
from reports.coverage import coverage_on
from tests import ledger_maker as maker
from tests import make
from tests.ledger_maker import AS_OF, COLUMNS, DAYS, REWORDED, Style

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "ledgers"
FIGURES = ("enterprises", "organization_covered", "work_covered", "employees_50_plus", "employees_50_plus_with_members", "due_to_establish")  # fmt: skip

MONTHLY = Style("有", "无", lambda day: day.strftime("%Y.%m"))


def first_of_month(day: dt.date | None) -> dt.date | None:
    return day and day.replace(day=1)


def to_months(rows: list[dict]) -> list[dict]:
    """The truth as a ledger tells it that gives months only."""
    return [
        {
            **row,
            "registered": first_of_month(row["registered"]),
            "closed": first_of_month(row["closed"]),
            "organization": row["organization"] and {**row["organization"], "on": first_of_month(row["organization"]["on"])},
            "instructor": row["instructor"] and (row["instructor"][0], first_of_month(row["instructor"][1])),
        }
        for row in rows
    ]  # fmt: skip


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text.lower())


def write_all(folder: Path) -> dict[str, tuple[Path, list[dict]]]:
    """One ledger of each shape: committee → (file, truth)."""
    wide, narrow, monthly, separated = (maker.truth(name, seed) for name, seed in (("甲办", 1), ("乙办", 2), ("丙乡", 3), ("丁集聚区", 4)))  # fmt: skip
    csv_file = folder / "丁.csv"
    grid = maker.table(separated, Style("√", "×", maker.mixed_dates()))
    csv_file.write_bytes(maker.as_csv(grid).encode("gb18030"))
    return {
        "甲办": (maker.write_wide(folder / "甲.xlsx", wide, committee="甲办"), wide),
        "乙办": (
            maker.write_xlsx(folder / "乙.xlsx", maker.table(narrow, Style(text=full_width)), committee="乙办"),
            narrow,
        ),
        "丙乡": (maker.write_xlsx(folder / "丙.xlsx", maker.table(monthly, MONTHLY), committee="丙乡"), to_months(monthly)),
        "丁集聚区": (csv_file, separated),
    }  # fmt: skip


def assert_figures(truths: dict[str, list[dict]]) -> None:
    for day in DAYS:
        coverage = coverage_on(day)
        district = [row for rows in truths.values() for row in rows]
        assert {key: coverage.district[key] for key in FIGURES} == maker.expected(district, day), day
        for name, rows in truths.items():
            found = coverage.committee(Committee.objects.get(name=name).pk)
            assert {key: found[key] for key in FIGURES} == maker.expected(rows, day), (name, day)


def import_file(path: Path, committee: str, *, as_of: dt.date | None = AS_OF):
    made, _ = Committee.objects.get_or_create(name=committee, defaults={"kind": "subdistrict"})
    outcome = commit(path, Request(made, as_of), reason="试")
    assert not outcome.has_errors, outcome.problems
    return outcome


def test_four_shapes_count_up_to_the_truth_and_again_change_nothing(tmp_path):
    ledgers = write_all(tmp_path)
    for name, (path, rows) in ledgers.items():
        counts = import_file(path, name).counts
        assert counts == {"read": len(rows), "new": len(rows), "changed": 0, "same": 0, "rejected": 0, "not_in_file": 0}
    assert_figures({name: rows for name, (_, rows) in ledgers.items()})
    for name, (path, rows) in ledgers.items():
        again = import_file(path, name)
        assert again.counts["same"] == len(rows) and not again.differences


def _shuffled(rows, path):
    columns = random.Random(5).sample(COLUMNS, len(COLUMNS))
    return maker.write_xlsx(path, maker.table(rows, Style(), columns), committee="甲办")


def _reworded(rows, path):
    columns = random.Random(6).sample([(REWORDED[heading], cell) for heading, cell in COLUMNS], len(COLUMNS))
    return maker.write_xlsx(path, maker.table(rows, Style("有", "无"), columns), committee="甲办", above=7)


def _serials(rows, path):
    return maker.write_xlsx(path, maker.table(rows, Style("Y", "N", maker.serial)), committee="甲办")


def _utf16(rows, path):
    path.write_bytes(maker.as_csv(maker.table(rows, Style("1", "0", maker.mixed_dates())), "\t").encode("utf-16"))
    return path


def _html(rows, path):
    path.write_text(maker.as_html(maker.table(rows, Style())), encoding="utf-8")
    return path


def _wide_csv(rows, path):
    """Three header rows that lost their merged ranges on the way to csv."""
    import openpyxl

    sheet = openpyxl.load_workbook(maker.write_wide(path.with_suffix(".xlsx"), rows, committee="甲办")).active
    grid = [[cell if not isinstance(cell, dt.datetime) else cell.date() for cell in row] for row in sheet.iter_rows(values_only=True)]  # fmt: skip
    path.write_text(maker.as_csv(grid), encoding="utf-8-sig")
    return path


def _by_village(rows, path):
    return maker.write_sheets_by_village(path, rows, committee="甲办")


@pytest.mark.parametrize(
    ("write", "name"),
    [(_shuffled, "a.xlsx"), (_reworded, "a.xlsx"), (_serials, "a.xlsx"), (_utf16, "a.txt"), (_html, "a.xls"), (_wide_csv, "a.csv")],
)  # fmt: skip
def test_other_arrangements_count_up_to_the_same(write, name, tmp_path):
    rows = maker.truth("甲办", 1)
    outcome = import_file(write(rows, tmp_path / name), "甲办")
    assert outcome.table.unmapped == []
    assert_figures({"甲办": rows})


def test_a_sheet_per_village_with_subtotals_and_a_hidden_sheet(tmp_path):
    rows = maker.truth("甲办", 1)
    committee = Committee.objects.create(kind="subdistrict", name="甲办")
    outcome = commit(_by_village(rows, tmp_path / "a.xlsx"), Request(committee), reason="试")
    assert [problem.message for problem in outcome.problems] == [
        "工作表“旧数据”是隐藏的，没有读取；如需导入请先取消隐藏"
    ]
    assert outcome.counts["new"] == len(rows)
    assert_figures({"甲办": rows})


def write_building_form(path: Path) -> Path:
    """Two header rows: merged parents over 总数 and parts, and the same leaf under two parents."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["楼宇党建台账（2023年12月20日）"])
    sheet.append(
        [
            "企业基本情况",
            None,
            None,
            None,
            "职工人数",
            None,
            "党员人数",
            None,
            "支部情况",
            None,
            None,
            "指导员",
            None,
            "备注",
        ]
    )
    sheet.append(
        [
            "企业名称",
            "信用代码",
            "注册时间",
            "联系电话",
            "总数",
            "其中女职工",
            "正式",
            "预备",
            "支部名称",
            "成立时间",
            "联系电话",
            "姓名",
            "派驻时间",
        ]
    )
    for merge in ("A1:N1", "A2:D2", "E2:F2", "G2:H2", "I2:K2", "L2:M2", "N2:N3"):
        sheet.merge_cells(merge)
    sheet.append(
        ["甲公司", make.credit_code(1), "2015-01-01", "1", 60, 9, 2, 1, "甲支部", "2018-01-01", "2", None, None, "无"]
    )
    sheet.append(
        ["乙公司", make.credit_code(2), "2016-01-01", "1", 10, 9, 3, 0, None, None, None, "赵", "2020-01-01", None]
    )
    book.save(path)
    return path


def test_leaves_mean_what_their_parents_say(tmp_path, east):
    outcome = commit(write_building_form(tmp_path / "a.xlsx"), Request(east), reason="试")
    fields = {(column["heading"], column["field"]) for column in outcome.table.columns}
    assert ("企业基本情况 / 注册时间", "registered_on") in fields and (
        "支部情况 / 成立时间",
        "established_on",
    ) in fields
    assert {column["heading"] for column in outcome.table.unmapped} == {"职工人数 / 其中女职工", "支部情况 / 联系电话"}
    assert outcome.as_of == AS_OF
    found = coverage_on(AS_OF).district
    assert [found[key] for key in FIGURES] == [2, 1, 2, 1, 1, 1]
    assert coverage_on(dt.date(2017, 1, 1)).district["organization_covered"] == 0


def test_the_wide_shape_and_the_narrow_one_say_the_same(tmp_path):
    rows = maker.truth("甲办", 1)
    import_file(maker.write_wide(tmp_path / "a.xlsx", rows, committee="甲办"), "甲办", as_of=None)
    again = import_file(_shuffled(rows, tmp_path / "b.xlsx"), "甲办")
    # The narrow one says 否 where the wide one leaves blank, and has neither village nor reason: nothing changes.
    assert again.differences == [] and again.counts["same"] == len(rows)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/ledgers is not there")
def test_the_real_shaped_samples_give_every_expected_number(capsys):
    answers = json.loads((SHARED / "expected.json").read_text())
    for _ in range(2):
        for name, file in answers["ledgers"].items():
            options = [
                "--committee",
                name,
                "--create-committee",
                "--as-of",
                answers["as_of"],
                "--commit",
                "--format",
                "json",
            ]
            call_command("import_ledger", str(SHARED / file), *options)
            said = json.loads(capsys.readouterr().out)
            assert said["committed"] and not said["problems"]
    assert said["rows"]["new"] == said["rows"]["changed"] == 0
    for day, district in answers["district"].items():
        call_command("coverage", "--as-of", day, "--by", "committee", "--format", "json")
        found = json.loads(capsys.readouterr().out)
        assert {key: found[key] for key in district} == district
        for name, figures in answers["by_committee"][day].items():
            assert {key: found["committees"][name][key] for key in figures} == figures


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/ledgers is not there")
def test_every_fault_of_the_broken_sample_is_reported_at_its_cell():
    broken = json.loads((SHARED / "expected.json").read_text())["broken"]
    outcome = examine(SHARED / broken["file"], Request(Committee(name="南湖办事处", kind="subdistrict")))
    found = {(problem.row, problem.column, problem.level) for problem in outcome.problems}
    for fault in broken["faults"]:
        assert any((fault["row"], column, fault["level"]) in found for column in fault["columns"]), fault
    assert {row for row, _, _ in found} == {fault["row"] for fault in broken["faults"]}
    errors = {fault["row"] for fault in broken["faults"] if fault["level"] == "error"}
    assert outcome.counts["rejected"] == len(errors)
