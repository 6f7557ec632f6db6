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
from django.utils import timezone

from common.filings import Said, days_of, denial_of, joined, topics_of
from common.models import Filing
from common.periods import Period, fact_models
from common.series import DAY, THERE, Fact, Life, Seen, Since, denied, holds, inside, live, without

BY_HAND = "hand"
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
        return Filing.objects.filter(subject=subject._meta.model_name, key=subject.pk)

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

    def note(self, on: dt.date, columns: Iterable[int] = (0,)) -> None:
        """Remember that on this day somebody said how it stands: ledgers of other days leave it so."""
        subject, topics = self._named[0], self._topics
        said = joined(topics[column] for column in columns)
        if not self._filings.filter(day=on, topics=said).exists():
            name = subject._meta.model_name
            Filing.objects.create(subject=name, key=subject.pk, day=on, topics=said, source=BY_HAND)

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
    return tuple(_plain(row.serializable_value(name)) for name in row.VALUE) or THERE


def _plain(value: Any) -> Any:
    return value if value != "" else None


def _kept(row: Period | None) -> dict[str, Any]:
    """What stands on a row beside its owners, values and dates."""
    if row is None:
        return {}
    period = {"id", "start", "start_precision", "end", *row.OF, *row.VALUE}
    return {each.name: getattr(row, each.name) for each in row._meta.concrete_fields if each.name not in period}


# -- statements -----------------------------------------------------------------------------------


def say(
    model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any] | None = None, *,
    moves: bool = False, lasts: bool = False, **kept: Any,
) -> Placed:  # fmt: skip
    """From `on` this holds of the owners: what held before ends, what is known of later days stays. `value`: of the
    model's VALUE what is stated; with CARRIES the rest goes on."""
    known = Known(model, owners)
    told = tuple(_key((value or {}).get(name)) for name in model.VALUE) or THERE
    after = holds(
        known.facts, on, told, Since(on),
        seen=known.seen, life=known.life, carries=model.CARRIES, moves=moves, lasts=lasts,
    )  # fmt: skip
    placed = known.save(known.within_lives(after), kept, on)
    known.note(on, [place for place, each in enumerate(told) if each is not None])
    return placed


def say_whole(model: type[Period], owners: Owners, on: dt.date, value: dict[str, Any], **kept: Any) -> Placed:
    """As `say`, but what is not in `value` holds no longer: nothing is carried on."""
    known = Known(model, owners)
    told = tuple(_key(value.get(name)) for name in model.VALUE)
    whole = [Fact(each.start, each.end, (each.value,), each.how, each.of, each.like) for each in known.facts]
    seen = [sorted({day for days in known.seen for day in days})]
    after = [
        Fact(each.start, each.end, each.value[0], each.how, each.of, each.like)
        for each in holds(whole, on, (told,), Since(on), seen=seen, life=known.life)
    ]
    placed = known.save(known.within_lives(after), kept, on)
    known.note(on, range(len(told)))
    return placed


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
    known = Known(model, owners)
    told = tuple(_key(value.get(name)) for name in model.VALUE)
    after = holds(denied(known.facts, on), on, told, Since(on), seen=known.seen, life=known.life)
    placed = known.save(after, kept, on)
    known.note(on)
    return placed


def finish(row: Period, on: dt.date) -> Placed:
    """The fact ends on `on`, for good: no ledger of an earlier day brings it back."""
    known = Known(type(row), {name: getattr(row, name) for name in row.OF})
    mine = [fact for fact in known.facts if fact.of.pk == row.pk]
    rest = [fact for fact in known.facts if fact.of.pk != row.pk]
    placed = known.save(sorted([*rest, *inside(mine, (None, on))], key=lambda each: each.start))
    known.note(on)
    row.refresh_from_db()
    return placed


def revise(row: Period, start: dt.date, end: dt.date | None, how: str = DAY) -> None:
    """Other dates for one fact that was recorded wrongly. Raises ValidationError for what cannot be."""
    row.start, row.start_precision, row.end = start, how, end
    row.full_clean()
    row.save()


def void(row: Period, reason: str) -> None:
    """作废: the fact never was. It is taken out with the reason and stays in history."""
    row._change_reason = f"作废：{reason}"[:100]  # type: ignore[attr-defined]
    row.delete()


# -- lives ----------------------------------------------------------------------------------------


def within(owner: models.Model) -> Iterable[tuple[type[Period], str]]:
    """The dated facts that lie within the life of a record, each with the name of its column for it."""
    for model in fact_models():
        for name in model.WITHIN:
            if model._meta.get_field(name).related_model is type(owner):
                yield model, name


