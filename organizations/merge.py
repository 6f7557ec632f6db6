"""合并: one organization's enterprises go over to another, and it is dissolved."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.actions import Effects
from organizations.cover import cover
from organizations.dissolve import dissolve
from organizations.models import PartyOrganization


@transaction.atomic
def merge(organization: PartyOrganization, *, into: PartyOrganization, on: dt.date) -> Effects:
    """Dissolve `organization` on `on`; what it covered then is covered by `into` from that day."""
    if into.pk == organization.pk:
        raise ValidationError({"into": "不能合并到自己，请另选一个党组织。"})
    covered = [each.enterprise for each in organization.covers.live_on(on).select_related("enterprise")]
    effects = dissolve(organization, on=on)
    for enterprise in covered:
        if not into.covers.live_on(on).filter(enterprise=enterprise).exists():
            effects += cover(enterprise, organization=into, on=on)
    return effects
