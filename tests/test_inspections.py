"""Inspected, found, put right, looked at (clause 34): what is late is counted by the day, never stored."""

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.desk.versioned import version_of
from common.today import today
from organizations.inspect import close, correct, inspect, report, send_back, void
from organizations.models import Inspection, Standing
from tests import make
from tests.inspecting import ago, inspected, line, signed

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def body(east):
    return make.organization(east, "中共东方支部委员会", established=D(2020, 1, 1))


# -- what is recorded, and what is refused ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["committee", "organization", "enterprise"])
def test_each_kind_of_subject_is_inspected(east, cast, body, kind):
    subject = {"committee": east, "organization": body, "enterprise": make.enterprise(east)}[kind]
    found = inspected(subject, cast.wei)
    assert found.subject == subject and found.entered_by == cast.wei and found.standing == Standing.OPEN


def test_where_nothing_was_found_nothing_is_to_be_put_right(body, cast):
    found = inspected(body, cast.wei, findings="")
    assert found.standing == Standing.NONE and found.days_late == 0
    with pytest.raises(ValidationError, match="没有发现问题，不能这样办"):
        close(found, outcome="整改", on=today(), by=cast.wei)


@pytest.mark.parametrize(
    ("findings", "due_on", "words"),
    [
        ("有问题", None, "要填整改期限"),
        ("", ago(-5), "整改期限请留空"),
        ("有问题", ago(31), "不能早于检查日期"),
    ],
)
def test_the_deadline_goes_with_what_was_found(body, cast, findings, due_on, words):
    with pytest.raises(ValidationError, match=words):
        inspect(body, form="spot", findings=findings, due_on=due_on, on=ago(30), by=cast.wei)


def test_the_deadline_may_be_the_day_itself(body, cast):
    assert inspected(body, cast.wei, on=ago(3), due=ago(3)).days_late == 3


def test_an_inspection_in_the_future_is_refused(body, cast):
    with pytest.raises(ValidationError, match="在未来，请在检查以后登记"):
        inspected(body, cast.wei, on=ago(-1))


@pytest.mark.parametrize(
    ("on", "words"), [(D(2019, 12, 31), "请核对检查日期"), (D(2023, 1, 1), "请填撤销以前的检查日期")]
)
def test_outside_the_life_of_an_organization_it_is_refused(east, cast, on, words):
    gone = make.organization(east, established=D(2020, 1, 1), dissolved=D(2023, 1, 1))
    with pytest.raises(ValidationError, match=words):
        inspected(gone, cast.wei, on=on)
    assert inspected(gone, cast.wei, on=D(2022, 12, 31)).pk


@pytest.mark.parametrize(
    ("on", "words"), [(D(2019, 12, 31), "请核对检查日期"), (D(2023, 1, 1), "请填注销以前的检查日期")]
)
def test_outside_the_life_of_an_enterprise_it_is_refused(east, cast, on, words):
    gone = make.enterprise(east, registered=D(2020, 1, 1), closed=D(2023, 1, 1))
    with pytest.raises(ValidationError, match=words):
        inspected(gone, cast.wei, on=on)


def test_what_was_found_comes_to_an_end_when_the_life_is_corrected_later(body, cast):
    found = inspected(body, cast.wei)
    type(body).objects.filter(pk=body.pk).update(dissolved_on=ago(60))
    close(Inspection.objects.get(pk=found.pk), outcome="党组织已撤销", on=today(), by=cast.wei)
    assert body.inspections.get().standing == Standing.CLOSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"organization": None},
        {"findings": ""},
        {"due_on": None},
        {"due_on": ago(31)},
        {"closed_on": ago(31), "outcome": "已整改"},
        {"closed_on": ago(1)},
        {"reported_on": ago(1)},
        {"findings": "", "due_on": None, "outcome": "已整改"},
    ],
)
def test_the_database_refuses_what_the_forms_refuse(body, cast, wrong):
    found = inspected(body, cast.wei)
    for name, value in wrong.items():
        setattr(found, name, value)
    with pytest.raises(ValidationError):
        found.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=found.pk).update(**wrong)


