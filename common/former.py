"""沿革: what a record was before, where that is known. The record itself says what it is now; each row of its former
table, until when a column was otherwise. An empty column of a row was not otherwise, as far as anybody knows.

So a record of which nothing has changed has no rows, and correcting the record corrects what is said of its past.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from common.periods import Period, fact_models
from common.recording import Known, plain
from common.series import ASSUMED, Day, Fact, Seen, Since, holds, live
from common.today import today


class Former(Period):
    """What columns of a record (VALUE, by the names that they have there) were until `end`, and are no more."""

    CARRIES, OF_RECORD = True, True

    class Meta(Period.Meta):
        abstract = True


def said_formerly(row: Former) -> dict[str, str]:
    """What was otherwise, as people read it: the column's name on the screen → the value."""
    found = {}
    for name in row.VALUE:
        if (value := getattr(row, name)) is not None:
            field: Any = row._meta.get_field(name)
            words = dict(field.flatchoices).get(value, value) if getattr(field, "choices", None) else value
            found[str(field.verbose_name)] = {True: "是", False: "否"}.get(words, str(words))
    return found


@cache
def former_of(record: type[models.Model]) -> type[Former]:
    """The former table of a kind of record."""
    tables = [model for model in fact_models() if issubclass(model, Former)]
    return next(model for model in tables if model._meta.get_field(model.OF[0]).related_model is record)


def then(rows: models.QuerySet, owner: str, name: str, day: Day, of: str = "") -> Combinable:
    """An expression: the column `name` of a record (or, where it is another record, that one's column `of`) as it was
    on `day`; before anything was known of it, what was known first. `rows`: of the former table, or of its history;
    `owner`: its column for the record."""
    shown = f"{name}__{of}" if of else name
    if day >= today():
        # Nothing that was otherwise before is so still.
        return F(shown)
    kept = rows.filter(**{f"{owner}_id": OuterRef("id"), f"{name}__isnull": False}, end__gt=day)
    field: Any = rows.model._meta.get_field(name)
    output = field.related_model._meta.get_field(of) if of else models.BigIntegerField() if field.is_relation else field
    return Coalesce(Subquery(kept.order_by("end").values(shown)[:1]), F(shown), output_field=output)


# -- how a change takes its place ---------------------------------------------------------------------

_NOW = object()


def changed(
    rows: Sequence[Fact],
    now: tuple,
    begins: Day,
    day: Day,
    value: tuple,
    since: Since | None = None,
    *,
    seen: Seen = (),
    clears: Collection[int] = (),
) -> tuple[list[Fact], tuple]:
    """On `day` (from `since`, where that is stated) the columns are `value`; None states nothing, but of a column in
    `clears` that it is empty. `rows`: what was otherwise before; `now`: what the record says; `begins`: the first day
    of it. Returns both as they stand then."""
    known = whole(rows, now, begins)
    held = live(known, day)
    if held is not None and all(said in (None, was) for said, was in zip(value, held.value, strict=True)):
        # It was so already: since when is not asked.
        return list(rows), now
    after = holds(known, day, value, since, seen=seen, carries=True)
    for column, said in enumerate(value):
        stated = any(row.value[column] is not None for row in rows) or any(each < day for each in _days(seen, column))
        if said is not None and since is None and not stated:
            # That it was otherwise before this day is nothing that anybody has said.
            after = [_unsaid(fact, column) if fact.until <= day else fact for fact in after]
    for column in clears:
        after = [_unsaid(fact, column) if fact.is_live_on(day) else fact for fact in after]
    left: list[Fact] = []
    following = after[-1].value
    for fact in reversed(after[:-1]):
        otherwise = tuple(None if mine == other else mine for mine, other in zip(fact.value, following, strict=True))
        if any(each is not None for each in otherwise):
            of, like = (None if each is _NOW else each for each in (fact.of, fact.like))
            left.append(fact._replace(value=otherwise, of=of, like=like))
        following = _over(fact.value, following)
    return left[::-1], after[-1].value


def whole(rows: Sequence[Fact], now: tuple, begins: Day) -> list[Fact]:
    """Rows and record as facts with every column filled, each beginning where the one before ends."""
    found = [Fact(rows[-1].until if rows else begins, None, now, ASSUMED, _NOW)]
    for row in reversed(rows):
        now = _over(row.value, now)
        found.append(row._replace(value=now))
    found.reverse()
    for number in range(1, len(found)):
        found[number] = found[number]._replace(start=found[number - 1].until)
    return found


def _over(value: tuple, following: tuple) -> tuple:
    return tuple(other if mine is None else mine for mine, other in zip(value, following, strict=True))


def _unsaid(fact: Fact, column: int) -> Fact:
    return fact._replace(value=tuple(None if place == column else each for place, each in enumerate(fact.value)))


def _days(seen: Seen, column: int) -> Sequence[Day]:
    return seen[column] if seen else ()


# -- by hand ----------------------------------------------------------------------------------------


def change(
    record: Any, on: dt.date, begins: dt.date | None, stated: dict[str, Any], clears: Collection[str] = ()
) -> list[str]:
    """From `on` these columns of the record are as stated (None and "": unchanged, or empty where in `clears`); until
    then they were as they are. `begins`: its first day. Returns what that does, a sentence each. Raises
    ValidationError where nothing changes, or the record would not be valid. Must run inside a transaction."""
    given = {name: value for name, value in stated.items() if value not in (None, "")}
    if not given:
        raise ValidationError("请至少填写一项变更。")
    model = former_of(record._meta.model)
    known = Known(model, {model.OF[0]: record})
    columns = [record._meta.get_field(name) for name in model.VALUE]
    now = tuple(plain(getattr(record, column.attname)) for column in columns)
    value = tuple(plain(getattr(each, "pk", each)) for each in map(given.get, model.VALUE))
    first = min(each for each in (begins, on, *(row.end for row in known.rows)) if each is not None)
    empty = [model.VALUE.index(name) for name in clears]
    rows, present = changed(known.facts, now, first, on, value, Since(on), seen=known.seen, clears=empty)
    if (rows, present) == (known.facts, now):
        raise ValidationError("登记的就是这样，没有变化。")
    held = live(whole(known.facts, now, first), on)
    columns_then = dict(zip((column.attname for column in columns), held.value if held else now, strict=True))
    was = type(record)(**columns_then)
    known.save(rows)
    for column, said in zip(columns, present, strict=True):
        if plain(getattr(record, column.attname)) != said:
            setattr(record, column.attname, said if said is not None or column.null else "")
    record.full_clean()
    record.save()
    places = [place for place, each in enumerate(value) if each is not None]
    known.note(on, [*places, *empty])
    new = type(record)(**given)
    effects = [
        f"{record._meta.get_field(name).verbose_name}从 {on} 起由{_shown(was, name) or '未填'}改为{_shown(new, name)}"
        for name in given
    ]
    later = sorted(
        {row.until for row in rows if row.until > on and any(row.value[each] is not None for each in places)}
    )
    effects += [f"{day} 的台账填报的不同，从那天起仍按台账" for day in later]
    return [*effects, f"{on} 以前的数字和名单不变"]


def _shown(record: Any, name: str) -> str:
    shown = getattr(record, f"get_{name}_display", None)
    value = shown() if shown else getattr(record, name)
    return {True: "是", False: "否", None: ""}.get(value, str(value))
