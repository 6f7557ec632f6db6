"""The denominator under control: asked with evidence, decided, reviewed; and the enterprise is back on the day."""

import datetime as dt
import random
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from common.today import today
from enterprises.exclude import approve, ask, exclude, include_again, refuse, withdraw
from enterprises.models import BaseExclusion, ExclusionRequest, RequestState
from reports.coverage import coverage_on
from tests import make
from tests.uploading import xlsx

pytestmark = pytest.mark.django_db
D = dt.date
DAY, REVIEW = D(2022, 6, 1), D(2023, 6, 1)


@pytest.fixture
def two(east):
    """Two enterprises of the East."""
    rows = [make.enterprise(east, name, registered=D(2015, 1, 1)) for name in ("东方商贸有限公司", "南方食品有限公司")]
    return SimpleNamespace(first=rows[0], second=rows[1])


def base(day: D, committee=None) -> int:
    found = coverage_on(day)
    return (found.district if committee is None else found.committee(committee.pk))["enterprises"]


def asked(enterprise, user, on=DAY, review_on=REVIEW) -> ExclusionRequest:
    ask(enterprise, reason="shell", evidence="核查记录〔2022〕3号", on=on, review_on=review_on, by=user)
    return enterprise.exclusion_requests.get(state="pending")


def test_a_request_moves_no_figure_until_it_is_granted(two, cast):
    request = asked(two.first, cast.dong)
    assert base(DAY) == 2
    with pytest.raises(ValidationError, match="已有一份"):
        asked(two.first, cast.dong)
    approve(request, on=None, review_on=None, said="同意", by=cast.wei)
    assert (base(DAY - dt.timedelta(days=1)), base(DAY)) == (2, 1)
    request.refresh_from_db()
    assert (request.state, request.asked_by, request.decided_by) == (RequestState.APPROVED, cast.dong, cast.wei)
    with pytest.raises(ValidationError, match="不能再办"):
        refuse(request, said="晚了", by=cast.wei)


def test_on_the_day_of_review_it_is_back_unless_decided_anew(two, cast):
    enterprise = two.first
    approve(asked(enterprise, cast.dong), on=None, review_on=None, said="", by=cast.wei)
    assert (base(REVIEW - dt.timedelta(days=1)), base(REVIEW)) == (1, 2)
    approve(asked(enterprise, cast.dong, REVIEW, D(2024, 6, 1)), on=None, review_on=None, said="", by=cast.wei)
    assert (base(REVIEW), base(D(2024, 5, 31)), base(D(2024, 6, 1))) == (1, 1, 2)
    assert list(BaseExclusion.objects.order_by("start").values_list("start", "end")) == [
        (DAY, REVIEW),
        (REVIEW, D(2024, 6, 1)),
    ]


def test_what_is_refused_or_withdrawn_stays_in_the_base(two, cast):
    refuse(asked(two.first, cast.dong), said="仍在经营", by=cast.wei)
    withdraw(asked(two.second, cast.dong), by=cast.dong)
    assert base(DAY) == 2 and not BaseExclusion.objects.exists()
    assert asked(two.first, cast.dong).state == RequestState.PENDING  # with better evidence


@pytest.mark.parametrize(
    ("on", "review_on", "said"),
    [(DAY, DAY, "要晚于"), (DAY, D(2099, 1, 1), "最晚为"), (D(1999, 1, 1), REVIEW, "成立于")],
)
def test_days_that_cannot_be_are_refused(two, on, review_on, said):
    with pytest.raises(ValidationError, match=said):
        exclude(two.first, reason="shell", evidence="核查", on=on, review_on=review_on)
    assert not BaseExclusion.objects.exists()


def test_a_closed_enterprise_is_not_out_beyond_its_end(two):
    enterprise = two.first
    enterprise.closed_on = D(2022, 9, 1)
    enterprise.save()
    exclude(enterprise, reason="shell", evidence="核查", on=DAY, review_on=REVIEW)
    assert enterprise.exclusions.get().end == D(2022, 9, 1)


