"""划转: from one committee to another (rule 7). History stays with the old one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from common.desk.actions import Effects
from common.recording import say
from enterprises.models import Enterprise, Jurisdiction


@transaction.atomic
def transfer(enterprise: Enterprise, *, committee: Committee, on: dt.date) -> Effects:
    """Close the live jurisdiction on `on` and open the next. Raises ValidationError for the same
    committee, or a day not after the live one began."""
    live = enterprise.jurisdictions.select_related("committee").filter(end__isnull=True).order_by("-start").first()
    effects = []
    if live is not None:
        if live.committee_id == committee.pk:
            raise ValidationError({"committee": f"这家企业现在就由{committee}管理。"})
        if live.start >= on:
            raise ValidationError({"on": f"现由{live.committee}自 {live.start} 起管理，划转日期必须更晚。"})
        effects.append(f"{live.committee}的管理到 {on} 为止，此前的数字仍归{live.committee}")
    say(Jurisdiction, {"enterprise": enterprise}, on, {"committee": committee})
    return [*effects, f"从 {on} 起由{committee}管理"]
