"""The laws of dated facts, on random statements in any order (common/series.py, docs/rules.md)."""

import datetime as dt
import itertools
import os

from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from common.series import ASSUMED, DAY, Fact, Since, begun, denied, holds, inside, live, spans

BEGIN = dt.date(2020, 1, 1)
EXAMPLES = int(os.environ.get("HISTORIES", "300"))


def day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


def since(number: int, back: int | None) -> Since | None:
    return None if back is None else Since(day(number - back))


# A statement: on a day a value (None: nothing) holds, perhaps with a beginning so many days before.
statement = st.tuples(st.integers(0, 12), st.none() | st.sampled_from("abc"), st.none() | st.integers(0, 8))


class Told:
    """A series as statements came, and what was said last of each day."""

    def __init__(self):
        self.facts: list[Fact] = []
        self.said: dict[dt.date, str | None] = {}
        self.keys = iter(range(10**6))

    def tell(self, number: int, value: str | None, back: int | None) -> None:
        on = day(number)
        seen = [sorted(each for each in self.said if each != on)]
        if value is None:
            new = denied(self.facts, on, seen=seen)
        else:
            new = holds(self.facts, on, (value,), since(number, back), seen=seen)
        # What is written gets a key, as a database gives one.
        self.facts = [
            each if each.of is not None else Fact(each.start, each.end, each.value, each.how, next(self.keys))
            for each in new
        ]
        self.said[on] = value

    def on(self, asked: dt.date) -> str | None:
        found = live(self.facts, asked)
        return found.value[0] if found else None


def sound(facts: list[Fact]) -> bool:
    rows = [each.of for each in facts if each.of is not None]
    return all(each.end is None or each.end > each.start for each in facts) and all(
        a.end is not None and a.end <= b.start for a, b in itertools.pairwise(facts)
    ) and len(rows) == len(set(rows))  # fmt: skip


@how(max_examples=EXAMPLES, deadline=None)
@given(st.lists(statement, max_size=9))
def test_on_its_own_day_every_statement_is_right_and_only_one_holds(statements):
    told = Told()
    for each in statements:
        told.tell(*each)
        assert sound(told.facts), told.facts
        for on, value in told.said.items():
            assert told.on(on) == value, (on, told.facts)


@how(max_examples=EXAMPLES, deadline=None)
@given(st.lists(statement, max_size=7), statement)
def test_saying_the_same_again_changes_nothing(statements, again):
    told = Told()
    for each in (*statements, again):
        told.tell(*each)
    before = list(told.facts)
    told.tell(*again)
    assert told.facts == before


@how(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.none() | st.sampled_from("abc")), max_size=6, unique_by=lambda each: each[0]
    ),
    st.randoms(),
)
def test_the_order_in_which_ledgers_come_does_not_matter(statements, random):  # fmt: skip
    """What holds on each day is what a person would say who reads the undated statements in the order of their days,
    a gap before the first and the last going on."""
    orders = [sorted(statements), random.sample(statements, len(statements))]
    answers = []
    for order in orders:
        told = Told()
        for number, value in order:
            told.tell(number, value, None)
        answers.append([told.on(day(number)) for number in range(15)])
    assert answers[0] == answers[1]


@how(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(1, 3), st.none() | st.integers(1, 3)), max_size=6),
    st.randoms(),
)
def test_unstated_columns_are_carried_on_in_any_order(statements, random):
    statements = list({number: (number, *more) for number, *more in statements if any(more)}.values())

    def told(order) -> list:
        facts: list[Fact] = []
        seen: tuple[set, set] = (set(), set())
        for number, *value in order:
            facts = holds(
                facts, day(number), tuple(value), Since(day(number)), seen=[sorted(each) for each in seen], carries=True
            )
            for days, said in zip(seen, value, strict=True):
                if said is not None:
                    days.add(day(number))
        return [found.value if (found := live(facts, day(number))) else None for number in range(12)]

    expected: list = []
    known: tuple | None = None
    for number in range(12):
        for on, *value in statements:
            if on == number:
                known = tuple(
                    new if new is not None else old for new, old in zip(value, known or (None, None), strict=True)
                )
        expected.append(known)
    assert told(random.sample(statements, len(statements))) == expected


@how(max_examples=EXAMPLES, deadline=None)
@given(st.lists(statement, max_size=6), statement, st.integers(0, 12), st.integers(1, 6))
def test_what_is_said_later_never_leaves_the_owners_life(statements, last, begins, length):
    life = (day(begins), day(begins + length))
    told = Told()
    for each in statements:
        told.tell(*each)
    facts = inside(told.facts, life)
    number, value, back = last
    if value is not None:
        facts = holds(facts, day(number), (value,), since(number, back), life=life)
    assert sound(facts) and facts == inside(facts, life)


def test_an_older_statement_does_not_revive_what_ended_later():
    facts = [Fact(day(5), day(9), ("a",), ASSUMED, 1)]
    assert holds(facts, day(2), ("a",)) == [Fact(day(2), day(9), ("a",), ASSUMED, 1)]
    assert holds(facts, day(6), ("b",))[-1].end == day(9)
    assert holds([], day(2), ("a",), life=(None, day(9)))[0].end == day(9)


def test_of_somebody_gone_only_what_began_before_can_be_said():
    life = (day(0), day(5))
    assert holds([], day(9), ("a",), life=life) == []
    assert holds([], day(9), ("a",), Since(day(2)), life=life) == [Fact(day(2), day(5), ("a",))]
    assert holds([], day(9), ("a",), Since(day(5)), life=life) == []


def test_a_stated_beginning_mends_an_assumed_one_but_not_over_a_no():
    facts = [Fact(day(5), None, ("a",), ASSUMED, 1)]
    assert holds(facts, day(8), ("a",), Since(day(2)))[0].start == day(2)
    assert holds(facts, day(8), ("a",), Since(day(2)), seen=[[day(3)]]) == facts
    stated = [Fact(day(5), None, ("a",), DAY, 1)]
    assert holds(stated, day(8), ("a",), Since(day(2))) == stated
    assert holds(stated, day(8), ("a",), Since(day(2)), moves=True)[0].start == day(2)


def test_a_span_mends_the_one_fact_of_its_time_or_is_put_in():
    def said(facts, until, on=20):
        return [(each.start, each.end) for each in spans(facts, ("a",), Since(day(2)), day(until), day=day(on))]

    assert said([], 6) == [(day(2), day(6))]
    held = [Fact(day(2), None, ("a",), DAY, 1)]
    assert said(held, 6) == [(day(2), day(6))]
    assert said([Fact(day(2), day(4), ("a",), DAY, 1)], 6) == [(day(2), day(6))]
    twice = [Fact(day(1), day(3), ("a",), DAY, 1), Fact(day(4), day(5), ("a",), DAY, 2)]
    assert said(twice, 6) == [(day(1), day(3)), (day(4), day(5))]


def test_a_beginning_moves_only_where_nothing_is_in_the_way():
    facts = [Fact(day(0), day(5), ("a",), DAY, 1), Fact(day(5), None, ("b",), DAY, 2)]
    moved = begun(facts, facts[1], Since(day(3)))
    assert [(each.start, each.end) for each in moved] == [(day(0), day(3)), (day(3), None)]
    assert begun(facts, facts[1], Since(day(0))) is None
    assert begun(facts, facts[1], Since(day(3)), [[day(4)]]) is None
