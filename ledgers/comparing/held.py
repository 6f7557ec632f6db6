"""What the register holds of the records that a file may be about: loaded by owner, each row once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from common.batches import batches
from common.filings import Said
from common.models import Filing
from common.periods import Period
from common.recording import DECIDED
from common.series import THERE, Fact
from ledgers.comparing.records import Line, Record, Series, shape_of


class Held:
    """Records, series of facts and filings in memory."""

    def __init__(self) -> None:
        self.records: dict[tuple[type, int], Record] = {}
        self.new_records: list[Record] = []
        self._series: dict[tuple, Series] = {}
        self._by_owner: dict[tuple[type, str, Record], list[Series]] = defaultdict(list)
        self._known: set[tuple[type, int]] = set()
        self._loaded: set[tuple[type, str, Record]] = set()
        self._said: dict[Record, list[Said]] = {}
        # What people have decided by hand: (record, day) → topics.
        self.decided: dict[tuple[Record, dt.date], str] = defaultdict(str)

    # -- loading ---------------------------------------------------------------

    def load_records(self, rows: models.QuerySet) -> list[Record]:
        """The records of a queryset, those known already as they stand here."""
        found = []
        for values in rows.values():
            pk = values.pop("id")
            key = (rows.model, pk)
            if key not in self.records:
                self.records[key] = Record(rows.model, pk, values)
            found.append(self.records[key])
        return found

    def need_records(self, model: type[models.Model], keys: Iterable[int | None]) -> None:
        missing = {key for key in keys if key is not None and (model, key) not in self.records}
        for batch in batches(missing):
            self.load_records(model._default_manager.filter(pk__in=batch))

    def load(self, model: type[Period], owner: str, records: Iterable[Record]) -> None:
        """Load the facts of `model` that belong to these records by their column `owner`, unless they are here."""
        asked = [each for each in records if (model, owner, each) not in self._loaded]
        self._loaded.update((model, owner, each) for each in asked)
        shape = shape_of(model)
        rows: list[tuple] = []
        for batch in batches(each.pk for each in asked if each.pk is not None):
            facts = model._default_manager.filter(**{f"{owner}_id__in": batch})
            rows += facts.order_by("start").values_list(*shape.columns())
        for place, related in shape.records.items():
            self.need_records(related, (row[4 + place] for row in rows))
        for row in rows:
            if (model, row[0]) not in self._known:
                self._known.add((model, row[0]))
                self._know(shape, row)

    def _know(self, shape: Any, row: tuple) -> None:
        pk, start, how, end, *columns = row
        for place, related in shape.records.items():
            if columns[place] is not None:
                columns[place] = self.records[(related, columns[place])]
        owners, rest = columns[: shape.owners], columns[shape.owners :]
        width = len(shape.model.VALUE)
        line = Line(pk, dict(zip(shape.kept, rest[width:], strict=True)))
        fact = Fact(start, end, tuple(rest[:width]) or THERE, how, line)
        series = self.series(shape.model, *owners)
        series.facts.append(fact)
        series.facts.sort(key=lambda each: each.start)
        series.stored[line] = (fact, dict(line.kept))
        for place, name in enumerate(shape.model.VALUE, shape.owners):
            # A place of work is found by the enterprise too.
            if place in shape.records and columns[place] is not None:
                of_this = self._by_owner[(shape.model, name, columns[place])]
                if series not in of_this:
                    of_this.append(series)

    def series(self, model: type[Period], *owners: Any) -> Series:
        """The series of these owners (in the order of `model.OF`), empty if there is none yet."""
        key = (model, *owners)
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = Series(model, owners)
            for name, owner in zip(model.OF, owners, strict=True):
                if isinstance(owner, Record):
                    self._by_owner[(model, name, owner)].append(found)
        return found

    def of_owner(self, model: type[Period], name: str, record: Record) -> list[Series]:
        """Every series of `model` that belongs to the record by its column `name`."""
        if (model, name, record) not in self._loaded:
            if record.pk is None:
                self._loaded.add((model, name, record))
            else:
                self.load(model, name, [record])
        if name not in model.OF:
            # The whole series of whoever was there, not the one row only.
            for first in {each.owners[0] for each in self._by_owner[(model, name, record)]}:
                self.load(model, model.OF[0], [first])
        return list(self._by_owner[(model, name, record)])

    def all_series(self) -> Iterable[Series]:
        return self._series.values()

    # -- what was said ---------------------------------------------------------

    def load_said(self, records: Iterable[Record]) -> None:
        """Load what was said of these records, and on which days."""
        by_model: dict[type, dict[int, Record]] = defaultdict(dict)
        for each in records:
            if each not in self._said:
                self._said[each] = []
                if each.pk is not None:
                    by_model[each.model][each.pk] = each
        for model, found in by_model.items():
            for batch in batches(found):
                rows = Filing.objects.filter(subject=model._meta.model_name, key__in=batch)  # type: ignore[attr-defined]
                for key, day, topics, source in rows.values_list("key", "day", "topics", "source"):
                    self._said[found[key]].append((day, topics))
                    if source == DECIDED:
                        self.decided[found[key], day] += topics

    def said_of(self, record: Record) -> list[Said]:
        if record not in self._said:
            self.load_said([record])
        return self._said[record]

    def last_said(self, record: Record, topic: str) -> dt.date | None:
        """The last day on which the topic was said of the record."""
        return max((day for day, text in self.said_of(record) if f" {topic} " in text), default=None)
