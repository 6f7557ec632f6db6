"""What a row says, as plain statements; each takes its place in the register (common/series.py) and notes what changes.

A kind of file yields them (ledgers/kinds); `apply` places them. An order matters only where one speaks of what another
has brought: a record before what hangs on it, the life of an owner before the facts that lie within it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from common.filings import attribute, denial_of, topics_of
from common.ledger_dates import LedgerDate
from common.periods import Period, Precision
from common.series import (
    ASSUMED,
    THERE,
    Fact,
    Since,
    begun,
    denied,
    holds,
    inside,
    live,
    said_already,
    same_day,
    spans,
    without,
)
from enterprises.models import Enterprise
from ledgers.comparing.answering import ensure_jurisdiction
from ledgers.comparing.differences import CHANGED, ENDED, label_ended, label_of
from ledgers.comparing.masks import news
from ledgers.comparing.records import Record, Series
from ledgers.comparing.register import Register
from ledgers.comparing.staging import Fault
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row


class Statement(Protocol):
    def apply(self, register: Register, row: Row) -> None: ...


def apply(register: Register, row: Row, statements: Iterable[Statement]) -> bool:
    """Place what the row says. False when it cannot be written: then it is reported at its cell and has changed
    nothing."""
    try:
        for statement in statements:
            statement.apply(register, row)
    except Fault as fault:
        row.report(ERROR, fault.name, str(fault))
    if row.has_errors:
        register.take_back()
        return False
    return True


def since_of(stated: LedgerDate | None) -> Since | None:
    """A stated date as a beginning; what is only assumed states none."""
    if stated is None or stated.precision == Precision.ASSUMED:
        return None
    return Since(stated.day, str(stated.precision))


def first_to_say(register: Register, row: Row, what: Any, column: str, called: str) -> bool:
    """Whether no earlier row of the file says something else of it; reports it when one does."""
    value = row.get(column)
    first, said = register.said.setdefault((what, column), (row, value))
    both_dates = isinstance(said, LedgerDate) and isinstance(value, LedgerDate)
    if said == value or (both_dates and same_day(Since(*said), Since(*value))):
        return True
    words = f"{row.label(column)}：同一{called}在第 {first.number} 行写的不一样，按该行记，请改成一致"
    row.report(WARNING, column, words)
    return False


def settled(register: Register, row: Row, series: Series, column: str) -> bool:
    """Whether people have decided by hand how it stood on the file's very day (law 5). For who would change that: it is
    said at the row's `column`."""
    decided = register.decided.get((series.subject, register.as_of), "")
    if not any(f" {topic} " in decided for topic in topics_of(series.model, series.others)):
        return False
    what = f"{label_of(series)}在 {register.as_of} 的情况已由人工结束或更正，本表的没有采用；确需改动请在页面上操作"
    row.report(WARNING, column, f"{row.label(column)}：{what}" if column in row.columns else what)
    return True


@dataclass(slots=True)
class Sets:
    """A column that has no date of its own: `name` of the record is what the row's `column` says. Blank says nothing.
    Of several rows that differ, the first is believed where the record is `called` something."""

    record: Record
    name: str
    value: Any
    column: str = ""
    called: str = ""

    def apply(self, register: Register, row: Row) -> None:
        if self.value is None or self.value == "":
            return
        if self.name.endswith("phone") and not news(self.record[self.name] or "", self.value, row, self.column):
            return
        if self.called and not first_to_say(register, row, self.record, self.column, self.called):
            return
        register.set(self.record, self.name, self.value, column=self.column)


@dataclass(slots=True)
class SetsAll:
    """Columns of the record that have no date of their own, by name, each from the row's column of that name."""

    record: Record
    values: Mapping[str, Any]

    def apply(self, register: Register, row: Row) -> None:
        register.say(self.record, *map(attribute, self.values))
        held = self.record.values
        for name, value in self.values.items():
            if name.endswith("phone") and not news(held[name] or "", value, row, name):
                continue
            if held[name] != value:
                register.set(self.record, name, value, column=name)


