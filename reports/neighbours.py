"""Which neighbours could found a joint branch (clause 9): enterprises that no organization covers, of one committee and
one park or building, else one village, else one industry, whose members together are enough. Pure; the rows come from
reports/joint.py."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

# 条例: a joint branch normally covers no more.
MOST = 5


class Candidate(NamedTuple):
    """An enterprise without organization, with at least one member and too few to found a branch by itself."""

    pk: int
    name: str
    committee: int | None
    site: str
    village: str
    industry: str
    members: int


class Group(NamedTuple):
    """What could found a branch together; `by`: what they share, `site`, `place` or `industry`."""

    by: str
    shared: str
    enterprises: list[Candidate]

    @property
    def members(self) -> int:
        return sum(each.members for each in self.enterprises)


# What a place is, the narrowest first.
PLACES: dict[str, Callable[[Candidate], str]] = {"site": lambda each: each.site, "place": lambda each: each.village}


def groups(candidates: Iterable[Candidate], enough: int) -> list[Group]:
    """As many groups as their parks and buildings allow, then of those left over as many as their villages do, then as
    their industries do; none is in two, and none is left alone whom a group of its place has room for. `enough`:
    members that found a branch."""
    found: list[Group] = []
    left = list(candidates)
    for by, what in PLACES.items():
        nearby, left = _shared(left, what), []
        for place, near in nearby:
            made, rest = _packed(near, enough) if place else ([], near)
            for enterprises in made:
                while rest and len(enterprises) < MOST:
                    enterprises.append(rest.pop(0))
            found += [Group(by, place, enterprises) for enterprises in made]
            left += rest
    for industry, alike in _shared(left, lambda each: each.industry):
        made, _ = _packed(alike, enough) if industry else ([], alike)
        found += [Group("industry", industry, enterprises) for enterprises in made]
    return found


def _shared(candidates: Iterable[Candidate], what: Callable[[Candidate], str]) -> Iterable[tuple[str, list[Candidate]]]:
    """The candidates of each committee that share something, in a lasting order."""
    together: dict[tuple[int, str], list[Candidate]] = defaultdict(list)
    for each in candidates:
        together[each.committee or 0, what(each)].append(each)
    for key in sorted(together):
        yield key[1], sorted(together[key], key=lambda each: (-each.members, each.name, each.pk))


def _packed(candidates: list[Candidate], enough: int) -> tuple[list[list[Candidate]], list[Candidate]]:
    """As many lists as can be made of which each has enough members and at most MOST enterprises, and the rest.

    The largest is filled up by the smallest that is enough with it, so that little is spent on each.
    """
    rest = list(candidates)
    made: list[list[Candidate]] = []
    while rest:
        taken = [rest.pop(0)]
        while sum(each.members for each in taken) < enough and rest and len(taken) < MOST:
            lacking = enough - sum(each.members for each in taken)
            # What just fills it up, else the largest.
            at = next((at for at in reversed(range(len(rest))) if rest[at].members >= lacking), 0)
            taken.append(rest.pop(at))
        if sum(each.members for each in taken) < enough:
            return made, sorted([*taken, *rest], key=lambda each: (-each.members, each.name, each.pk))
        made.append(taken)
    return made, rest
