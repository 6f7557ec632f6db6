"""By place, by industry and by line (clauses 28, 29): no enterprise twice, none left out; and who is new outside places."""

import datetime as dt
import random
from collections import Counter

import pytest

from common.plan import Plan
from enterprises.models import Jurisdiction
from organizations.models import PartyOrganization
from reports.coverage import coverage_on
from reports.grid import grid_on
from reports.items import NO, YES, asked_about
from reports.populations import NO_LINE, line_of
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


def district(seed: int, east, west) -> list[dict]:
    """Random enterprises with villages and industries, organizations of places and of lines, covers that come and go, and
    transfers; as plain values and in the database."""
    chance = random.Random(seed)
    bodies = [
        make.organization(committee, subordination=line, established=D(2019, 1, 1))
        for committee in (east, west)
        for line in ("territorial", "industry_line")
    ]
    rows = []
    for _ in range(30):
        first, village, industry = (
            chance.choice([east, west]),
            chance.choice(["", "东街", "西庄"]),
            chance.choice("CFG") * chance.randrange(2),
        )
        row = make.enterprise(first, registered=D(2019, 1, 1), village=village, industry_section=industry)
        moved = D(2020, 1, 1) + dt.timedelta(days=chance.randrange(1500)) if chance.random() < 0.4 else None
        other = west if first == east else east
        if moved:
            row.jurisdictions.update(end=moved)
            Jurisdiction.objects.create(enterprise=row, committee=other, start=moved)
        covers = []
        for body in chance.sample(bodies, chance.randrange(3)):
            start = D(2019, 6, 1) + dt.timedelta(days=chance.randrange(1200))
            end = start + dt.timedelta(days=chance.randrange(1, 900)) if chance.random() < 0.5 else None
            make.cover(row, body, start, end)
            covers.append((body.subordination, start, end))
        sent = D(2020, 1, 1) + dt.timedelta(days=chance.randrange(1200)) if chance.random() < 0.3 else None
        if sent:
            make.assign(row, first, sent)
        rows.append(
            {
                "village": village,
                "industry": industry,
                "covers": covers,
                "sent": sent,
                "first": first,
                "moved": moved,
                "other": other,
            }
        )
    return rows


def lines_of(row: dict, day: D) -> set[str]:
    return {line for line, start, end in row["covers"] if start <= day and (end is None or end > day)}


def place_of(row: dict, day: D):
    return row["other"] if row["moved"] and row["moved"] <= day else row["first"]


def has_work(row: dict, day: D) -> bool:
    return bool(lines_of(row, day)) or bool(row["sent"] and row["sent"] <= day)


@pytest.mark.parametrize("seed", range(4))
def test_the_grid_is_what_a_person_would_count(east, west, seed):
    rows = district(seed, east, west)
    for day in (D(2019, 7, 1), D(2021, 3, 3), D(2023, 12, 31)):
        for own, place in ((None, lambda row, on: place_of(row, on).pk), (east, lambda row, on: row["village"])):
            mine = [row for row in rows if own is None or place_of(row, day) == own]
            expected = Counter((place(row, day), row["industry"], has_work(row, day)) for row in mine)
            found = grid_on(day, committee_id=own and own.pk)
            counted = Counter()
            for (where, industry), tally in found.cells.items():
                counted[where, industry, True], counted[where, industry, False] = tally.yes, tally.no
                assert tally.unknown == 0
            assert +counted == expected
        figures = coverage_on(day).district
        assert sum(tally.no for tally in found.places.values()) == sum(tally.no for tally in found.industries.values())
        assert sum(tally.no for tally in grid_on(day).cells.values()) == figures["work_uncovered"]


@pytest.mark.parametrize("seed", range(4))
def test_by_place_and_by_line_come_to_the_same(east, west, seed):
    """An enterprise that an organization of its place and one of a line cover counts for the place, once."""
    from reports.coverage import flagged
    from reports.facts import Facts
    from reports.rules import Rules

    rows = district(seed, east, west)
    for day in (D(2019, 7, 1), D(2021, 3, 3), D(2023, 12, 31)):
        facts = Facts()
        lines = flagged(facts, day, Rules(), []).annotate(line=line_of(facts, day)).values_list("line", flat=True)
        expected = Counter()
        for row in rows:
            lives = lines_of(row, day)
            expected["territorial" if "territorial" in lives else "industry_line" if lives else NO_LINE] += 1
        assert Counter(lines) == expected
        covered = coverage_on(day).district["organization_covered"]
        assert expected["territorial"] + expected["industry_line"] == covered


def test_the_pages_open_the_lists_behind_their_cells(east, west, cast, signed_in):
    bare = make.enterprise(east, "无覆盖厂", registered=D(2019, 1, 1), village="东街", industry_section="C")
    make.enterprise(west, "另一家", registered=D(2019, 1, 1))
    client = signed_in(cast.wei)
    page = client.get("/grid/?as_of=2022-06-01").content.decode()
    assert "还有 2 格没有做到" in page and "行业未填" in page
    listed = client.get(
        f"/figures/work_covered/?as_of=2022-06-01&committee={east.pk}&industry_section=C&answer=no"
    ).content.decode()
    assert bare.name in listed and "另一家" not in listed
    other = client.get("/figures/work_covered/?as_of=2022-06-01&industry_section=none&answer=no").content.decode()
    assert "另一家" in other and bare.name not in other
    client = signed_in(cast.dong)
    page = client.get("/grid/?as_of=2022-06-01").content.decode()
    assert "东街" in page and "village=" in page and "另一家" not in page
    assert client.get("/grid/export/?as_of=2022-06-01").status_code == 200
    groups = client.get("/figures/organization_covered/groups/?by=line&as_of=2022-06-01").content.decode()
    assert "没有党组织" in groups


def test_who_is_new_outside_of_places_gives_a_reason(east, west):
    Plan.objects.update(effective_from=D(2021, 1, 1))
    line = make.organization(east, "行业支部", established=D(2022, 1, 1), subordination="industry_line")
    make.organization(east, "原有行业支部", established=D(2019, 1, 1), subordination="industry_line")
    make.organization(east, "属地支部", established=D(2022, 1, 1))
    system = make.organization(west, "系统支部", established=D(2022, 1, 1))
    assert {row.pk for row in make.holders("outside_reason", DAY, NO)} == {line.pk}
    west.kind = "industry_line"
    west.save()
    assert {row.pk for row in make.holders("outside_reason", DAY, NO)} == {line.pk, system.pk}
    make.reach(line, "outside_reason", D(2022, 3, 1), note="市直系统统一组建")
    assert {row.pk for row in make.holders("outside_reason", DAY, YES)} == {line.pk}
    assert PartyOrganization.objects.count() == 4 and asked_about(DAY).since == D(2021, 1, 1)
