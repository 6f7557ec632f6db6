"""Dated facts stated by hand, one at a time: named actions, corrections, forms and the admin. The engine
(common/series.py) says where a statement takes its place; here the rows are locked, checked and saved with history.

Everything here must run inside a transaction.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from common.filings import Said, days_of, denial_of, joined, topics_of
from common.ledger_dates import Month
from common.models import Filing
from common.periods import Period, Span, subtract
from common.series import DAY, MONTH, THERE, Fact, Life, Seen, Since, denied, holds, inside, live, without

# Where a filing comes from that no ledger has brought: stated by hand, or decided (an end, a correction, a voiding),
# which prevails over a ledger of that very day (law 5).
BY_HAND, DECIDED = "hand", "decided"
Owners = dict[str, Any]


@dataclass
class Placed:
    """What placing a statement did to the rows of a series."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.removed)


class Known:
    """The stored facts of one set of owners, locked with their owners so that nobody changes them meanwhile."""

    def __init__(self, model: type[Period], owners: Owners):
        self.model, self.owners = model, owners
        for owner in sorted(_records(owners), key=lambda each: (each._meta.label, each.pk)):
            type(owner)._base_manager.select_for_update().filter(pk=owner.pk).first()
        given = {name: _key(owners.get(name)) for name in model.OF}
        asked = {
            name if key is not None else f"{name}__isnull": True if key is None else key for name, key in given.items()
        }
        self.rows = list(model._default_manager.select_for_update().filter(**asked).order_by("start"))
        self.facts = [Fact(row.start, row.end, value_of(row), row.start_precision, row) for row in self.rows]

    @property
    def seen(self) -> Seen:
        """The days on which ledgers or people said something of these facts."""
        said: list[Said] = list(self._filings.values_list("day", "topics"))
        return days_of(said, self._topics, denial_of(self.model), None)

    @property
    def _named(self) -> list[Any]:
        """The owners that are there: first the record of which something is said."""
        return [self.owners[name] for name in self.model.OF if self.owners.get(name) is not None]

    @property
    def _topics(self) -> list[str]:
        return topics_of(self.model, map(_key, self._named[1:]))

    @property
    def _filings(self) -> models.QuerySet[Filing]:
        subject = self._named[0]
        filings: models.QuerySet[Filing] = Filing.objects.filter(subject=subject._meta.model_name, key=subject.pk)
        return filings

    @property
    def life(self) -> Life:
        return self.model(**self.owners).life()

    def within_lives(self, after: Sequence[Fact]) -> list[Fact]:
        """The facts with each owner that is one of their values only while it is there."""
        facts = list(after)
        for place, name in enumerate(self.model.VALUE):
            if name in self.model.WITHIN:
                related: Any = self.model._meta.get_field(name).related_model
                for owner in related.objects.filter(pk__in={each.value[place] for each in facts}):
                    facts = without(facts, place, owner.pk, owner.life)
        return facts

    def note(self, on: dt.date, columns: Iterable[int] | None = None, source: str = BY_HAND) -> None:
        """Remember that on this day somebody said how it stands: ledgers of other days leave it so; of a decision also
        those of that day. `columns`: all of them where none are given."""
        subject, topics = self._named[0], self._topics
        said = joined(topics if columns is None else (topics[column] for column in columns))
        if not self._filings.filter(day=on, topics=said, source=source).exists():
            name = subject._meta.model_name
            Filing.objects.create(subject=name, key=subject.pk, day=on, topics=said, source=source)

    def decide(self, first: dt.date, until: dt.date | None) -> None:
        """Somebody has decided how it stood from `first` to `until`: what ledgers of these days said is settled."""
        for each in {day for days in self.seen for day in days}:
            if first <= each and (until is None or each < until):
                self.note(each, source=DECIDED)

    def save(self, after: Sequence[Fact], kept: dict[str, Any] | None = None, on: dt.date | None = None) -> Placed:
        """Let the rows stand as `after`. `kept` goes onto a new row that holds on `on`. Ends first, so that no two
        rows overlap on the way. Raises ValidationError for what a form would refuse."""
        placed = Placed()
        left = {id(fact.of) for fact in after}
        for row in self.rows:
            if id(row) not in left:
                row.delete()
                placed.removed.append(row)
        fresh = []
        for fact in sorted(after, key=lambda each: (each.of is None, each.start)):
            row = fact.of
            if row is None:
                row = self.model(**self.owners, **_kept(fact.like))
                if on is None or fact.is_live_on(on):
                    for name, value in (kept or {}).items():
                        setattr(row, name, value)
            elif (row.start, row.end, value_of(row), row.start_precision) == (
                fact.start,
                fact.end,
                fact.value,
                fact.how,
            ):
                continue
            row.start, row.end, row.start_precision = fact.start, fact.end, fact.how
            for name, value in zip(self.model.VALUE, fact.value, strict=False):
                setattr(row, _attname(self.model, name), value)
            (placed.created if fact.of is None else placed.changed).append(row)
            fresh.append(row)
        # What ends makes room for what begins.
        for row in sorted(fresh, key=lambda each: (each.pk is None, each.start)):
            if row.pk is not None:
                row.save()
        for row in fresh:
            row.full_clean()
            if row.pk is None:
                row.save()
        return placed


