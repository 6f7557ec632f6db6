"""Which enterprise leads a joint branch (clause 9)."""

import datetime as dt

import pytest

from organizations.cover import lead
from organizations.dissolve import dissolve
from organizations.models import Cover, OrganizationForm, PartyOrganization
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


@pytest.fixture
def joint(east) -> PartyOrganization:
    body = make.organization(east, "联合支部", form=OrganizationForm.JOINT)
    for name in ("甲厂", "乙厂"):
        make.cover(make.enterprise(east, name), body)
    return body


def leaders(body: PartyOrganization) -> list[str]:
    return [str(each.enterprise) for each in body.covers.filter(leads=True)]


def test_one_leads_and_the_one_before_no_more(joint):
    first, second = joint.covers.order_by("pk")
    assert lead(first) == ["甲厂牵头联合支部"]
    assert lead(second) == ["甲厂不再牵头", "乙厂牵头联合支部"]
    assert leaders(joint) == ["乙厂"]


def test_who_is_led_by_nobody_is_to_be_done(joint, east, cast, signed_in):
    make.cover(make.enterprise(east), make.organization(east, "单独支部"))
    make.organization(east, "没有覆盖的", form=OrganizationForm.JOINT)
    assert list(PartyOrganization.objects.due("no_lead", DAY)) == [joint]
    client = signed_in(cast.dong)
    assert "联合支部" in client.get("/organizations/?due=no_lead").content.decode()
    first = joint.covers.order_by("pk")[0]
    make.confirm(client, f"/facts/cover/{first.pk}/lead/", {})
    assert not PartyOrganization.objects.due("no_lead", DAY).exists() and leaders(joint) == ["甲厂"]
    assert "牵头" in client.get(f"/organizations/{joint.pk}/").content.decode()


def test_who_leaves_leads_no_more(joint):
    first = joint.covers.order_by("pk")[0]
    lead(first)
    Cover.objects.filter(pk=first.pk).update(end=D(2022, 1, 1))
    assert list(PartyOrganization.objects.due("no_lead", DAY)) == [joint]
    assert not PartyOrganization.objects.due("no_lead", D(2021, 1, 1)).exists()
    dissolve(joint, on=D(2022, 5, 1))
    assert not PartyOrganization.objects.due("no_lead", DAY).exists()


def test_only_whose_organization_it_is_says_who_leads(joint, east, west, cast, signed_in):
    theirs = make.enterprise(west, "西厂")
    cover = make.cover(theirs, joint)
    said = signed_in(cast.xi).post(f"/facts/cover/{cover.pk}/lead/", {}).content.decode()
    assert f"由{east}管理" in said and leaders(joint) == []


def test_a_single_branch_has_no_leader(east, cast, signed_in):
    row = make.enterprise(east)
    cover = make.cover(row, make.organization(east))
    assert f"/facts/cover/{cover.pk}/lead/" not in signed_in(cast.dong).get(f"/enterprises/{row.pk}/").content.decode()


def test_founded_together_with_a_leader(east, cast, signed_in):
    rows = [make.enterprise(east, name) for name in ("丙厂", "丁厂")]
    answers = {
        "row": [each.pk for each in rows], "name": "新联合支部", "leader": rows[1].pk, "on": "2022-05-01", "back": "/joint-branches/",
    }  # fmt: skip
    make.confirm(signed_in(cast.dong), "/enterprises/bulk/found-joint/", answers)
    assert leaders(PartyOrganization.objects.get(name="新联合支部")) == ["丁厂"]
