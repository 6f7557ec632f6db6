"""Which enterprises need an instructor and have none, since when (clause 13); how instructors are sent out (clause 18)."""

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError

from common.plan import Plan
from enterprises.close import close
from enterprises.models import Enterprise
from enterprises.transfer import transfer
from instructors.models import Assignment, Instructor
from instructors.office import extend, leave_office
from organizations.models import Event, State
from organizations.record import record_item
from reports.dispatch import how_many_wait, sent_out, waiting
from reports.items import Catalogue, asked_about
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
SINCE, DAY = D(2020, 1, 1), D(2022, 6, 1)


@pytest.fixture(autouse=True)
def in_force(db):
    Plan.objects.update(effective_from=SINCE)


def found(day: D = DAY, **more) -> dict[str, tuple]:
    return {each.name: (each.why, each.since) for each in waiting(asked_about(day), Catalogue(), **more)}


def weak(row: Enterprise, start: D, end: D | None = None, how: str = "day") -> None:
    State.objects.create(enterprise=row, code="weak_basis", start=start, end=end, start_precision=how)


def test_who_waits_is_what_a_person_would_say(east):
    body = make.organization(east, dissolved=D(2022, 3, 1))
    make.enterprise(east, "没有党组织", registered=D(2021, 5, 1))
    make.enterprise(east, "方案以前就没有", registered=D(2015, 5, 1))
    make.cover(make.enterprise(east, "党组织撤了"), body)
    live = make.organization(east)
    make.cover(make.enterprise(east, "有党组织"), live)
    weak_one = make.enterprise(east, "基础薄弱")
    make.cover(weak_one, live)
    weak(weak_one, D(2021, 9, 1))
    make.assign(make.enterprise(east, "有指导员"), east)
    left = make.enterprise(east, "指导员走了")
    make.assign(left, east, D(2020, 5, 1), D(2022, 1, 10))
    make.assign(left, east, D(2018, 5, 1), D(2020, 5, 1))
    make.enterprise(east, "不知何时登记", registered=None)
    make.enterprise(east, "已注销", closed=D(2022, 1, 1))
    assert found() == {
        "没有党组织": ("没有党组织", D(2021, 5, 1)),
        "方案以前就没有": ("没有党组织", SINCE),
        "党组织撤了": ("没有党组织", D(2022, 3, 1)),
        "基础薄弱": ("党建基础薄弱", D(2021, 9, 1)),
        "指导员走了": ("没有党组织", D(2022, 1, 10)),
        "不知何时登记": ("没有党组织", None),
    }


def test_of_whom_nobody_knows_is_apart(east):
    row = make.enterprise(east, "不知有没有党组织")
    make.cover(row, make.organization(east), D(2022, 9, 1), start_precision="assumed")
    (each,) = waiting(asked_about(DAY), Catalogue())
    assert not each.sure and each.since is None and how_many_wait(asked_about(DAY), Catalogue()) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_days_are_those_of_asking_every_day(east, west, seed):
    """Since when: the day after the last on which it did not wait, by asking each day by itself."""
    chance = random.Random(seed)
    day = SINCE + dt.timedelta(days=40)
    bodies = [make.organization(east, dissolved=chance.choice([None, SINCE + dt.timedelta(days=25)])) for _ in range(3)]
    for _ in range(12):
        row = make.enterprise(chance.choice([east, west]), registered=SINCE + dt.timedelta(days=chance.randrange(30)))
        for _ in range(chance.randrange(4)):
            start = row.registered_on + dt.timedelta(days=chance.randrange(36))
            end = chance.choice([None, start + dt.timedelta(days=chance.randrange(1, 25))])
            what = chance.choice(["cover", "weak", "assign"])
            mine = {"cover": row.covers, "weak": row.states, "assign": row.assignments}[what]
            if any((each.end or D.max) > start and (end or D.max) > each.start for each in mine.all()):
                continue
            if what == "cover":
                make.cover(row, chance.choice(bodies), start, end)
            elif what == "weak":
                weak(row, start, end)
            else:
                make.assign(row, east, start, end)
    told = {each.pk: each for each in waiting(asked_about(day), Catalogue())}
    every = [SINCE + dt.timedelta(days=number) for number in range(41)]
    by_day = [{each.pk for each in waiting(asked_about(each), Catalogue())} for each in every]
    assert set(told) == by_day[-1] and how_many_wait(asked_about(day), Catalogue()) == len(told)
    for key, each in told.items():
        number = len(every) - 1
        while number and key in by_day[number - 1]:
            number -= 1
        assert each.since == every[number] and each.days == (day - every[number]).days


