"""Whose a fact is after a transfer: history stays with the committee that answered then (rule 7)."""

import datetime as dt
from typing import Any

from committees.scope import may_settle, own_committee_id
from enterprises.models import Enterprise


def not_ours_then(user: Any, enterprise: Enterprise, day: dt.date, owner_committee_id: int | None = None) -> str:
    """Why the user may not touch what this enterprise was on `day`; "" when nothing is against it.

    The district may always; a committee from the day on which it took the enterprise over, and what belongs to its
    own organization or instructor (`owner_committee_id`).
    """
    own = own_committee_id(user)
    if may_settle(user) or (own is not None and own == owner_committee_id):
        return ""
    held = enterprise.jurisdictions.order_by("start")
    first = held.first()
    asked = day if first is None else max(day, first.start)
    if held.live_on(asked).filter(committee_id=own).exists():
        return ""
    return f"{day} 时这家企业不由本单位管理，这一天的记录请联系区委组织部更正。"


def earliest(fact: Any, answers: dict[str, Any]) -> dt.date:
    """The first day that ending a fact (`on`) or correcting it (`start`) touches."""
    days: list[dt.date | None] = [answers["on"]] if "on" in answers else [fact.start, answers.get("start")]
    return min(day for day in days if day)
