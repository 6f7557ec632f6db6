"""撤销 a party organization: its covers and its secretary's term end with it (rule 2)."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.actions import Effects
from common.periods import end_all
from organizations.models import PartyOrganization


@transaction.atomic
def dissolve(organization: PartyOrganization, *, on: dt.date) -> Effects:
    """Dissolve on `on`. Raises ValidationError if it is dissolved already or began that day or later."""
    if organization.dissolved_on is not None:
        raise ValidationError(f"这个党组织已于 {organization.dissolved_on} 撤销。")
    if organization.established_on >= on:
        raise ValidationError({"on": f"党组织成立于 {organization.established_on}，撤销日期必须更晚。"})
    covers = organization.covers.select_related("enterprise", "organization")
    effects = [f"结束对{cover.enterprise}的覆盖" for cover in end_all(covers, on)]
    effects += [f"结束{term.name}的书记任期" for term in end_all(organization.secretary_terms.all(), on)]
    organization.dissolved_on = on
    organization.save()
    return [f"{organization.name}自 {on} 起撤销", *effects]