def test_how_they_are_sent_out_is_a_plain_count(east, west):
    def one(committee, load: int, **more) -> Instructor:
        person = Instructor.objects.create(committee=committee, name=f"人{Instructor.objects.count()}", **more)
        for _ in range(load):
            Assignment.objects.create(instructor=person, enterprise=make.enterprise(committee), start=D(2021, 1, 1))
        return person

    one(east, 0)
    one(east, 1, term_until=D(2022, 6, 1))
    one(east, 3, term_until=D(2022, 6, 2))
    one(east, 2, began_on=D(2019, 1, 1), left_on=D(2022, 6, 2))
    one(west, 1)
    one(west, 0, left_on=DAY)
    one(west, 0, began_on=D(2022, 6, 2))
    gone = one(west, 1)
    close(gone.assignments.get().enterprise, on=D(2022, 5, 1))
    question = asked_about(DAY)
    table = {each.committee: each for each in sent_out(question, waiting(question, Catalogue()))}
    ours, theirs, whole = table[str(east)], table[str(west)], table["全区"]
    assert (ours.in_office, ours.one, ours.several, ours.none, ours.over, ours.load) == (4, 1, 2, 1, 1, "2.0")
    assert (theirs.in_office, theirs.one, theirs.none, theirs.load) == (2, 1, 1, "1.0")
    assert (whole.in_office, whole.assignments) == (6, 7)
    assert [each.committee for each in sent_out(question, [], east.pk)] == [str(east)]


def test_the_page_is_ones_own_and_leads_to_sending(east, west, cast, signed_in, django_assert_max_num_queries):
    ours = [make.enterprise(east, f"东厂{number}") for number in range(12)]
    make.enterprise(west, "西厂")
    client = signed_in(cast.dong)
    with django_assert_max_num_queries(24):
        page = client.get("/dispatch/").content.decode()
    assert "要派驻指导员的企业 12 家" in page and "西厂" not in page and str(west) not in page
    assert f'value="{ours[0].pk}" form="ticks"' in page and 'action="/enterprises/bulk/assign/"' in page
    assert client.get("/dispatch/export/").status_code == 200
    seen = signed_in(cast.dong_kan).get("/dispatch/").content.decode()
    assert "东厂3" in seen and 'form="ticks"' not in seen


def test_what_has_gone_to_another_committee_is_named_and_not_opened(east, west, cast, signed_in):
    gone = make.enterprise(east, "划走的厂")
    transfer(gone, committee=west, on=D(2022, 1, 1))
    page = signed_in(cast.dong).get("/dispatch/?as_of=2021-12-01").content.decode()
    assert gone.name in page and f"/enterprises/{gone.pk}/" not in page


def test_several_get_one_instructor_and_the_count_falls(east, cast, signed_in):
    rows = [make.enterprise(east) for _ in range(3)]
    person = Instructor.objects.create(committee=east, name="李派")
    client = signed_in(cast.dong)
    assert "企业要派驻指导员" in client.get("/todo/").content.decode()
    answers = {"row": [each.pk for each in rows], "back": "/dispatch/", "instructor": person.pk, "on": "2023-01-01"}
    done = make.confirm(client, "/enterprises/bulk/assign/", answers, follow=True)
    assert done.redirect_chain[-1][0] == "/dispatch/" and "没有要派驻指导员的企业" in done.content.decode()


