"""All dated facts of a record in one line of time, and every change made to them, readable.

Knows every model, so it lives under the roof. A constant number of statements: one for the
facts and one for the history of each kind.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse

from common.periods import Precision

_UPLOAD = re.compile(r"^upload:(\d+)$")
# Said by other words on the screen.
_SILENT = {
    "id",
    "start_precision",
    "established_precision",
    "registered_precision",
    "closed_precision",
    "id_fingerprint",
    "initials",
}


@dataclass(frozen=True)
class Event:
    """Something that began or ended on `day`; who recorded it and when."""

    day: dt.date
    precision: str
    what: str
    recorded: "Recorded | None"


@dataclass(frozen=True)
class Recorded:
    """One change: who, when, how (by hand, or by which upload)."""

    who: str
    when: dt.datetime
    upload: int | None
    reason: str

    @property
    def upload_address(self) -> str | None:
        return None if self.upload is None else reverse("upload", args=[self.upload])


@dataclass(frozen=True)
class Change:
    """One saved version of one record: the fields that became different, from → to."""

    recorded: Recorded
    what: str
    kind: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def recorded(row: Any) -> Recorded:
    """Who and how, of a history row with its user loaded."""
    match = _UPLOAD.match(row.history_change_reason or "")
    return Recorded(
        who=str(row.history_user) if row.history_user else "系统",
        when=row.history_date,
        upload=int(match[1]) if match else None,
        reason="" if match else row.history_change_reason or "",
    )


def _histories(rows: list[models.Model]) -> dict[tuple[type, int], list[Any]]:
    """(model, key) → its history rows, oldest first."""
    found: dict[tuple[type, int], list[Any]] = {}
    by_model: dict[type[models.Model], list[int]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row.pk)
    for model, keys in by_model.items():
        history = model.history.filter(id__in=keys).select_related("history_user")  # type: ignore[attr-defined]
        for version in history.order_by("history_date", "history_id"):
            found.setdefault((model, version.id), []).append(version)
    return found


def events(facts: Iterable[tuple[Any, str]], begins: str = "start", ends: str = "end") -> list[Event]:
    """The beginnings and endings of (fact, what) pairs, newest first."""
    pairs = list(facts)
    histories = _histories([fact for fact, _ in pairs])
    found = []
    # A headcount or jurisdiction that the next one follows says nothing by its end.
    followed = {(type(fact), getattr(fact, begins)) for fact, _ in pairs}
    for fact, what in pairs:
        versions = histories.get((type(fact), fact.pk), [])
        first = recorded(versions[0]) if versions else None
        last = recorded(versions[-1]) if versions else None
        start, end = getattr(fact, begins), getattr(fact, ends)
        precision = getattr(fact, "start_precision", Precision.DAY)
        found.append(Event(start, precision, what, first))
        if end is not None and (type(fact), end) not in followed:
            found.append(Event(end, Precision.DAY, f"{what}：结束", last))
    return sorted(found, key=lambda event: event.day, reverse=True)


def changes(records: Iterable[tuple[Any, str]], limit: int = 50) -> list[Change]:
    """What was changed in (record, what) pairs, newest first."""
    pairs = list(records)
    histories = _histories([record for record, _ in pairs])
    found = []
    for record, what in pairs:
        before = None
        for version in histories.get((type(record), record.pk), []):
            if before is None or version.history_type == "+":
                found.append(Change(recorded(version), what, "新增"))
            else:
                fields = list(_differences(record, before, version))
                if fields:
                    found.append(Change(recorded(version), what, "修改", fields))
            before = version
    return sorted(found, key=lambda change: change.recorded.when, reverse=True)[:limit]


def _differences(record: Any, before: Any, after: Any) -> Iterable[tuple[str, str, str]]:
    for column in record._meta.concrete_fields:
        if column.name in _SILENT:
            continue
        old, new = getattr(before, column.attname), getattr(after, column.attname)
        if old != new:
            yield str(column.verbose_name), _shown(column, old), _shown(column, new)


def _shown(column: Any, value: Any) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.is_relation:
        return str(column.related_model._default_manager.filter(pk=value).first() or "（已删除）")
    return str(dict(column.flatchoices).get(value, value))
