"""四倾斜 (clause 37): the four shares, this year against last."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from instructors.models import Instructor
from organizations.models import Amount, Event, MemberPlacement, MemberStage
from reports.items import asked_about
from reports.preferences import COMMENDATION, DEVELOPMENT, MONEY, TRAINING, Share, shares_of
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY, LAST = D(2022, 6, 1), D(2021, 12, 31)


def happen(code: str, on: D, **more) -> None:
    Event.objects.create(code=code, start=on, end=on + dt.timedelta(days=1), **more)


def give(code: str, channel: str, amount: int, year: int = 2022, **whose) -> None:
    span = {"start": D(year, 1, 1), "end": D(year + 1, 1, 1)}
    Amount.objects.create(code=code, channel=channel, amount=Decimal(amount), **span, **whose)


def test_nothing_told_is_nothing(east):
    found = shares_of(asked_about(DAY))[None]
    assert {each.percent for each in found.values()} == {"没有"}


def test_half_told_is_not_known(east):
    happen("commendation", D(2022, 3, 1), committee=east, people=20)
    give("funds", "财政", 500, organization=make.organization(east))
    found = shares_of(asked_about(DAY))[None]
    assert (found[COMMENDATION].percent, found[MONEY].percent) == ("未知", "未知")


def test_a_number_never_told_is_not_nought(east):
    happen("commendation", D(2022, 3, 1), committee=east, people=20)
    give("funds", "财政", 500, organization=make.organization(east))
    found = shares_of(asked_about(DAY))[None]
    assert (found[COMMENDATION].told, found[MONEY].told) == (("未知", 20), (Decimal(500), "未知"))
    assert found[DEVELOPMENT].told == (0, 0)


def test_more_than_all_is_not_known(east):
    happen("commendation", D(2022, 3, 1), committee=east, people=2)
    happen("commendation_of_enterprises", D(2022, 3, 1), committee=east, people=3)
    assert shares_of(asked_about(DAY))[None][COMMENDATION].percent == "未知"


def test_only_what_comes_from_above_is_given(east):
    body = make.organization(east)
    for channel in ("党费拨返", "财政", "企业赞助", "税前列支"):
        give("funds", channel, 100, organization=body)
    give("party_funds_total", "财政", 600, committee=east)
    give("party_funds_total", "党费", 200, committee=east)
    assert shares_of(asked_about(DAY))[None][MONEY] == Share(Decimal(200), Decimal(800))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (Share(1, 2), Share(1, 3), "上升"),
        (Share(1, 3), Share(1, 2), "下降"),
        (Share(2, 4), Share(1, 2), "持平"),
        (Share(1, 2), Share(0, 0), "无法比较"),
        (Share(1, 2, known=False), Share(1, 3), "无法比较"),
    ],
)
def test_this_year_against_last(now, before, said):
    assert now.against(before) == said


@pytest.mark.parametrize("seed", range(3))
def test_the_shares_are_a_plain_count(east, west, seed):
    """Of random years, by committee and together, what a person adds up from the rows."""
    chance = random.Random(seed)
    both = [east, west]
    wanted = {(each.pk, year): {} for each in both for year in (2021, 2022)}

    def count(committee, on: D, what: str, side: str, number) -> None:
        if on <= DAY:
            mine = wanted[committee.pk, on.year].setdefault(what, {"part": 0, "base": 0})
            mine[side] += number

    def some_day() -> D:
        return D(2021, 1, 1) + dt.timedelta(days=chance.randrange(700))

    for _ in range(25):
        home, on = chance.choice(both), some_day()
        person = make.member(home, make.enterprise(home), "activist", D(2019, 1, 1), end=on)
        MemberStage.objects.create(member=person, stage="probationary", start=on)
        group = chance.choice(["", "owner", "middle_manager", "key_staff", "front_line"])
        MemberPlacement.objects.filter(member=person).update(position_group=group)
        count(home, on, DEVELOPMENT, "base", 1)
        count(home, on, DEVELOPMENT, "part", group in ("owner", "middle_manager", "key_staff"))
        home, on, people = chance.choice(both), some_day(), chance.randrange(5, 30)
        happen("commendation", on, committee=home, people=people, topic=str(people))
        count(home, on, COMMENDATION, "base", people)
        happen("commendation_of_enterprises", on, committee=home, people=people // 3, topic=str(people))
        count(home, on, COMMENDATION, "part", people // 3)
        home, on = chance.choice(both), some_day()
        what = chance.choice(["secretary_training", "instructor_training", "worker_training"])
        if what == "instructor_training":
            happen(what, on, instructor=Instructor.objects.create(committee=home, name="李派"))
            count(home, on, TRAINING, "base", 1)
        else:
            people = chance.choice([None, 4]) if what == "worker_training" else None
            person = {"person": "甲某"} if what == "secretary_training" else {}
            happen(what, on, organization=make.organization(home), people=people, **person)
            count(home, on, TRAINING, "base", people or 1)
            count(home, on, TRAINING, "part", what == "secretary_training")
    for day in (LAST, DAY):
        found = shares_of(asked_about(day))
        for committee in both:
            for what, told in wanted[committee.pk, day.year].items():
                each = found[committee.pk][what]
                assert (each.part, each.base) == (told["part"], told["base"]), (what, day)
            assert shares_of(asked_about(day), committee.pk)[None] == found[committee.pk]
        for what, each in found[None].items():
            assert each.part == sum(found[committee.pk][what].part for committee in both)


def test_the_page_compares_and_names_ones_own(east, west, cast, signed_in, django_assert_max_num_queries):
    happen("commendation", D(2022, 3, 1), committee=east, people=20)
    happen("commendation_of_enterprises", D(2022, 3, 1), committee=east, people=15)
    happen("commendation", D(2021, 3, 1), committee=east, people=20)
    happen("commendation_of_enterprises", D(2021, 3, 1), committee=east, people=10)
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(30):
        page = client.get("/preferences/?as_of=2022-06-01").content.decode()
    assert "75.00%" in page and "50.00%" in page and "上升" in page and "各党（工）委占比" not in page
    assert client.get("/preferences/export/").status_code == 200
    assert str(east) in signed_in(cast.wei).get("/preferences/?as_of=2022-06-01").content.decode()
    assert signed_in(cast.admin).get("/preferences/").status_code == 404
