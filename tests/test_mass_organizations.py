"""群团组织 (clause 14): the three kinds apart, what is missing of whom, and a grid for many."""

import datetime as dt
import random
from collections import Counter

import pytest

from enterprises.models import MassOrganization
from enterprises.record import record_mass_organization
from reports.items import asked_about
from reports.mass import KINDS, LACKING, UNKNOWN, listed, standing, table
from tests import make
from tests.make import LONG_AGO
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


def says(row, kind: str, form: str, start: D = LONG_AGO, end: D | None = None) -> None:
    MassOrganization.objects.create(
        enterprise=row, kind=kind, form=form, start=start, end=end, reason="规模小" if form == "not_applicable" else ""
    )


def test_each_kind_stands_as_it_does(east):
    row = make.enterprise(east)
    says(row, "union", "grid")
    says(row, "youth_league", "own", end=DAY)
    (found,) = standing(asked_about(DAY))
    assert (found.union, found.youth_league, found.womens_federation) == ("grid", LACKING, UNKNOWN)
    assert [each.pk for each in listed(standing(asked_about(DAY)), "youth_league")] == [row.pk]
    assert not listed(standing(asked_about(DAY)), "union").exists()


def test_a_grid_makes_it_complete(east):
    row = make.enterprise(east)
    for kind in KINDS:
        says(row, kind, "grid")
    assert not listed(standing(asked_about(DAY)), LACKING).exists()
    (line,) = table(standing(asked_about(DAY), east.pk), whole=False)
    assert line.lacking == 0 and line.counts["union", "grid"] == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_table_is_a_plain_count(east, west, seed):
    chance = random.Random(seed)
    for _ in range(20):
        row = make.enterprise(chance.choice([east, west]))
        for kind in KINDS:
            start = D(2021, 1, 1) + dt.timedelta(days=chance.randrange(700))
            if chance.random() < 0.7:
                form = chance.choice(["own", "joint", "grid", "not_applicable"])
                says(row, kind, form, start, chance.choice([None, start + dt.timedelta(days=200)]))
    wanted: dict[str, Counter] = {}
    for row in MassOrganization.enterprise.field.related_model.objects.all():
        home = str(row.jurisdictions.get().committee)
        for kind in KINDS:
            facts = list(row.mass_organizations.filter(kind=kind))
            live = [each.form for each in facts if each.start <= DAY and (each.end or D.max) > DAY]
            # A stated beginning says that there was none before; of whom nothing is recorded nobody knows.
            how = live[0] if live else LACKING if facts else UNKNOWN
            wanted.setdefault(home, Counter())[kind, how] += 1
    found = {line.committee: Counter(line.counts) for line in table(standing(asked_about(DAY)), whole=True)}
    assert +found[str(east)] == wanted[str(east)] and +found[str(west)] == wanted[str(west)]
    assert +found["全区"] == wanted[str(east)] + wanted[str(west)]


def test_the_page_is_ones_own(east, west, cast, signed_in, django_assert_max_num_queries):
    rows = [make.enterprise(east, f"东厂{number}") for number in range(12)]
    for row in [*rows, make.enterprise(west, "西厂")]:
        says(row, "union", "own", end=D(2021, 1, 1))
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(24):
        page = client.get("/mass-organizations/?list=union").content.decode()
    assert "没有工会的 12" in page and "西厂" not in page and str(west) not in page
    assert client.get("/mass-organizations/export/?list=union").status_code == 200
    assert 'form="ticks"' not in signed_in(cast.dong_kan).get("/mass-organizations/?list=union").content.decode()


def grid(rows, **chosen) -> dict:
    """The answers of a grid; what is not chosen stays."""
    answers = {"row": [row.pk for row in rows], "on": "2022-01-01", "back": "/mass-organizations/"}
    return answers | {name.replace("__", "-"): value for name, value in chosen.items()}


