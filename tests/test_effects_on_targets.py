"""A previewed action says what it does to the figures of past due dates and of today, exactly, and to a committee only
what concerns its own."""

import datetime as dt
import re

import pytest
from django.db import transaction

from common.today import today
from enterprises.close import close
from enterprises.exclude import exclude
from enterprises.record import record_headcount
from enterprises.transfer import transfer
from instructors.assign import assign
from organizations.cover import cover, end_cover
from organizations.dissolve import dissolve
from organizations.models import Cover
from organizations.move import move_organization
from organizations.people import leave
from reports.coverage import coverage_on
from reports.effects import TargetWatch
from reports.models import Target
from reports.verdicts import Judging
from tests import make
from tests.histories import facts

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def district(east, west):
    """Covered, uncovered, assisted, with people, without numbers, in two committees."""
    rows = [make.enterprise((east, west)[number % 2]) for number in range(8)]
    body = make.organization(east)
    for number, row in enumerate(rows):
        if number in (0, 1, 2):
            make.cover(row, body)
        if number in (3, 4):
            make.headcount(row, employees=60, full_members=number - 3, probationary_members=0)
    Cover.objects.create(enterprise=rows[5], organization=body, start=D(2022, 6, 30), start_precision="assumed")
    make.member(east, rows[3])
    return rows, body


ACTIONS = {
    "cover": lambda rows, body, west: cover(rows[6], organization=body, on=D(2020, 6, 1)),
    "end cover": lambda rows, body, west: end_cover(rows[0].covers.get(), on=D(2020, 6, 1)),
    "assign": lambda rows, body, west: assign(rows[7], instructor=make.assign(rows[4], west).instructor, on=D(2021, 1, 1)),
    "close": lambda rows, body, west: close(rows[1], on=D(2021, 6, 1)),
    "exclude": lambda rows, body, west: exclude(
        rows[6], reason="shell", evidence="核查", on=D(2020, 1, 1), review_on=D(2026, 1, 1)
    ),
    "headcount": lambda rows, body, west: record_headcount(rows[6], on=D(2020, 1, 1), employees=70, full_members=4),
    "dissolve": lambda rows, body, west: dissolve(body, on=D(2021, 12, 1)),
    "award": lambda rows, body, west: make.reach(body, "double_strong_district", D(2023, 5, 1)),
    "leave": lambda rows, body, west: leave(rows[3].placements.get().member, on=D(2020, 5, 1)),
    "transfer": lambda rows, body, west: transfer(rows[0], committee=west, on=D(2021, 1, 1)),
}  # fmt: skip


# Whom it does not concern: a transfer leaves the district's figures as they are.
UNMOVED = {("transfer", "wei"), ("close", "dong"), ("leave", "dong")}


def counted(figures) -> dict:
    return {name: +getattr(figures, name) for name in ("counts", "unknown", "outside", "worst", "best", "unsure")}


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("who", ["wei", "dong"])
def test_what_is_counted_of_the_touched_is_what_moves_in_the_whole(cast, district, west, name, who):
    """The whole, without the touched as they were and with them as they would be, is the whole as it would be."""
    rows, body = district
    days = [*sorted({each.due_on for each in Target.objects.all() if each.due_on < today()}), today()]
    watch = TargetWatch(getattr(cast, who))
    watch.judging = Judging(today(), committee_id=watch.committee_id, past=False, keys=())

    def whole(day):
        return watch._figures(watch._counted(day, watch._asked(day)))

    before = {day: whole(day) for day in days}
    with transaction.atomic():
        ACTIONS[name](rows, body, west)
        watch.look()
        after = {day: whole(day) for day in days}
        transaction.set_rollback(True)
    assert watch.touched or name == "award"
    assert any(counted(before[day]) != counted(after[day]) for day in days) or (name, who) in UNMOVED
    for day in days:
        computed = before[day].plus(watch._figures(watch.after[day])).minus(watch._figures(watch._count(day)))
        assert counted(computed) == counted(after[day]), day


def test_closing_says_what_it_changes(cast, signed_in, district):
    rows, _ = district
    page = signed_in(cast.wei).post(f"/enterprises/{rows[1].pk}/close/", {"on": "2020-06-01"}).content.decode()
    assert "会改变以往期限日的数字：2020-12-31 党组织覆盖率 3/8（未知 1） → 2/7（未知 1）" in page
    assert "今天的数字：党组织覆盖率 4/8 → 3/7" in page


def test_dissolving_names_who_is_covered_no_more(cast, signed_in, district):
    rows, body = district
    page = signed_in(cast.wei).post(f"/organizations/{body.pk}/dissolve/", {"on": "2024-06-01"}).content.decode()
    lost = page.partition("不再有党组织覆盖：")[2].partition("</li>")[0]
    assert all(rows[number].name in lost for number in (0, 1, 2, 5)) and rows[6].name not in lost
    assert "会改变以往期限日的数字" not in page


def test_a_committee_is_told_of_its_own_figures(cast, signed_in, district):
    rows, _ = district
    page = signed_in(cast.dong).post(f"/enterprises/{rows[0].pk}/close/", {"on": "2020-06-01"}).content.decode()
    # An address may hold the same digits as a figure, a name never does.
    figures = re.findall(r"覆盖率 (\d+/\d+)", page)
    assert "党组织覆盖率 2/4 → 1/3" in page and "2/4" in figures and not any(text.endswith("/8") for text in figures)


def test_what_changes_nothing_counted_says_nothing(cast, signed_in, district):
    rows, _ = district
    page = signed_in(cast.wei).post(f"/enterprises/{rows[0].pk}/check/", {"on": "2024-06-01"}).content.decode()
    assert "确认后将" in page and "对目标数字的影响" not in page


def test_the_preview_of_an_upload_says_what_it_does_and_writes_nothing(post, east):
    covered, other = make.enterprise(east, "东方商贸有限公司"), make.enterprise(east, "南方食品有限公司")
    for each in (covered, other):
        make.cover(each, make.organization(east))
    before, versions = facts(), Cover.history.count()
    rows = [["企业名称", "统一社会信用代码", "是否建立党组织"], [covered.name, covered.credit_code, "否"]]
    upload = post("\n".join(map(",".join, rows)).encode(), "表.csv", as_of="2020-06-30")
    page = post.client.get(f"/ledgers/{upload.pk}/").content.decode()
    assert "2020-12-31 党组织覆盖率 2/2 → 1/2" in page and "今天的数字：党组织覆盖率 2/2 → 1/2" in page
    assert f"不再有党组织覆盖：{covered.name}" in page
    assert facts() == before and Cover.history.count() == versions
    post.commit(upload)
    assert coverage_on(today()).district["organization_covered"] == 1


def test_an_upload_that_moves_no_target_says_nothing_of_them(post, east):
    enterprise = make.enterprise(east, "东方商贸有限公司")
    rows = [["企业名称", "统一社会信用代码", "地址"], [enterprise.name, enterprise.credit_code, "某街 1 号"]]
    upload = post("\n".join(map(",".join, rows)).encode(), "表.csv")
    assert upload.changes == 1 and upload.effects == []


def test_a_transfer_of_an_organization_says_whose_awards_it_moves(cast, signed_in, east, west):
    body = make.organization(east)
    make.reach(body, "double_strong_district", D(2020, 5, 1))
    watch = TargetWatch(cast.wei, east.pk)
    with transaction.atomic():
        move_organization(body, committee=west, on=D(2022, 6, 1))
        watch.look()
        transaction.set_rollback(True)
    assert watch.after
