"""Changes to the register, gathered in memory row by row: shown as differences, then written in one go."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import models

from committees.models import Committee
from common.filings import attribute, days_of, denial_of, topics_of
from common.initials import OF_THE_NAME
from common.periods import fact_models
from common.series import Fact, Life, Seen, inside, live, without
from ledgers.comparing.differences import (
    CHANGED,
    Difference,
    changes,
    column_words,
    shown,
    verbose_name,
)
from ledgers.comparing.held import Held
from ledgers.comparing.records import Line, Record, Series, shape_of


class Fault(Exception):
    """What a row says cannot be written; the message is for the screen, `name` a field of the row or ""."""

    def __init__(self, name: str, message: str):
        super().__init__(message)
        self.name = name


class Staging(Held):
    """The register in memory, with what a file changes in it. A row that turns out to be faulty is taken back."""

    # Whose file it is.
    committee: Committee

    def __init__(self, as_of: dt.date) -> None:
        super().__init__()
        self.as_of = as_of
        self.differences: list[Difference] = []
        # What the file says, by record: topics.
        self.told: dict[Record, set[str]] = {}
        # And of series of facts, by column: their owners may have no key yet.
        self.told_series: dict[Series, set[int]] = {}
        # What its own columns hold of a record: (record, kind of ledger, heading, value).
        self.extras: list[tuple[Record, str, str, str]] = []
        # What the file's words ask to be left out of the base: (record, reason, words).
        self.exclusions_asked: list[tuple[Record, str, str]] = []
        # What was recommended and is awarded by the file: (key of the nomination, since when, by which document).
        self.awarded: list[tuple[int, dt.date, str]] = []
        # What a newer ledger has said otherwise, and this one does not touch.
        self.outdated = 0
        self._where: tuple[str, int, str] = ("", 0, "")
        self._back: list[Callable[[], object]] = []

    # -- one row ---------------------------------------------------------------

    def at(self, sheet: str, row: int, name: str) -> None:
        """The row to which the next changes belong."""
        self._where = (sheet, row, name)
        self._back = []

    def take_back(self) -> None:
        """Undo what the row has changed so far."""
        while self._back:
            self._back.pop()()

    def on_take_back(self, undo: Callable[[], object]) -> None:
        self._back.append(undo)

    def note(self, kind: str, what: str, old: Any, new: Any) -> None:
        self.differences.append(Difference(*self._where, kind, what, shown(old), shown(new)))
        self._back.append(self.differences.pop)

    def differences_only(self) -> "Staging":
        """The differences without the records, which take most of the memory; nothing can be written of it."""
        left = Staging(self.as_of)
        left.differences = self.differences
        return left

    def ask_exclusion(self, enterprise: Record, reason: str, words: str) -> None:
        """The row's words ask that the enterprise be left out of the base."""
        self.exclusions_asked.append((enterprise, reason, words))
        self._back.append(self.exclusions_asked.pop)

    # -- what has no date of its own -------------------------------------------

    def new(self, model: type[models.Model], **values: Any) -> Record:
        """A record that the register does not have yet. Raises Fault for what cannot be stored."""
        for name, value in values.items():
            self._check(model, name, value)
        columns = {**defaults_of(model), **values}
        record = Record(model, None, columns)
        self.new_records.append(record)
        self._back.append(self.new_records.pop)
        quiet = {*getattr(model, "LIFE", ()), "committee_id"}
        said = [name for name, value in values.items() if value not in (None, "") and "precision" not in name]
        self.say(record, *(attribute(name) for name in said if name not in quiet))
        return record

    def set(
        self,
        record: Record,
        name: str,
        value: Any,
        *,
        kind: str = CHANGED,
        what: str = "",
        column: str = "",
        said: bool = True,
    ) -> bool:
        """Set one column; notes the difference and returns True when that changes it. What a newer ledger has said
        of the column stays. `column`: the field of the row, for faults; `said`: whether the file itself says so."""
        topic = attribute(name)
        if said:
            self.say(record, topic)
        old = record[name]
        if old == value:
            return False
        newer = self.last_said(record, topic)
        if newer is not None and newer > self.as_of and old not in (None, ""):
            self.outdated += 1
            return False
        self.become(record, name, value, kind=kind, what=what, column=column)
        return True

    def become(
        self, record: Record, name: str, value: Any, *, kind: str = CHANGED, what: str = "", column: str = ""
    ) -> None:
        """Set one column to another value, and note it."""
        self._check(record.model, name, value, column)
        if record.pk is not None or what:
            words = (column_words(record.model, name, each) for each in (record[name], value))
            self.note(kind, what or verbose_name(record.model, name), *words)
        self.assign(record, name, value)

    def assign(self, record: Record, name: str, value: Any) -> None:
        """Set one column without a word: a companion of something noted."""
        old, changed = record[name], set(record.changed)

        def back() -> None:
            record.values[name], record.changed = old, changed

        self._back.append(back)
        record.values[name] = value
        record.changed.add(name)
        if name == "name":
            for column, made_of in OF_THE_NAME.items():
                if column in record.values:
                    self.assign(record, column, made_of(value))

    def _check(self, model: type[models.Model], name: str, value: Any, column: str = "") -> None:
        """What a form would refuse: text that is too long for its column."""
        field: Any = model._meta.get_field(name)
        most = getattr(field, "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            raise Fault(column or name, f"{field.verbose_name}：太长，最多 {most} 个字，请改短")

    def say(self, record: Record, *topics: str) -> None:
        """The file says this of the record, as of its day."""
        known = self.told.setdefault(record, set())
        known.update(topics)

    # -- dated facts -----------------------------------------------------------

    def seen(self, series: Series, but: dt.date | None) -> Seen:
        """The days on which something was said of the series, a list a column. `but`: the day of which the file itself
        speaks; None, where what it says of the series elsewhere counts too."""
        subject = series.subject
        topics, denial = topics_of(series.model, series.others), denial_of(series.model)
        said = self.said_of(subject)
        if but is None and (series in self.told_series or denial in self.told.get(subject, ())):
            said = [*said, (self.as_of, f" {denial} ")]
        return days_of(said, topics, denial, but)

    def say_of(self, series: Series, columns: Sequence[int] = (0,)) -> None:
        """The file says something of these columns of the series."""
        self.told_series.setdefault(series, set()).update(columns)

    def put(
        self, series: Series, after: list[Fact], day: dt.date, *, quiet: bool = False, beside: str | None = None,
        **kept: Any,
    ) -> Fact | None:  # fmt: skip
        """Let the series stand as `after`, which says something of `day`: rows for what is new, differences for what
        changes. `kept` goes onto the row that holds then, if that is new. Returns that fact."""
        before = series.facts
        if after == before:
            return live(before, day)
        model = series.model
        blank = shape_of(model).blank()
        whole = []
        for fact in after:
            if fact.of is None:
                of = Line(None, dict(fact.like.kept) if fact.like is not None else dict(blank))
                if fact.is_live_on(day):
                    of.kept.update({name: value for name, value in kept.items() if value is not None})
                fact = Fact(fact.start, fact.end, fact.value, fact.how, of)
            whole.append(fact)
        series.facts = whole
        self._back.append(lambda: setattr(series, "facts", before))
        if not quiet:
            for kind, what, old, new in changes(series, before, whole, day, beside):
                self.note(kind, what, old, new)
        return live(whole, day)

    def keep(self, series: Series, fact: Fact, name: str, value: Any, *, what: str = "") -> None:
        """Set what stands on the row beside its dates and values."""
        kept = fact.of.kept
        old = kept[name]
        if old == value:
            return
        self._check(series.model, name, value)
        if fact.of.pk is not None or what:
            words = (column_words(series.model, name, each) for each in (old, value))
            self.note(CHANGED, what or verbose_name(series.model, name), *words)
        kept[name] = value
        self._back.append(lambda: kept.__setitem__(name, old))

    # -- lives -----------------------------------------------------------------

    def dependents(self, record: Record) -> list[Series]:
        """Every series of facts that lies within the record's life."""
        name = record.model._meta.model_name
        owner = "organization" if name == "partyorganization" else str(name)
        return [
            series for model in fact_models() if owner in model.WITHIN for series in self.of_owner(model, owner, record)
        ]

    def clip(self, series: Series, facts: list[Fact], record: Record) -> list[Fact]:
        """What of the series' `facts` lies inside the record's life; where it is a value, the rest goes on without."""
        if record in series.owners:
            return inside(facts, series.life)
        for column in range(len(series.model.VALUE)):
            facts = without(facts, column, record, record.life)
        return facts

    def contradicted(self, record: Record, life: Life) -> dt.date | None:
        """The first day on which a ledger said that something of the record held, and which is not in `life`."""
        found = []
        for series in self.dependents(record):
            kept = inside(series.facts, life)
            for days in self.seen(series, None):
                found += [day for day in days if live(series.facts, day) is not None and live(kept, day) is None]
        return min(found, default=None)


@lru_cache(maxsize=64)
def defaults_of(model: type[models.Model]) -> dict[str, Any]:
    """What stands in each column of a record of which nothing has been said."""
    fields: Any = model._meta.concrete_fields
    return {field.attname: field.get_default() for field in fields if not field.primary_key}
