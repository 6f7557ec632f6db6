"""Named actions: what they end and start, what they refuse, and that the preview is the deed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.close import close
from enterprises.exclude import exclude, include_again
from enterprises.models import BaseExclusion, Enterprise, Jurisdiction
from enterprises.transfer import transfer
from instructors.assign import assign, end_assignment
from organizations.change import change_organization
from organizations.cover import cover, end_cover
from organizations.dissolve import dissolve
from organizations.merge import merge
from organizations.models import Cover, PartyOrganization, SecretaryTerm
from organizations.reelect import reelect
from reports.coverage import coverage_on
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


def test_close_ends_covers_and_assignments_on_the_day(two_enterprises):
    enterprise = two_enterprises.first
    make.cover(enterprise, make.organization(enterprise.jurisdictions.get().committee), D(2023, 1, 1))
    effects = close(enterprise, on=DAY)
    assert len(effects) == 4
    assert list(enterprise.covers.values_list("end", flat=True)) == [DAY]  # the later one never came to be
    assert enterprise.assignments.get().end == DAY
    assert (coverage_on(D(2022, 5, 31)).district["enterprises"], coverage_on(DAY).district["enterprises"]) == (2, 1)
    with pytest.raises(ValidationError, match="已于"):
        close(enterprise, on=DAY)


def test_exclude_and_include_again(two_enterprises):
    enterprise = two_enterprises.first
    exclude(enterprise, reason="shell", evidence="核查", on=DAY, review_on=D(2023, 6, 1))
    assert coverage_on(DAY).district["left_out"] == 1
    with pytest.raises(ValidationError, match="重叠"):
        exclude(enterprise, reason="shell", evidence="核查", on=D(2022, 7, 1), review_on=D(2023, 6, 1))
    with pytest.raises(ValidationError, match="必须更晚"):
        include_again(enterprise, on=DAY)
    include_again(enterprise, on=D(2022, 9, 1))
    assert BaseExclusion.objects.get().end == D(2022, 9, 1)
    with pytest.raises(ValidationError, match="没有被剔除"):
        include_again(enterprise, on=D(2022, 10, 1))


def test_transfer_leaves_history_with_the_old_committee(two_enterprises, east, west):
    enterprise = two_enterprises.first
    transfer(enterprise, committee=west, on=DAY)
    assert list(enterprise.jurisdictions.values_list("committee", "end")) == [(east.pk, DAY), (west.pk, None)]
    assert coverage_on(D(2022, 5, 31)).committee(east.pk)["enterprises"] == 1
    assert coverage_on(DAY).committee(west.pk)["enterprises"] == 2
    for committee, on in ((west, D(2023, 1, 1)), (east, DAY)):
        with pytest.raises(ValidationError):
            transfer(enterprise, committee=committee, on=on)


def test_cover_assign_and_their_ends(two_enterprises, east):
    enterprise = two_enterprises.first
    organization = make.organization(east, established=D(2020, 1, 1))
    with pytest.raises(ValidationError, match="不在册"):
        cover(enterprise, organization=organization, on=D(2019, 1, 1))
    cover(enterprise, organization=organization, on=DAY)
    with pytest.raises(ValidationError, match="重叠"):
        cover(enterprise, organization=organization, on=D(2022, 7, 1))
    made = Cover.objects.get(organization=organization)
    with pytest.raises(ValidationError, match="必须更晚"):
        end_cover(made, on=DAY)
    end_cover(made, on=D(2023, 1, 1))
    with pytest.raises(ValidationError, match="已于"):
        end_cover(made, on=D(2023, 2, 1))
    held = enterprise.assignments.get()
    end_assignment(held, on=DAY)
    assign(enterprise, instructor=held.instructor, on=DAY)
    assert enterprise.assignments.filter(end=None).count() == 1


def test_dissolve_merge_reelect_and_change_kind(two_enterprises, east):
    old = two_enterprises.first.covers.get().organization
    new = make.organization(east, "中共新支部")
    SecretaryTerm.objects.create(organization=old, name="老书记", start=make.LONG_AGO)
    effects = merge(old, into=new, on=DAY)
    assert any("结束老书记的书记任期" in effect for effect in effects)
    old.refresh_from_db()
    assert old.dissolved_on == DAY and old.covers.get().end == DAY
    assert new.covers.get().start == DAY and new.covers.get().enterprise == two_enterprises.first
    assert coverage_on(DAY).district["organization_covered"] == 2
    for wrong in (
        lambda: dissolve(old, on=D(2023, 1, 1)),
        lambda: merge(new, into=new, on=D(2023, 1, 1)),
        lambda: dissolve(new, on=D(2000, 1, 1)),
    ):
        with pytest.raises(ValidationError):
            wrong()
    change_organization(new, kind="branch", on=DAY)
    assert "任期到 2025-06-01" in reelect(new, name="新书记", source="official", on=DAY)[-1]
    reelect(new, name="再新书记", source="official", on=D(2025, 6, 1))
    assert list(new.secretary_terms.values_list("name", "end")) == [("新书记", D(2025, 6, 1)), ("再新书记", None)]
    with pytest.raises(ValidationError):
        reelect(new, name="早", source="official", on=DAY)


def test_ten_secretaries_are_elected_again_at_once(east, cast, signed_in):
    bodies = [make.organization(east, kind="branch", established=D(2015, 1, 1)) for _ in range(10)]
    for number, body in enumerate(bodies):
        body.secretary_terms.create(
            name=f"书{number}", source="veteran", start=D(2019, 1, 1), term_ends_on=D(2022, 1, 1)
        )
    without = make.organization(east)
    client = signed_in(cast.dong)
    rows = [body.pk for body in bodies]
    wrong = client.post("/organizations/bulk/renew/", {"row": [*rows, without.pk], "on": "2022-06-01"})
    assert wrong.status_code == 422 and "没有在任的书记" in wrong.content.decode()
    page = client.get("/organizations/?due=overdue&as_of=2022-06-01").content.decode()
    assert all(body.name in page for body in bodies)
    assert make.confirm(client, "/organizations/bulk/renew/", {"row": rows, "on": "2022-06-01"}).status_code == 302
    for number, body in enumerate(bodies):
        term = body.secretary_terms.get(end=None)
        assert (term.name, term.source, term.elected_on) == (f"书{number}", "veteran", DAY)
        assert term.term_ends_on == D(2025, 6, 1)
    assert bodies[0].name not in client.get("/organizations/?due=overdue&as_of=2022-06-02").content.decode()


def test_the_page_shows_what_will_happen_and_does_it_only_when_sure(cast, signed_in, two_enterprises):
    client, enterprise = signed_in(cast.dong), two_enterprises.first
    address = f"/enterprises/{enterprise.pk}/close/"
    shown = client.post(address, {"on": "2022.06.01"}).content.decode()
    assert (
        "确认后将" in shown and "自 2022-06-01 起注销" in shown and "结束中共东方商贸有限公司支部委员会的覆盖" in shown
    )
    enterprise.refresh_from_db()
    assert enterprise.closed_on is None and enterprise.covers.get().end is None
    done = make.confirm(client, address, {"on": "2022-06-01"}, follow=True).content.decode()
    assert "注销：自 2022-06-01 起注销" in done
    enterprise.refresh_from_db()
    assert enterprise.closed_on == DAY
    assert enterprise.history.first().history_user == cast.dong


@pytest.mark.parametrize(
    ("on", "words"),
    [("", "请填写生效日期"), ("2022-13-01", "没有 13 月"), ("2022-06", "要到日"), ("2001-01-01", "不能更早")],
)
def test_a_date_that_will_not_do_is_said_beside_the_field(cast, signed_in, two_enterprises, on, words):
    answer = signed_in(cast.dong).post(f"/enterprises/{two_enterprises.first.pk}/close/", {"on": on, "sure": "1"})
    assert answer.status_code == 422 and words in answer.content.decode()
    two_enterprises.first.refresh_from_db()
    assert two_enterprises.first.closed_on is None


def test_anothers_rows_are_no_choice(cast, signed_in, two_enterprises, west):
    client = signed_in(cast.dong)
    theirs = two_enterprises.second
    for address, answers in [
        (f"/enterprises/{two_enterprises.first.pk}/assign/", {"instructor": theirs.assignments.get().instructor_id}),
        (f"/enterprises/{two_enterprises.first.pk}/cover/", {"organization": theirs.covers.get().organization_id}),
        (
            f"/organizations/{two_enterprises.first.covers.get().organization_id}/merge/",
            {"into": theirs.covers.get().organization_id},
        ),
    ]:
        answer = client.post(address, {**answers, "on": "2022-06-01", "sure": "1"})
        assert answer.status_code == 422 and "西山" not in answer.content.decode()
    assert Cover.objects.count() == 2


FORM = {
    "name": "新开有限公司",
    "registered_on": "2020年5月1日",
    "credit_code": "",
    "ownership": "",
    "industry_section": "",
}


def test_add_an_enterprise_with_its_committee(cast, signed_in, east):
    client = signed_in(cast.dong)
    client.post("/enterprises/new/", {**FORM, "committee": east.pk, "credit_code": make.credit_code(3).lower()})
    made = Enterprise.objects.get()
    assert (made.credit_code, made.registered_on) == (make.credit_code(3), D(2020, 5, 1))
    assert Jurisdiction.objects.get().start == D(2020, 5, 1)


def test_likely_duplicates_are_shown_before_saving(cast, signed_in, east, west):
    make.enterprise(east, "新开有限责任公司")
    make.enterprise(west, "新开集团有限公司")
    client = signed_in(cast.dong)
    shown = client.post("/enterprises/new/", {**FORM, "committee": east.pk}).content.decode()
    assert "新开有限责任公司" in shown and "新开集团" not in shown and Enterprise.objects.count() == 2
    client.post("/enterprises/new/", {**FORM, "committee": east.pk, "despite": FORM["name"]})
    assert Enterprise.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "这个字段是必填项"),
        ({"name": "名" * 300}, "200"),
        ({"name": "坏\x00名"}, "空字符"),
        ({"credit_code": "91350100M000100Y44"}, "校验位不对"),
        ({"credit_code": "taken"}, "已登记为“占用代码的企业”"),
        ({"registered_on": "2099-01-01"}, "在未来"),
        ({"registered_on": "2019.13"}, "没有 13 月"),
        ({"committee": "999"}, "committee"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_nothing_saved(cast, signed_in, east, change, words):
    existing = make.enterprise(east, "占用代码的企业")
    if change.get("credit_code") == "taken":
        change = {"credit_code": existing.credit_code}
    answer = signed_in(cast.dong).post("/enterprises/new/", {**FORM, "committee": east.pk, **change})
    assert answer.status_code == 422 and words in answer.content.decode() and 'class="fault"' in answer.content.decode()
    assert Enterprise.objects.count() == 1


def edited(enterprise: Enterprise, **change) -> dict:
    from common.desk.versioned import version_of

    return {
        "name": enterprise.name,
        "credit_code": enterprise.credit_code,
        "registered_on": enterprise.registered_on,
        "version": version_of(enterprise),
        **change,
    }


def test_the_second_of_two_saves_is_shown_both_values_and_loses_nothing(cast, signed_in, two_enterprises):
    enterprise = two_enterprises.first
    address = f"/enterprises/{enterprise.pk}/edit/"
    stale = edited(enterprise, remark="第二个人的备注", village="第二个人的村")
    client = signed_in(cast.wei)
    assert client.post(address, edited(enterprise, village="第一个人的村")).status_code == 302
    client = signed_in(cast.dong)
    answer = client.post(address, stale)
    page = answer.content.decode()
    assert answer.status_code == 422 and "wei已保存过" in page
    assert "改成了：第一个人的村" in page and "第二个人的村" in page and "第二个人的备注" in page
    enterprise.refresh_from_db()
    assert (enterprise.village, enterprise.remark) == ("第一个人的村", "")
    from common.desk.versioned import version_of

    assert f'value="{version_of(enterprise)}"' in page
    assert client.post(address, {**stale, "version": version_of(enterprise)}).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.village, enterprise.remark) == ("第二个人的村", "第二个人的备注")


def test_the_admins_second_save_is_stopped_too(cast, signed_in, two_enterprises):
    from common.desk.versioned import version_of
    from organizations.models import PartyOrganization

    body = PartyOrganization.objects.first()
    address = f"/admin/organizations/partyorganization/{body.pk}/change/"
    client = signed_in(cast.admin)
    assert 'name="version"' in client.get(address).content.decode()
    typed = {
        "committee": body.committee_id, "name": "第二个人改的名", "kind": "", "form": "", "subordination": "territorial",
        "superior": "", "established_on": "2010-01-01", "established_precision": "day", "dissolved_on": "", "version": version_of(body),
    }  # fmt: skip
    body.name = "第一个人改的名"
    body.save()
    answer = client.post(address, typed)
    assert answer.status_code == 200 and "改成了：第一个人改的名" in answer.content.decode()
    body.refresh_from_db()
    assert body.name == "第一个人改的名"
    assert client.post(address, {**typed, "version": version_of(body)}).status_code == 302
    body.refresh_from_db()
    assert body.name == "第二个人改的名"


def test_saving_an_untouched_form_changes_nothing(cast, signed_in, two_enterprises):
    from html.parser import HTMLParser

    enterprise = two_enterprises.first
    Enterprise.objects.filter(pk=enterprise.pk).update(
        above_scale=True,
        representative_is_member=False,
        ownership="hmt",
        planned_on=D(2024, 1, 1),
        reason_not_established="other",
    )
    client = signed_in(cast.dong)
    answer = client.get(f"/enterprises/{enterprise.pk}/edit/")

    class Form(HTMLParser):
        values: dict = {}
        select = None

        def handle_starttag(self, tag, attrs):
            found = dict(attrs)
            if tag == "input" and found.get("name"):
                self.values[found["name"]] = found.get("value", "")
            elif tag == "select":
                self.select = found["name"]
            elif tag == "option" and "selected" in found:
                self.values[self.select] = found["value"]

    parser = Form()
    parser.feed(answer.content.decode())
    before = Enterprise.objects.filter(pk=enterprise.pk).values().get()
    assert client.post(f"/enterprises/{enterprise.pk}/edit/", parser.values).status_code == 302
    assert Enterprise.objects.filter(pk=enterprise.pk).values().get() == before


def test_an_earlier_founding_day_belongs_to_the_first_committee(cast, signed_in, two_enterprises, east):
    enterprise = two_enterprises.first
    signed_in(cast.dong).post(f"/enterprises/{enterprise.pk}/edit/", edited(enterprise, registered_on="2012-01-01"))
    assert enterprise.jurisdictions.get().start == D(2012, 1, 1)


def test_the_detail_pages_tell_who_recorded_what(cast, signed_in, two_enterprises):
    enterprise = two_enterprises.first
    client = signed_in(cast.dong)
    client.post(f"/enterprises/{enterprise.pk}/edit/", edited(enterprise, village="新村"))
    make.exclude(enterprise, D(2020, 1, 1), D(2020, 5, 1))
    page = client.get(f"/enterprises/{enterprise.pk}/").content.decode()
    for words in (
        "纳入基数",
        "党组织已覆盖",
        "所属村（社区）：（空） → 新村",
        "dong",
        "不纳入基数：空壳：结束",
        "职工人数未知",
    ):
        assert words in page, words
    assert (
        "中共东方商贸有限公司支部委员会"
        in client.get(f"/organizations/{enterprise.covers.get().organization_id}/").content.decode()
    )
    assert (
        "东方商贸有限公司" in client.get(f"/instructors/{enterprise.assignments.get().instructor_id}/").content.decode()
    )


def test_the_statements_of_a_detail_page_do_not_grow_with_the_facts(cast, signed_in, two_enterprises, east):
    client, enterprise = signed_in(cast.wei), two_enterprises.first

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/enterprises/{enterprise.pk}/").status_code == 200
        return len(queries)

    make.headcount(enterprise, D(2018, 1, 1), D(2019, 1, 1), employees=1)
    few = statements()
    for year in range(2019, 2024):
        make.headcount(enterprise, D(year, 1, 1), D(year + 1, 1, 1), employees=year)
        make.cover(enterprise, make.organization(east), D(year, 1, 1))
        make.assign(enterprise, east, D(year, 1, 1))
    assert statements() == few < 54


def test_what_begins_may_be_stated_to_the_month(east, cast, signed_in):
    enterprise, body = make.enterprise(east), make.organization(east)
    client = signed_in(cast.dong)
    answers = {"organization": body.pk, "on": "2021年3月", "sure": "1"}
    shown = client.post(f"/enterprises/{enterprise.pk}/cover/", {**answers, "sure": ""}).content.decode()
    assert "自 2021-03 起覆盖" in shown
    make.confirm(client, f"/enterprises/{enterprise.pk}/cover/", answers)
    cover = Cover.objects.get()
    assert (cover.start, cover.start_precision) == (dt.date(2021, 3, 1), "month")
    ended = client.post(f"/facts/cover/{cover.pk}/end/", {"on": "2022-06"})
    assert "要到日" in ended.content.decode()


def test_a_founding_may_be_corrected_to_the_month(east, cast, signed_in):
    body = make.organization(east, "中共东方支部委员会")
    client = signed_in(cast.dong)
    form = client.get(f"/organizations/{body.pk}/edit/").context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    assert client.post(f"/organizations/{body.pk}/edit/", {**answers, "established_on": "2009.03"}).status_code == 302
    body.refresh_from_db()
    assert (body.established_on, body.established_precision) == (dt.date(2009, 3, 1), "month")


@pytest.mark.parametrize("along", [True, False])
def test_a_transfer_asks_about_the_enterprises_own_organization(east, west, cast, signed_in, along):
    enterprise, other = make.enterprise(east), make.enterprise(east)
    own, joint = make.organization(east, "中共东方支部委员会"), make.organization(east)
    PartyOrganization.objects.update(form="single")
    make.cover(enterprise, own)
    for each in (enterprise, other):
        make.cover(each, joint)
    client, address = signed_in(cast.wei), f"/enterprises/{enterprise.pk}/transfer/"
    assert "单独组建的中共东方支部委员会一起划转" in client.get(address).content.decode()
    assert "一起划转" not in client.get(f"/enterprises/{other.pk}/transfer/").content.decode()
    answers = {"committee": west.pk, "on": "2022-06-01", "sure": "1", **({"with_organization": "on"} if along else {})}
    make.confirm(client, address, answers)
    own.refresh_from_db()
    assert own.committee == (west if along else east) and joint.committee == east
    assert PartyOrganization.objects.as_on(dt.date(2022, 5, 31)).get(pk=own.pk).was_committee == east.pk
