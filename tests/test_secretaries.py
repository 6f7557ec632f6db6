"""党组织书记 (clauses 16 and 17): sources, elections, terms."""

import datetime as dt
import random
from collections import Counter

import pytest

from organizations.models import PartyOrganization, SecretarySource, SecretaryTerm
from organizations.move import move_organization
from organizations.reelect import reelect, renew
from reports.items import asked_about
from reports.secretaries import NO_ELECTION, NO_END, NO_SOURCE, NONE, OVERDUE, offices, shares, table
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


def term(body: PartyOrganization, start: D, end: D | None = None, **told) -> SecretaryTerm:
    return SecretaryTerm.objects.create(organization=body, name="甲某", start=start, end=end, **told)


def lists(day: D = DAY) -> dict[str, list[str]]:
    return {each.name: each.lists for each in offices(asked_about(day))}


def test_each_stands_on_the_lists_it_belongs_to(east):
    good = {"source": "veteran", "elected_on": D(2020, 1, 1), "term_ends_on": D(2022, 6, 2)}
    term(make.organization(east, "没有缺项"), D(2020, 1, 1), **good)
    term(make.organization(east, "届满当天"), D(2020, 1, 1), **{**good, "term_ends_on": DAY})
    term(make.organization(east, "什么都没填"), D(2020, 1, 1))
    term(make.organization(east, "离任了"), D(2020, 1, 1), DAY, **good)
    make.organization(east, "从来没有")
    make.organization(east, "已撤销", dissolved=DAY)
    assert lists() == {
        "没有缺项": [],
        "届满当天": [OVERDUE],
        "什么都没填": [NO_ELECTION, NO_END, NO_SOURCE],
        "离任了": [NONE],
        "从来没有": [NONE],
    }
    days = {each.name: each.overdue for each in offices(asked_about(D(2022, 6, 11)))}
    assert (days["届满当天"], days["没有缺项"], days["从来没有"]) == (10, 9, None)


@pytest.mark.parametrize("seed", range(3))
def test_the_table_is_a_plain_count(east, west, seed):
    chance = random.Random(seed)
    sources = ["", *SecretarySource.values]
    for _ in range(20):
        body = make.organization(chance.choice([east, west]), dissolved=chance.choice([None, None, D(2022, 3, 1)]))
        start = D(2019, 1, 1)
        for _ in range(chance.randrange(3)):
            end = start + dt.timedelta(days=chance.randrange(200, 800))
            told = {"source": chance.choice(sources), "full_time": chance.choice([None, True, False])}
            term(body, start, chance.choice([end, None]), term_ends_on=end, **told)
            if body.secretary_terms.filter(end=None).exists():
                break
            start = end
    wanted: dict[str, Counter] = {}
    for body in PartyOrganization.objects.all():
        if body.dissolved_on and body.dissolved_on <= DAY:
            continue
        mine = wanted.setdefault(str(body.committee), Counter())
        live = [each for each in body.secretary_terms.all() if each.start <= DAY and (each.end or D.max) > DAY]
        mine["organizations"] += 1
        for each in live:
            mine[f"from {each.source}"] += 1
            mine["full"] += each.full_time is True
            mine["over"] += each.term_ends_on <= DAY
        mine["none"] += not live
    lines = table(offices(asked_about(DAY)), whole=True)
    found = {
        line.committee: Counter(
            organizations=line.organizations,
            full=line.full_time,
            over=line.lists[OVERDUE],
            none=line.lists[NONE],
            **{f"from {source}": number for source, number in line.sources.items()},
        )
        for line in lines
    }
    assert {name: +told for name, told in found.items() if name != "全区"} == {k: +v for k, v in wanted.items()}
    assert +found["全区"] == +sum(wanted.values(), Counter())
    assert sum(number for _, number, _ in shares(lines[-1])) == sum(lines[-1].sources.values())


def test_an_election_keeps_its_document_and_a_renewal_the_rest(east):
    body = make.organization(east)
    reelect(body, name="甲某", source="veteran", on=D(2019, 1, 1), document="沁组〔2019〕1号", full_time=True)
    renew(body, on=D(2022, 1, 1), document="沁组〔2022〕1号")
    told = list(body.secretary_terms.order_by("start").values_list("document", "source", "full_time"))
    assert told[-1] == ("沁组〔2022〕1号", "veteran", True)


def test_the_page_is_ones_own_and_renews(east, west, cast, signed_in, django_assert_max_num_queries):
    bodies = [make.organization(east, f"东支部{number}") for number in range(10)]
    for body in bodies:
        term(body, D(2018, 1, 1), source="official", elected_on=D(2018, 1, 1), term_ends_on=D(2021, 1, 1))
    make.organization(west, "西支部")
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(24):
        page = client.get("/secretaries/?list=overdue").content.decode()
    assert "任期已届满 10" in page and "西支部" not in page and str(west) not in page and "100.00%" in page
    assert client.get("/secretaries/export/?list=overdue").status_code == 200
    answers = {"row": [each.pk for each in bodies], "on": "2023-01-05", "back": "/secretaries/"}
    make.confirm(client, "/organizations/bulk/renew/", answers)
    assert "任期已届满 0" in client.get("/secretaries/?as_of=2023-01-06").content.decode()


def test_what_has_moved_away_is_named_and_not_opened(east, west, cast, signed_in):
    body = make.organization(east, "搬走的支部")
    move_organization(body, committee=west, on=D(2022, 1, 1))
    page = signed_in(cast.dong).get("/secretaries/?as_of=2021-06-01").content.decode()
    assert body.name in page and f"/organizations/{body.pk}/" not in page


def test_a_sheet_tells_document_and_full_time_and_gets_them_back(post, east):
    from ledgers.kinds.organization_sheet import kept

    head = ["党组织名称", "党组织类别", "成立时间", "书记姓名", "换届时间", "书记专职/兼职", "选举文件"]
    name = "中共甲厂支部委员会"
    upload = post(xlsx(head, [name, "党支部", "2018-01-05", "甲某", "2022-01-05", "专职", "沁组〔2022〕3号"]))
    post.commit(upload)
    assert upload.state == "committed", upload.problems
    (told,) = SecretaryTerm.objects.all()
    assert (told.full_time, told.document) == (True, "沁组〔2022〕3号"), upload.problems
    (line,) = kept(east, D(2023, 12, 20))
    assert (line["secretary_full_time"], line["election_document"]) == (True, "沁组〔2022〕3号")
