"""What words in a ledger mean: no, nothing, lines that are no enterprise, dates of the ledger."""

import datetime as dt

import openpyxl
import pytest

from enterprises.models import Enterprise
from instructors.models import Instructor
from ledgers.process import Request, examine
from organizations.models import Cover, PartyOrganization
from tests.one_ledger import AS_OF, BASE, problems, take

pytestmark = pytest.mark.django_db
D = dt.date


NO_ORGANIZATION = {"党组织成立时间": "", "书记姓名": ""}


@pytest.mark.parametrize("word", ["未建立", "否", "没有", "无党组织", "尚未组建", "×", "0", "—", "无"])
def test_a_no_in_the_name_column_is_no_organization(ledger, east, word):
    take(ledger({**NO_ORGANIZATION, "党组织名称": word}, drop=("是否建立党组织",)), east)
    assert Enterprise.objects.count() == 1 and not PartyOrganization.objects.exists()


@pytest.mark.parametrize("word", ["未派驻", "否", "×", "不需要", "待定", "无指导员", "0"])
def test_a_no_in_the_instructors_column_is_no_instructor(ledger, east, word):
    take(ledger({"党建指导员姓名": word}), east)
    assert not Instructor.objects.exists()


def test_a_yes_in_the_instructors_column_is_no_name(ledger, east):
    path = ledger({"有无党建指导员": "有"}, drop=("党建指导员姓名",))
    assert any("不计入工作覆盖" in message for *_, message in problems(path, east))
    take(path, east)
    assert not Instructor.objects.exists()


def test_a_founding_day_alone_states_an_organization(ledger, east):
    take(ledger({}, drop=("是否建立党组织", "党组织名称", "书记姓名")), east)
    assert Cover.objects.get().start == D(2019, 7, 1)


@pytest.mark.parametrize(
    "line",
    [["光明社区小计", 5], ["全乡合计", "24家", None, None, 99], ["", "向阳社区（12家）"], ["一", "光明社区"], ["一、光明社区"], ["填表说明"],
     ["1、企业名称填写全称"], ["审核：张三", "填表：李四"], ["党委书记签字："], ["2023年12月20日"], ["占比", "50%"], [7, "", "", "", "", "", "", "否"]],
)  # fmt: skip
def test_lines_that_are_no_enterprise_are_skipped(tmp_path, east, line):
    book = openpyxl.Workbook()
    book.active.append(["序号", *BASE])
    book.active.append([1, *BASE.values()])
    book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    outcome = examine(tmp_path / "a.xlsx", Request(east, AS_OF))
    assert (outcome.counts["read"], outcome.problems) == (1, [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("此表统计时间截止到2023年12月20日", 20),
        ("统计时间：2019年1月1日至2023年12月20日", 20),
        ("请于报送日期2024年1月5日前报送，填报时间：2023年12月20日", 20),
        ("数据更新至2023.12.20", 20),
        ("上报日期：20231220", 20),
        ("非公党建台账（2023年12月20日）", 20),
        ("填报时间：2023年12月", None),
    ],
)
def test_the_as_of_date_in_many_wordings(ledger, east, written, day):
    found = examine(ledger({}, above=[[written]]), Request(east)).as_of
    assert found == (day and D(2023, 12, day))
