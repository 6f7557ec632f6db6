"""The figures of the plan's items, of every subject: of those who ought to have an item, who has it, who has not, and
of whom nobody knows; on any date, as known at any moment.

An item is had by what is recorded of it (organizations/models/items.py) or by what it can be derived from; a whole,
when all its parts are. The same conditions count (one statement a subject and date) and filter the lists.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from common.periods import Precision, live_q, months_before
from common.plan import Item, Lapse, Plan, Shape, Subject
from instructors.models import Assignment
from organizations.models import OWNERS, Amount, Cover, Event, State
from reports.conditions import CODES, NEVER, Condition, begun_unknown, both, either, opposite
from reports.facts import Facts
from reports.populations import GROUPS, POPULATIONS, THERE, Asked
from reports.rules import Rulebook

YES, NO, UNKNOWN = "yes", "no", "unknown"
# Of those of whom nobody knows, those who may have it: what a plain number of holders could still become.
MAYBE = "maybe"
ANSWERS = {YES: "有", NO: "没有", UNKNOWN: "未知"}
# Of which record a filing about a subject is.
_FILED: dict[str, str] = {
    Subject.ENTERPRISE: "enterprise",
    Subject.ORGANIZATION: "partyorganization",
    Subject.SECRETARY: "partyorganization",
    Subject.INSTRUCTOR: "instructor",
    Subject.MEMBER: "member",
    Subject.COMMITTEE: "committee",
}


# Whether somebody ought to have an item, and whether he has it; None where nobody knows.
Answer = tuple[bool | None, bool | None]


class Ought(NamedTuple):
    """An item, and who ought to have it."""

    item: Item
    who: str

    @property
    def key(self) -> str:
        return f"{self.item.code}.{self.who}"


# -- whether somebody has an item -----------------------------------------------------------------


class Catalogue:
    """The items, read once: parts by their whole."""

    def __init__(self, items: Iterable[Item] | None = None):
        self.items = {item.code: item for item in (Item.objects.all() if items is None else items)}
        self._parts: dict[int, list[Item]] = defaultdict(list)
        for item in self.items.values():
            if item.whole_id is not None:
                self._parts[item.whole_id].append(item)

    def parts(self, item: Item) -> list[Item]:
        return self._parts[item.pk]

    def leaves(self, item: Item) -> list[Item]:
        """What is recorded of the item: itself, or of a whole its parts."""
        return self.parts(item) if item.shape == Shape.WHOLE else [item]

    def of(self, subject: str) -> list[Item]:
        return [item for item in self.items.values() if item.subject == subject]

    def has(self, item: Item, asked: Asked) -> Condition:
        """Whether a subject has the item on the day."""
        if item.shape == Shape.WHOLE:
            return both(self.has(part, asked) for part in self.parts(item)) if self.parts(item) else _NOBODY
        found = _RECORDED[item.shape](item, asked)
        return either([found, _derived(item, asked)]) if item.derived else found

    def ought(self, subject: str, who: str, asked: Asked) -> Condition:
        """Whether somebody who is there belongs to the population."""
        name, _, code = who.partition(":")
        if code:
            has = self.has(self.items[code], asked)
            return opposite(has) if name == "lacks" else has
        return POPULATIONS[subject][who][1](asked)


_NOBODY = Condition(NEVER, NEVER)


def _mine(item: Item, rows: models.QuerySet) -> Q:
    """The subjects that are named in `rows` of facts."""
    owner = f"{OWNERS[item.subject]}_id"
    if item.subject == Subject.SECRETARY:
        return Q(Exists(rows.filter(organization_id=OuterRef("organization_id"), person=OuterRef("name"))))
    return Q(id__in=rows.filter(**{f"{owner}__isnull": False}).values(owner))


def _said(item: Item, asked: Asked) -> models.QuerySet:
    """What was said of the state of the subject of the row asked about."""
    owner = OuterRef(f"{OWNERS[item.subject]}_id")
    rows = asked.facts.filings.filter(subject=_FILED[item.subject], key=owner)
    if item.subject == Subject.SECRETARY:
        topic: Any = Concat(Value(f" state:{item.code}:"), OuterRef("person"), Value(" "))
    else:
        topic = Value(f" state:{item.code} ")
    return rows.filter(topics__contains=topic)


def window(item: Item, asked: Asked) -> dt.date:
    """The first day from which something counts on the day asked about, where the item lapses."""
    if item.lapse == Lapse.YEAR:
        return dt.date(asked.day.year, 1, 1)
    months = asked.rules.regular_months if item.lapse == Lapse.REGULAR else item.months or 0
    return months_before(asked.day, months) + dt.timedelta(days=1)


def over_on(item: Item, fact: Any, asked: Asked) -> dt.date | None:
    """The first day on which a recorded fact makes its item had no longer; None while nothing ends it."""
    if item.shape == Shape.STATE and not item.lapses:
        end: dt.date | None = fact.end
        return end
    if item.lapse == Lapse.YEAR or item.shape == Shape.AMOUNT:
        return dt.date(fact.start.year + 1, 1, 1)
    months = asked.rules.regular_months if item.lapse == Lapse.REGULAR else item.months
    return None if months is None else months_before(fact.start, -months)


def _state(item: Item, asked: Asked) -> Condition:
    rows = asked.facts.rows(State).filter(code=item.code)
    live = rows.filter(live_q(asked.day))
    if item.lapses:
        first = window(item, asked)
        again = _said(item, asked).filter(day__gte=first, day__lte=asked.day)
        live = live.filter(Q(start__gte=first) | Exists(again))
    told = _said(item, asked).filter(day__gte=asked.day, day__lt=OuterRef("start"))
    maybe = rows.filter(start__gt=asked.day, start_precision=Precision.ASSUMED).filter(~Exists(told))
    return Condition(_mine(item, live), _mine(item, maybe))


def _event(item: Item, asked: Asked) -> Condition:
    rows = asked.facts.rows(Event).filter(code=item.code)
    sure, assumed = rows.exclude(start_precision=Precision.ASSUMED), rows.filter(start_precision=Precision.ASSUMED)
    if not item.lapses:
        # It had happened by the day on which it was said without one.
        return Condition(_mine(item, rows.filter(start__lte=asked.day)), _mine(item, assumed))
    first = window(item, asked)
    yes = sure.filter(start__gte=first, start__lte=asked.day)
    return Condition(_mine(item, yes), _mine(item, assumed.filter(start__gte=first)))


def _amount(item: Item, asked: Asked) -> Condition:
    given = asked.facts.rows(Amount).filter(live_q(asked.day), code=item.code, amount__gt=0)
    return Condition(_mine(item, given), NEVER)


_RECORDED: dict[str, Callable[[Item, Asked], Condition]] = {
    Shape.STATE: _state,
    Shape.EVENT: _event,
    Shape.AMOUNT: _amount,
}


def _assigned_instructor(item: Item, code: str, asked: Asked) -> Condition:
    """An instructor has been assigned to an enterprise that the organization covers or covered."""
    facts, day = asked.facts, asked.day
    covers, assignments = facts.rows(Cover), facts.rows(Assignment)
    sent = assignments.filter(start__lte=day).values("enterprise_id")
    maybe_sent = begun_unknown(facts, assignments, Assignment, day).values("enterprise_id")
    mine = covers.filter(start__lte=day)
    maybe_mine = begun_unknown(facts, covers, Cover, day)
    yes = Q(id__in=mine.filter(enterprise_id__in=sent).values("organization_id"))
    maybe = Q(id__in=mine.filter(enterprise_id__in=maybe_sent).values("organization_id"))
    either_way = Q(enterprise_id__in=sent) | Q(enterprise_id__in=maybe_sent)
    maybe |= Q(id__in=maybe_mine.filter(either_way).values("organization_id"))
    return Condition(yes, maybe)


def _by_secretary(item: Item, code: str, asked: Asked) -> Condition:
    """A secretary of the organization has done something."""
    rows = asked.facts.rows(Event).filter(code=code, organization_id__isnull=False)
    done = rows.filter(start__lte=asked.day)
    maybe = rows.filter(start_precision=Precision.ASSUMED)
    return Condition(Q(id__in=done.values("organization_id")), Q(id__in=maybe.values("organization_id")))


def _jointly(item: Item, code: str, asked: Asked) -> Condition:
    """An event of the item `code` was held jointly with 群团, while this item would count."""
    rows = asked.facts.rows(Event).filter(code=code, jointly=True, organization_id__isnull=False)
    first = window(item, asked) if item.lapses else dt.date.min
    done = rows.exclude(start_precision=Precision.ASSUMED).filter(start__gte=first, start__lte=asked.day)
    return Condition(Q(id__in=done.values("organization_id")), NEVER)


def _any_level(item: Item, code: str, asked: Asked) -> Condition:
    """A recognition is had at any level: of the item `code`, whose last word is its level, or another of its kind."""
    kind = code.rpartition("_")[0] + "_"
    rows = asked.facts.rows(State).filter(code__startswith=kind, organization_id__isnull=False)
    live = rows.filter(live_q(asked.day))
    maybe = rows.filter(start__gt=asked.day, start_precision=Precision.ASSUMED)
    return Condition(_mine(item, live), _mine(item, maybe))


# What an item can be derived from: name → (of whose items, the condition). Some name another item: `by_secretary:CODE`.
DERIVATIONS: dict[str, tuple[str, Callable[[Item, str, Asked], Condition]]] = {
    "assigned_instructor": (Subject.ORGANIZATION, _assigned_instructor),
    "by_secretary": (Subject.ORGANIZATION, _by_secretary),
    "any_level": (Subject.ORGANIZATION, _any_level),
    "jointly": (Subject.ORGANIZATION, _jointly),
}


def _derived(item: Item, asked: Asked) -> Condition:
    name, _, code = item.derived.partition(":")
    return DERIVATIONS[name][1](item, code, asked) if name in DERIVATIONS else _NOBODY


# -- counting and listing -------------------------------------------------------------------------


@dataclass
class Tally:
    """Of those who ought to have an item: who has it, who has not, of whom nobody knows (of some not even whether they
    ought). `worst` and `best`: (part, base) as they are at the least and at the most."""

    yes: int = 0
    no: int = 0
    unknown: int = 0
    maybe: int = 0
    worst: tuple[int, int] = (0, 0)
    best: tuple[int, int] = (0, 0)

    @property
    def every(self) -> int:
        return self.yes + self.no + self.unknown

    def add(self, ought: bool | None, has: bool | None, number: int) -> None:
        outcomes = _outcomes(ought, has)
        if outcomes == [(False, False)]:
            return
        self.yes += number * (outcomes == [(True, True)])
        self.no += number * (outcomes == [(True, False)])
        self.unknown += number * (len(outcomes) > 1)
        self.maybe += number * (len(outcomes) > 1 and (True, True) in outcomes)
        self.worst = _plus(self.worst, outcomes[0], number)
        self.best = _plus(self.best, outcomes[-1], number)


def _plus(bound: tuple[int, int], outcome: tuple[bool, bool], number: int) -> tuple[int, int]:
    base, part = outcome
    return bound[0] + part * number, bound[1] + base * number


def _outcomes(ought: bool | None, has: bool | None) -> list[tuple[bool, bool]]:
    """What somebody can be, (ought to, and has): the least favourable for a rate first."""
    oughts, have = ([each] if each is not None else [True, False] for each in (ought, has))
    found = {(o, o and h) for o in oughts for h in have}
    return sorted(found, key=[(True, False), (False, False), (True, True)].index)


def asked_about(
    day: dt.date,
    *,
    known_at: dt.datetime | None = None,
    plan: Plan | None = None,
    rulebook: Rulebook | None = None,
    only: Any = None,
) -> Asked:
    """The question, by the rules of `plan` on that day (of the one in force where none is named)."""
    facts = Facts(known_at, only)
    rulebook = rulebook or Rulebook(facts)
    if plan is None:
        return Asked(facts, day, rulebook.on(day), rulebook.since(day))
    return Asked(facts, day, rulebook.of(plan.pk, day), plan.effective_from)


_BACK: dict[int, bool | None] = {0: False, 1: True, 2: None}


def tallies(
    subject: str,
    oughts: Sequence[Ought],
    asked: Asked,
    catalogue: Catalogue,
    by: str = "committee",
    committee_id: int | None = None,
) -> dict[Any, dict[str, Tally]]:
    """By group of the subject (a committee's key …; `committee_id`: in one committee) and by the key of each of
    `oughts` its tally: one statement."""
    if not oughts:
        return {}
    group = GROUPS[subject][by][1]
    found: dict[Any, dict[str, Tally]] = {}
    for key, answers, number in _patterns(subject, oughts, asked, catalogue, group, committee_id=committee_id):
        mine = found.setdefault(key, {each.key: Tally() for each in oughts})
        for each in oughts:
            mine[each.key].add(*answers[each.key], number)
    return found


def standing(
    subject: str, record_id: int, oughts: Sequence[Ought], asked: Asked, catalogue: Catalogue
) -> dict[str, Answer]:
    """Of one subject, by the key of each of `oughts`, whether it ought to have the item and whether it has: one
    statement; nothing where the subject is not there."""
    if not oughts:
        return {}
    for _, answers, _ in _patterns(subject, oughts, asked, catalogue, "id", id=record_id):
        return answers
    return {}


def _patterns(
    subject: str, oughts: Sequence[Ought], asked: Asked, catalogue: Catalogue, group: str, **only: Any
) -> Iterator[tuple[Any, dict[str, Answer], int]]:
    """(group, by the key of each of `oughts` whether one ought to have the item and has it, how many are so)."""
    rows, there = THERE[subject](asked)
    named = {"on_committee" if name == "committee_id" else name: key for name, key in only.items() if key is not None}
    rows = rows.filter(**named)
    # Of a whole its parts are asked about, once.
    leaves = {leaf.code: leaf for each in oughts for leaf in catalogue.leaves(each.item)}
    populations = list(dict.fromkeys(each.who for each in oughts))
    columns: dict[str, Any] = {
        f"has_{place}": catalogue.has(leaf, asked).code() for place, leaf in enumerate(leaves.values())
    }
    for place, who in enumerate(populations):
        columns[f"ought_{place}"] = both([there, catalogue.ought(subject, who, asked)]).code()
    place_of = {code: f"has_{place}" for place, code in enumerate(leaves)}
    has = {each.item.code: [place_of[leaf.code] for leaf in catalogue.leaves(each.item)] for each in oughts}
    ought = {who: f"ought_{place}" for place, who in enumerate(populations)}
    patterns = rows.order_by().annotate(**columns).values_list(group, *columns).annotate(number=Count("id"))
    names = list(columns)
    for key, *codes, number in patterns:
        answers = {name: _BACK[code] for name, code in zip(names, codes, strict=True)}
        said = {
            each.key: (answers[ought[each.who]], _all([answers[name] for name in has[each.item.code]]))
            for each in oughts
        }
        yield key, said, number


def _all(answers: list[bool | None]) -> bool | None:
    """Whether all are so; what has no parts nobody has."""
    if not answers or False in answers:
        return False
    return None if None in answers else True


def summed(groups: Iterable[dict[str, Tally]], oughts: Sequence[Ought]) -> dict[str, Tally]:
    """All groups together."""
    total = {each.key: Tally() for each in oughts}
    for group in groups:
        for key, tally in group.items():
            mine = total[key]
            mine.yes, mine.no, mine.unknown = mine.yes + tally.yes, mine.no + tally.no, mine.unknown + tally.unknown
            mine.maybe += tally.maybe
            mine.worst = (mine.worst[0] + tally.worst[0], mine.worst[1] + tally.worst[1])
            mine.best = (mine.best[0] + tally.best[0], mine.best[1] + tally.best[1])
    return total


def listed(
    subject: str, who: str, asked: Asked, catalogue: Catalogue, item: Item | None = None, answer: str = ""
) -> models.QuerySet:
    """Those who belong to the population (surely or perhaps); with `item` and `answer` those who have it, have not, or
    of whom nobody knows: as `tallies` counts them."""
    rows, there = THERE[subject](asked)
    ought = both([there, catalogue.ought(subject, who, asked)])
    found: models.QuerySet = rows.annotate(ought=ought.code()).exclude(ought=CODES[False])
    if item is None or answer not in (*ANSWERS, MAYBE):
        return found
    found = found.annotate(has=catalogue.has(item, asked).code())
    if answer == UNKNOWN:
        return found.filter(Q(ought=CODES[None]) | Q(has=CODES[None]))
    if answer == MAYBE:
        return found.filter(Q(ought=CODES[None]) | Q(has=CODES[None])).exclude(has=CODES[False])
    return found.filter(ought=CODES[True], has=CODES[answer == YES])
