"""Lists on a date, what is due, the plan and its clauses."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.plan import Clause
from instructors.models import Assignment
from ledgers.models import Upload
from organizations.models import PartyOrganization, SecretaryTerm
from reports.indicators import FIGURES
from reports.models import Target
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
ID_NUMBER = "11010519491231002X"


def test_lists_follow_the_date_asked_about(cast, signed_in, east, west, two_enterprises):
    enterprise = two_enterprises.first
    cover = enterprise.covers.get()
    cover.end = D(2021, 1, 1)
    cover.save()
    client = signed_in(cast.wei)
    body = cover.organization.name
    assert body in client.get("/enterprises/?as_of=2020-12-31&q=东方").content.decode()
    assert body not in client.get("/enterprises/?as_of=2021-01-01&q=东方").content.decode()
    covered = client.get("/enterprises/?as_of=2021-01-01&coverage=organization").content.decode()
    assert "西山物流" in covered and "东方商贸" not in covered
    assert "东方商贸" in client.get("/enterprises/?as_of=2021-01-01&coverage=instructor").content.decode()
    assert "共 0 条" in client.get("/enterprises/?as_of=2021-01-01&coverage=none").content.decode()
    wrong = client.get("/enterprises/?as_of=2021-13-01").content.decode()
    assert "没有 13 月" in wrong and "共 0 条" in wrong


@pytest.mark.parametrize("due", ["no_secretary", "overdue", "soon", "crowded", "undated"])
def test_what_is_due_is_counted_and_listed_alike(cast, signed_in, east, two_enterprises, due):
    body = two_enterprises.first.covers.get().organization
    today = timezone.localdate()
    ends = {"overdue": today, "soon": today + dt.timedelta(days=60)}.get(due, today + dt.timedelta(days=400))
    if due != "no_secretary":
        SecretaryTerm.objects.create(organization=body, name="书记", start=make.LONG_AGO, term_ends_on=ends)
    if due == "crowded":
        PartyOrganization.objects.filter(pk=body.pk).update(form="joint")
        for _ in range(5):
            make.cover(make.enterprise(east), body)
    if due == "undated":
        PartyOrganization.objects.filter(pk=body.pk).update(established_precision="assumed")
    client = signed_in(cast.dong)
    listed = client.get("/organizations/", {"due": due}).content.decode()
    assert "共 1 条" in listed and body.name in listed
    assert f"/organizations/?due={due}" in client.get("/todo/").content.decode()


def test_a_committee_starts_with_what_is_due_with_it(cast, signed_in, east, west):
    make.enterprise(east, "没有覆盖的企业")
    make.enterprise(west)
    Upload.objects.create(
        committee=east, file_name="待提交.xlsx", file="x.bin", sha256="0" * 64, size=1, state="examined"
    )
    Upload.objects.create(
        committee=west, file_name="别人的.xlsx", file="x.bin", sha256="0" * 64, size=1, state="examined"
    )
    client = signed_in(cast.dong)
    page = client.get("/", follow=True).content.decode()
    assert "待办" in page and "党的工作未覆盖" in page and "待提交.xlsx" in page and "别人的" not in page
    figure = client.get("/todo/").context["lines"]
    assert {line.words: line.number for line in figure}["党的工作未覆盖"] == 1


def test_the_plan_names_what_answers_each_clause(cast, signed_in):
    assert list(Clause.objects.values_list("number", flat=True)) == list(range(42))
    answered = {key for clause in Clause.objects.all() for key in clause.answers}
    assert set(FIGURES) <= answered
    page = signed_in(cast.dong).get("/plan/").content.decode()
    assert 'id="clause-41"' in page and "/figures/due_to_establish/" in page
    assert Target.objects.first().label in page


def test_the_plans_wording_is_the_plans_own(db):
    from pathlib import Path

    from django.conf import settings

    plan = Path(settings.BASE_DIR).parent / "shared" / "plan.zh.txt"
    if not plan.exists():
        pytest.skip("the plan's text lies beside the repository only where it is built")
    text = plan.read_text(encoding="utf-8")
    for clause in Clause.objects.all():
        # Shortened, but what is quoted stands in the plan.
        assert [piece for piece in re.split("[，、：]", clause.text) if piece not in text] == []


def test_the_statements_of_a_detail_page_do_not_grow(cast, signed_in, east, two_enterprises):
    enterprise, body = two_enterprises.first, two_enterprises.first.covers.get().organization
    person = make.member(east, enterprise)
    guide = enterprise.assignments.get().instructor
    client = signed_in(cast.dong)
    pages = [f"/enterprises/{enterprise.pk}/", f"/organizations/{body.pk}/", f"/members/{person.pk}/", f"/instructors/{guide.pk}/"]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    make.headcount(enterprise, D(2009, 1, 1), D(2009, 2, 1), employees=1)
    body.states.create(code="have_flag", start=D(2009, 1, 1))
    SecretaryTerm.objects.create(organization=body, name="旧", start=D(2009, 1, 1), end=D(2009, 2, 1))
    few = counts()
    for number in range(12):
        start, end = D(2010 + number, 1, 1), D(2010 + number, 12, 31)
        make.headcount(enterprise, start, end, employees=number)
        other = make.enterprise(east)
        make.cover(other, body)
        make.cover(enterprise, make.organization(east), start, end)
        make.member(east, enterprise)
        Assignment.objects.create(instructor=guide, enterprise=other, start=start, end=end)
        SecretaryTerm.objects.create(organization=body, name=f"书记{number}", start=start, end=end)
        person.stages.create(stage="activist", start=D(1990 + number, 1, 1), end=D(1990 + number, 2, 1))
    assert counts() == few and max(few) < 56
