"""What ledgers held beside all columns of ours (common/models.py, Extra): of each column the newest word."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from common.batches import batches
from common.models import Extra
from common.text import without_phones


def extras_of(
    model: type[models.Model], keys: Iterable[Any], day: dt.date | None = None, *, told_by: int | None
) -> dict[int, list[Extra]]:
    """By record: the newest of each column of each kind of ledger (up to `day`), in the order of their headings.
    `told_by`: of this committee's ledgers only; None: of all."""
    subject = str(model._meta.model_name)
    rows = Extra.objects.filter(subject=subject).order_by("day", "id")
    if told_by is not None:
        rows = rows.filter(committee=told_by)
    if day is not None:
        rows = rows.filter(day__lte=day)
    newest: dict[tuple[int, str, str], Extra] = {}
    for batch in batches(sorted(set(keys))):
        for each in rows.filter(key__in=batch):
            newest[each.key, each.kind, each.heading] = each
    found: dict[int, list[Extra]] = defaultdict(list)
    for (key, _, _), each in sorted(newest.items(), key=lambda entry: entry[0]):
        found[key].append(each)
    return found


def as_columns(rows: Sequence[Any], day: dt.date, *, told_by: int | None) -> tuple[list[str], list[list[str]]]:
    """For an export: the headings of what ledgers (`told_by`, as above) held of these records up to `day`, and a line
    of cells a record. What the user may not open shows nothing; phones are masked."""
    if not rows:
        return [], []
    opened = [row.pk for row in rows if getattr(row, "may_open", True)]
    held = extras_of(type(rows[0]), opened, day, told_by=told_by)
    headings = sorted({each.heading for extras in held.values() for each in extras})
    lines = []
    for row in rows:
        said = {each.heading: without_phones(each.value) for each in held.get(row.pk, ())}
        lines.append([said.get(heading, "") for heading in headings])
    return headings, lines
