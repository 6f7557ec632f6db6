"""Forms, boxes that suggest, corrections, people, phones."""

import datetime as dt

import pytest

from committees.models import AccessLog
from common.identifiers import IdentifierError, check_id_number, fingerprint
from enterprises.models import Enterprise, Headcount, MassOrganization
from instructors.models import Assignment, Instructor
from organizations.models import Cover, Event, Member, PartyOrganization, State
from reports.coverage import coverage_on
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
ID_NUMBER = "11010519491231002X"


# -- forms ----------------------------------------------------------------------------------------


def test_an_organization_is_added_and_edited_with_a_version(cast, signed_in, east, west):
    client = signed_in(cast.dong)
    form = {"name": "中共甲公司支部委员会", "kind": "branch", "form": "single", "established_on": "2021年3月1日", "subordination": "territorial", "committee": east.pk}  # fmt: skip
    assert client.post("/organizations/new/", {**form, "committee": west.pk}).status_code == 422
    assert client.post("/organizations/new/", form).status_code == 302
    made = PartyOrganization.objects.get()
    assert (made.committee, made.established_on) == (east, D(2021, 3, 1))
    again = client.post("/organizations/new/", {**form, "despite": form["name"]})
    assert again.status_code == 422 and "本单位已有同名的党组织" in again.content.decode()
    first = client.get(f"/organizations/{made.pk}/edit/").context["form"].initial
    version = client.get(f"/organizations/{made.pk}/edit/").context["form"]["version"].value()
    edit = {**form, "version": version}
    assert client.post(f"/organizations/{made.pk}/edit/", {**edit, "kind": "general_branch"}).status_code == 302
    second = client.post(f"/organizations/{made.pk}/edit/", {**edit, "kind": "committee", "name": "改名支部"})
    page = second.content.decode()
    assert (
        second.status_code == 422 and "改成了：党总支" in page and "改名支部" in page and first["name"] == form["name"]
    )
    made.refresh_from_db()
    assert (made.name, made.kind) == (form["name"], "general_branch")
    # What only one of the two changed is kept, whoever it was.
    assert client.post(f"/organizations/{made.pk}/edit/", {**edit, "name": "改名支部"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.kind) == ("改名支部", "general_branch")
    for strange in ("abc", "9" * 30):
        assert client.post(f"/organizations/{made.pk}/edit/", {**edit, "version": strange}).status_code in {302, 422}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"established_on": "2099-01-01"}, "在未来"),
        ({"established_on": "2019.2.30"}, "没有 30 日"),
        ({"name": "名" * 300}, "200"),
        ({"superior": "line"}, "属地管理的不填上级党组织"),
        ({"superior": "other"}, "选择"),
        ({"kind": "nonsense"}, "nonsense"),
    ],
)
def test_what_an_organization_cannot_be_is_said_beside_the_field(cast, signed_in, east, west, change, words):
    from committees.models import Committee

    line = Committee.objects.create(kind="industry_line", name="发改委党委")
    keys = {"line": line.pk, "other": west.pk}
    change = {name: keys.get(value, value) for name, value in change.items()}
    form = {"name": "甲支部", "established_on": "2021-03-01", "subordination": "territorial", "committee": east.pk}
    answer = signed_in(cast.dong).post("/organizations/new/", {**form, **change})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and 'class="fault"' in page
    assert not PartyOrganization.objects.exists()


def test_an_organization_is_not_made_younger_than_its_covers(cast, signed_in, two_enterprises):
    body = two_enterprises.first.covers.get().organization
    client = signed_in(cast.dong)
    version = client.get(f"/organizations/{body.pk}/edit/").context["form"]["version"].value()
    form = {"name": body.name, "established_on": "2022-01-01", "subordination": "territorial", "version": version}
    assert "已登记从 2010-01-01 起覆盖企业" in client.post(f"/organizations/{body.pk}/edit/", form).content.decode()


