"""Newly registered enterprises (clause 10): whether they met the conditions then, and in how many days they had one."""

import datetime as dt
import random

import pytest

from common.plan import Plan
from enterprises.models import Headcount
from enterprises.transfer import transfer
from reports.coverage import enterprises_in
from reports.facts import Facts
from reports.newly import LATE, OPEN, TOGETHER, UNKNOWN, WITHOUT, newly_registered
from reports.rules import Rulebook
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
SINCE, DAY = D(2020, 1, 1), D(2022, 6, 1)


@pytest.fixture(autouse=True)
def in_force(db):
    Plan.objects.update(effective_from=SINCE)


def one(east, name: str, registered: D, members: int | None, covered: D | None = None, how: str = "day"):
    row = make.enterprise(east, name, registered=registered)
    if members is not None:
        make.headcount(row, employees=20, full_members=members, start=registered)
    if covered is not None:
        make.cover(row, make.organization(east, established=D(2015, 1, 1)), covered, start_precision=how)
    return row


def states(day: D = DAY) -> dict[str, str]:
    return {each.name: each.state for each in newly_registered(day)}


def test_each_stands_as_it_does(east):
    one(east, "同步", D(2021, 3, 1), 3, D(2021, 3, 31))
    one(east, "晚一天", D(2021, 3, 1), 3, D(2021, 4, 1))
    one(east, "没有建", D(2021, 3, 1), 3)
    one(east, "不够条件", D(2021, 3, 1), 2)
    one(east, "人数不明", D(2021, 3, 1), None)
    one(east, "不知何时建", D(2021, 3, 1), 3, D(2021, 9, 1), "assumed")
    one(east, "还没到期", D(2022, 5, 20), 3)
    one(east, "以前的", D(2019, 12, 31), 3)
    one(east, "以后的", D(2022, 7, 1), 3)
    assert states() == {
        "同步": TOGETHER,
        "晚一天": LATE,
        "没有建": LATE,
        "不够条件": WITHOUT,
        "人数不明": UNKNOWN,
        "不知何时建": UNKNOWN,
        "还没到期": OPEN,
    }
    days = {each.name: each.days for each in newly_registered(DAY)}
    assert (days["同步"], days["晚一天"], days["没有建"]) == (30, 31, None)


def test_without_the_plans_first_day_nothing_is_new(east):
    one(east, "同步", D(2021, 3, 1), 3)
    Plan.objects.update(effective_from=None)
    assert newly_registered(DAY) == []


def test_a_cover_counts_while_its_organization_lives(east):
    row = one(east, "企业", D(2021, 3, 1), 3)
    gone = make.organization(east, established=D(2015, 1, 1), dissolved=D(2021, 2, 1))
    make.cover(row, gone, D(2021, 1, 1))
    young = make.organization(east, established=D(2021, 8, 1))
    make.cover(row, young, D(2021, 3, 5))
    (found,) = newly_registered(DAY)
    assert (found.covered, found.state) == (D(2021, 8, 1), LATE)


@pytest.mark.parametrize("seed", range(3))
def test_the_conditions_are_those_of_the_engine(east, seed):
    """In memory and for a day of each, as the engine says of that day."""
    chance = random.Random(seed)
    for _ in range(20):
        registered = D(2020, 2, 1) + dt.timedelta(days=chance.randrange(600))
        row = make.enterprise(east, registered=registered)
        start = registered
        for _ in range(chance.randrange(3)):
            end = start + dt.timedelta(days=chance.randrange(5, 60))
            numbers = {
                "full_members": chance.choice([None, 1, 2, 3, 4]),
                "probationary_members": chance.choice([None, 0, 2]),
            }
            Headcount.objects.create(enterprise=row, start=start, end=end, **numbers)
            start = end
        for _ in range(chance.randrange(5)):
            make.member(
                east,
                row,
                chance.choice(["full", "probationary", "activist"]),
                registered + dt.timedelta(days=chance.randrange(60)),
            )
    found = {each.pk: each for each in newly_registered(DAY)}
    assert len(found) == 20
    rules = Rulebook(Facts()).on(DAY)
    for key, each in found.items():
        due = each.registered + dt.timedelta(days=rules.together_days)
        said = {
            answer: enterprises_in("three_members", due, rules=rules, answer=answer, only=[key]).exists()
            for answer in ("yes", "no", "unknown")
        }
        assert said[{True: "yes", False: "no", None: "unknown"}[each.met]], (each, said)


def test_the_page_counts_and_lists_ones_own(east, west, cast, signed_in, django_assert_max_num_queries):
    one(east, "东边新厂", D(2021, 3, 1), 3)
    one(west, "西边新厂", D(2021, 3, 1), 3)
    for number in range(10):
        one(east, f"新厂{number}", D(2021, 3, 1), 1)
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(24):
        page = client.get("/newly-registered/?as_of=2022-06-01").content.decode()
    assert "东边新厂" in page and "西边新厂" not in page and "没有同步建立 1" in page and "登记时不够条件 10" in page
    late = client.get("/newly-registered/?as_of=2022-06-01&state=late").content.decode()
    assert "东边新厂" in late and "新厂3" not in late
    assert client.get("/newly-registered/export/?as_of=2022-06-01&state=late").status_code == 200


def test_what_has_gone_to_another_committee_is_named_and_not_opened(east, west, cast, signed_in):
    gone = one(east, "划走的厂", D(2021, 3, 1), 3)
    transfer(gone, committee=west, on=D(2022, 1, 1))
    page = signed_in(cast.dong).get("/newly-registered/?as_of=2021-12-01").content.decode()
    assert gone.name in page and f"/enterprises/{gone.pk}/" not in page
    page = signed_in(cast.wei).get("/newly-registered/?as_of=2021-12-01").content.decode()
    assert f"/enterprises/{gone.pk}/" in page