def test_who_lost_an_enterprise_by_its_closing_can_be_sent_elsewhere(east, cast, signed_in):
    closed = make.assign(make.enterprise(east), east)
    ended = make.assign(make.enterprise(east), east, end=D(2022, 1, 1))
    busy = make.assign(make.enterprise(east), east)
    Assignment.objects.create(instructor=busy.instructor, enterprise=closed.enterprise, start=D(2021, 1, 1))
    close(closed.enterprise, on=D(2023, 1, 1))
    day = D(2023, 6, 1)
    assert list(Instructor.objects.due("closed", day)) == [closed.instructor]
    assert set(Instructor.objects.due("idle", day)) == {closed.instructor, ended.instructor}
    assert list(Instructor.objects.due("closed", D(2022, 12, 31))) == []
    client = signed_in(cast.dong)
    assert "可以改派" in client.get("/todo/").content.decode()
    listed = client.get("/instructors/?due=closed").content.decode()
    assert closed.instructor.name in listed and busy.instructor.name not in listed
    other = make.enterprise(east)
    address = f"/instructors/{closed.instructor.pk}/assign/"
    make.confirm(client, address, {"enterprise": other.pk, "on": "2023-02-01"})
    assert not Instructor.objects.due("closed", day).exists()


def test_a_term_is_over_soon_and_goes_on(east, cast, signed_in):
    def one(until: D | None, **more) -> Instructor:
        return Instructor.objects.create(committee=east, name=f"人{until}", term_until=until, **more)

    over, soon = one(DAY), one(DAY + dt.timedelta(days=90))
    one(DAY + dt.timedelta(days=91))
    one(None)
    one(D(2022, 1, 1), left_on=D(2022, 2, 1))
    assert list(Instructor.objects.due("over", DAY)) == [over]
    assert list(Instructor.objects.due("soon", DAY)) == [soon]
    assert extend(over, until=D(2024, 6, 1)) == [f"{over}的派驻期由 2022-06-01 续到 2024-06-01"]
    with pytest.raises(ValidationError, match="续派必须更晚"):
        extend(over, until=D(2024, 6, 1))
    client = signed_in(cast.dong)
    make.confirm(client, "/instructors/bulk/extend/", {"row": [over.pk, soon.pk], "until": "2030-01-01"})
    assert set(Instructor.objects.values_list("term_until", flat=True)) >= {D(2030, 1, 1)}
    assert not Instructor.objects.due("over", D(2029, 1, 1)).filter(pk__in=[over.pk, soon.pk]).exists()


def test_a_term_ends_after_its_beginning(east, cast, signed_in):
    person = Instructor(committee=east, name="李派", began_on=D(2022, 1, 1), term_until=D(2022, 1, 1))
    with pytest.raises(ValidationError, match="派驻期满日期必须晚于任职日期"):
        person.full_clean()


def test_a_roster_tells_the_term(post, east):
    make.enterprise(east, "甲厂")
    head = ["序号", "指导员姓名", "指导企业", "派驻时间", "派驻期满日期"]
    upload = post(xlsx(head, [1, "李派", "甲厂", "2022-01-05", "2025-01-05"]))
    post.commit(upload)
    assert Instructor.objects.get(name="李派").term_until == D(2025, 1, 5), (upload.state, upload.problems)


def test_a_year_is_graded_in_the_offered_words(east):
    person = Instructor.objects.create(committee=east, name="李派", began_on=D(2019, 1, 1))
    make.reach(person, "instructor_graded", D(2022, 1, 10), topic="优秀")
    with pytest.raises(ValidationError, match="可以填：优秀、合格、基本合格、不合格"):
        record_item(person, item=Catalogue().items["instructor_graded"], on=D(2022, 2, 1), topic="很好")
    assert [each.topic for each in Event.objects.filter(code="instructor_graded")] == ["优秀"]
    assert make.tallies_of("instructor_graded", DAY)[east.pk].yes == 1


def test_leaving_by_recall_sends_the_enterprise_back_to_wait(east):
    sent = make.assign(make.enterprise(east, "召回的"), east)
    leave_office(sent.instructor, reason="recalled", on=D(2022, 4, 1))
    assert found()["召回的"] == ("没有党组织", D(2022, 4, 1))
