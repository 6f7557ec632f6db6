"""A committee's records as the rows of its own forms: what a template is filled with, so that it is the offline form.

Each kind tells its own (`kept`), beside what its rows say. A row is field name → value. What was only assumed is left
blank, and a month is written as one, so that the same file read again changes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from committees.models import Committee
from common.periods import Precision
from enterprises.models import Enterprise

Values = dict[str, Any]
# In such a row beside its fields: (model, key) of the record that it is about.
RECORD = "record"


def as_cell(day: dt.date | None, precision: str = Precision.DAY) -> Any:
    if day is None or precision == Precision.ASSUMED:
        return None
    return f"{day:%Y-%m}" if precision == Precision.MONTH else day


def by_owner(rows: Iterable[Any], name: str) -> dict[int, list]:
    grouped: dict[int, list] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, f"{name}_id")].append(row)
    return grouped


def open_enterprises(committee: Committee, day: dt.date) -> list[Enterprise]:
    rows = Enterprise.objects.under(committee.pk, day).exclude(closed_on__lte=day)
    return list(rows.order_by("village", "name", "pk"))
