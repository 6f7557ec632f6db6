"""A day of the access log in one line that is kept elsewhere, and whether the log still is what it was then."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from committees.append_only import KEPT_DAYS
from committees.models import AccessLog
from common.today import today


def seal(day: dt.date) -> dict[str, Any]:
    """{"day", "rows", "sha256", "each": {row: hash}} of the local day's rows, as they stand now."""
    each = {str(row.pk): _hash(row) for row in _rows(day)}
    whole = hashlib.sha256("".join(f"{pk}:{digest}\n" for pk, digest in each.items()).encode()).hexdigest()
    return {"day": day.isoformat(), "rows": len(each), "sha256": whole, "each": each}


def faults(lines: Iterable[str]) -> list[str]:
    """What differs from the sealed days, in words: the day and the row. Raises ValueError for what is no seal."""
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            day, each = dt.date.fromisoformat(said["day"]), dict(said["each"])
        except (ValueError, TypeError, KeyError):
            raise ValueError(f"第 {number} 行不是 audit_seal 写出的封存记录") from None
        if day < today() - dt.timedelta(days=KEPT_DAYS):
            # What is that old may have been deleted.
            continue
        found += _differences(day, each)
    return found


def _differences(day: dt.date, each: dict[str, str]) -> list[str]:
    now = seal(day)["each"]
    gone = [f"{day}：第 {pk} 号记录不见了" for pk in each if pk not in now]
    changed = [f"{day}：第 {pk} 号记录被改动过" for pk, digest in each.items() if now.get(pk, digest) != digest]
    added = [f"{day}：第 {pk} 号记录是封存之后加进去的" for pk in now if pk not in each]
    return [*gone, *changed, *added]


def _rows(day: dt.date) -> Any:
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    return AccessLog.objects.filter(at__gte=begins, at__lt=begins + dt.timedelta(days=1)).order_by("pk")


def _hash(row: AccessLog) -> str:
    values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields if field.name != "at"]
    said = json.dumps([row.at.astimezone(dt.UTC).isoformat(), *values], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
