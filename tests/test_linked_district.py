"""Nobody of East learns what is West's own business, whatever is asked (tests/linked_district.py)."""

import pytest

from tests import linked_district as district

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(cast, east, west):
    return district.build(cast, east, west)


@pytest.fixture
def asked(keys):
    return district.questions(**keys)


@pytest.mark.parametrize("who", ["dong", "dong_kan"])
def test_no_answer_holds_anothers_business(keys, asked, cast, signed_in, who):
    told = district.walk(signed_in(getattr(cast, who)), asked)
    assert sum(words[:4] == "200 " for words in told.values()) > 150
    assert not district.leaks(told), "\n".join(district.leaks(told)[:40])


def test_the_walk_would_see_it(keys, asked, cast, signed_in):
    assert len(district.leaks(district.walk(signed_in(cast.wei), asked))) > 40


def test_twice_as_much_of_the_others_changes_no_byte(keys, asked, cast, signed_in, west):
    client = signed_in(cast.dong)
    # What was opened lately is the same after a first round; what is on record of one's own looking grows.
    asked = [address for address in asked if "access-log" not in address and "/seen/" not in address]
    district.walk(client, asked)
    before = district.walk(client, asked)
    district.theirs_alone(cast, west, "二")
    after = district.walk(client, asked)
    changed = [address for address in asked if before[address] != after[address]]
    assert not changed, changed
