"""Two people, one record: whoever comes second sees what the first has done, and decides (law 8)."""

import datetime as dt
import itertools
import os
import threading

import pytest
from django.db import connection, connections
from django.db.models import ProtectedError
from django.test import Client

from enterprises.models import Enterprise, Headcount
from ledgers.models import UploadState
from organizations.models import Cover
from tests import make
from tests.uploading import xlsx

D = dt.date
pytestmark = pytest.mark.django_db


def preview(client, address: str, answers: dict) -> dict:
    """Open the form, send it, and return what a confirmation would send."""
    opened = client.get(address)
    version = opened.context["form"]["version"].value() if "version" in opened.context["form"].fields else ""
    shown = client.post(address, {**answers, "version": version})
    return {**answers, "version": version, "sure": "1", "previewed": shown.context["answers"]}


@pytest.fixture
def desks(cast):
    """Two browsers: Dong of the committee and Wei of the district."""

    def desk(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return desk(cast.dong), desk(cast.wei)


def test_two_headcounts_previewed_at_once(desks, two_enterprises):
    address = f"/enterprises/{two_enterprises.first.pk}/headcount/"
    sent = [preview(desk, address, {"employees": str(60 + n), "on": "2022-01-01"}) for n, desk in enumerate(desks)]
    assert desks[0].post(address, sent[0]).status_code == 302
    second = desks[1].post(address, sent[1])
    page = second.content.decode()
    assert second.status_code == 200 and "登记的内容有了变化" in page and "由 60 改为 61" in page
    assert Headcount.objects.get().employees == 60


def test_a_correction_opened_before_an_end(desks, two_enterprises):
    cover = two_enterprises.first.covers.get()
    address = f"/facts/cover/{cover.pk}/correct/"
    version = desks[0].get(address).context["form"]["version"].value()
    make.confirm(desks[1], f"/facts/cover/{cover.pk}/end/", {"on": "2022-06-01"})
    late = desks[0].post(address, {"start": "2016-01-01", "end": "", "version": version})
    page = late.content.decode()
    assert late.status_code == 422 and "wei改动过这条记录" in page and "结束日期由 （空） 改为 2022-06-01" in page
    cover.refresh_from_db()
    assert cover.end == D(2022, 6, 1)


def test_a_form_and_a_closing_at_once(desks, two_enterprises):
    enterprise = two_enterprises.first
    form = desks[0].get(f"/enterprises/{enterprise.pk}/edit/").context["form"]
    make.confirm(desks[1], f"/enterprises/{enterprise.pk}/close/", {"on": "2023-06-01"})
    sent = {"name": enterprise.name, "credit_code": enterprise.credit_code, "registered_on": "2015-01-01"}
    sent |= {"village": "新村", "version": form["version"].value()}
    assert desks[0].post(f"/enterprises/{enterprise.pk}/edit/", sent).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.closed_on, enterprise.village) == (D(2023, 6, 1), "新村")


def test_a_bulk_action_sets_nothing_back(desks, two_enterprises):
    enterprise = two_enterprises.first
    address = "/enterprises/bulk/check/"
    answers = {"row": [str(enterprise.pk)], "on": "2023-01-01"}
    shown = desks[0].post(address, answers)
    Enterprise.objects.filter(pk=enterprise.pk).update(address="台账里的新地址")
    desks[0].post(address, {**answers, "sure": "1", "previewed": shown.context["answers"]})
    enterprise.refresh_from_db()
    assert (enterprise.address, enterprise.checked_on) == ("台账里的新地址", D(2023, 1, 1))


def test_an_import_is_compared_again_after_an_action(desks, post, two_enterprises):
    first = two_enterprises.first
    upload = post(xlsx(["企业名称", "统一社会信用代码", "职工人数"], [first.name, first.credit_code, 60]))
    make.confirm(desks[1], f"/enterprises/{first.pk}/headcount/", {"employees": "61", "on": "2023-12-20"})
    post.commit(upload)
    assert upload.state == UploadState.EXAMINED and "重新比对" in upload.note
    assert Headcount.objects.get().employees == 61