def test_an_instructor_is_added_assigned_and_told_from_a_namesake(cast, signed_in, east, two_enterprises):
    client = signed_in(cast.dong)
    form = {"name": "王派", "unit": "党政办", "full_time": "true", "phone": "13800000001", "committee": east.pk}
    client.post("/instructors/new/", form)
    twice = client.post("/instructors/new/", form)
    assert "可能已经登记过的指导员" in twice.content.decode() and Instructor.objects.filter(name="王派").count() == 1
    client.post("/instructors/new/", {**form, "despite": form["name"]})
    assert Instructor.objects.filter(name="王派").count() == 2
    person = Instructor.objects.filter(name="王派").first()
    answers = {"enterprise": "东方商贸有限公司", "on": "2022-06-01"}
    assert "自 2022-06-01 起派驻" in client.post(f"/instructors/{person.pk}/assign/", answers).content.decode()
    assert make.confirm(client, f"/instructors/{person.pk}/assign/", {**answers, "sure": "1"}).status_code == 302
    assert Assignment.objects.get(instructor=person).enterprise == two_enterprises.first
    other = client.post(f"/instructors/{person.pk}/assign/", {"enterprise": "西山物流有限公司", "on": "2022-06-01"})
    assert other.status_code == 422 and "没有“西山物流有限公司”或不能选它" in other.content.decode()


def test_a_member_is_added_and_the_id_number_is_only_fingerprinted(cast, signed_in, east, two_enterprises):
    client = signed_in(cast.dong)
    enterprise = two_enterprises.first
    form = {"name": "李员", "committee": east.pk, "stage": "full", "stage_since": "2015-07-01", "id_number": ID_NUMBER.lower(), "enterprise": f"{enterprise}（编号 {enterprise.pk}）", "phone": "13900000002"}  # fmt: skip
    wrong = client.post("/members/new/", {**form, "id_number": "110105194912310021"})
    assert wrong.status_code == 422 and "校验位不对" in wrong.content.decode()
    assert client.post("/members/new/", form).status_code == 302
    member = Member.objects.get()
    assert member.id_fingerprint == fingerprint(ID_NUMBER)
    assert (member.born_on, member.sex) == (D(1949, 12, 31), "female")
    assert member.stages.get().stage == "full" and member.placements.get().enterprise == enterprise
    twice = client.post("/members/new/", {**form, "name": "别名", "despite": "别名"})
    assert "已登记为“李员”" in twice.content.decode() and Member.objects.count() == 1
    page = client.get(f"/members/{member.pk}/").content.decode()
    assert "139****0002" in page and "13900000002" not in page and "002X" not in page and ID_NUMBER not in page
    # The place is a link to the enterprise, and it lists the person.
    assert f"/enterprises/{enterprise.pk}/" in page
    assert "李员" in client.get(f"/enterprises/{enterprise.pk}/").content.decode()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1101051949123100", "应为 18 位，现为 16 位"),
        ("11010519491331002X", "校验位|出生日期不存在"),
        ("1101051949123100AX", "只能是数字"),
        ("", "应为 18 位"),
    ],
)
def test_id_numbers_are_checked_without_repeating_them(number, words):
    with pytest.raises(IdentifierError, match=words) as error:
        check_id_number(number)
    assert not number or number not in str(error.value)


def test_an_old_id_number_is_the_same_person():
    old = f"{ID_NUMBER[:6]}{ID_NUMBER[8:17]}"
    assert check_id_number(old) == check_id_number(" 1101 0519 4912 31002ｘ ")


# -- boxes that suggest ---------------------------------------------------------------------------


def test_suggestions_hold_ones_own_and_are_found_by_initials(cast, signed_in, two_enterprises):
    client = signed_in(cast.dong)
    lines = client.get("/lookup/enterprises/", {"organization": "dfsm"}).content.decode()
    assert f"东方商贸有限公司（编号 {two_enterprises.first.pk}）" in lines
    assert "西山物流" not in client.get("/lookup/enterprises/", {"q": "西山"}).content.decode()
    assert "没有“西山”" in client.get("/lookup/enterprises/", {"q": "西山"}).content.decode()
    assert "东方商贸" not in signed_in(cast.nobody).get("/lookup/enterprises/", {"q": "东方"}).content.decode()
    assert client.get("/lookup/nonsense/").status_code == 404


