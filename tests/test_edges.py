"""Edges that have a name: the same day, ended before, the second time."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from common.plan import Item
from enterprises.close import close, reopen
from enterprises.models import BaseExclusion, Enterprise, Jurisdiction, MassOrganization, MassOrganizationKind
from enterprises.transfer import transfer
from ledgers.recognising.values import CellProblem, count, yes_no
from organizations.dissolve import dissolve, restore_organization
from organizations.models import Cover, MemberStage, PartyOrganization, State
from organizations.people import advance, place
from organizations.record import record_item
from reports.coverage import coverage_on, enterprises_in
from tests import make
from tests.histories import facts

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


def test_a_mass_organization_that_has_ended_is_none(east):
    enterprise = make.enterprise(east)
    for kind in MassOrganizationKind:
        MassOrganization.objects.create(enterprise=enterprise, kind=kind, start=D(2015, 1, 1))
    assert coverage_on(DAY).district["mass_complete"] == 1
    MassOrganization.objects.filter(kind="union").update(end=DAY)
    assert coverage_on(DAY).district["mass_complete"] == 0


def test_a_closed_enterprise_that_was_excluded_is_closed(east):
    enterprise = make.enterprise(east)
    BaseExclusion.objects.create(enterprise=enterprise, start=D(2021, 1, 1), reason="shell", evidence="核查")
    close(enterprise, on=DAY)
    outside = coverage_on(DAY).district
    assert (outside["closed"], outside["left_out"]) == (1, 0)
    assert list(enterprises_in("closed", DAY)) == [enterprise]


def test_what_begins_on_the_day_of_closing_never_came(east):
    enterprise = make.enterprise(east)
    make.cover(enterprise, make.organization(east), DAY)
    close(enterprise, on=DAY)
    assert not Cover.objects.exists()
    reopen(Enterprise.objects.get())
    assert Cover.objects.get().start == DAY


def test_a_second_transfer(east, west):
    enterprise = make.enterprise(east)
    transfer(enterprise, committee=west, on=D(2021, 1, 1))
    transfer(enterprise, committee=east, on=D(2022, 1, 1))
    spans = Jurisdiction.objects.order_by("start").values_list("committee", "end")
    assert list(spans) == [(east.pk, D(2021, 1, 1)), (west.pk, D(2022, 1, 1)), (east.pk, None)]
    with pytest.raises(ValidationError, match="必须更晚"):
        transfer(enterprise, committee=west, on=D(2021, 6, 1))


def test_a_cover_of_an_enterprise_that_closed_the_same_day_does_not_outlive_it(east):
    enterprise, body = make.enterprise(east), make.organization(east)
    make.cover(enterprise, body)
    close(enterprise, on=DAY)
    dissolve(PartyOrganization.objects.get(), on=DAY)
    restore_organization(PartyOrganization.objects.get())
    assert Cover.objects.get().end == DAY
    before = facts()
    reopen(Enterprise.objects.get())
    assert Cover.objects.get().end is None and facts() != before


def test_a_stage_or_a_place_on_the_same_day_is_refused(east):
    enterprise = make.enterprise(east)
    person = make.member(east, enterprise, "activist", DAY)
    with pytest.raises(ValidationError, match="必须更晚"):
        advance(person, stage="full", on=DAY)
    person.placements.update(start=DAY)
    with pytest.raises(ValidationError, match="必须更晚"):
        place(person, enterprise=enterprise, organization=None, position_group="", on=DAY)
    young = make.organization(east, established=D(2023, 1, 1))
    with pytest.raises(ValidationError, match="不在册"):
        place(person, enterprise=None, organization=young, position_group="", on=D(2022, 7, 1))
    assert MemberStage.objects.get().stage == "activist"


@pytest.mark.parametrize(("covered", "crowded"), [(5, 0), (6, 1)])
def test_a_joint_organization_is_crowded_above_five(east, covered, crowded):
    body = make.organization(east)
    PartyOrganization.objects.update(form="joint")
    for _ in range(covered):
        make.cover(make.enterprise(east), body)
    assert PartyOrganization.objects.due("crowded", DAY).count() == crowded


def test_an_item_twice_on_one_day_is_refused(east):
    body, seal = make.organization(east), Item.objects.get(code="gift_seal")
    record_item(body, item=seal, note="", on=DAY)
    with pytest.raises(ValidationError, match="已登记"):
        record_item(body, item=seal, note="", on=DAY)
    record_item(body, item=seal, note="补记", on=D(2021, 1, 1))
    assert (State.objects.get().start, State.objects.get().note) == (D(2021, 1, 1), "补记")


def test_an_inactive_committee_user_sees_nothing(cast, two_enterprises):
    assert Enterprise.objects.visible_to(cast.dong).count() == 1
    cast.dong.is_active = False
    assert not Enterprise.objects.visible_to(cast.dong).exists()


def test_numbers_have_a_limit_and_words_of_no_are_no():
    assert count("10000000") == 10_000_000
    with pytest.raises(CellProblem, match="过大"):
        count("10000001")
    assert yes_no("没建") is False


def test_stored_facts_that_break_a_law_are_named_and_can_be_cut(east, capsys):
    enterprise = make.enterprise(east, "旧企业", closed=DAY)
    MassOrganization.objects.create(enterprise=enterprise, kind="union", start=D(2015, 1, 1))
    with pytest.raises(SystemExit):
        call_command("check_facts")
    assert f"所属对象已于 {DAY} 注销或撤销" in capsys.readouterr().out
    call_command("check_facts", "--mend")
    assert "截止了 1 条" in capsys.readouterr().out and MassOrganization.objects.get().end == DAY


def test_a_founding_day_that_is_corrected_takes_the_covers_along_that_began_with_it(cast, signed_in, east):
    body = make.organization(east, established=D(2019, 3, 1))
    with_it, later = make.enterprise(east), make.enterprise(east)
    make.cover(with_it, body, D(2019, 3, 1))
    make.cover(later, body, D(2021, 5, 1))
    client = signed_in(cast.dong)
    address = f"/organizations/{body.pk}/edit/"
    form = client.get(address).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    refused = client.post(address, {**answers, "established_on": "2020-06-01", "move_covers": ""})
    assert refused.status_code == 422 and "已登记从 2019-03-01 起覆盖企业" in refused.content.decode()
    assert client.post(address, {**answers, "established_on": "2020-06-01", "move_covers": "on"}).status_code == 302
    assert (with_it.covers.get().start, later.covers.get().start) == (D(2020, 6, 1), D(2021, 5, 1))
    # Earlier again, but an enterprise is not covered before it was registered.
    with_it.registered_on = D(2019, 1, 15)
    with_it.save()
    form = client.get(address).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    assert client.post(address, {**answers, "established_on": "2018-01-01", "move_covers": "on"}).status_code == 302
    assert with_it.covers.get().start == D(2019, 1, 15)
