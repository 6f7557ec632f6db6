"""Active or idle, and effective coverage beside the formal one (clause 15)."""

import datetime as dt
import random

import pytest

from common.periods import months_before
from common.plan import Plan
from enterprises.close import close
from organizations.models import Event, PartyOrganization, SecretaryTerm
from organizations.move import move_organization
from reports.effective import IDLE, IN_ORDER, NO_TERM, UNKNOWN, bodies, covered
from reports.items import Catalogue, asked_about
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


@pytest.fixture(autouse=True)
def in_force(db):
    Plan.objects.update(effective_from=D(2020, 1, 1))


def one(east, name: str, active: D | None, term_ends: D | None, *, secretary: bool = True, **more) -> PartyOrganization:
    """An organization that was active on a day, with a secretary whose term ends."""
    body = make.organization(east, name, **more)
    if active is not None:
        Event.objects.create(organization=body, code="activity", start=active, end=active + dt.timedelta(days=1))
    if secretary:
        SecretaryTerm.objects.create(organization=body, name="甲某", start=D(2019, 1, 1), term_ends_on=term_ends)
    return body


def states(day: D = DAY) -> dict[str, list[str]]:
    return {each.name: each.states for each in bodies(asked_about(day), Catalogue())}


def table(day: D = DAY, own: int | None = None, **more) -> dict[str, tuple]:
    found = covered(asked_about(day, **more), Catalogue(), own)
    return {
        each.committee: (each.base, each.formal, each.formal_unknown, each.effective, each.effective_unknown)
        for each in found
    }


def test_each_organization_stands_as_it_does(east):
    later = D(2023, 1, 1)
    one(east, "正常", D(2022, 5, 1), later)
    one(east, "三个月那天", D(2022, 3, 2), later)
    one(east, "三个月以前", D(2022, 3, 1), later)
    one(east, "没有活动过", None, later)
    one(east, "届满当天", D(2022, 5, 1), DAY)
    one(east, "没有书记", D(2022, 5, 1), None, secretary=False)
    one(east, "届期不明", D(2022, 5, 1), None)
    one(east, "两样都不行", None, D(2021, 1, 1))
    one(east, "撤了", D(2022, 5, 1), later, dissolved=D(2022, 5, 31))
    assert states() == {
        "正常": [IN_ORDER],
        "三个月那天": [IN_ORDER],
        "三个月以前": [IDLE],
        "没有活动过": [IDLE],
        "届满当天": [NO_TERM],
        "没有书记": [NO_TERM],
        "届期不明": [UNKNOWN],
        "两样都不行": [IDLE, NO_TERM],
    }


def test_an_activity_in_the_future_of_the_day_does_not_count(east):
    one(east, "后来才活动", D(2022, 6, 2), D(2023, 1, 1))
    assert states() == {"后来才活动": [IDLE]}


def test_the_months_are_those_of_the_rules(east):
    one(east, "半年前", D(2022, 1, 1), D(2023, 1, 1))
    make.rules(regular_months=6)
    assert states() == {"半年前": [IN_ORDER]}


def test_one_good_organization_of_two_is_enough(east):
    row = make.enterprise(east)
    make.cover(row, one(east, "不行", None, None, secretary=False))
    assert table()[str(east)] == (1, 1, 0, 0, 0)
    make.cover(row, one(east, "行", D(2022, 5, 1), D(2023, 1, 1)))
    assert table()[str(east)] == (1, 1, 0, 1, 0)
    close(row, on=D(2022, 6, 1))
    assert table() == {"全区": (0, 0, 0, 0, 0)}


def test_it_is_not_known_where_the_cover_or_the_term_is_not(east):
    good = one(east, "行", D(2022, 5, 1), D(2023, 1, 1))
    make.cover(make.enterprise(east), good, D(2022, 9, 1), start_precision="assumed")
    make.cover(make.enterprise(east), one(east, "届期不明", D(2022, 5, 1), None))
    make.cover(make.enterprise(east), one(east, "没活动、届期不明", None, None))
    assert table()[str(east)] == (3, 2, 1, 0, 2)