@pytest.mark.parametrize("typed", ["中共西山物流有限公司支部委员会", "other's number", "999999", "（编号 1）x", "\x00"])
def test_another_committees_record_cannot_be_chosen(cast, signed_in, two_enterprises, typed):
    other = two_enterprises.second.covers.get().organization
    typed = str(other.pk) if typed == "other's number" else typed
    answers = {"organization": typed, "on": "2022-06-01", "sure": "1"}
    answer = signed_in(cast.dong).post(f"/enterprises/{two_enterprises.first.pk}/cover/", answers)
    assert answer.status_code == 422 and Cover.objects.count() == 2


def test_a_name_that_several_bear_must_be_chosen(cast, signed_in, east, two_enterprises):
    for _ in range(2):
        Instructor.objects.create(committee=east, name="同名")
    answers = {"instructor": "同名", "on": "2022-06-01"}
    answer = signed_in(cast.dong).post(f"/enterprises/{two_enterprises.first.pk}/assign/", answers)
    assert "有几个“同名”" in answer.content.decode()


def test_a_credit_code_is_checked_as_it_is_typed(cast, signed_in, two_enterprises):
    client = signed_in(cast.dong)

    def said(code: str, **more) -> str:
        return client.get("/enterprises/check-credit-code/", {"credit_code": code, **more}).content.decode()

    free, taken = make.credit_code(777), two_enterprises.first.credit_code
    assert "校验位正确" in said(free) and said("").strip() == ""
    assert "已登记为“东方商贸有限公司”" in said(taken)
    assert "校验位正确" in said(taken, of=two_enterprises.first.pk)
    # Whether it is another committee's is not told.
    assert said(two_enterprises.second.credit_code) == said(free)
    assert "校验位不对" in said(f"{free[:-1]}{'1' if free[-1] != '1' else '2'}")
    assert "个体工商户" in said("92350100M000100Y4"[:17] + _check("92350100M000100Y4"[:17]))


def _check(body: str) -> str:
    from stdnum.cn import uscc

    return uscc.calc_check_digit(body)


# -- named actions on facts -----------------------------------------------------------------------


def test_a_wrong_date_is_corrected_and_the_figure_follows(cast, signed_in, two_enterprises):
    cover = two_enterprises.first.covers.get()
    client = signed_in(cast.dong)
    address = f"/facts/cover/{cover.pk}/correct/"
    shown = client.post(address, {"start": "2021.03.05", "end": ""})
    assert "开始日期由 2010-01-01 改为 2021-03-05" in shown.content.decode()
    cover.refresh_from_db()
    assert cover.start == D(2010, 1, 1)
    make.confirm(client, address, {"start": "2021.03.05", "end": "", "sure": "1"})
    assert coverage_on(D(2021, 3, 4)).district["organization_covered"] == 1
    assert coverage_on(D(2021, 3, 5)).district["organization_covered"] == 2
    page = client.get(f"/enterprises/{two_enterprises.first.pk}/").content.decode()
    assert "开始日期：2010-01-01 → 2021-03-05" in page


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"start": "2021-03-05", "end": "2021-03-05"}, "结束日期必须晚于开始日期"),
        ({"start": "2021-03-05", "end": "2020-03-05"}, "结束日期必须晚于开始日期"),
        ({"start": "2099-03-05"}, "在未来"),
        ({"start": "2009-03-05"}, "覆盖不能更早"),
        ({"start": ""}, "请填写开始日期"),
        ({"start": "2010-01-01"}, "日期没有变化"),
        ({"start": "2013-01-01", "end": "2016-01-01"}, "重叠"),
    ],
)
def test_dates_that_cannot_be_are_refused(cast, signed_in, two_enterprises, answers, words):
    cover = two_enterprises.first.covers.get()
    if words == "重叠":
        make.cover(two_enterprises.first, cover.organization, D(2015, 1, 1), D(2017, 1, 1))
        cover.end = D(2014, 1, 1)
        cover.save()
    answer = make.confirm(signed_in(cast.dong), f"/facts/cover/{cover.pk}/correct/", {**answers, "sure": "1"})
    assert answer.status_code == 422 and words in answer.content.decode()
    cover.refresh_from_db()
    assert cover.start == D(2010, 1, 1)


def test_a_fact_that_never_was_is_voided_and_stays_in_history(cast, signed_in, two_enterprises):
    cover = two_enterprises.first.covers.get()
    answers = {"start": "", "void": "on", "sure": "1"}
    make.confirm(signed_in(cast.dong), f"/facts/cover/{cover.pk}/correct/", answers)
    assert not two_enterprises.first.covers.exists()
    assert Cover.history.filter(id=cover.pk, history_type="-").get().history_user == cast.dong