@dataclass(slots=True)
class Lives:
    """The record is there from or until a day (`column`: one of its LIFE). What lies within its life is cut to it;
    a day that is only assumed never moves one that was stated."""

    record: Record
    column: str
    stated: LedgerDate
    precision: str = ""
    kind: str = CHANGED
    what: str = ""
    # The row's field, for what is to be said of it.
    field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        record, (day, how) = self.record, self.stated
        begins = self.column == record.model.LIFE[0]  # type: ignore[attr-defined]
        held = record[self.column]
        said = how != Precision.ASSUMED
        if said:
            register.say(record, attribute(self.column))
        if held is not None and not self._better(register, held):
            return
        old_life = record.life
        life = (day, old_life[1]) if begins else (old_life[0], day)
        if begins and record.pk is not None and held is not None and day > held:
            before = register.contradicted(record, life)
            if before is not None:
                words = f"{row.label(self.field)}：{day} 晚于 {before} 的台账已经填报的内容，没有采用，请核对"
                row.report(WARNING, self.field, words)
                return
        if held != day:
            what = self.what if record.pk is not None else ""
            register.set(record, self.column, day, kind=self.kind, what=what, column=self.field, said=said)
        if record[self.column] != day:
            return
        if self.precision and record[self.precision] != how:
            register.assign(record, self.precision, how)
        self._refuse_no_life(row)
        self._cut(register, old_life[0], begins)

    def _refuse_no_life(self, row: Row) -> None:
        """A day that would leave the record no day at all: what the row says beside it was not taken, something
        better or newer being known."""
        begins, ends = self.record.life
        at_once = self.record.model is Enterprise
        if begins is None or ends is None or begins < ends or (at_once and begins == ends):
            return
        other = begins if self.column == self.record.model.LIFE[1] else ends  # type: ignore[attr-defined]
        label = row.label(self.field)
        raise Fault(self.field, f"{label}：{self.stated.day} 与已登记的 {other} 矛盾（成立须早于结束），请核对")

    def _better(self, register: Register, held: dt.date) -> bool:
        how = self.record[self.precision] if self.precision else Precision.DAY
        if self.stated.precision == Precision.ASSUMED:
            # Only known of from a ledger's date on: an older ledger knows it from its own.
            return how == Precision.ASSUMED and self.column == self.record.model.LIFE[0] and self.stated.day < held  # type: ignore[attr-defined]
        same = how != Precision.ASSUMED and same_day(Since(held, how), Since(*self.stated))
        return not same or (how != Precision.DAY and self.stated.precision == Precision.DAY)

    def _cut(self, register: Register, old: dt.date | None, begins: bool) -> None:
        """Move what was derived from the old beginning, and end what would outlive the record."""
        for series in register.dependents(self.record):
            facts = series.facts
            if begins and old is not None:
                facts = self._follow(register, series, facts, old)
            left = register.clip(series, facts, self.record)
            if left == series.facts:
                continue
            probe = self.stated.day - dt.timedelta(days=1) if not begins else self.stated.day
            register.put(series, left, probe, quiet=begins)
            if series.subject.model is Enterprise:
                ensure_jurisdiction(register, series.subject)

    def _follow(self, register: Register, series: Series, facts: list[Fact], old: dt.date) -> list[Fact]:
        """A cover that began with its organization begins with it still."""
        derived = series.model.OF == ("enterprise", "organization") and self.record in series.owners
        if not derived or self.stated.precision == Precision.ASSUMED:
            return facts
        other = [owner.life[0] for owner in series.owners if owner is not self.record]
        was, now = (max(day for day in (each, *other) if day) for each in (old, self.stated.day))
        first = next((fact for fact in facts if fact.start == was), None)
        if first is None and series in register.told_series:
            # Another row of this file says it too, and could not know the day.
            held = live(facts, register.as_of)
            first = held if held is not None and held.how == ASSUMED else None
        if first is None or (was == now and first.how != ASSUMED):
            return facts
        moved = begun(facts, first, Since(now, str(self.stated.precision)), register.seen(series, None))
        return moved or facts