def test_many_are_entered_in_one_grid(east, cast, signed_in):
    first, second = make.enterprise(east), make.enterprise(east)
    says(first, "union", "own")
    chosen = {
        f"union__{first.pk}": "joint",
        f"youth_league__{first.pk}": "not_applicable",
        f"reason__{first.pk}": "没有团员",
        f"womens_federation__{second.pk}": "grid",
    }
    done = make.confirm(signed_in(cast.dong), "/enterprises/mass-grid/", grid([first, second], **chosen))
    assert done.status_code == 302 and done["Location"] == "/mass-organizations/"
    live = MassOrganization.objects.live_on(DAY).order_by("enterprise", "kind")
    assert list(live.values_list("enterprise", "kind", "form", "reason")) == [
        (first.pk, "union", "joint", ""),
        (first.pk, "youth_league", "not_applicable", "没有团员"),
        (second.pk, "womens_federation", "grid", ""),
    ]


def test_one_fault_and_nothing_is_entered(east, cast, signed_in):
    first, second = make.enterprise(east, "甲厂"), make.enterprise(east, "乙厂")
    chosen = {f"union__{first.pk}": "own", f"union__{second.pk}": "not_applicable"}
    said = signed_in(cast.dong).post("/enterprises/mass-grid/", grid([first, second], **chosen))
    assert said.status_code == 422 and "乙厂的工会：不具备条件的，要写明原因。" in said.content.decode()
    assert not MassOrganization.objects.exists()


def test_what_is_held_is_not_taken_out_in_the_grid(east, cast, signed_in):
    row = make.enterprise(east)
    says(row, "union", "own")
    said = signed_in(cast.dong).post("/enterprises/mass-grid/", grid([row], **{f"union__{row.pk}": ""}))
    assert said.status_code == 422 and "撤销的请在企业页更正" in said.content.decode()


def test_nothing_changed_says_so(east, cast, signed_in):
    row = make.enterprise(east)
    said = signed_in(cast.dong).post("/enterprises/mass-grid/", grid([row]))
    assert "还没有改动" in said.content.decode()


def test_anothers_enterprises_are_left_out(east, west, cast, signed_in):
    theirs = make.enterprise(west, "西厂")
    client = signed_in(cast.dong)
    assert client.get(f"/enterprises/mass-grid/?row={theirs.pk}").status_code == 302
    mine = make.enterprise(east)
    page = client.get(f"/enterprises/mass-grid/?row={theirs.pk}&row={mine.pk}").content.decode()
    assert "西厂" not in page and mine.name in page
    chosen = {f"union__{theirs.pk}": "own", f"union__{mine.pk}": "own"}
    make.confirm(client, "/enterprises/mass-grid/", grid([theirs, mine], **chosen))
    assert [each.enterprise for each in MassOrganization.objects.all()] == [mine]


def test_the_count_falls_when_the_last_is_entered(east, cast, signed_in):
    row = make.enterprise(east)
    for kind in KINDS:
        says(row, kind, "own", end=D(2021, 1, 1))
    client = signed_in(cast.dong)
    assert "群团组织未健全" in client.get("/todo/").content.decode().partition("已清零")[0]
    chosen = {f"{kind}__{row.pk}": "grid" for kind in KINDS}
    make.confirm(client, "/enterprises/mass-grid/", grid([row], **chosen))
    assert not listed(standing(asked_about(DAY)), LACKING).exists()


@pytest.mark.parametrize("word", ["网格", "网格覆盖", "由网格化覆盖", "网格建立"])
def test_a_ledger_says_that_the_grid_covers(post, east, word):
    row = make.enterprise(east, "甲厂")
    upload = post(xlsx(["企业名称", "工会", "共青团", "妇联"], ["甲厂", word, "是", "联合"]))
    post.commit(upload)
    assert dict(row.mass_organizations.values_list("kind", "form")) == {
        "union": "grid",
        "youth_league": "own",
        "womens_federation": "joint",
    }, upload.problems


def test_a_filled_form_gives_it_back(east):
    from ledgers.kinds.mass_sheet import kept

    record_mass_organization(make.enterprise(east), kind="union", form="grid", reason="", on=DAY)
    (line,) = kept(east, DAY)
    assert line["union"] == "网格"