def test_numbers_and_mass_organizations_are_recorded_from_a_day_on(cast, signed_in, two_enterprises):
    enterprise = two_enterprises.first
    make.headcount(enterprise, D(2020, 1, 1), D(2022, 1, 1), employees=20, full_members=1)
    make.headcount(enterprise, D(2022, 1, 1), employees=30, full_members=1)
    client = signed_in(cast.dong)
    page = f"/enterprises/{enterprise.pk}"
    make.confirm(client, f"{page}/headcount/", {"employees": "60", "on": "2021-01-01", "sure": "1"})
    held = list(Headcount.objects.order_by("start").values_list("start", "end", "employees", "full_members"))
    assert held == [
        (D(2020, 1, 1), D(2021, 1, 1), 20, 1),
        (D(2021, 1, 1), D(2022, 1, 1), 60, 1),
        (D(2022, 1, 1), None, 30, 1),
    ]
    assert "至少填写一个" in client.post(f"{page}/headcount/", {"on": "2021-01-01"}).content.decode()
    make.confirm(client, f"{page}/mass/", {"kind": "union", "form": "own", "on": "2020-05-01", "sure": "1"})
    make.confirm(client, f"{page}/mass/", {"kind": "union", "form": "joint", "on": "2021-05-01", "sure": "1"})
    kept = MassOrganization.objects.order_by("start").values_list("form", "end")
    assert list(kept) == [("own", D(2021, 5, 1)), ("joint", None)]
    bare = client.post(f"{page}/mass/", {"kind": "womens_federation", "form": "not_applicable", "on": "2021-05-01"})
    assert "要写明原因" in bare.content.decode()


def test_milestones_are_reached_once_where_they_last(cast, signed_in, two_enterprises):
    body = two_enterprises.first.covers.get().organization
    client = signed_in(cast.dong)
    answers = {"item": "have_flag", "on": "2021-05-01", "sure": "1"}
    make.confirm(client, f"/organizations/{body.pk}/item/", answers)
    assert State.objects.get().organization == body
    assert "已登记" in client.post(f"/organizations/{body.pk}/item/", answers).content.decode()
    foreign = {**answers, "item": "contacted"}
    assert client.post(f"/organizations/{body.pk}/item/", foreign).status_code == 422
    make.confirm(client, f"/enterprises/{two_enterprises.first.pk}/item/", foreign)
    assert Event.objects.filter(enterprise=two_enterprises.first).count() == 1


def test_a_member_goes_forward_moves_and_leaves(cast, signed_in, east, two_enterprises):
    person = make.member(east, two_enterprises.first, stage="probationary", start=D(2020, 1, 1))
    client = signed_in(cast.dong)
    back = {"stage": "activist", "on": "2021-01-01"}
    assert "阶段只能往前" in client.post(f"/members/{person.pk}/stage/", back).content.decode()
    make.confirm(client, f"/members/{person.pk}/stage/", {"stage": "full", "on": "2021-01-01", "sure": "1"})
    assert list(person.stages.values_list("stage", "end")) == [("probationary", D(2021, 1, 1)), ("full", None)]
    nowhere = client.post(f"/members/{person.pk}/place/", {"on": "2022-01-01"})
    assert "至少填一个" in nowhere.content.decode()
    body = two_enterprises.first.covers.get().organization
    make.confirm(
        client, f"/members/{person.pk}/place/", {"organization": str(body.pk), "on": "2022-01-01", "sure": "1"}
    )
    assert person.placements.count() == 2
    make.confirm(client, f"/members/{person.pk}/leave/", {"on": "2023-01-01", "sure": "1"})
    assert not person.stages.filter(end__isnull=True).exists() and not person.placements.filter(end=None).exists()
    assert "没有还在进行的" in client.post(f"/members/{person.pk}/leave/", {"on": "2023-02-01"}).content.decode()


