"""分包联系: a leading cadre who answers for an organization; a new one ends the old."""

import datetime as dt

from django import forms
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.recording import Known, say
from common.series import live
from organizations.models import Liaison, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def appoint_liaison(organization: PartyOrganization, *, name: str, post: str, on: dt.date) -> Effects:
    """`name` answers for the organization from `on` on."""
    held = live(Known(Liaison, {"organization": organization}).facts, on)
    ended = [f"{held.value[0]}的分包联系到 {on} 为止"] if held is not None and held.value != (name,) else []
    say(Liaison, {"organization": organization}, on, {"name": name}, moves=True, post=post)
    return [*ended, f"{name}自 {on} 起分包联系{organization}"]


class LiaisonForm(ActionForm):
    months = True

    name = forms.CharField(label="党员领导干部姓名", max_length=50)
    post = forms.CharField(label="单位及职务", max_length=100, required=False)


class AppointLiaison(OnLive):
    slug, label, form, run = "liaison", "分包联系领导", LiaisonForm, staticmethod(appoint_liaison)
    takes_many = True