@pytest.mark.parametrize("seed", range(6))
def test_the_base_is_what_a_person_would_count(east, cast, seed):
    """Random requests, decisions, early returns: on every day the base is all but those whose granted days hold it."""
    chance = random.Random(seed)
    rows = [make.enterprise(east, registered=D(2019, 1, 1)) for _ in range(5)]
    out: dict[int, set[D]] = {row.pk: set() for row in rows}
    first = D(2020, 1, 1)
    for _ in range(40):
        row = chance.choice(rows)
        on = first + dt.timedelta(days=chance.randrange(700))
        until = on + dt.timedelta(days=chance.randrange(1, 400))
        days = {on + dt.timedelta(days=number) for number in range((until - on).days)}
        what = chance.choice(["grant", "grant", "refuse", "return"])
        if what == "return":
            try:
                include_again(row, on=on)
            except ValidationError:
                assert (
                    on not in out[row.pk]
                    or on - dt.timedelta(days=1) not in out[row.pk]
                    or row.exclusions.filter(start=on)
                )
                continue
            held = on
            while held in out[row.pk] and not row.exclusions.filter(start=held).exists():
                out[row.pk].remove(held)
                held += dt.timedelta(days=1)
            continue
        request = asked(row, cast.dong, on, until)
        if what == "refuse":
            refuse(request, said="不符", by=cast.wei)
        elif days & out[row.pk]:
            with pytest.raises(ValidationError, match="重叠"):
                approve(request, on=None, review_on=None, said="", by=cast.wei)
            withdraw(request, by=cast.dong)
        else:
            approve(request, on=None, review_on=None, said="", by=cast.wei)
            out[row.pk] |= days
    for number in range(0, 1100, 37):
        day = first + dt.timedelta(days=number)
        assert base(day) == sum(day not in days for days in out.values()), day


# -- through the pages ------------------------------------------------------------------------------


def test_a_committee_asks_and_the_district_decides(two, cast, signed_in):
    first, second = two.first, two.second
    dong, wei = signed_in(cast.dong), Client()
    wei.force_login(cast.wei, backend="django.contrib.auth.backends.ModelBackend")
    answers = {"reason": "shell", "evidence": "核查记录", "on": "2022-06-01", "review_on": "2023-06-01"}
    ticked = {"row": [first.pk, second.pk], **answers}
    assert make.confirm(dong, "/enterprises/bulk/ask-exclusion/", ticked).status_code == 302
    assert "等区委组织部核定" in dong.get(f"/enterprises/{first.pk}/").content.decode()
    assert "不纳入基数的申请，等区委组织部核定" in dong.get("/todo/").content.decode()
    assert "不纳入基数的申请，要核定" in wei.get("/todo/").content.decode()
    page = wei.get("/exclusion-requests/?state=pending").content.decode()
    assert first.name in page and second.name in page and "核查记录" in page
    keys = list(ExclusionRequest.objects.values_list("pk", flat=True))
    assert make.confirm(wei, "/exclusion-requests/bulk/approve/", {"row": keys, "said": "同意"}).status_code == 302
    assert base(DAY) == 0
    listed = wei.get("/exclusions/?as_of=2022-07-01").content.decode()
    assert first.name in listed and "核查记录" in listed and str(cast.dong) in listed and str(cast.wei) in listed
    assert "不纳入基数的申请" not in wei.get("/todo/").content.decode().split("已没有")[0]


def test_what_is_due_for_review_is_on_the_work_list(two, cast, signed_in):
    first, second = two.first, two.second
    day = today()
    make.exclude(first, D(2020, 1, 1), day + dt.timedelta(days=10))
    make.exclude(second, D(2020, 1, 1), day - dt.timedelta(days=10))
    exclusions = BaseExclusion.objects
    assert [row.enterprise for row in exclusions.to_review("soon", day)] == [first]
    assert [row.enterprise for row in exclusions.to_review("back", day)] == [second]
    page = signed_in(cast.dong).get("/todo/").content.decode()
    assert "/exclusions/?due=soon" in page and "/exclusions/?due=back" in page
    assert first.name in signed_in(cast.dong).get("/exclusions/?due=soon").content.decode()
    # Who goes on is due no longer.
    make.exclude(first, day + dt.timedelta(days=10))
    assert not exclusions.to_review("soon", day) and first.name not in str(exclusions.to_review("open", day))
    make.exclude(second, day - dt.timedelta(days=5))
    assert not exclusions.to_review("back", day)
    assert [row.enterprise for row in exclusions.to_review("open", day)] == [second]


