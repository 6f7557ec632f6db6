"""Nobody of East learns what is West's own business, whatever is asked (tests/linked_district.py)."""

import re

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from committees.accounts.devices import AppDevice
from committees.models import AccessLog
from ledgers.models import ColumnMapping, Upload, WordMeaning
from tests import linked_district as district

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(cast, east, west):
    return district.build(cast, east, west)


@pytest.fixture
def asked(keys):
    return district.questions(**keys)


@pytest.fixture
def told_nothing(keys, asked, signed_in):
    """A function: go the whole walk as a user, and get what was told, none of it another committee's business."""

    def walk(user) -> dict[str, str]:
        told = district.walk(signed_in(user), asked)
        assert sum(words[:4] == "200 " for words in told.values()) > 150
        assert not district.leaks(told), "\n".join(district.leaks(told)[:40])
        return told

    return walk


def test_no_answer_holds_anothers_business_and_twice_as_much_of_it_changes_no_byte(told_nothing, cast, west):
    before = told_nothing(cast.dong)
    district.theirs_alone(cast, west, "二")
    after = told_nothing(cast.dong)
    # What is on record of one's own looking grows, and a new record has the next number of all.
    grows, number = re.compile("/access-log/|/seen/"), re.compile(r"'Location', '/\w+/\d+/'")
    changed = [
        address
        for address in before.keys() | after.keys()
        if not grows.search(address)
        and number.sub("", before.get(address, "")) != number.sub("", after.get(address, ""))
    ]
    assert not changed, changed


def test_a_viewer_is_told_of_anothers_business_no_more(told_nothing, cast):
    told_nothing(cast.dong_kan)


def test_the_walk_would_see_it(keys, cast, signed_in):
    client = signed_in(cast.wei)
    told = {address: district.said(client.get(address)) for address in district.doors_of(**keys)}
    assert len(district.leaks(told)) > 40


def test_other_methods_tell_no_more_and_do_nothing(keys, cast, signed_in):
    def rows():
        # What is on record of the looking, and the key that the page of one's own second factor offers.
        about = {AccessLog, Session, AppDevice}
        return {model: model.objects.count() for model in apps.get_models() if model not in about}

    client = signed_in(cast.dong)
    before = rows()
    told = district.walk_otherwise(client, district.once(**keys))
    assert not district.leaks(told), "\n".join(district.leaks(told)[:40])
    assert rows() == before


def test_who_has_no_role_is_told_nothing(keys, asked, cast, signed_in):
    told = district.walk(signed_in(cast.nobody), asked)
    assert not district.leaks(told, district.anything()), district.leaks(told, district.anything())[:40]


def test_an_administrator_without_a_role_is_told_of_no_person(keys, cast, signed_in):
    told = district.walk(signed_in(cast.admin), district.doors_of(**keys))
    assert not district.leaks(told, district.persons()), district.leaks(told, district.persons())[:40]


# -- what is sent -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "kind", "under"), [(ColumnMapping, "mapping", "mappings"), (WordMeaning, "word", "words")]
)
def test_what_another_committee_said_is_not_taken_back(keys, cast, signed_in, model, kind, under):
    client = signed_in(cast.dong)
    answers = {of: client.post(f"/ledgers/{under}/{keys[of][kind]}/forget/").status_code for of in ("own", "theirs")}
    assert answers == {"own": 302, "theirs": 404}
    assert list(model.objects.values_list("pk", flat=True)) == [keys["theirs"][kind]]


def test_no_file_is_handed_to_another_committee(keys, cast, signed_in, east, west):
    waiting = Upload.objects.create(committee=east, user=cast.dong, file_name="a.csv", size=1, state="examined")
    signed_in(cast.dong).post(f"/ledgers/{waiting.pk}/unit/", {"committee": west.pk})
    waiting.refresh_from_db()
    assert (waiting.committee, waiting.state) == (east, "examined")


@pytest.mark.parametrize("name", ["enterprise", "organization"])
def test_a_record_of_another_committee_is_refused_like_one_that_is_nowhere(keys, cast, signed_in, name):
    client, nowhere, said = signed_in(cast.dong), 999999, []
    for key in (keys["theirs"][name], nowhere):
        form = client.post("/members/new/", {name: f"某（编号 {key}）"}).context["form"]
        said.append([words.replace(str(key), "N") for words in form.errors[name]])
    assert said[0] == said[1]
