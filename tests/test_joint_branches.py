"""Which neighbours could found a joint branch (clause 9), and founding it."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprises.models import Enterprise
from enterprises.transfer import transfer
from organizations.found_joint import found_joint
from organizations.models import PartyOrganization
from reports.joint import suggestions
from reports.neighbours import MOST, Candidate, groups
from tests import make
from tests.uploading import xlsx

D = dt.date
DAY = D(2022, 6, 1)
SITES = ["", "", "科技园"]
VILLAGES, INDUSTRIES = ["", "东街社区", "西庄村"], ["", "C", "F"]


@st.composite
def districts(draw):
    number = draw(st.integers(0, 25))
    return [
        Candidate(
            pk,
            f"企业{pk}",
            draw(st.integers(1, 2)),
            draw(st.sampled_from(SITES)),
            draw(st.sampled_from(VILLAGES)),
            draw(st.sampled_from(INDUSTRIES)),
            draw(st.integers(1, 2)),
        )
        for pk in range(number)
    ]


@given(districts())
@settings(max_examples=300, deadline=None)
def test_groups_are_possible_and_none_is_in_two(candidates):
    found = groups(candidates, 3)
    every = [each for group in found for each in group.enterprises]
    assert len({each.pk for each in every}) == len(every)
    for group in found:
        assert 2 <= len(group.enterprises) <= MOST and group.members >= 3
        assert len({each.committee for each in group.enterprises}) == 1
        what = {"site": "site", "place": "village", "industry": "industry"}[group.by]
        shared = {getattr(each, what) for each in group.enterprises}
        assert shared == {group.shared} and group.shared


@given(districts())
@settings(max_examples=300, deadline=None)
def test_whoever_is_left_can_found_none(candidates):
    found = groups(candidates, 3)
    inside = {each.pk for group in found for each in group.enterprises}
    left = [each for each in candidates if each.pk not in inside]
    for what in ("site", "village", "industry"):
        for key in {(each.committee, getattr(each, what)) for each in left if getattr(each, what)}:
            members = [each.members for each in left if (each.committee, getattr(each, what)) == key]
            assert sum(members) < 3, (what, key)


@given(st.lists(st.integers(1, 2), max_size=9))
@settings(max_examples=200, deadline=None)
def test_in_a_village_there_are_as_many_groups_as_there_can_be(members):
    candidates = [Candidate(pk, f"企业{pk}", 1, "", "东街社区", "", number) for pk, number in enumerate(members)]
    assert len(groups(candidates, 3)) == most_groups(tuple(sorted(members)))


def most_groups(members: tuple[int, ...]) -> int:
    """By trying every first group."""
    best = 0
    for size in (2, 3):
        for chosen in set(itertools.combinations(members, size)):
            if sum(chosen) >= 3:
                rest = list(members)
                for each in chosen:
                    rest.remove(each)
                best = max(best, 1 + most_groups(tuple(rest)))
    return best


# -- from the facts ---------------------------------------------------------------------------------


@pytest.fixture
def street(east):
    """Uncovered enterprises of one community and their members: 2, 1, 1 and 0; one with three; one that is covered."""

    def one(name: str, members: int, **more) -> Enterprise:
        row = make.enterprise(east, name, registered=D(2019, 1, 1), village="东街社区", **more)
        make.headcount(row, employees=20, full_members=members, start=D(2020, 1, 1))
        return row

    rows = {
        name: one(name, number) for name, number in (("甲厂", 2), ("乙厂", 1), ("丙厂", 1), ("丁厂", 0), ("戊厂", 3))
    }
    rows["己厂"] = one("己厂", 2)
    body = make.organization(east, "东街联合党支部", established=D(2020, 1, 1), form="joint")
    make.cover(rows["己厂"], body, D(2020, 1, 1))
    return rows


@pytest.mark.django_db
def test_suggestions_are_the_uncovered_neighbours_of_the_day(street, east, west):
    (found,) = suggestions(DAY)
    assert [each.name for each in found.group.enterprises] == ["甲厂", "乙厂", "丙厂"]
    assert (found.committee, found.shared, found.group.members) == (str(east), "同在东街社区", 4)
    assert found.existing == [("东街联合党支部", 4)]
    assert suggestions(D(2019, 6, 1)) == []  # nobody had said how many members there are
    assert suggestions(DAY, committee_id=west.pk) == []
    # Whom nobody knows to be uncovered is not suggested.
    make.cover(street["甲厂"], make.organization(east, established=DAY), D(2022, 9, 1), start_precision="assumed")
    assert suggestions(DAY) == []


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_district(street, east, django_assert_num_queries):
    for number in range(30):
        row = make.enterprise(east, f"新厂{number}", registered=D(2019, 1, 1), village=f"村{number % 4}")
        make.headcount(row, employees=20, full_members=1, start=D(2020, 1, 1))
    with django_assert_num_queries(9):
        assert len(suggestions(DAY)) > 5


@pytest.mark.django_db
def test_from_the_list_to_the_branch(street, cast, signed_in, east):
    dong = signed_in(cast.dong)
    page = dong.get("/joint-branches/?as_of=2022-06-01").content.decode()
    assert "甲厂" in page and "还能加入 4 家" in page and "丁厂" not in page
    keys = [street[name].pk for name in ("甲厂", "乙厂", "丙厂")]
    assert f"row={keys[0]}" in page
    answers = {"name": "东街第二联合党支部", "on": "2022-06-01"}
    assert make.confirm(dong, "/enterprises/bulk/found-joint/", {"row": keys, **answers}).status_code == 302
    body = PartyOrganization.objects.get(name="东街第二联合党支部")
    assert (body.form, body.kind, body.committee, body.established_on) == ("joint", "branch", east, DAY)
    assert set(body.covers.values_list("enterprise", flat=True)) == set(keys)
    assert suggestions(DAY) == []
    sheet = dong.get("/joint-branches/export/?as_of=2022-05-31")
    assert sheet.status_code == 200 and sheet["Content-Type"].startswith("application/vnd.openxml")


@pytest.mark.django_db
def test_a_joint_branch_is_of_one_committee_and_joined_by_its_name(street, east, west):
    found_joint(street["甲厂"], name="东街联合党支部", on=DAY)
    assert PartyOrganization.objects.get(name="东街联合党支部").covers.count() == 2
    make.organization(east, "单独党支部", established=D(2020, 1, 1), form="single")
    for name, on, said in (
        ("单独党支部", DAY, "不是在册的联合党组织"),
        ("东街联合党支部", D(2019, 6, 1), "日期不能更早"),
    ):
        with pytest.raises(ValidationError, match=said):
            found_joint(street["乙厂"], name=name, on=on)
    effects = [found_joint(street[name], name="东街联合党支部", on=DAY) for name in ("乙厂", "丙厂", "丁厂", "戊厂")]
    assert "超过 5 家" in str(effects[-1]) and "超过" not in str(effects[0])


@pytest.mark.django_db
def test_what_has_gone_to_another_committee_is_named_and_not_opened(street, cast, signed_in, west):
    transfer(street["甲厂"], committee=west, on=D(2023, 1, 1))
    page = signed_in(cast.dong).get("/joint-branches/?as_of=2022-06-01").content.decode()
    assert "甲厂" in page and f"/enterprises/{street['甲厂'].pk}/" not in page
    assert f"/enterprises/{street['乙厂'].pk}/" in page


def test_who_is_in_one_park_goes_before_who_is_in_one_village(east):
    for name, site, village in (
        ("甲厂", "科技园", "东街社区"),
        ("乙厂", "", "东街社区"),
        ("丙厂", "科技园", "西庄村"),
        ("丁厂", "科技园", "南关村"),
    ):
        make.headcount(make.enterprise(east, name, site=site, village=village), full_members=1, probationary_members=0)
    (found,) = suggestions(DAY)
    assert found.shared == "同在科技园" and {each.name for each in found.group.enterprises} == {"甲厂", "丙厂", "丁厂"}


def test_the_park_of_who_has_gone_is_not_told(east, west):
    """It has no date of its own: the new committee entered it."""
    rows = [make.enterprise(east, name, site="科技园") for name in ("甲厂", "乙厂", "丙厂")]
    for row in rows:
        make.headcount(row, full_members=1, probationary_members=0)
        transfer(row, committee=west, on=D(2022, 7, 1))
    assert suggestions(DAY, committee_id=east.pk) == []
    assert suggestions(D(2022, 8, 1), committee_id=west.pk)[0].shared == "同在科技园"


def test_a_ledger_tells_the_park(post, east):
    head = ["企业名称", "所在园区、商务楼宇名称", "地址", "职工人数"]
    post.commit(post(xlsx(head, ["甲厂有限公司", "科技园", "一号路 1 号", 20])))
    assert Enterprise.objects.get().site == "科技园"
