"""Where a statement takes its place among the dated facts of one owner and kind (docs/rules.md, the laws).

Pure: dates and values in, facts out; no Django, no spreadsheets. A series is a list of facts in the order of their
days, none overlapping another. A statement says what holds on one day. It may change what lies between the days on
which something else has been said of the same (`seen`), and nothing on those days: so a ledger stays right on its own
day whatever comes before or after it, an end stays an end, and saying the same again changes nothing.
"""

import datetime as dt
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Day = dt.date
# How well a beginning is known; the words of common.periods.Precision.
DAY, MONTH, ASSUMED = "day", "month", "assumed"
# From the first day to the first day on which it is no more; None: open.
Life = tuple[Day | None, Day | None]
ALWAYS: Life = (None, None)
# The value of facts that say only that they are there.
THERE = (True,)
_NEVER = dt.date.max
# The days on which each column was stated before, in order.
Seen = Sequence[Sequence[Day]]


class Since(NamedTuple):
    """A stated beginning."""

    day: Day
    how: str = DAY


class Fact(NamedTuple):
    """From `start` until `end` (the first day on which it no longer holds) `value` holds, a value a column; None in
    a column: never stated. `of` is the stored row that it is, None for a new one; `like` the stored row that a new
    one continues."""

    start: Day
    end: Day | None
    value: tuple
    how: str = DAY
    of: Any = None
    like: Any = None

    def is_live_on(self, day: Day) -> bool:
        return self.start <= day and (self.end is None or self.end > day)

    @property
    def until(self) -> Day:
        return self.end or _NEVER


def live(facts: Iterable[Fact], day: Day) -> Fact | None:
    """The fact that holds on `day`."""
    for fact in facts:
        if fact.start <= day and (fact.end is None or fact.end > day):
            return fact
    return None


def same_day(a: Since, b: Since) -> bool:
    """Whether two stated days can be one: equal, or equal as far as the vaguer one goes."""
    if MONTH in (a.how, b.how):
        return (a.day.year, a.day.month) == (b.day.year, b.day.month)
    return a.day == b.day


def holds(
    facts: Sequence[Fact],
    day: Day,
    value: tuple,
    since: Since | None = None,
    *,
    seen: Seen = (),
    life: Life = ALWAYS,
    carries: bool = False,
    moves: bool = False,
    lasts: bool = False,
    how: str = ASSUMED,
) -> list[Fact]:
    """`value` holds on `day`, and since `since` where that is stated; else it is taken to begin on `day` (`how`).

    A column of `value` that is None states nothing; with `carries` what was known of it goes on. What was known
    before goes on until then, what is known of later days stays. Outside `life` nothing holds; of somebody who is
    gone by `day`, only what began before can be said. A stated beginning mends an assumed one, and with `moves`
    another stated one too, as far as no other statement contradicts it. With `lasts` it holds for good: told earlier
    than was known, it began earlier.
    """
    facts = list(facts)
    if said_already(facts, day, value, since, life):
        return facts
    begins, ends = life
    told = day
    if ends is not None and day >= ends:
        if since is None or since.day >= ends:
            return facts
        day = ends - dt.timedelta(days=1)
    begin = since or Since(day, how)
    if begins is not None and begin.day < begins:
        begin = Since(begins, begin.how)
    day = max(day, begin.day)
    if ends is not None and day >= ends:
        return facts
    if day != told and _said_between(seen, told, day):
        # Of the day to which it would have to move, or later than this was told, something is known already.
        return facts
    if not facts and not any(seen):
        # The first that is heard of it, as of most in a first ledger.
        return [Fact(begin.day, ends, value, begin.how)] if any(said is not None for said in value) else facts
    current = live(facts, day)
    changed = {
        column: _reach(facts, column, day, () if lasts else seen, carries)
        for column, said in enumerate(value)
        if said is not None and (current is None or current.value[column] != said)
    }
    if not changed:
        if since is None or current is None or since == (current.start, current.how):
            return facts
        return _mend(facts, current, begin, seen, moves)
    free = begin.day == day or _free(facts, begin.day, day, current, [_days(seen, column) for column in changed])
    taken = begin if free else Since(day, ASSUMED)
    laid = {column: (taken.day, min(until, ends or _NEVER), value[column]) for column, until in changed.items()}
    facts = _lay(facts, laid, taken, len(value), carries, lasts)
    fact = live(facts, day)
    # What was in the way may be gone now; said again, this must change nothing.
    return facts if free or fact is None else _mend(facts, fact, begin, seen, moves)


def said_already(facts: Sequence[Fact], day: Day, value: tuple, since: Since | None, life: Life = ALWAYS) -> bool:
    """Whether the facts say just that already, as most of what a ledger repeats: then nothing else need be asked."""
    if life[1] is not None and day >= life[1]:
        return False
    fact = live(facts, day)
    if fact is None or not (since is None or (since.day == fact.start and since.how == fact.how)):
        return False
    return fact.value == value or all(
        said is None or said == held for said, held in zip(value, fact.value, strict=True)
    )


