"""三清 (clause 33): what is missing of each enterprise, one thing at a time; and the sums by committee."""

import datetime as dt

import pytest

from enterprises.models import Enterprise, Headcount
from enterprises.transfer import transfer
from organizations.models import Cover, SecretaryTerm
from reports.clarity import CLEAR, MISSING, by_committee, clarity_on
from reports.coverage import coverage_on
from tests import make

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2022, 6, 1)


@pytest.fixture
def whole(east) -> Enterprise:
    """An enterprise of which nothing is missing."""
    row = make.enterprise(
        east, "全清公司", registered=D(2019, 1, 1), ownership="private", industry_section="C", village="东街社区",
        legal_representative="某甲", contact_phone="13800001234",
    )  # fmt: skip
    make.headcount(row, employees=20, full_members=1, start=D(2022, 1, 1))
    body = make.organization(east, established=D(2020, 1, 1))
    SecretaryTerm.objects.create(organization=body, name="书记", start=D(2020, 1, 1))
    make.cover(row, body, D(2020, 1, 1))
    return row


def missing(day: D = DAY) -> list[str]:
    (found,) = clarity_on(day)
    return found.missing


def test_nothing_is_missing_of_what_is_whole(whole):
    (found,) = clarity_on(DAY)
    assert found.missing == [] and all(map(found.is_clear, CLEAR))


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"credit_code": None}, "credit_code"),
        ({"registered_on": None}, "registered_on"),
        ({"registered_precision": "assumed"}, "registered_on"),
        ({"ownership": ""}, "ownership"),
        ({"industry_section": ""}, "industry"),
        ({"village": ""}, "place"),
        ({"legal_representative": ""}, "representative"),
        ({"contact_phone": ""}, "contact"),
    ],
)
def test_each_of_the_basics_is_missed(whole, columns, key):
    Enterprise.objects.update(**columns)
    assert missing() == [key]


def test_numbers_are_missed_and_grow_old(whole):
    Headcount.objects.update(employees=None)
    assert missing() == ["employees"]
    Headcount.objects.update(employees=20, full_members=None)
    assert missing() == ["members"]
    Headcount.objects.update(full_members=1)
    assert missing(D(2023, 1, 1)) == [] and missing(D(2023, 1, 2)) == ["fresh"]


def test_an_organization_is_clear_when_since_when_and_by_whom_it_is_led_is_known(whole, east):
    SecretaryTerm.objects.update(end=D(2022, 1, 1))
    assert missing() == ["secretary"]
    SecretaryTerm.objects.update(end=None)
    Cover.objects.update(start_precision="assumed")
    assert missing() == ["cover_start"]
    Cover.objects.update(start=D(2022, 9, 1))
    assert missing() == ["covered", "assisted"]
    Cover.objects.update(start=D(2020, 1, 1), end=D(2022, 1, 1), start_precision="day")
    assert missing() == ["reason"]
    Enterprise.objects.update(reason_not_established="no_members")
    assert missing() == []
    sent = make.assign(whole, east, D(2021, 1, 1))
    sent.start_precision = "assumed"
    sent.save()
    assert missing() == ["sent_start"]


def test_the_sums_are_those_of_the_enterprises(whole, east, west):
    for committee in (east, west, west):
        make.enterprise(committee, registered=D(2019, 1, 1))
    make.exclude(make.enterprise(west, registered=D(2019, 1, 1)), D(2020, 1, 1))
    found = clarity_on(DAY)
    counted = by_committee(found)
    assert sum(each[""] for each in counted.values()) == len(found) == coverage_on(DAY).district["enterprises"] == 4
    assert (counted[east.pk]["all"], counted[west.pk]["all"]) == (1, 0)
    assert {MISSING[each][0] for row in found for each in row.missing} == {"basics", "organization", "fresh"}
    assert clarity_on(DAY, committee_id=east.pk) == [each for each in found if each.committee == east.pk]


def test_the_page_counts_ones_own(whole, west, cast, signed_in, django_assert_max_num_queries):
    other = make.enterprise(west, "西边公司", registered=D(2019, 1, 1))
    for number in range(10):
        make.enterprise(west, f"某公司{number}", registered=D(2019, 1, 1))
    client = signed_in(cast.wei)
    with django_assert_max_num_queries(20):
        page = client.get("/clarity/?as_of=2022-06-01").content.decode()
    assert other.name in page and "职工人数 11" in page
    page = client.get(
        f"/clarity/?as_of=2022-06-01&committee={west.pk}&not=organization&missing=reason"
    ).content.decode()
    assert other.name in page
    assert client.get("/clarity/export/?as_of=2022-06-01").status_code == 200
    page = signed_in(cast.dong).get("/clarity/?as_of=2022-06-01").content.decode()
    assert other.name not in page and "没有缺项" in page


def test_of_what_has_gone_to_another_committee_its_business_is_not_told(whole, cast, signed_in, west):
    transfer(whole, committee=west, on=D(2023, 1, 1))
    Enterprise.objects.update(contact_phone="", ownership="")
    own = signed_in(cast.dong).get(f"/clarity/?as_of={DAY}").content.decode()
    assert "全清公司" in own and f'href="/enterprises/{whole.pk}/"' not in own and "联系电话" not in own
    district = signed_in(cast.wei).get(f"/clarity/?as_of={DAY}").content.decode()
    assert f'href="/enterprises/{whole.pk}/"' in district and "联系电话" in district