# -- from a ledger ------------------------------------------------------------------------------------

HEAD = ["企业名称", "经营状态", "备注", "职工人数"]
ROWS = [
    HEAD,
    ["东方商贸有限公司", "停产", None],
    ["新兴制造有限公司", None, "空壳企业，联系13800001234"],
    ["正常经营有限公司", "在业", None],
]


def test_words_of_a_ledger_ask_once(post, east, cast):
    preview = post(xlsx(*ROWS))
    assert "不纳入基数" in str(preview.problems) and not ExclusionRequest.objects.exists()
    first = post.commit(preview)
    found = {str(each.enterprise): each for each in ExclusionRequest.objects.all()}
    assert set(found) == {"东方商贸有限公司", "新兴制造有限公司"}
    stopped, shell = found["东方商贸有限公司"], found["新兴制造有限公司"]
    assert (stopped.reason, stopped.evidence, stopped.start) == ("suspended", "经营状态：停产", first.as_of)
    assert shell.reason == "shell" and "13800001234" not in shell.evidence
    assert stopped.from_ledger and stopped.asked_by == cast.dong and base(first.as_of) == 3
    # Again and later: one that waits is not asked again, nor words that were refused.
    refuse(shell, said="仍在经营", by=cast.wei)
    post.commit(post(xlsx(*ROWS), as_of="2023-12-21"))
    assert ExclusionRequest.objects.count() == 2
    # What was granted and has come back is.
    approve(stopped, on=None, review_on=first.as_of + dt.timedelta(days=1), said="", by=cast.wei)
    post.commit(post(xlsx(*ROWS), as_of="2023-12-22"))
    assert ExclusionRequest.objects.filter(enterprise=stopped.enterprise).count() == 2


def test_undoing_the_ledger_takes_its_requests_back(post, east):
    upload = post.commit(post(xlsx(*ROWS)))
    assert ExclusionRequest.objects.count() == 2
    page = post.client.get(f"/ledgers/{upload.pk}/undo/")
    assert page.status_code == 200
    post.client.post(f"/ledgers/{upload.pk}/undo/")
    upload.refresh_from_db()
    assert upload.state == "undone"
    assert not ExclusionRequest.objects.exists() and ExclusionRequest.history.filter(history_type="-").count() == 2


def test_what_is_due_soon_goes_on_without_a_day_in_the_base(two, cast, signed_in):
    """Asked for and granted before the day of review, it goes on from that day."""
    enterprise, review = two.first, today() + dt.timedelta(days=20)
    exclude(enterprise, reason="shell", evidence="核查记录", on=today() - dt.timedelta(days=200), review_on=review)
    client = signed_in(cast.dong)
    address = f"/enterprises/{enterprise.pk}/ask-exclusion/"
    page = client.get(address).content.decode()
    assert f"现在这一段到 {review} 为止，续的从这一天起" in page and f'value="{review}"' in page
    until = review + dt.timedelta(days=300)
    answers = {"reason": "shell", "evidence": "再次核查", "on": str(review), "review_on": str(until)}
    make.confirm(client, address, answers)
    assert BaseExclusion.objects.to_review("soon", today()).exists()
    approve(ExclusionRequest.objects.get(), on=None, review_on=None, said="同意", by=cast.wei)
    assert not BaseExclusion.objects.to_review("soon", today()).exists()
    assert {base(review + dt.timedelta(days=days)) for days in (-1, 0, 299)} == {1} and base(until) == 2


def test_what_is_not_due_soon_is_not_asked_for_anew(two, cast, signed_in):
    exclude(two.first, reason="shell", evidence="核查", on=DAY, review_on=today() + dt.timedelta(days=31))
    page = signed_in(cast.dong).get(f"/enterprises/{two.first.pk}/").content.decode()
    assert f"/enterprises/{two.first.pk}/ask-exclusion/" not in page