def denied(facts: Sequence[Fact], day: Day, *, seen: Seen = ()) -> list[Fact]:
    """Nothing holds on `day`: what does ends there, and goes on from the next day on which it was stated."""
    days = sorted({each for column in seen for each in column})
    left: list[Fact] = []
    for fact in facts:
        if not fact.is_live_on(day):
            left.append(fact)
            continue
        again = next((each for each in days if day < each < fact.until), None)
        before = fact.start < day
        if before:
            left.append(fact._replace(end=day))
        if again is not None:
            resumed = fact._replace(start=again, how=ASSUMED)
            left.append(resumed._replace(of=None, like=fact.of) if before else resumed)
    return left


def spans(facts: Sequence[Fact], value: tuple, since: Since, until: Day, *, day: Day, seen: Seen = ()) -> list[Fact]:
    """`value` held from `since` until `until`, said on `day`: the one fact of that time gets these dates, or it is
    put in. Where several lie in that time, or others are in the way, nothing changes."""
    kept = list(facts)
    if day >= until:
        kept = denied(kept, day, seen=seen)
    mine = [fact for fact in kept if fact.start < until and fact.until > since.day]
    if not mine:
        # One that begins where this ended is another.
        return sorted([*kept, Fact(since.day, until, value, since.how)], key=lambda fact: fact.start)
    if len(mine) > 1 or mine[0].value != value:
        return list(facts)
    fact = mine[0]
    following = min((each.start for each in kept if each.start > fact.start), default=_NEVER)
    days = [each for column in seen for each in column]
    if fact.until > until:
        ended = denied([fact], until, seen=seen)
    elif any(fact.until <= each < until for each in days):
        ended = [fact]
    else:
        ended = [fact._replace(end=min(until, following))]
    at = kept.index(fact)
    kept[at : at + 1] = ended
    return _mend(kept, ended[0], since, seen, moves=True)


def begun(facts: Sequence[Fact], fact: Fact, since: Since, seen: Seen = ()) -> list[Fact] | None:
    """`fact` with another beginning, what it follows ending there; None where another fact or statement is in the
    way."""
    facts = list(facts)
    at = facts.index(fact)
    before = facts[at - 1] if at else None
    if since.day >= fact.until or (before is not None and since.day <= before.start):
        return None
    if before is not None and before.end != fact.start and since.day < before.until:
        return None
    first, last = sorted((since.day, fact.start))
    if any(first <= each < last for column in seen for each in column):
        return None
    if before is not None and before.end == fact.start:
        facts[at - 1] = before._replace(end=since.day)
    facts[at] = fact._replace(start=since.day, how=since.how)
    return facts


def inside(facts: Sequence[Fact], life: Life) -> list[Fact]:
    """What of the facts lies inside `life`."""
    begins, ends = life
    kept = []
    for fact in facts:
        start = fact.start if begins is None else max(fact.start, begins)
        until = min(fact.until, ends or _NEVER)
        if start < until:
            kept.append(fact._replace(start=start, end=None if until == _NEVER else until))
    return kept


def without(facts: Sequence[Fact], column: int, owner: Any, life: Life) -> list[Fact]:
    """The facts, with `owner` in this column of their values only on the days of its life; on the others they go on
    without it, where another column still says something."""
    found: list[Fact] = []
    for fact in facts:
        here = inside([fact], life)
        if fact.value[column] != owner or here == [fact]:
            found.append(fact)
            continue
        rest = tuple(None if place == column else each for place, each in enumerate(fact.value))
        goes_on = any(each is not None for each in rest)
        first, last = (here[0].start, here[0].until) if here else (fact.until, fact.until)
        if goes_on and fact.start < first:
            found.append(Fact(fact.start, _end(first), rest, fact.how, None if here else fact.of, fact.of))
        found += here
        if goes_on and here and last < fact.until:
            found.append(Fact(last, fact.end, rest, DAY, None, fact.of))
    return found


def _end(until: Day) -> Day | None:
    return None if until == _NEVER else until


# -- how ------------------------------------------------------------------------------------------


def _days(seen: Seen, column: int) -> Sequence[Day]:
    return seen[column] if seen else ()


def _said_between(seen: Seen, told: Day, day: Day) -> bool:
    """Whether something was said of `day`, or later than what was told on `told`, as far as the two days reach."""
    first, last = sorted((told, day))
    return any(each == day or first < each <= last for days in seen for each in days)


