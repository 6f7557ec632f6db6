"""合并: one organization's enterprises and members go over to another, and it is dissolved."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.desk.lookup import LookupField
from organizations.cover import cover
from organizations.dissolve import dissolve
from organizations.models import PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def merge(organization: PartyOrganization, *, into: PartyOrganization, on: dt.date) -> Effects:
    """Dissolve `organization` on `on`; what it covers then or later is covered by `into` from that day."""
    if into.pk == organization.pk:
        raise ValidationError({"into": "不能合并到自己，请另选一个党组织。"})
    if not into.is_live_on(on):
        raise ValidationError({"into": f"{into}在 {on} 不在册。"})
    covered = [
        (each.enterprise, max(on, each.start))
        for each in organization.covers.overlapping(on, None).select_related("enterprise")
    ]
    effects = dissolve(organization, on=on, members_go_to=into)
    for enterprise, start in covered:
        if not into.covers.live_on(start).filter(enterprise=enterprise).exists():
            effects += cover(enterprise, organization=into, on=start)
    return effects


class MergeForm(ActionForm):
    into = LookupField(PartyOrganization.objects.none(), kind="organizations", label="合并到")

    def scope(self) -> None:
        choices = PartyOrganization.objects.visible_to(self.user).filter(
            dissolved_on__isnull=True, committee_id=self.subject.committee_id
        )
        self.choose("into", choices.exclude(pk=self.subject.pk))


class Merge(OnLive):
    slug, label, form, run = "merge", "合并", MergeForm, staticmethod(merge)
    hint = "本党组织撤销，所覆盖的企业从生效日期起由另一个党组织覆盖。"
