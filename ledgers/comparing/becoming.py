"""What a row says of a record's own columns that have a former table (common/former.py): dated like any fact."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.former import changed, former_of
from common.recording import plain
from common.series import Fact
from ledgers.comparing.differences import CHANGED, column_words, verbose_name
from ledgers.comparing.records import Record, Series, shape_of
from ledgers.comparing.register import Register
from ledgers.comparing.statements import first_to_say, settled
from ledgers.recognising.rows import Row


@dataclass(slots=True)
class Becomes:
    """On the file's day these columns of the record are as the row says, by name. Of several rows that differ, the
    first is believed where the record is `called` something. `fields`: the row's, where they have other names;
    `begins`: the first day of the record."""

    record: Record
    values: Mapping[str, Any]
    begins: dt.date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    called: str = ""
    # Columns that are empty from then on.
    clears: Collection[str] = ()

    def apply(self, register: Register, row: Row) -> None:
        stated = {name: value for name, value in self.values.items() if self._is_said(register, row, name, value)}
        if not stated:
            return
        model, day = former_of(self.record.model), register.as_of
        register.load(model, model.OF[0], [self.record])
        series = register.series(model, self.record)
        empty = [model.VALUE.index(name) for name in self.clears]
        register.say_of(series, [*(model.VALUE.index(name) for name in stated), *empty])
        now = self._now(series)
        value = tuple(plain(stated.get(name)) for name in model.VALUE)
        if not series.facts and all(each is None or each == held for each, held in zip(value, now, strict=True)):
            return
        first = min(each for each in (self.begins, day, *(fact.end for fact in series.facts)) if each is not None)
        rows, present = changed(series.facts, now, first, day, value, seen=register.seen(series, day), clears=empty)
        if (rows, present) == (series.facts, now) or settled(register, row, series, ""):
            return
        for name, column, old, new in zip(model.VALUE, self._columns(series), now, present, strict=True):
            if old != new:
                register.become(self.record, column, new, column=self._field(name))
        if present == now:
            _note(register, series, rows)
        register.put(series, rows, day, quiet=True)

    def _field(self, name: str) -> str:
        return self.fields.get(name, name)

    def _is_said(self, register: Register, row: Row, name: str, value: Any) -> bool:
        if value in (None, ""):
            return False
        return not self.called or first_to_say(register, row, self.record, self._field(name), self.called)

    def _now(self, series: Series) -> tuple:
        """What the record says now, a value a column."""
        return tuple(plain(self.record[column]) for column in self._columns(series))

    def _columns(self, series: Series) -> list[str]:
        shape = shape_of(series.model)
        return shape.attnames[shape.owners : shape.owners + len(series.model.VALUE)]


def _note(register: Register, series: Series, rows: list[Fact]) -> None:
    """What was otherwise before, while the record stays as it is."""
    for fact in rows:
        if fact in series.facts:
            continue
        for name, value in zip(series.model.VALUE, fact.value, strict=True):
            if value is not None:
                what = f"{verbose_name(series.model, name)}（{fact.end} 以前）"
                register.note(CHANGED, what, None, column_words(series.model, name, value))