def _reach(facts: Sequence[Fact], column: int, day: Day, seen: Seen, carries: bool) -> Day:
    """The first day after `day` of which something else is known: stated, begun or ended."""
    days = _days(seen, column)
    after = bisect_right(days, day)
    limit = days[after] if after < len(days) else _NEVER
    current = live(facts, day)
    # What was never stated of the column says nothing against it; what was the same so far goes along.
    passed = {None} if current is None else {None, current.value[column]}
    reached = current.until if current else min((fact.start for fact in facts if fact.start > day), default=_NEVER)
    while carries and reached < limit:
        following = next((fact for fact in facts if fact.start == reached), None)
        if following is None or following.value[column] not in passed:
            break
        reached = following.until
    return min(reached, limit)


def _free(facts: Sequence[Fact], first: Day, day: Day, current: Fact | None, columns: Iterable[Sequence[Day]]) -> bool:
    """Whether a beginning on `first` contradicts nothing that is known of the days before `day`."""
    if any(bisect_left(days, first) < bisect_left(days, day) for days in columns):
        return False
    if current is not None:
        return current.start < first
    return all(fact.until <= first for fact in facts if fact.start <= day)


def _mend(facts: list[Fact], fact: Fact, since: Since, seen: Seen, moves: bool) -> list[Fact]:
    """`fact` with the stated beginning, unless the one held says the same or more, or is not to be moved."""
    held = Since(fact.start, fact.how)
    if fact.how != ASSUMED and same_day(held, since):
        if fact.how == DAY or since.how != DAY:
            return facts
    elif fact.how != ASSUMED and not moves:
        return facts
    if held == since:
        return facts
    return begun(facts, fact, since, seen) or facts


@dataclass(slots=True)
class _Piece:
    """A stretch of days with one value; `laid` when a statement has changed it."""

    start: Day
    end: Day
    value: tuple
    base: Fact | None
    laid: bool


def _lay(
    facts: Sequence[Fact],
    laid: dict[int, tuple[Day, Day, Any]],
    begin: Since,
    width: int,
    carries: bool = False,
    lasts: bool = False,
) -> list[Fact]:
    """The facts with each column of `laid` (from, until, value) laid over them."""
    cuts = {fact.start for fact in facts} | {fact.until for fact in facts}
    cuts |= {day for first, until, _ in laid.values() for day in (first, until)}
    days = sorted(cuts)
    pieces: list[list[_Piece]] = []
    for start, end in itertools.pairwise(days):
        base = live(facts, start)
        value = list(base.value) if base else [None] * width
        for column, (first, until, said) in laid.items():
            if first <= start < until:
                value[column] = said
        changed = base is None or tuple(value) != base.value
        if base is None and all(each is None for each in value):
            continue
        piece = _Piece(start, end, tuple(value), base, changed)
        if pieces and _goes_on(pieces[-1][-1], piece, begin, lasts):
            pieces[-1].append(piece)
        else:
            pieces.append([piece])
    return _identified(pieces, {first for first, _, _ in laid.values()}, begin, carries)


def _goes_on(before: _Piece, piece: _Piece, begin: Since, lasts: bool) -> bool:
    """Whether two neighbouring stretches are one fact."""
    if before.end != piece.start or before.value != piece.value:
        return False
    if before.base is piece.base:
        return True
    if not before.laid and not piece.laid:
        return False
    if piece.base is not None and piece.base.start == piece.start and not piece.laid:
        # A later fact that was only assumed to begin where it does: now it is known earlier.
        return lasts or piece.base.how == ASSUMED
    return begin.how == ASSUMED


def _identified(pieces: list[list[_Piece]], firsts: set[Day], begin: Since, carries: bool) -> list[Fact]:
    """The stretches as facts: each is the stored row of which most is left as it was, or a new one."""
    owner: dict[int, int] = {}
    taken: set[int] = set()
    for unchanged in (True, False):
        for number, stretch in enumerate(pieces):
            for piece in stretch:
                base = piece.base
                if number in owner or base is None or piece.laid == unchanged or id(base) in taken:
                    continue
                owner[number] = id(base)
                taken.add(id(base))
    bases = {id(piece.base): piece.base for stretch in pieces for piece in stretch if piece.base is not None}
    found = []
    for number, stretch in enumerate(pieces):
        head = stretch[0]
        whose = bases.get(owner.get(number, 0))
        starts = head.base is not None and head.base.start == head.start
        if head.start in firsts and (head.laid or not starts):
            how = begin.how
        else:
            how = head.base.how if head.base is not None and starts else ASSUMED
        continued = head.base if head.base is not None and (carries or not head.laid) else None
        found.append(
            Fact(
                head.start,
                None if stretch[-1].end == _NEVER else stretch[-1].end,
                head.value,
                how,
                whose.of if whose is not None else None,
                None if whose is not None or continued is None else continued.of or continued.like,
            )
        )
    return found
