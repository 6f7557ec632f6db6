"""The committee of an industry line reads its organizations, wherever they are, and changes none (clause 28)."""

import datetime as dt

import pytest

from committees.models import Committee, CommitteeKind, User
from committees.scope import Role
from organizations.change import change_organization
from organizations.models import Subordination
from organizations.move import move_organization
from reports.effective import bodies
from reports.items import Catalogue, asked_about
from reports.line import summed
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


@pytest.fixture
def trade(db) -> Committee:
    return Committee.objects.create(kind=CommitteeKind.INDUSTRY_LINE, name="发改委党委", order=9)


@pytest.fixture
def reader(trade) -> User:
    return User.objects.create_user("hang", password="long-enough-1", role=Role.COMMITTEE, committee=trade)


def under(trade, committee, name: str, **more):
    return make.organization(committee, name, subordination=Subordination.INDUSTRY_LINE, superior=trade, **more)


def test_the_line_sees_its_own_of_every_place_and_no_other(east, west, trade, reader, signed_in):
    ours = [under(trade, east, "东支部"), under(trade, west, "西支部")]
    make.organization(east, "不属本系统的支部")
    page = signed_in(reader).get("/line/").content.decode()
    assert "东支部" in page and "西支部" in page and "不属本系统的支部" not in page
    assert not any(f"/organizations/{each.pk}/" in page for each in ours)
    assert "行业系统所属党组织" in signed_in(reader).get("/organizations/").content.decode()


def test_it_opens_and_changes_none(east, trade, reader, signed_in):
    body = under(trade, east, "东支部")
    client = signed_in(reader)
    for address in ("", "edit/", "dissolve/", "item/", "reelect/"):
        assert client.get(f"/organizations/{body.pk}/{address}").status_code == 404
    assert "东支部" not in client.get("/organizations/").content.decode()


def test_of_another_line_and_for_a_place_there_is_nothing(east, trade, reader, cast, signed_in):
    other = Committee.objects.create(kind=CommitteeKind.INDUSTRY_LINE, name="工信党委", order=10)
    under(other, east, "别的系统的支部")
    client = signed_in(reader)
    assert "别的系统的支部" not in client.get("/line/").content.decode()
    assert client.get(f"/line/?line={other.pk}").status_code == 404
    assert signed_in(cast.dong).get("/line/").status_code == 404
    assert "别的系统的支部" in signed_in(cast.wei).get(f"/line/?line={other.pk}").content.decode()


def test_the_line_of_a_day_is_that_of_the_day(east, west, trade, reader, signed_in):
    body = under(trade, east, "转走的支部")
    change_organization(body, on=D(2022, 1, 1), subordination=Subordination.TERRITORIAL)
    other = under(trade, east, "换了属地的支部")
    move_organization(other, committee=west, on=D(2022, 1, 1))
    client = signed_in(reader)
    before, after = (client.get(f"/line/?as_of={day}").content.decode() for day in ("2021-06-01", "2022-06-01"))
    assert "转走的支部" in before and "转走的支部" not in after
    assert str(east) in before and str(west) in after


def test_the_figures_are_a_plain_count(east, west, trade, reader, signed_in):
    first, second = under(trade, east, "甲"), under(trade, west, "乙", dissolved=D(2022, 7, 1))
    both = make.enterprise(east)
    for body in (first, second):
        make.cover(both, body)
        make.cover(make.enterprise(west), body)
    make.cover(make.enterprise(west), make.organization(west))
    make.reach(first, "activity", D(2022, 5, 1))
    question = asked_about(DAY)
    found = bodies(question, Catalogue(), line_id=trade.pk)
    assert summed(question, found) == (2, 1, 0, 0, 3)
    later = asked_about(D(2022, 7, 1))
    assert summed(later, bodies(later, Catalogue(), line_id=trade.pk)).organizations == 1
    page = signed_in(reader).get("/line/?as_of=2022-06-01")
    assert page.context["summed"].enterprises == 3
    assert signed_in(reader).get("/line/export/").status_code == 200