def test_it_is_of_one_subject(east, body, cast):
    found = inspected(body, cast.wei)
    found.committee = east
    with pytest.raises(ValidationError, match="检查的对象选一个"):
        found.full_clean()


def test_the_admin_checks_what_it_does_not_ask_about(body, cast):
    """A date that comes after the closing is refused in words, though the closing is not in the form."""
    found = inspected(body, cast.wei, on=ago(30))
    close(found, outcome="已整改", on=ago(20), by=cast.wei)
    client = signed(cast.admin)
    sent = {
        "organization": body.pk,
        "form": "spot",
        "inspected_on": str(ago(10)),
        "findings": "有",
        "due_on": str(today()),
        "version": version_of(found),
    }
    answer = client.post(f"/admin/organizations/inspection/{found.pk}/change/", sent)
    assert answer.status_code == 200 and "整改完成日期不能早于检查日期" in answer.content.decode()


# -- put right --------------------------------------------------------------------------------------


def test_from_what_was_found_to_its_end_with_who_and_when(body, cast):
    found = inspected(body, cast.wei)
    report(found, outcome="已上墙", by=cast.dong)
    assert (found.standing, found.reported_by, found.reported_on) == (Standing.REPORTED, cast.dong, today())
    close(found, outcome="", on=ago(2), by=cast.wei)
    held = body.inspections.get()
    assert (held.standing, held.closed_by, held.closed_on, held.outcome) == (
        Standing.CLOSED,
        cast.wei,
        ago(2),
        "已上墙",
    )
    assert [row.history_type for row in held.history.order_by("history_id")] == ["+", "~", "~"]


def test_a_report_is_sent_back_with_a_reason(body, cast):
    found = inspected(body, cast.wei)
    report(found, outcome="已上墙", by=cast.dong)
    send_back(found, said="照片看不清", by=cast.wei)
    assert (found.standing, found.returned, found.outcome) == (Standing.OPEN, "照片看不清", "已上墙")
    report(found, outcome="重新拍照", by=cast.dong)
    assert found.standing == Standing.REPORTED


def test_what_was_closed_by_mistake_is_opened_again(body, cast):
    found = inspected(body, cast.wei, due=ago(3))
    close(found, outcome="已整改", on=today(), by=cast.wei)
    send_back(found, said="点错了", by=cast.wei)
    assert found.standing == Standing.OVERDUE and found.closed_by is None


def test_closing_needs_to_say_what_was_done(body, cast):
    with pytest.raises(ValidationError, match="请填写整改情况"):
        close(inspected(body, cast.wei), outcome="", on=today(), by=cast.wei)


@pytest.mark.parametrize(("days", "words"), [(31, "不能早于检查日期"), (-1, "在未来")])
def test_it_is_closed_between_the_inspection_and_today(body, cast, days, words):
    with pytest.raises(ValidationError, match=words):
        close(inspected(body, cast.wei), outcome="已整改", on=ago(days), by=cast.wei)


def test_nothing_is_done_twice(body, cast):
    found = inspected(body, cast.wei)
    report(found, outcome="已上墙", by=cast.dong)
    with pytest.raises(ValidationError, match="待核实，不能这样办"):
        report(found, outcome="又一次", by=cast.dong)
    close(found, outcome="", on=today(), by=cast.wei)
    for again in (
        lambda: close(found, outcome="", on=today(), by=cast.wei),
        lambda: void(found, reason="错", by=cast.wei),
        lambda: correct(found, form="spot", findings="有", due_on=today(), on=ago(9), by=cast.wei),
    ):
        with pytest.raises(ValidationError, match="已整改，不能这样办"):
            again()