@dataclass(slots=True)
class Holds:
    """On the file's day (or `day`) this holds of the owners, since `since` where the row says so. `value`: what of
    the model's VALUE is stated, by name. `kept`: what stands beside it on the row of facts, by name → (value, column
    of the file)."""

    model: type[Period]
    owners: tuple
    value: Mapping[str, Any] = field(default_factory=dict)
    since: Since | None = None
    moves: bool = False
    lasts: bool = False
    kept: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    called: str = ""
    quiet: bool = False
    beside: str | None = None
    day: dt.date | None = None
    # How well the file's day is known to be the beginning where the row does not say.
    how: str = ASSUMED
    # The row's field, for what is to be said of it.
    field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        series = register.series(self.model, *self.owners)
        value = tuple(self.value.get(name) for name in self.model.VALUE) or THERE
        columns = [place for place, each in enumerate(value) if each is not None]
        day = self.day or register.as_of
        if self.since is None or self.since.day <= day:
            register.say_of(series, columns)
        life = series.life
        if said_already(series.facts, day, value, self.since, life):
            self._keep(register, row, series, live(series.facts, day), value)
            return
        seen = register.seen(series, register.as_of) if series.facts or register.said_of(series.subject) else ()
        after = holds(
            series.facts, day, value, self.since,
            seen=seen, life=life, carries=self.model.CARRIES, moves=self.moves, lasts=self.lasts, how=self.how,
        )  # fmt: skip
        for place, name in enumerate(self.model.VALUE):
            owner: Any = value[place]
            if name in self.model.WITHIN and isinstance(owner, Record):
                after = without(after, place, owner, owner.life)
        if after != series.facts and settled(register, row, series, self.field):
            return
        probe = self._probe(series, day)
        kept = {name: given for name, (given, _) in self.kept.items()}
        fact = register.put(series, after, probe, quiet=self.quiet, beside=self.beside, **kept)
        self._keep(register, row, series, fact, value)

    def _keep(self, register: Register, row: Row, series: Series, fact: Fact | None, value: tuple) -> None:
        """Put what stands beside the value on the row of facts that holds it."""
        if not self.kept or fact is None:
            return
        if any(mine is not None and fact.value[place] != mine for place, mine in enumerate(value)):
            return
        for name, (given, column) in self.kept.items():
            if given in (None, ""):
                continue
            if not self.called or first_to_say(register, row, series, column, self.called):
                register.keep(series, fact, name, given)

    def _probe(self, series: Series, day: dt.date) -> dt.date:
        """The day on which the statement is to be seen."""
        ends = series.life[1]
        if self.since is not None:
            day = max(day, self.since.day)
        return day if ends is None or day < ends else ends - dt.timedelta(days=1)


@dataclass(slots=True)
class HoldsNot:
    """On the file's day nothing of the kind holds of the owner."""

    model: type[Period]
    owner: Record
    # Only the series of these owners, of several that the owner has.
    owners: tuple = ()
    field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        name = self.model.OF[0]
        if self.owners:
            series = [register.series(self.model, *self.owners)]
            register.say_of(series[0])
        else:
            series = register.of_owner(self.model, name, self.owner)
            register.say(self.owner, denial_of(self.model))
        for each in series:
            fact = live(each.facts, register.as_of)
            if fact is None:
                continue
            after = denied(each.facts, register.as_of, seen=register.seen(each, register.as_of))
            if after != each.facts and settled(register, row, each, self.field):
                continue
            register.put(each, after, register.as_of, quiet=True)
            note_end(register, each, fact, register.as_of)


def note_end(register: Register, series: Series, fact: Fact, day: dt.date) -> None:
    never = fact.start >= day
    said = "去掉（开始不早于结束的日期）" if never else f"{day} 结束"
    register.note(ENDED, label_ended(series), f"{fact.start} 起", said)


@dataclass(slots=True)
class Held:
    """It held from `since` until `until`, both stated; on the file's day no more if that is later."""

    model: type[Period]
    owners: tuple
    since: Since
    until: dt.date
    # The row's fields, for what is to be said of them.
    begin_field: str = ""
    end_field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        series = register.series(self.model, *self.owners)
        register.say_of(series)
        seen = register.seen(series, register.as_of)
        if live(series.facts, self.until) is not None and any(self.until in days for days in seen):
            words = (
                f"{row.label(self.end_field)}：{self.until} 的台账写明那天还在，请核对（结束时间是不再有效的第一天）"
            )
            raise Fault(self.end_field, words)
        after = spans(series.facts, THERE, self.since, self.until, day=register.as_of, seen=seen)
        begins = series.life[0]
        if begins is not None and self.since.day < begins:
            row.report(WARNING, self.begin_field, f"{row.label(self.begin_field)}：早于 {begins} 成立，从成立日期起算")
        register.put(series, inside(after, series.life), self.until - dt.timedelta(days=1))
