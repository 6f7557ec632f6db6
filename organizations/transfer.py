"""划转 of an enterprise, asked at its page: its own single organization may go along (clause 28)."""

import datetime as dt

from django import forms
from django.db import transaction

from committees.models import Committee
from committees.scope import may_settle
from common.desk.actions import Action, ActionForm, Effects
from common.today import today
from enterprises.models import Enterprise
from enterprises.transfer import transfer
from organizations.models import OrganizationForm, PartyOrganization
from organizations.move import move_organization


def own_organization(enterprise: Enterprise, day: dt.date) -> PartyOrganization | None:
    """The single organization that covers this enterprise and no other."""
    covering = (
        enterprise.covers.live_on(day).filter(organization__form=OrganizationForm.SINGLE).select_related("organization")
    )
    own = [
        each.organization
        for each in covering
        if each.organization.is_live_on(day) and each.organization.covers.live_on(day).count() == 1
    ]
    return own[0] if len(own) == 1 else None


@transaction.atomic
def transfer_with_own(
    enterprise: Enterprise, *, committee: Committee, on: dt.date, with_organization: bool = False
) -> Effects:
    """As `transfer`; `with_organization`: its own single organization goes along, where it is not there already."""
    effects = transfer(enterprise, committee=committee, on=on)
    own = own_organization(enterprise, on) if with_organization else None
    if own is None or own.committee == committee:
        return effects
    return [*effects, *(f"{own}：{each}" for each in move_organization(own, committee=committee, on=on))]


class TransferForm(ActionForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")
    with_organization = forms.BooleanField(required=False, initial=True)

    def scope(self) -> None:
        self.choose("committee", Committee.objects.visible_to(self.user).filter(active=True))
        own = own_organization(self.subject, today())
        if own is None:
            del self.fields["with_organization"]
        else:
            self.fields["with_organization"].label = f"单独组建的{own}一起划转"


class Transfer(Action):
    slug, label, model, form, run = "transfer", "划转", Enterprise, TransferForm, staticmethod(transfer_with_own)
    allowed = staticmethod(may_settle)
    hint = "从生效日期起计入新的单位，此前的数字仍归原单位。"