def test_what_was_recorded_wrongly_is_corrected_or_voided(body, cast):
    found = inspected(body, cast.wei)
    correct(found, form="special", findings="党课缺两次", due_on=ago(-20), on=ago(10), by=cast.wei)
    held = body.inspections.get()
    assert (held.form, held.findings, held.due_on, held.inspected_on) == ("special", "党课缺两次", ago(-20), ago(10))
    void(held, reason="不是这个支部", by=cast.wei)
    assert not body.inspections.exists()
    assert (
        Inspection.history.filter(organization_id=body.pk).latest("history_id").history_change_reason
        == "作废：不是这个支部"
    )


# -- what is late ------------------------------------------------------------------------------------


def test_on_the_deadline_nothing_is_late_and_the_day_after_it_is(body, cast):
    found = inspected(body, cast.wei, due=today())
    assert found.standing == Standing.OPEN and Inspection.objects.standing("soon", today()).exists()
    tomorrow = ago(-1)
    assert not Inspection.objects.standing("overdue", today()).exists()
    assert Inspection.objects.standing("overdue", tomorrow).exists()
    assert not Inspection.objects.standing("soon", tomorrow).exists()


def test_a_report_in_time_is_not_late_while_the_district_looks_at_it(body, cast):
    found = inspected(body, cast.wei, due=ago(10))
    report(found, outcome="已上墙", by=cast.dong)
    Inspection.objects.filter(pk=found.pk).update(reported_on=ago(12))
    assert not Inspection.objects.standing("overdue", today()).exists()
    assert Inspection.objects.get(pk=found.pk).days_late == 0


def test_a_report_after_the_deadline_stays_late_until_it_is_closed(body, cast):
    found = inspected(body, cast.wei, due=ago(10))
    report(found, outcome="已上墙", by=cast.dong)
    assert found.days_late == 10 and Inspection.objects.standing("overdue", today()).exists()
    close(found, outcome="", on=ago(4), by=cast.wei)
    assert found.days_late == 6 and not Inspection.objects.standing("overdue", today()).exists()


@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_of_the_work_list_are_a_plain_count(east, west, cast, body, seed):
    chance = random.Random(seed)
    own = [east, body, make.enterprise(east)]
    subjects = [*own, west, make.organization(west, established=D(2020, 1, 1)), make.enterprise(west)]
    plain = {who: dict.fromkeys(("overdue", "soon", "reported"), 0) for who in ("wei", "dong")}
    for _ in range(40):
        subject, due = chance.choice(subjects), ago(chance.randrange(-12, 30))
        inspect(subject, form="spot", findings="有问题", due_on=due, on=ago(30), by=cast.wei)
        found = Inspection.objects.latest("pk")
        reported, closed = (ago(chance.randrange(20)) if chance.random() < 0.4 else None for _ in range(2))
        outcome = "已整改" if reported or closed else ""
        Inspection.objects.filter(pk=found.pk).update(reported_on=reported, closed_on=closed, outcome=outcome)
        for who in ("wei", "dong") if subject in own else ("wei",):
            plain[who]["overdue"] += not closed and due < (reported or today())
            plain[who]["soon"] += not closed and not reported and 0 <= (due - today()).days <= 7
            plain[who]["reported"] += not closed and reported is not None
    # Of what was closed, or had no fault, nothing is to be done.
    inspected(body, cast.wei, findings="")
    called = {"overdue": "整改已逾期", "soon": "整改 7 天内到期", "reported": "已上报整改，等区委组织部核实"}
    for who, key in [("wei", "overdue"), ("wei", "soon"), ("wei", "reported"), ("dong", "overdue"), ("dong", "soon")]:
        client = signed(getattr(cast, who))
        assert line(client, f"督促检查：{called[key]}") == plain[who][key], (who, key)
        listing = client.get("/inspections/", {"standing": key}).context["page"]
        assert listing.paginator.count == plain[who][key]
