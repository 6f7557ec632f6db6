"""党建经费 of a year (clause 38): by channel, who has none, and the limit of what is written off before tax."""

import datetime as dt
import random
from collections import Counter
from decimal import Decimal

import pytest

from common.templatetags.figures import money
from organizations.models import Amount, PartyOrganization
from organizations.move import move_organization
from reports.funds import ABOVE, NO_WAGES, NONE, funded, table
from reports.items import asked_about
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)
CHANNELS = ["税前列支", "党费拨返", "企业赞助"]


def give(body: PartyOrganization, channel: str, amount: str, year: int = 2022, code: str = "funds") -> None:
    span = {"start": D(year, 1, 1), "end": D(year + 1, 1, 1)}
    Amount.objects.create(organization=body, code=code, channel=channel, amount=Decimal(amount), **span)


def lists(day: D = DAY) -> dict[str, set[str]]:
    found = funded(asked_about(day))
    return {which: {each.name for each in found if each.stands(which)} for which in (NONE, ABOVE, NO_WAGES)}


def test_the_limit_is_one_in_a_hundred_of_the_wages(east):
    for name, pre_tax, wages in (("正好", "1000.00", "100000"), ("超一分", "1000.01", "100000"), ("未登记", "5", None)):
        body = make.organization(east, name)
        give(body, "税前列支", pre_tax)
        if wages:
            give(body, "职工工资总额", wages, code="wages")
    assert lists() == {NONE: set(), ABOVE: {"超一分"}, NO_WAGES: {"未登记"}}


def test_the_money_is_that_of_the_year(east):
    body = make.organization(east, "去年有的")
    give(body, "企业赞助", "300", 2021)
    assert lists()[NONE] == {"去年有的"} and lists(D(2021, 12, 31))[NONE] == set()
    assert lists(D(2023, 1, 1))[NONE] == {"去年有的"}


def test_nought_is_none(east):
    give(make.organization(east, "填了零"), "企业赞助", "0")
    assert lists()[NONE] == {"填了零"}


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_a_plain_count(east, west, seed):
    chance = random.Random(seed)
    for _ in range(15):
        body = make.organization(chance.choice([east, west]), dissolved=chance.choice([None, None, D(2022, 3, 1)]))
        for channel in chance.sample(CHANNELS, chance.randrange(3)):
            for year in chance.sample([2021, 2022], chance.randrange(3)):
                give(body, channel, str(chance.randrange(1, 900)), year)
    for day in (D(2021, 12, 31), DAY):
        wanted: dict[str, Counter] = {}
        for body in PartyOrganization.objects.all():
            if body.dissolved_on and body.dissolved_on <= day:
                continue
            mine = wanted.setdefault(str(body.committee), Counter())
            mine["number"] += 1
            amounts = body.amounts.filter(start__year=day.year)
            mine["none"] += not amounts
            mine.update({each.channel: each.amount for each in amounts})
        lines = table(funded(asked_about(day)), whole=True)
        found = {each.committee: Counter(number=each.number, none=each.none, **each.amounts) for each in lines}
        assert {name: +found[name] for name in wanted} == {name: +told for name, told in wanted.items()}
        assert +found["全区"] == +sum(wanted.values(), Counter())


def test_the_page_is_ones_own_and_counts(east, west, cast, signed_in, django_assert_max_num_queries):
    for number in range(10):
        make.organization(east, f"东支部{number}")
    make.organization(west, "西支部")
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(24):
        page = client.get("/funds/").content.decode()
    assert "没有经费的 10" in page and "西支部" not in page and str(west) not in page
    assert client.get("/funds/export/?list=none").status_code == 200
    body = PartyOrganization.objects.get(name="东支部1")
    answers = {"item": "funds", "channel": "企业赞助", "amount": "300", "on": "2023-01-05"}
    make.confirm(client, f"/organizations/{body.pk}/item/", answers)
    assert "没有经费的 9" in client.get("/funds/?as_of=2023-06-01").content.decode()


def test_what_has_moved_away_is_named_and_not_opened(east, west, cast, signed_in):
    body = make.organization(east, "搬走的支部")
    move_organization(body, committee=west, on=D(2022, 1, 1))
    page = signed_in(cast.dong).get("/funds/?as_of=2021-06-01").content.decode()
    assert body.name in page and f"/organizations/{body.pk}/" not in page


def test_wages_come_by_the_funds_sheet(post, east):
    body = make.organization(east, "中共甲厂支部委员会")
    upload = post(xlsx(["党组织名称", "年度", "税前列支", "职工工资总额"], [body.name, 2022, 1000, 90000]))
    post.commit(upload)
    assert lists()[ABOVE] == {body.name}, upload.problems


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(None, "—"), (0, "0"), (Decimal("1358600.00"), "1,358,600"), (Decimal("12.50"), "12.50"), ("未知", "未知")],
)
def test_amounts_are_easy_to_read(amount, shown):
    assert money(amount) == shown
