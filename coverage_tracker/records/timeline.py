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

from common.desk.versioned import masks_of
from common.initials import OF_THE_NAME
from common.periods import Precision
from enterprises.models import Headcount, Jurisdiction

# The number by which an action finds again what it did (common/recording.py).
_MARK = re.compile(r" #\d+$")
_UPLOAD = re.compile(r"^(upload|undo):(\d+)$")
# Said by other words on the screen.
_SILENT = {
    "id",
    "start_precision",
    "established_precision",
    "registered_precision",
    "closed_precision",
    "id_fingerprint",
    *OF_THE_NAME,
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
        upload=int(match[2]) if match else None,
        reason=("撤回台账导入" if match[1] == "undo" else "台账导入")
        if match
        else _MARK.sub("", row.history_change_reason or ""),
    )


_FOLLOWING = (Headcount, Jurisdiction)
Histories = dict[tuple[type, int], list[Any]]


def histories(records: Iterable[models.Model]) -> Histories:
    """(model, key) → the record's history rows, oldest first: one statement a kind of record."""
    found: Histories = {}
    by_model: dict[type[models.Model], list[int]] = {}
    for record in records:
        by_model.setdefault(type(record), []).append(record.pk)
    for model, keys in by_model.items():
        history = model.history.filter(id__in=keys).select_related("history_user")  # type: ignore[attr-defined]
        for version in history.order_by("history_date", "history_id"):
            found.setdefault((model, version.id), []).append(version)
    return found


def gone(record: Any) -> list[tuple[Any, str]]:
    """The last version of every fact of the record that was voided or taken back, with what it was."""
    found = []
    for relation in record._meta.related_objects:
        history = getattr(relation.related_model, "history", None)
        vanishes = getattr(relation.related_model, "VANISHES", True)
        if history is None or not relation.one_to_many or not vanishes:
            continue
        rows = history.filter(**{relation.field.attname: record.pk}, history_type="-").select_related("history_user")
        for version in rows:
            since = getattr(version, "start", None)
            what = f"{relation.related_model._meta.verbose_name}{f'（{since} 起）' if since else ''}"
            found.append((version, what))
    return found


def upload_keys(found: Histories) -> set[int]:
    """The uploads that any of these versions came from."""
    marks = (_UPLOAD.match(version.history_change_reason or "") for rows in found.values() for version in rows)
    return {int(mark[2]) for mark in marks if mark}


def events(facts: Iterable[tuple[Any, str]], found: Histories) -> list[Event]:
    """The beginnings and endings of (fact, what) pairs, newest first."""
    pairs = list(facts)
    events = []
    # A headcount or jurisdiction that the next one follows says nothing by its end.
    followed = {(type(fact), fact.start) for fact, _ in pairs if isinstance(fact, _FOLLOWING)}
    for fact, what in pairs:
        versions = found.get((type(fact), fact.pk), [])
        first = recorded(versions[0]) if versions else None
        ended = _who_ended(fact, versions)
        if fact.OF_RECORD:
            # What was until then: a change on that day.
            events.append(Event(fact.end, Precision.DAY, what, ended))
            continue
        events.append(Event(fact.start, fact.start_precision, what, first))
        if fact.end is not None and (type(fact), fact.end) not in followed:
            events.append(Event(fact.end, Precision.DAY, f"{what}：结束", ended))
    return sorted(events, key=lambda event: event.day, reverse=True)


def _who_ended(fact: Any, versions: list[Any]) -> Recorded | None:
    """Who gave the fact the end that it has; whoever corrected something else since did not."""
    found, before = None, None
    for version in versions:
        if version.end == fact.end and before != fact.end:
            found = recorded(version)
        before = version.end
    return found


def changes(
    records: Iterable[tuple[Any, str]], found: Histories, deleted: Iterable[tuple[Any, str]] = (), limit: int = 50
) -> list[Change]:
    """What was changed in (record, what) pairs, and what was deleted (see `gone`), newest first."""
    steps: list[tuple[Any, str, Any, Any]] = []
    for record, what in records:
        before = None
        for version in found.get((type(record), record.pk), []):
            steps.append((record, what, before, version))
            before = version
    steps.sort(key=lambda step: (step[3].history_date, step[3].history_id), reverse=True)
    names = _names(steps[: 2 * limit])
    made = []
    for record, what, before, version in steps:
        if before is None or version.history_type == "+":
            made.append(Change(recorded(version), what, "新增"))
        elif fields := list(_differences(record, before, version, names)):
            made.append(Change(recorded(version), what, "修改", fields))
        if len(made) == limit:
            break
    made += [Change(recorded(version), what, "作废") for version, what in deleted]
    return sorted(made, key=lambda change: change.recorded.when, reverse=True)[:limit]


def _relations(record: Any) -> list[Any]:
    return [column for column in record._meta.concrete_fields if column.is_relation]


def _names(steps: list[tuple[Any, str, Any, Any]]) -> dict[tuple[type, Any], str]:
    """What the foreign keys that changed point to: one statement a model."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for record, _, before, version in steps:
        for column in _relations(record) if before is not None else ():
            keys = {getattr(before, column.attname), getattr(version, column.attname)}
            if len(keys) > 1:
                wanted.setdefault(column.related_model, set()).update(keys - {None})
    return {
        (model, pk): str(found)
        for model, keys in wanted.items()
        for pk, found in model._default_manager.in_bulk(keys).items()
    }


def _differences(record: Any, before: Any, after: Any, names: dict) -> Iterable[tuple[str, str, str]]:
    for column in record._meta.concrete_fields:
        if column.name in _SILENT:
            continue
        old, new = getattr(before, column.attname), getattr(after, column.attname)
        if old != new:
            yield str(column.verbose_name), _shown(column, old, names), _shown(column, new, names)


def _shown(column: Any, value: Any, names: dict[tuple[Any, Any], str]) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.is_relation:
        return names.get((column.related_model, value), "（已删除）")
    if mask := masks_of(column.model).get(column.name):
        return mask(value)
    return str(dict(column.flatchoices).get(value, value))
