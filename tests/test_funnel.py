"""From applicant to full member: the funnel of a day against a person's count, and probation that is over."""

import datetime as dt
import random
from collections import Counter

import pytest

from organizations.models import Member, MemberPlacement, MemberStage, PositionGroup, Stage
from reports.funnel import BACKBONE, UNKNOWN, funnel_on, share
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
STAGES, GROUPS = list(Stage.values), ["", *PositionGroup.values]


def somebody(chance: random.Random, committee) -> dict:
    """A person with stages one after the other, as plain values and in the database."""
    person = Member.objects.create(committee=committee, name=f"人{Member.objects.count()}")
    stages, group = [], chance.choice(GROUPS)
    start = D(2020, 1, 1) + dt.timedelta(days=chance.randrange(500))
    first = chance.randrange(3)
    for at in range(first, min(first + chance.randrange(1, 4), 5)):
        end = start + dt.timedelta(days=chance.randrange(1, 500))
        stages.append((STAGES[at], start, end, chance.random() < 0.3))
        start = end
    if chance.random() < 0.7:
        stages[-1] = (*stages[-1][:2], None, stages[-1][3])
    for stage, begins, ends, assumed in stages:
        how = "assumed" if assumed else "day"
        MemberStage.objects.create(member=person, stage=stage, start=begins, end=ends, start_precision=how)
    moved = D(2021, 1, 1)
    MemberPlacement.objects.create(member=person, start=D(2020, 1, 1), end=moved, position_group=group)
    return {
        "committee": committee.pk,
        "group": lambda day: group if D(2020, 1, 1) <= day < moved else "",
        "stages": stages,
    }


def counted(people: list[dict], day: D) -> tuple[Counter, Counter]:
    """(where people stand, who came in the year) by committee, group and stage, as a person would count."""
    there, came = Counter(), Counter()
    for person in people:
        where = (person["committee"], person["group"](day))
        live = [stage for stage, start, end, _ in person["stages"] if start <= day and (end is None or end > day)]
        for stage in live:
            there[*where, stage] += 1
        _, begins, _, assumed = person["stages"][0]
        if begins > day and assumed:
            there[*where, UNKNOWN] += 1
        for stage, start, _, assumed in person["stages"]:
            if start.year == day.year and start <= day and not assumed:
                came[*where, stage] += 1
    return there, came


@pytest.mark.parametrize("seed", range(5))
def test_the_funnel_is_what_a_person_would_count(east, west, seed):
    chance = random.Random(seed)
    people = [somebody(chance, chance.choice([east, west])) for _ in range(25)]
    for day in (D(2019, 12, 31), D(2020, 8, 15), D(2020, 12, 31), D(2021, 6, 30), D(2022, 12, 31)):
        there, came = counted(people, day)
        found = funnel_on(day)
        for keys, name in ((found.committees, 0), (found.groups, 1)):
            for key, each in keys.items():
                for stage in (*STAGES, UNKNOWN):
                    mine = sum(number for where, number in there.items() if where[name] == key and where[2] == stage)
                    assert each.there[stage] == mine, (day, key, stage)
                    new = sum(number for where, number in came.items() if where[name] == key and where[2] == stage)
                    assert each.came[stage] == new, (day, key, stage)
        assert sum(found.every.there.values()) == sum(there.values())
        backbone = sum(number for where, number in came.items() if where[1] in BACKBONE and where[2] == "activist")
        assert share(found.groups, "activist")[0] == backbone
        assert funnel_on(day, committee_id=east.pk).every == found.committees.get(
            east.pk, funnel_on(D(1990, 1, 1)).every
        )


def test_the_page_counts_ones_own_and_opens_the_lists(east, west, cast, signed_in, django_assert_max_num_queries):
    make.member(east, None, "probationary", D(2022, 1, 1))
    make.member(west, None, "full", D(2022, 1, 1))
    client = signed_in(cast.dong)
    page = client.get("/funnel/?as_of=2022-06-01").content.decode()
    assert "按党（工）委" not in page and "2022 年新列的预备党员" in page
    assert 'href="/members/?stage=probationary&amp;as_of=2022-06-01">1</a>（1）' in page
    assert "stage=full" not in page
    client = signed_in(cast.wei)
    with django_assert_max_num_queries(16):
        page = client.get("/funnel/?as_of=2022-06-01").content.decode()
    assert f"committee={west.pk}&amp;stage=full" in page
    assert client.get("/funnel/export/?as_of=2022-06-01").status_code == 200


def test_probation_that_is_over_is_on_the_work_list(east, cast, signed_in):
    late = make.member(east, None, "probationary", D(2022, 1, 1))
    make.member(east, None, "full", D(2022, 1, 1))
    assert list(Member.objects.probation_over(D(2022, 12, 31))) == []
    assert list(Member.objects.probation_over(D(2023, 1, 1))) == [late]
    client = signed_in(cast.dong)
    assert "/members/?due=probation_over" in client.get("/todo/").content.decode()
    page = client.get("/members/?due=probation_over").content.decode()
    assert late.name in page and page.count("/members/") and "共 1 " in page
