"""The lives of records and what lies within them: what ends with its owner by hand, and comes back with it.

Everything here that writes must run inside a transaction.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from common.periods import Period, fact_models
from common.recording import Placed, known_of
from common.series import DAY, THERE, Fact, inside


def within(owner: type[models.Model]) -> Iterable[tuple[type[Period], str]]:
    """The dated facts that lie within the life of a record of this kind, each with the name of its column for it."""
    for model in fact_models():
        for name in model.WITHIN:
            if model._meta.get_field(name).related_model is owner:
                yield model, name


def starts_before(owner: models.Model, day: dt.date, but: Sequence[Period] = ()) -> Any | None:
    """The first fact within the owner's life, other than `but`, that begins before `day`."""
    if owner.pk is None:
        return None
    found = []
    for model, name in within(type(owner)):
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
    for model, name in within(type(owner)):
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
    ending = _ending_of(owner, column, day)
    reason = ending.history_change_reason or "" if ending is not None else ""
    for model, name in within(type(owner)):
        history = model.history.filter(**{f"{name}_id": owner.pk})  # type: ignore[attr-defined]
        ended = history.filter(history_change_reason=reason) if reason else history.none()
        for version in ended.order_by("history_id"):
            before = model.history.filter(id=version.id, history_id__lt=version.history_id).first()  # type: ignore[attr-defined]
            if version.history_type == "-" and not model._default_manager.filter(pk=version.id).exists():
                row = before.instance if before else version.instance
                _put_back(row, _the_rest(row, name, max(row.start, day), reason), done, left, is_new=True)
            elif version.history_type == "~" and before is not None and version.end == day and before.end != day:
                row = model._default_manager.filter(pk=version.id, end=day).first()
                if row is not None:
                    row.end = before.end
                    _put_back(row, _the_rest(row, name, day, reason), done, left)
        if not reason:
            # Nobody knows what ended it: what ends on that very day goes on.
            for row in model._default_manager.filter(**{name: owner}, end=day):
                row.end = None
                _put_back(row, [], done, left)
        for row in model._default_manager.filter(**{name: owner}, end=day) if ending is not None else ():
            _go_on(row, day, ending, done, left)
    return done, left


def _ending_of(record: Any, column: str, day: dt.date | None) -> Any | None:
    """The last version of the record by which its column became the day."""
    found, was = None, None
    for version in record.history.order_by("history_id"):
        now = getattr(version, column)
        if now == day and was != day:
            found = version
        was = now
    return found


def _go_on(row: Period, day: dt.date, ending: Any, done: Placed, left: list[str]) -> None:
    """What was recorded after the life had ended, and so ended with it, goes on, as far as nothing was said since."""
    cut = _ending_of(row, "end", day)
    if cut is None or cut.history_date < ending.history_date:
        return
    if cut.history_change_reason == ending.history_change_reason:
        return
    known = known_of(row)
    said = {each for days in known.seen for each in days if each >= day}
    if day in said:
        left.append(f"{row._meta.verbose_name}“{row}”在 {day} 另有填报，仍到那天为止，请核对")
        return
    row.end = min([*said, *(fact.start for fact in known.facts if fact.start >= day)], default=None)
    _put_back(row, [], done, left)


def _the_rest(row: Period, name: str, day: dt.date, reason: str) -> list[Period]:
    """The place as it went on from `day` without the owner, which the same change has made."""
    if name not in row.VALUE:
        return []
    same = {each: getattr(row, each) for each in row.OF}
    others: Any = type(row)._default_manager.filter(**same, start=day, **{f"{name}__isnull": True})
    first = {other: other.history.order_by("history_id").first() for other in others}
    return [other for other, version in first.items() if version and version.history_change_reason == reason]


def _put_back(row: Any, rest: Sequence[Period], done: Placed, left: list[str], *, is_new: bool = False) -> None:
    """Save the row, and take out what stood for it meanwhile; or say why not."""
    try:
        with transaction.atomic():
            for each in rest:
                each.delete()
            row.full_clean(validate_unique=not is_new)
            row.save(force_insert=is_new)
    except ValidationError as error:
        left.append(f"没有恢复{row._meta.verbose_name}“{row}”：{'；'.join(error.messages)}")
        return
    done.removed += rest
    (done.created if is_new else done.changed).append(row)


def mark(word: str) -> str:
    """A reason by which what one action did is told from everything else in history: its word and a number."""
    return f"{word} #{timezone.now():%Y%m%d%H%M%S%f}"
