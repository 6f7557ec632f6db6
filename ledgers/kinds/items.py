"""What rows of any kind say of the plan's items: states, events and amounts of the row's subject."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from common.ledger_dates import LedgerDate
from common.periods import Precision
from common.plan import Item, Shape, Subject
from common.series import Fact, live
from common.today import today
from ledgers.comparing.records import Record
from ledgers.comparing.register import Register
from ledgers.comparing.statements import Holds, HoldsNot, Statement, settled, since_of
from ledgers.kinds.item_fields import PREFIX
from ledgers.kinds.kept import Values, as_cell
from ledgers.recognising.problems import ERROR, WARNING
from ledgers.recognising.rows import Row
from organizations.models import OWNERS, Amount, Event, SecretaryTerm, State

MODELS = (State, Event, Amount)
_ONE_DAY = dt.timedelta(days=1)
_PLACES = ("organization", "enterprise", "instructor", "member", "committee")


def owners_of(subject: Record, item: Item, person: str = "") -> tuple:
    """The owners of a fact of the item, in the order of ItemFact.OF."""
    return (*(subject if name == OWNERS[item.subject] else None for name in _PLACES), item.code, person)


def item_statements(
    register: Register, row: Row, subjects: dict[str, Record | None], items: dict[str, Item]
) -> Iterator[Statement]:
    """What the row's columns of items say. `subjects`: by the kind of subject, whom the row is about."""
    for name in row.values:
        if not name.startswith(PREFIX) or row.get(name) is None:
            continue
        item = items[name.removeprefix(PREFIX)]
        subject = subjects.get(item.subject)
        if subject is None:
            row.report(WARNING, name, f"{item}：这一行没有{item.get_subject_display()}，没有导入")
            continue
        person = ""
        if item.subject == Subject.SECRETARY:
            held = live(register.series(SecretaryTerm, subject).facts, register.as_of)
            if held is None:
                row.report(WARNING, name, f"{item}：没有登记书记，不知道是谁的，没有导入")
                continue
            person = held.value[0]
        told = _state if item.shape == Shape.STATE else _event
        yield from told(register, row, name, item, owners_of(subject, item, person))


def _state(register: Register, row: Row, name: str, item: Item, owners: tuple) -> Iterator[Statement]:
    stated = row.get(name)
    if stated is False:
        held = live(register.series(State, *owners).facts, register.as_of)
        if held is not None and item.lasting:
            row.report(WARNING, name, f"{item}：登记的是 {held.start} 已完成，填否不会取消；登记错了请在其页面作废")
        elif not item.lasting:
            subject = next(each for each in owners if isinstance(each, Record))
            yield HoldsNot(State, subject, owners, name)
        return
    since = since_of(stated) if isinstance(stated, LedgerDate) else None
    note = stated if isinstance(stated, str) else None
    kept = {"note": (note, name)}
    yield Holds(State, owners, since=since, moves=True, lasts=item.lasting, kept=kept, field=name)


def _event(register: Register, row: Row, name: str, item: Item, owners: tuple) -> Iterator[Statement]:
    stated = row.get(name)
    if stated is False:
        return
    if isinstance(stated, LedgerDate):
        yield Happened(owners, "", stated, field=name)
    elif held := register.series(Event, *owners, "").facts:
        # That it has happened is known already; what else is said of it is not lost in silence.
        if isinstance(stated, str) and all(fact.of.kept["note"] != stated for fact in held):
            row.report(WARNING, name, f"{item}：已登记过，“{stated[:20]}”没有导入；另有一次的请填日期，或用活动记录表")
    else:
        note = stated if isinstance(stated, str) else ""
        yield Happened(owners, "", LedgerDate(register.as_of, Precision.ASSUMED), {"note": note}, name)


@dataclass(slots=True)
class Happened:
    """An event of one day; the same of the same day again adds what is newly told."""

    owners: tuple
    topic: str
    stated: LedgerDate
    kept: dict[str, Any] = field(default_factory=dict)
    field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        day, how = self.stated
        label = row.label(self.field)
        if day > today():
            row.report(ERROR, self.field, f"{label}：{day} 在未来，还没有发生，请改正")
            return
        series = register.series(Event, *self.owners, self.topic)
        begins, ends = series.life
        if begins is not None and day < begins:
            row.report(ERROR, self.field, f"{label}：{day} 早于其成立或任职（{begins}），请核对")
            return
        if ends is not None and day >= ends:
            row.report(ERROR, self.field, f"{label}：{day} 不早于其注销、撤销或离任（{ends}），请核对")
            return
        register.say_of(series)
        kept = {name: value for name, value in self.kept.items() if value not in (None, "")}
        held = next((fact for fact in series.facts if fact.start == day), None)
        if held is None:
            if settled(register, row, series, self.field):
                return
            made = Fact(day, day + _ONE_DAY, (True,), how)
            rest = [fact for fact in series.facts if fact.how != Precision.ASSUMED or how == Precision.ASSUMED]
            after = sorted([*rest, made], key=lambda fact: fact.start)
            register.put(series, after, day, **kept)
            return
        for name, value in kept.items():
            register.keep(series, held, name, value)


@dataclass(slots=True)
class Given:
    """An amount of a year through a channel; what a newer ledger has said of it stays."""

    owners: tuple
    channel: str
    year: int
    amount: Decimal
    field: str = ""

    def apply(self, register: Register, row: Row) -> None:
        first = dt.date(self.year, 1, 1)
        series = register.series(Amount, *self.owners, self.channel)
        topic = f"amount:{self.owners[-2]}:{self.channel}:{self.year}"
        newer = register.last_said(series.subject, topic)
        register.say(series.subject, topic)
        held = next((fact for fact in series.facts if fact.start == first), None)
        if held is not None and held.value == (self.amount,):
            return
        if held is not None and newer is not None and newer > register.as_of:
            register.outdated += 1
            return
        rest = [fact for fact in series.facts if fact is not held]
        until = dt.date(self.year + 1, 1, 1)
        now = Fact(first, until, (self.amount,)) if held is None else held._replace(value=(self.amount,))
        register.put(series, sorted([*rest, now], key=lambda fact: fact.start), first)


def item_cells(facts: dict[str, list[Any]], day: dt.date, items: dict[str, Item], person: str | None = None) -> Values:
    """What a subject's states and events of `day` are in the cells of a sheet. `facts`: its states and events."""
    values: Values = {}
    for each in facts["states"]:
        if each.code in items and each.person in ("", person or ""):
            values[f"{PREFIX}{each.code}"] = each.note or as_cell(each.start, each.start_precision) or True
    newest: dict[str, Any] = {}
    for each in sorted(facts["events"], key=lambda each: each.start):
        if each.code in items and not each.topic and each.start <= day and each.person in ("", person or ""):
            newest[each.code] = each
    for code, each in newest.items():
        values[f"{PREFIX}{code}"] = as_cell(each.start, each.start_precision) or True
    return values


def item_facts(owner: str, keys: list[int], day: dt.date) -> dict[int, dict[str, list[Any]]]:
    """The states of `day` and the events up to it of these subjects, by the subject's key: two statements."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: {"states": [], "events": []})
    for name, rows in (("states", State.objects.live_on(day)), ("events", Event.objects.filter(start__lte=day))):
        for each in rows.filter(**{f"{owner}_id__in": keys}):
            found[getattr(each, f"{owner}_id")][name].append(each)
    return found
