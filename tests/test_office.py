"""离任 of an instructor (clause 18): all assignments end with it, and come back with it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from enterprises.models import Enterprise
from instructors.assign import assign
from instructors.models import Assignment, Instructor
from instructors.office import leave_office, take_back_leaving
from reports.coverage import coverage_on
from tests import make
from tests.histories import facts, unlawful

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)
ROSTER = ["姓名", "单位", "指导企业", "派驻时间"]


@pytest.fixture
def sent(east) -> Instructor:
    """Sent to two enterprises, and to a third a year later."""
    person = make.assign(make.enterprise(east), east).instructor
    for start in (D(2020, 1, 1), D(2023, 6, 1)):
        Assignment.objects.create(instructor=person, enterprise=make.enterprise(east), start=start)
    return person


def test_all_assignments_end_and_come_back(sent):
    before = facts()
    effects = leave_office(sent, reason="recalled", on=DAY)
    assert sum("结束对" in each for each in effects) == 2 and sum("那时还没有开始" in each for each in effects) == 1
    assert not Assignment.objects.filter(end=None).exists() and not unlawful()
    assert coverage_on(DAY).district["assigned"] == 0 and coverage_on(D(2022, 5, 31)).district["assigned"] == 2
    take_back_leaving(Instructor.objects.get())
    assert facts() == before


def test_who_has_left_is_sent_nowhere(sent, east):
    leave_office(sent, reason="left", on=DAY)
    with pytest.raises(ValidationError, match="离任"):
        assign(make.enterprise(east), instructor=Instructor.objects.get(), on=DAY)
    with pytest.raises(ValidationError, match="已于 2022-06-01 离任"):
        leave_office(Instructor.objects.get(), reason="left", on=D(2023, 1, 1))


def test_a_later_roster_is_asked_about_and_an_older_one_ends_with_the_office(office, east):
    names = list(Enterprise.objects.values_list("name", flat=True))
    person = Instructor.objects.create(committee=east, name="指甲")
    leave_office(person, reason="left", on=DAY)
    outcome = office(D(2023, 12, 20), ROSTER, ["指甲", "某局", names[0], None])
    assert any("2022-06-01 离任" in each.message for each in outcome.problems) and not Assignment.objects.exists()
    office(D(2021, 12, 20), ROSTER, ["指甲", "某局", names[1], None])
    assert list(Assignment.objects.values_list("start", "end")) == [(D(2021, 12, 20), DAY)]


def test_the_preview_says_which_enterprises_lose_their_coverage(sent, cast, signed_in):
    client = signed_in(cast.dong)
    page = client.post(f"/instructors/{sent.pk}/leave/", {"reason": "left", "on": "2022-06-01"}).content.decode()
    assert "今天" in page and "党的工作覆盖" in page
    make.confirm(client, f"/instructors/{sent.pk}/leave/", {"reason": "left", "on": "2022-06-01", "sure": "1"})
    page = client.get(f"/instructors/{sent.pk}/").content.decode()
    assert "2022-06-01 离任（调离）" in page and "撤回离任" in page and "派驻到企业" not in page
    assert sent.name not in client.get("/instructors/", {"state": "in"}).content.decode()


def test_an_office_begins_before_it_ends_and_before_its_assignments(sent, cast, signed_in):
    client = signed_in(cast.dong)
    address = f"/instructors/{sent.pk}/edit/"
    form = client.get(address).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(address, {**answers, "began_on": "2015-01-01"})
    assert answer.status_code == 422 and "任职日期不能更晚" in answer.content.decode()
    assert client.post(address, {**answers, "began_on": "2009-01-01"}).status_code == 302
