"""登记 what an organization or an enterprise has reached: a milestone of the four projects."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import Effects
from common.recording import say
from enterprises.models import Enterprise
from organizations.milestone_catalogue import BY_CODE
from organizations.models import Milestone, PartyOrganization


@transaction.atomic
def reach(subject: PartyOrganization | Enterprise, *, code: str, note: str, on: dt.date) -> Effects:
    """The milestone `code` is reached on `on`. Raises ValidationError where it is reached already."""
    item = BY_CODE[code]
    held = subject.milestones.live_on(on).filter(code=code).first()
    if held is not None:
        raise ValidationError({"code": f"“{item.label}”自 {held.start} 起已登记。"})
    placed = say(Milestone, {str(item.subject): subject, "code": code}, on, lasts=not item.lapses, note=note)
    for row in placed.changed:
        # Reached earlier than was known.
        row.note = note or row.note
        row.save()
    return [f"{on} {item.label}"]