def test_an_organization_covers_another_enterprise_from_its_own_page(cast, signed_in, east, two_enterprises):
    body = two_enterprises.first.covers.get().organization
    fresh = make.enterprise(east, "新来公司")
    answers = {"enterprise": f"{fresh}（编号 {fresh.pk}）", "on": "2022-06-01", "sure": "1"}
    make.confirm(signed_in(cast.dong), f"/organizations/{body.pk}/cover/", answers)
    assert fresh.covers.get().organization == body


# -- personal data --------------------------------------------------------------------------------


def test_a_phone_in_full_is_for_editors_and_is_logged(cast, signed_in, two_enterprises):
    Enterprise.objects.filter(pk=two_enterprises.first.pk).update(contact_phone="13812340846")
    page = f"/enterprises/{two_enterprises.first.pk}/"
    viewer = signed_in(cast.dong_kan).get(page).content.decode()
    assert "138****0846" in viewer and "显示全号" not in viewer and "13812340846" not in viewer
    client = signed_in(cast.dong)
    assert "13812340846" not in client.get(page).content.decode()
    address = f"/phones/enterprise/{two_enterprises.first.pk}/"
    without = client.post(address).content.decode()
    assert "请先填写查看的理由" in without and "13812340846" not in without
    assert client.post(address, {"reason": "约谈"}).content.decode() == "13812340846"
    entry = AccessLog.objects.get(what="phone")
    assert (entry.user, entry.object_type, entry.object_key) == (cast.dong, "enterprise", str(two_enterprises.first.pk))
    assert (entry.reason, entry.who, entry.role, entry.address) == ("约谈", "dong（dong）", "党（工）委", "127.0.0.1")
    assert client.post(f"/phones/enterprise/{two_enterprises.second.pk}/").status_code == 404
    assert AccessLog.objects.filter(what="denied", result="404").count() == 1
    assert "13812340846" not in client.get(f"{page}edit/").content.decode()


def test_every_export_is_logged(cast, signed_in, two_enterprises):
    client = signed_in(cast.dong)
    for address in ("/enterprises/export/", "/figures/enterprises/export/"):
        assert client.get(address).status_code == 200
    kept = AccessLog.objects.filter(what="export").order_by("id")
    assert list(kept.values_list("what", "count")) == [("export", 1), ("export", 1)]
    assert all(len(each.sha256) == 64 for each in kept)


# -- what a transfer, a closing and a day to come mean --------------------------------------------


def test_who_takes_over_does_not_touch_what_was_before(cast, signed_in, east, west, two_enterprises):
    enterprise = two_enterprises.first
    held = enterprise.jurisdictions.get()
    held.end = D(2023, 1, 1)
    held.save()
    enterprise.jurisdictions.create(committee=west, start=D(2023, 1, 1))
    cover = enterprise.covers.get()
    client = signed_in(cast.xi)
    refused = client.post(f"/facts/cover/{cover.pk}/correct/", {"start": "2015-01-01", "void": "on"})
    assert refused.status_code == 422 and "不由本单位管理" in refused.content.decode()
    early = client.post(f"/facts/cover/{cover.pk}/end/", {"on": "2022-06-01"})
    assert early.status_code == 422
    assert make.confirm(client, f"/facts/cover/{cover.pk}/end/", {"on": "2023-06-01"}).status_code == 302


def test_a_closing_is_taken_back_and_no_day_to_come_is_taken(cast, signed_in, two_enterprises):
    page = f"/enterprises/{two_enterprises.first.pk}"
    client = signed_in(cast.dong)
    assert "在未来" in client.post(f"{page}/close/", {"on": "2099-01-01"}).content.decode()
    make.confirm(client, f"{page}/close/", {"on": "2023-06-01"})
    assert two_enterprises.first.covers.get().end == D(2023, 6, 1)
    make.confirm(client, f"{page}/reopen/", {})
    two_enterprises.first.refresh_from_db()
    assert two_enterprises.first.closed_on is None and two_enterprises.first.covers.get().end is None


def test_what_was_not_previewed_is_not_done(cast, signed_in, two_enterprises):
    page = f"/enterprises/{two_enterprises.first.pk}/headcount/"
    client = signed_in(cast.dong)
    shown = client.post(page, {"employees": "5", "on": "2021-01-01"})
    changed = {"employees": "5555", "on": "2021-01-01", "sure": "1", "previewed": shown.context["answers"]}
    assert client.post(page, changed).status_code == 200 and not Headcount.objects.exists()
