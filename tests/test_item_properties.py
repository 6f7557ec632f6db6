"""For random histories the figures of items equal what a person would count, of every kind of subject, on any date, by
committee; and the three lists are who is counted."""

import datetime as dt
from collections import Counter

from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organizations.models import FACTS
from reports.facts import Facts
from reports.items import ANSWERS, MAYBE, Catalogue, Ought, listed, tallies
from reports.populations import Asked
from reports.rules import Rules
from tests.engine_histories import day, number
from tests.item_histories import SINCE, both, build, established_since, had, there, whole, worlds

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
_COMMITTEES = {"committee": lambda who: who}


def expected(world, who_ought: str, on: dt.date, code: int, since) -> dict:
    """By committee (its place) how many have, have not, may have, and the bounds: every subject by itself."""
    items, lives = world
    subject = items[0].subject
    found: dict = {}
    for who in range(3):
        answers = [had(item, who, on) for item in items]
        has = whole(answers) if code == len(items) else answers[code]
        ought = there(subject, lives, who, on)
        if who_ought == "established_since":
            ought = both(ought, established_since(lives, who, since))
        elif who_ought.startswith(("lacks", "has")):
            other = answers[0]
            other = other if who_ought.startswith("has") else None if other is None else not other
            ought = both(ought, other)
        place = _COMMITTEES.get(subject, lambda who: who % 2)(who)
        if ought is False:
            continue
        mine = found.setdefault(place, Counter())
        if ought is None or has is None:
            mine["unknown"] += 1
            mine["maybe"] += has is not False
        else:
            mine["yes" if has else "no"] += 1
    return found


class ItemProperties(TestCase):
    @how(max_examples=60, deadline=None, suppress_health_check=SLOW)
    @given(
        worlds(),
        st.lists(number, min_size=1, max_size=3),
        st.sampled_from(["first", "established_since", "lacks:an_item_0", "has:an_item_0"]),
        st.sampled_from([SINCE, None]),
    )
    def test_the_engine_counts_what_a_person_would(self, world, days, who, since):
        rows, subjects = build(*world)
        subject = world[0][0].subject
        if who == "first" or (who == "established_since" and subject != "organization"):
            who = {"enterprise": "base", "organization": "live", "member": "party", "committee": "active"}.get(
                subject, "in_office"
            )
        catalogue = Catalogue()
        places = {committee.pk: place for place, committee in enumerate(subjects["committee"])}
        for asked_on in map(day, days):
            asked = Asked(Facts(), asked_on, Rules(), since)
            oughts = [Ought(catalogue.items[row.code], who) for row in rows]
            counted = tallies(subject, oughts, asked, catalogue)
            for code, ought in enumerate(oughts):
                wanted = expected(world, who, asked_on, code, since)
                mine = {places[key]: tally[ought.key] for key, tally in counted.items() if tally[ought.key].every}
                assert {key: _numbers(tally) for key, tally in mine.items()} == {
                    key: tuple(numbers[name] for name in ("yes", "no", "unknown", "maybe"))
                    for key, numbers in wanted.items()
                }
                for answer in (*ANSWERS, MAYBE):
                    rows_of = listed(subject, who, asked, catalogue, ought.item, answer)
                    in_list = Counter(places[row.on_committee] for row in rows_of)
                    assert in_list == Counter({key: getattr(tally, answer) for key, tally in mine.items() if getattr(tally, answer)})  # fmt: skip

    @how(max_examples=20, deadline=None, suppress_health_check=SLOW)
    @given(worlds(), number)
    def test_known_at_a_moment_it_is_as_it_was_then(self, world, asked_on):
        rows, _ = build(*world)
        subject = world[0][0].subject
        who = {"enterprise": "base", "organization": "live", "member": "party", "committee": "active"}.get(
            subject, "in_office"
        )
        catalogue = Catalogue()
        oughts = [Ought(catalogue.items[row.code], who) for row in rows]
        before = tallies(subject, oughts, Asked(Facts(), day(asked_on), Rules(), None), catalogue)
        moment = timezone.now()
        for model in FACTS.values():
            for row in model.objects.all():
                row.delete()
        then = Asked(Facts(moment), day(asked_on), Rules(), None)
        assert tallies(subject, oughts, then, catalogue) == before


def _numbers(tally) -> tuple:
    return tally.yes, tally.no, tally.unknown, tally.maybe