@pytest.mark.skipif(
    connection.vendor == "sqlite" and "TEST_DATABASE" not in os.environ,
    reason="one connection only in memory: TEST_DATABASE=a file for two",
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(int(os.environ.get("ROUNDS", "3"))))
def test_two_connections_at_the_same_moment(cast, two_enterprises, round_):
    """Ends of one cover and numbers of one enterprise, confirmed together: of each pair one is done, one is asked."""
    enterprise = two_enterprises.first
    pairs = [
        (f"/enterprises/{enterprise.pk}/headcount/", [{"employees": n, "on": "2022-01-01"} for n in ("60", "61")]),
        (f"/facts/cover/{enterprise.covers.get().pk}/end/", [{"on": on} for on in ("2022-06-01", "2022-07-01")]),
    ]
    for address, both in pairs:
        clients = [Client(), Client()]
        for client in clients:
            client.force_login(cast.wei, backend="django.contrib.auth.backends.ModelBackend")
        sent = [preview(client, address, answers) for client, answers in zip(clients, both, strict=True)]
        start, codes = threading.Barrier(2), []

        def confirm(client, what, address=address, start=start, codes=codes) -> None:
            start.wait()
            codes.append(client.post(address, what).status_code)
            connections.close_all()

        threads = [threading.Thread(target=confirm, args=pair) for pair in zip(clients, sent, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert codes.count(302) == 1, (address, codes)
    assert Headcount.objects.count() == 1 and Cover.objects.filter(end=None).count() == 1


ADMIN = ["enterprises/enterprise", "organizations/cover", "organizations/partyorganization", "committees/user"]


@pytest.mark.parametrize("page", ADMIN)
def test_no_door_deletes_what_was_counted(cast, signed_in, two_enterprises, page):
    model = page.split("/")[1]
    key = {"enterprise": Enterprise, "cover": Cover}.get(model, Enterprise).objects.first().pk
    key = cast.dong.pk if model == "user" else key
    client = signed_in(cast.admin)
    assert client.post(f"/admin/{page}/{key}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(key)], "post": "yes"}
    client.post(f"/admin/{page}/", chosen)
    assert Enterprise.objects.count() == 2 and Cover.objects.count() == 2
    cast.dong.refresh_from_db()


def test_the_time_line_says_who_ended_it_not_who_corrected_it_last(desks, two_enterprises):
    enterprise = two_enterprises.first
    cover = enterprise.covers.get()
    make.confirm(desks[0], f"/facts/cover/{cover.pk}/end/", {"on": "2022-06-01"})
    make.confirm(desks[1], f"/facts/cover/{cover.pk}/correct/", {"start": "2016-01-01", "end": "2022-06-01"})
    events = desks[0].get(f"/enterprises/{enterprise.pk}/").context["events"]
    ended = next(event for event in events if "党组织覆盖" in event.what and "结束" in event.what)
    assert ended.recorded.who == "dong"


def test_each_pair_of_changes_to_a_cover_is_seen(desks, two_enterprises):
    cover = two_enterprises.first.covers.get()
    changes = {
        f"/facts/cover/{cover.pk}/end/": {"on": "2022-06-01"},
        f"/facts/cover/{cover.pk}/correct/": {"start": "2016-01-01", "end": ""},
    }
    for first, second in itertools.permutations(changes, 2):
        Cover.objects.filter(pk=cover.pk).update(start=D(2015, 1, 1), end=None)
        before = preview(desks[1], second, changes[second])
        make.confirm(desks[0], first, changes[first])
        assert desks[1].post(second, before).status_code in (200, 422)


def test_a_user_is_not_deleted(cast):
    for delete in (cast.dong.delete, cast.dong._meta.model.objects.filter(pk=cast.dong.pk).delete):
        with pytest.raises(ProtectedError, match="停用"):
            delete()