def _attname(model: type[Period], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname", name))


def _records(owners: Owners) -> list[models.Model]:
    return [owner for owner in owners.values() if isinstance(owner, models.Model)]


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def value_of(row: Period) -> tuple:
    """The columns that make a row another fact."""
    return tuple(plain(row.serializable_value(name)) for name in row.VALUE) or THERE


def plain(value: Any) -> Any:
    """The value of a column as facts know it: nothing is None."""
    return value if value != "" else None


def _kept(row: Period | None) -> dict[str, Any]:
    """What stands on a row beside its owners, values and dates."""
    if row is None:
        return {}
    period = {"id", "start", "start_precision", "end", *row.OF, *row.VALUE}
    return {each.name: getattr(row, each.name) for each in row._meta.concrete_fields if each.name not in period}


# -- statements -----------------------------------------------------------------------------------


def since_by_hand(on: dt.date) -> Since:
    """The beginning that somebody has stated: a day, or a month."""
    return Since(on, MONTH if isinstance(on, Month) else DAY)


def say(
    model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any] | None = None, *,
    moves: bool = False, lasts: bool = False, **kept: Any,
) -> Placed:  # fmt: skip
    """From `on` this holds of the owners: what held before ends, what is known of later days stays. `value`: of the
    model's VALUE what is stated; with CARRIES the rest goes on."""
    _refuse_outside(model, {**(value or {}), **owners}, on)
    known = Known(model, owners)
    told = tuple(_key((value or {}).get(name)) for name in model.VALUE) or THERE
    after = holds(
        known.facts, on, told, since_by_hand(on),
        seen=known.seen, life=known.life, carries=model.CARRIES, moves=moves, lasts=lasts,
    )  # fmt: skip
    placed = known.save(known.within_lives(after), kept, on)
    known.note(on, [place for place, each in enumerate(told) if each is not None])
    return placed


def say_whole(model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any], **kept: Any) -> Placed:
    """As `say`, but what is not in `value` holds no longer: nothing is carried on."""
    _refuse_outside(model, {**value, **owners}, on)
    known = Known(model, owners)
    told = tuple(_key(value.get(name)) for name in model.VALUE)
    whole = [Fact(each.start, each.end, (each.value,), each.how, each.of, each.like) for each in known.facts]
    seen = [sorted({day for days in known.seen for day in days})]
    after = [
        Fact(each.start, each.end, each.value[0], each.how, each.of, each.like)
        for each in holds(whole, on, (told,), since_by_hand(on), seen=seen, life=known.life)
    ]
    placed = known.save(known.within_lives(after), kept, on)
    known.note(on)
    return placed


def _refuse_outside(model: type[Period], named: Owners, on: dt.date) -> None:
    """Raises ValidationError where somebody within whose life the fact lies is not there on the day."""
    for name in model.WITHIN:
        owner: Any = named.get(name)
        begins, ends = (None, None) if owner is None else owner.life
        called = f"{owner._meta.verbose_name}“{owner}”" if owner is not None else ""
        if begins is not None and on < begins:
            raise ValidationError({"on": f"{called}{owner.BEGAN} {begins}，日期不能更早。"})
        if ends is not None and on >= ends:
            raise ValidationError({"on": f"{called}已于 {ends} {owner.GONE}，日期必须更早。"})


def begin(model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any] | None = None, **kept: Any) -> Placed:
    """As `say`, where nothing holds yet. Raises ValidationError where something does."""
    known = Known(model, owners)
    held = live(known.facts, on)
    if held is not None:
        until = held.end or "至今"
        raise ValidationError({"start": f"与已有的一段（{held.start} 起，{until}）重叠，请先结束那一段。"})
    return say(model, owners, on, value, **kept)


def begin_anew(model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any], **kept: Any) -> Placed:
    """As `say`, and a new fact even where the same value holds already: a new term of the same person."""
    _refuse_outside(model, {**value, **owners}, on)
    known = Known(model, owners)
    told = tuple(_key(value.get(name)) for name in model.VALUE)
    seen = known.seen
    after = holds(denied(known.facts, on, seen=seen), on, told, since_by_hand(on), seen=seen, life=known.life)
    placed = known.save(after, kept, on)
    known.note(on)
    return placed


def finish(row: Period, on: dt.date) -> Placed:
    """The fact ends on `on`, for good: no ledger of an earlier day brings it back."""
    known = known_of(row)
    mine = [fact for fact in known.facts if fact.of.pk == row.pk]
    rest = [fact for fact in known.facts if fact.of.pk != row.pk]
    placed = known.save(sorted([*rest, *inside(mine, (None, on))], key=lambda each: each.start))
    known.note(on, source=DECIDED)
    row.refresh_from_db()
    return placed


def revise(row: Period, start: dt.date, end: dt.date | None, how: str = DAY) -> None:
    """Other dates for one fact that was recorded wrongly; what ledgers said of the days that it gains or loses is
    settled by that. Raises ValidationError for what cannot be."""
    stored = type(row)._default_manager.get(pk=row.pk)
    known = known_of(row)
    for first, until in (*subtract(_span(stored), [(start, end)]), *subtract((start, end), [_span(stored)])):
        known.decide(first, until)
    row.start, row.start_precision, row.end = start, how, end
    row.full_clean()
    row.save()


def void(row: Period, reason: str) -> None:
    """作废: the fact never was. It is taken out with the reason and stays in history, and no ledger of a day on which
    it was said brings it back."""
    known_of(row).decide(row.start, row.end)
    row._change_reason = f"作废：{reason}"[:100]  # type: ignore[attr-defined]
    row.delete()


def known_of(row: Period) -> Known:
    """The series that the row belongs to."""
    return Known(type(row), {name: getattr(row, name) for name in row.OF})


def _span(row: Period) -> Span:
    return row.start, row.end