def _person(body: PartyOrganization, day: D) -> bool | None:
    """Whether it is in order, as a person reading its rows would say."""
    if body.established_on > day or (body.dissolved_on and body.dissolved_on <= day):
        return False
    first = months_before(day, 3) + dt.timedelta(days=1)
    active = any(first <= each.start <= day for each in body.events.all())
    live = [each for each in body.secretary_terms.all() if each.start <= day and (each.end or D.max) > day]
    if not active or not live:
        return False
    ends = live[0].term_ends_on
    return None if ends is None else ends > day


@pytest.mark.parametrize("seed", range(4))
def test_effective_coverage_is_what_a_person_would_count(east, west, seed):
    chance = random.Random(seed)

    def on(first: int, last: int) -> D:
        return D(2021, 1, 1) + dt.timedelta(days=chance.randrange(first, last))

    made = []
    for _ in range(6):
        body = make.organization(
            chance.choice([east, west]), established=on(0, 300), dissolved=chance.choice([None, None, on(300, 600)])
        )
        for _ in range(chance.randrange(4)):
            day = on(0, 600)
            Event.objects.get_or_create(organization=body, code="activity", start=day, end=day + dt.timedelta(days=1))
        start = body.established_on
        for _ in range(chance.randrange(3)):
            end = start + dt.timedelta(days=chance.randrange(50, 300))
            ends = chance.choice([None, start + dt.timedelta(days=chance.randrange(30, 400))])
            SecretaryTerm.objects.create(organization=body, name="甲", start=start, end=end, term_ends_on=ends)
            start = end
        made.append(body)
    rows = [make.enterprise(chance.choice([east, west]), registered=on(0, 200)) for _ in range(15)]
    covers = [
        make.cover(row, body, start, chance.choice([None, start + dt.timedelta(days=200)]))
        for row in rows
        for body in chance.sample(made, chance.randrange(3))
        for start in [on(0, 400)]
    ]
    for _ in range(4):
        day = on(200, 600)
        wanted = dict.fromkeys((str(east), str(west)), (0, 0))
        for row in rows:
            answers = [
                _person(each.organization, day)
                for each in covers
                if each.enterprise == row and each.start <= day and (each.end or D.max) > day
            ]
            home = str(row.jurisdictions.get().committee)
            sure, unknown = wanted[home]
            wanted[home] = (sure + (True in answers), unknown + (True not in answers and None in answers))
        counted = {name: told[3:] for name, told in table(day).items()}
        assert {name: counted[name] for name in wanted} == wanted
        assert counted["全区"] == tuple(map(sum, zip(*wanted.values(), strict=True)))
        assert table(day, own=east.pk) == {str(east): table(day)[str(east)]}


def test_the_page_is_ones_own_and_acts(east, west, cast, signed_in, django_assert_max_num_queries):
    ours = [one(east, f"东支部{number}", None, D(2020, 1, 1)) for number in range(8)]
    theirs = one(west, "西支部", None, None)
    make.cover(make.enterprise(east, "东厂"), ours[0])
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(26):
        page = client.get("/effective/").content.decode()
    assert "东支部3" in page and theirs.name not in page and str(west) not in page and "没有活动 8" in page
    assert "书记不在任期内 8" in page and client.get("/effective/export/?state=idle").status_code == 200
    answers = {"row": [each.pk for each in ours], "item": "activity", "on": "2023-01-01", "back": "/effective/"}
    make.confirm(client, "/organizations/bulk/item/", answers)
    assert "没有活动 0" in client.get("/effective/?as_of=2023-01-05").content.decode()
    assert 'form="ticks"' not in signed_in(cast.dong_kan).get("/effective/").content.decode()


def test_what_has_moved_away_is_named_and_not_opened(east, west, cast, signed_in):
    body = one(east, "搬走的支部", None, None)
    move_organization(body, committee=west, on=D(2022, 1, 1))
    page = signed_in(cast.dong).get("/effective/?as_of=2021-06-01").content.decode()
    assert body.name in page and f"/organizations/{body.pk}/" not in page
    assert body.name not in signed_in(cast.dong).get("/effective/?as_of=2022-06-01").content.decode()