def starts_before(owner: models.Model, day: dt.date, but: Sequence[Period] = ()) -> Any | None:
    """The first fact within the owner's life, other than `but`, that begins before `day`."""
    if owner.pk is None:
        return None
    found = []
    for model, name in within(owner):
        rows = model._default_manager.filter(**{name: owner}, start__lt=day).order_by("start")
        row = rows.exclude(pk__in=[each.pk for each in but if isinstance(each, model)]).first()
        if row is not None:
            found.append(row)
    return min(found, key=lambda each: each.start, default=None)


def cut(owner: models.Model, reason: str = "") -> Placed:
    """Cut every fact that lies within the owner's life to it: what goes on beyond ends, what had not begun is taken
    out. A place that still has another owner goes on without this one."""
    begins, ends = owner.life  # type: ignore[attr-defined]
    done = Placed()
    for model, name in within(owner):
        rows = model._default_manager.select_for_update().filter(**{name: owner}).order_by("start")
        for row in rows:
            here = inside([Fact(row.start, row.end, THERE)], (begins, ends))
            if here and (here[0].start, here[0].end) == (row.start, row.end):
                continue
            going_on = _without(row, name, ends) if ends is not None else None
            row._change_reason = reason or None  # type: ignore[attr-defined]
            if here:
                row.start, row.end = here[0].start, here[0].end
                row.save()
                done.changed.append(row)
            else:
                row.delete()
                done.removed.append(row)
            if going_on is not None:
                going_on._change_reason = reason or None  # type: ignore[attr-defined]
                going_on.save()
                done.created.append(going_on)
    return done


def _without(row: Period, name: str, ends: dt.date) -> Period | None:
    """How the fact goes on after one of its owners has gone, or None where it was about that one only."""
    field_of: Any = row._meta.get_field(name)
    if not field_of.null or name not in row.VALUE:
        return None
    others = [each for each in row.VALUE if each != name and getattr(row, each) is not None]
    if not others:
        return None
    rest = {each.name: getattr(row, each.name) for each in row._meta.concrete_fields if each.name not in ("id", name)}
    return type(row)(**{**rest, "start": max(row.start, ends), "start_precision": DAY})


def restore(owner: models.Model, column: str, day: dt.date) -> tuple[Placed, list[str]]:
    """Undo what ended with the owner's life: `column` was set to `day`, and has been taken back by now. Brings back
    exactly what that change ended or took out, as its history tells. Returns what was done, and what could not be, in
    words."""
    done = Placed()
    left: list[str] = []
    reason = _reason_of(owner, column, day)
    for model, name in within(owner):
        history = model.history.filter(**{f"{name}_id": owner.pk})  # type: ignore[attr-defined]
        ended = history.filter(history_change_reason=reason) if reason else history.none()
        for version in ended.order_by("history_id"):
            before = model.history.filter(id=version.id, history_id__lt=version.history_id).first()  # type: ignore[attr-defined]
            if version.history_type == "-" and not model._default_manager.filter(pk=version.id).exists():
                _bring_back(before.instance if before else version.instance, done, left)
            elif version.history_type == "~" and before is not None and version.end == day and before.end != day:
                row = model._default_manager.filter(pk=version.id, end=day).first()
                _take_out_the_rest(row, name, day, reason, done)
                if row is not None:
                    row.end = before.end
                    _save_again(row, done, left)
        if not reason:
            # Nobody knows what ended it: what ends on that very day goes on.
            for row in model._default_manager.filter(**{name: owner}, end=day):
                row.end = None
                _save_again(row, done, left)
    return done, left


def _reason_of(owner: Any, column: str, day: dt.date) -> str:
    """The reason of the change that set the owner's column to the day, the last one; "" where none was given."""
    reason, was = "", None
    for version in owner.history.order_by("history_id"):
        now = getattr(version, column)
        if now == day and was != day:
            reason = version.history_change_reason or ""
        was = now
    return reason


def _take_out_the_rest(row: Period | None, name: str, day: dt.date, reason: str, done: Placed) -> None:
    """The place as it went on without the owner, which the same change has made."""
    if row is None or name not in row.VALUE:
        return
    same = {each: getattr(row, each) for each in row.OF}
    others: Any = type(row)._default_manager.filter(**same, start=day, **{f"{name}__isnull": True})
    for other in others:
        first = other.history.order_by("history_id").first()
        if first is not None and first.history_change_reason == reason:
            other.delete()
            done.removed.append(other)


def _bring_back(row: Any, done: Placed, left: list[str]) -> None:
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        left.append(f"没有恢复{row._meta.verbose_name}“{row}”：{'；'.join(error.messages)}")
        return
    row.save(force_insert=True)
    done.created.append(row)


def _save_again(row: Any, done: Placed, left: list[str]) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        left.append(f"没有恢复{row._meta.verbose_name}“{row}”：{'；'.join(error.messages)}")
        return
    row.save()
    done.changed.append(row)


def mark(word: str) -> str:
    """A reason by which what one action did is told from everything else in history: its word and a number."""
    return f"{word} #{timezone.now():%Y%m%d%H%M%S%f}"
