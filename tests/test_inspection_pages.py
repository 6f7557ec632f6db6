"""Who does what with inspections through the pages, who sees them, and what the lists say (clause 34)."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.today import today
from coverage_tracker.records import work
from enterprises.transfer import transfer
from organizations.models import Inspection, Standing
from tests import make
from tests.inspecting import ago, inspected, line, listed, signed

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def body(east):
    return make.organization(east, "中共东方支部委员会", established=D(2020, 1, 1))


def test_the_committee_reports_and_the_district_closes(body, cast):
    wei, dong = signed(cast.wei), signed(cast.dong)
    answers = {"form": "spot", "findings": "党课缺两次", "on": str(ago(9)), "due_on": str(ago(1))}
    assert make.confirm(wei, f"/organizations/{body.pk}/inspect/", answers).status_code == 302
    found = body.inspections.get()
    page = dong.get(f"/inspections/{found.pk}/").content.decode()
    assert "逾期 1 天" in page and "上报整改情况" in page and "/close/" not in page
    assert line(dong, "督促检查：整改已逾期") == 1 and line(wei, "督促检查：整改已逾期") == 1
    assert make.confirm(dong, f"/inspections/{found.pk}/report/", {"outcome": "已补课"}).status_code == 302
    assert line(wei, "督促检查：已上报整改，等区委组织部核实") == 1
    assert make.confirm(wei, f"/inspections/{found.pk}/close/", {"on": str(today())}).status_code == 302
    assert line(dong, "督促检查：整改已逾期") == line(wei, "督促检查：整改已逾期") == 0
    assert line(wei, "督促检查：已上报整改，等区委组织部核实") == 0
    page = dong.get(f"/inspections/{found.pk}/").content.decode()
    assert "已补课" in page and "wei核实" in page


def test_several_are_recorded_reported_sent_back_and_closed_at_once(east, cast):
    wei, dong = signed(cast.wei), signed(cast.dong)
    rows = [make.enterprise(east).pk for _ in range(3)]
    answers = {"row": rows, "form": "special", "findings": "走访没有记录", "on": str(ago(5)), "due_on": str(ago(-5))}
    assert make.confirm(wei, "/enterprises/bulk/inspect/", answers).status_code == 302
    keys = list(Inspection.objects.values_list("pk", flat=True))
    for client, what, told in (
        (dong, "report", {"outcome": "已补记"}),
        (wei, "return", {"said": "没有签字"}),
        (dong, "report", {"outcome": "已补签"}),
        (wei, "close", {"on": str(today())}),
    ):
        assert make.confirm(client, f"/inspections/bulk/{what}/", {"row": keys, **told}).status_code == 302
    assert {(each.standing, each.outcome) for each in Inspection.objects.all()} == {(Standing.CLOSED, "已补签")}


def test_committees_are_inspected_by_the_district_only(east, cast):
    answers = {"form": "spot", "findings": "没有制度", "on": str(ago(1)), "due_on": str(ago(-9))}
    assert make.confirm(signed(cast.wei), f"/committees/{east.pk}/inspect/", answers).status_code == 302
    dong = signed(cast.dong)
    assert "没有制度" in dong.get(f"/committees/{east.pk}/plan/").content.decode()
    assert dong.get(f"/committees/{east.pk}/inspect/").status_code == 403
    assert "/inspect/" not in dong.get(f"/committees/{east.pk}/plan/").content.decode()


def test_the_list_leads_to_the_lists_in_which_those_are_ticked_who_were_inspected(east, west, cast):
    wei, dong = signed(cast.wei), signed(cast.dong)
    assert [label for label, _ in dong.get("/inspections/").context["tools"]] == ["检查企业", "检查党组织"]
    assert signed(cast.kan).get("/inspections/").context["tools"] == []
    label, address = wei.get("/inspections/").context["tools"][-1]
    assert label == "检查党（工）委" and ("登记检查", "/committees/bulk/inspect/") in wei.get(address).context["bulk"]
    answers = {"row": [east.pk, west.pk], "form": "special", "on": str(ago(1)), "back": address}
    answer = make.confirm(wei, "/committees/bulk/inspect/", answers)
    assert answer["Location"] == address and Inspection.objects.standing("none", today()).count() == 2


def test_a_form_says_beside_the_date_what_is_wrong_with_it(body, cast):
    answer = signed(cast.wei).post(f"/organizations/{body.pk}/inspect/", {"form": "spot", "on": "2019-01-01"})
    assert answer.status_code == 422 and "请核对检查日期" in str(answer.context["form"].errors["on"])


def test_a_committee_mends_only_what_it_recorded_itself(body, cast):
    theirs, own = inspected(body, cast.wei), inspected(body, cast.dong)
    dong = signed(cast.dong)
    answers = {"form": "spot", "findings": "有", "on": str(ago(3)), "due_on": str(ago(-90))}
    refused = dong.post(f"/inspections/{theirs.pk}/correct/", answers)
    assert refused.status_code == 422 and "不是本单位登记的" in refused.content.decode()
    assert make.confirm(dong, f"/inspections/{own.pk}/correct/", answers).status_code == 302
    answer = make.confirm(dong, f"/inspections/{own.pk}/void/", {"reason": "登记重了"})
    assert answer.status_code == 302 and answer["Location"] == "/inspections/"
    assert list(body.inspections.all()) == [theirs]


def test_another_committee_sees_nothing_of_it(east, west, body, cast):
    enterprise = make.enterprise(east)
    found = [inspected(each, cast.wei, due=ago(1)) for each in (east, body, enterprise)]
    xi, dong = signed(cast.xi), signed(cast.dong)
    assert listed(dong) == 3 and listed(xi) == listed(signed(cast.nobody)) == 0
    assert line(xi, "督促检查：整改已逾期") == 0
    for each in found:
        assert xi.get(f"/inspections/{each.pk}/").status_code == 404
        assert xi.post(f"/inspections/{each.pk}/report/", {"outcome": "改"}).status_code == 404
    transfer(enterprise, committee=west, on=today())
    assert listed(dong) == 2 and listed(xi) == 1


def test_those_who_only_read_read(body, cast):
    found = inspected(body, cast.wei)
    for user in (cast.kan, cast.dong_kan):
        client = signed(user)
        page = client.get(f"/inspections/{found.pk}/").content.decode()
        assert "活动室没有制度上墙" in page and "/correct/" not in page and "/report/" not in page


# -- the list -----------------------------------------------------------------------------------------


def test_the_list_is_asked_by_committee_form_standing_and_subject(east, west, body, cast):
    enterprise = make.enterprise(west, "西山物流")
    inspected(body, cast.wei, due=ago(2)), inspected(enterprise, cast.wei), inspected(west, cast.wei, findings="")
    wei = signed(cast.wei)
    counts = {
        ("committee", str(east.pk)): 1, ("committee", str(west.pk)): 2, ("form", "on_site"): 3, ("form", "spot"): 0,
        ("standing", "overdue"): 1, ("standing", "open"): 2, ("standing", "soon"): 1, ("standing", "none"): 1,
        ("standing", "closed"): 0, ("subject", "enterprise"): 1, ("q", "西山"): 1, ("q", "西苑"): 1, ("since", str(ago(29))): 0,
        ("until", str(ago(30))): 3,
    }  # fmt: skip
    for (name, value), number in counts.items():
        assert listed(wei, **{name: value}) == number, (name, value)


def test_the_export_says_how_many_days_it_is_late(body, cast):
    inspected(body, cast.wei, due=ago(7))
    answer = signed(cast.wei).get("/inspections/export/?standing=overdue")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(row for row in rows if "逾期天数" in row)
    assert rows[-1][head.index("逾期天数")] == 7 and rows[-1][head.index("整改进展")] == "已逾期"


def test_the_page_of_an_enterprise_leads_to_its_inspections(east, cast):
    enterprise = make.enterprise(east, "东方商贸")
    wei = signed(cast.wei)
    assert "督促检查记录" not in wei.get(f"/enterprises/{enterprise.pk}/").content.decode()
    inspected(enterprise, cast.wei, due=ago(1))
    page = wei.get(f"/enterprises/{enterprise.pk}/").content.decode()
    assert "整改已逾期" in page and "督促检查记录" in page
    assert listed(wei, subject="enterprise", q="东方商贸") == 1


def test_inspections_stand_on_the_page_of_the_organization(body, cast):
    inspected(body, cast.wei, due=ago(3))
    page = signed(cast.dong).get(f"/organizations/{body.pk}/").content.decode()
    assert "活动室没有制度上墙" in page and "逾期 3 天" in page


def test_the_pages_ask_as_often_whatever_is_recorded(east, body, cast):
    wei = signed(cast.wei)
    pages = ["/inspections/", f"/organizations/{body.pk}/", f"/committees/{east.pk}/plan/", "/todo/"]

    def counts() -> list[int]:
        found = []
        for page in pages:
            wei.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert wei.get(page).status_code == 200
            found.append(len(queries))
        return found

    inspected(body, cast.wei), inspected(east, cast.wei)
    few = counts()
    for number in range(12):
        (
            inspected(body, cast.wei),
            inspected(east, cast.dong),
            inspected(make.enterprise(east), cast.xi, due=ago(number)),
        )
    # The work list counts enterprises without what it asks for: by their number too.
    assert counts() == few


def test_the_work_list_counts_in_one_statement(cast, rf):
    request = rf.get("/todo/")
    request.user = cast.wei
    with CaptureQueriesContext(connection) as queries:
        assert len(work._inspections(request, today())) == 3
    assert len(queries) == 1


def test_the_clause_leads_to_the_list(cast):
    assert "/inspections/" in signed(cast.wei).get("/plan/").content.decode()
