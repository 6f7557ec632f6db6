"""合并: one organization's enterprises and members go over to another, and it is dissolved."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import Effects
from organizations.cover import cover
from organizations.dissolve import dissolve
from organizations.models import PartyOrganization


@transaction.atomic
def merge(organization: PartyOrganization, *, into: PartyOrganization, on: dt.date) -> Effects:
    """Dissolve `organization` on `on`; what it covers then or later is covered by `into` from that day."""
    if into.pk == organization.pk:
        raise ValidationError({"into": "不能合并到自己，请另选一个党组织。"})
    covered = [
        (each.enterprise, max(on, each.start))
        for each in organization.covers.overlapping(on, None).select_related("enterprise")
    ]
    effects = dissolve(organization, on=on, members_go_to=into)
    for enterprise, start in covered:
        if not into.covers.live_on(start).filter(enterprise=enterprise).exists():
            effects += cover(enterprise, organization=into, on=start)
    return effects
