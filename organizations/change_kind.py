"""改设: a branch becomes a general branch, and so on."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from organizations.models import OrganizationKind, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def change_kind(organization: PartyOrganization, *, kind: str, on: dt.date) -> Effects:
    """Give the organization another kind. Terms that run keep the end they were elected for."""
    if organization.kind == kind:
        raise ValidationError({"kind": f"现在就是{organization.get_kind_display()}。"})
    if on < organization.established_on:
        raise ValidationError({"on": f"党组织成立于 {organization.established_on}，改设不能更早。"})
    was = organization.get_kind_display() or "未填"
    organization.kind = kind
    organization._change_reason = f"自 {on} 起改设"  # type: ignore[attr-defined]
    organization.full_clean()
    organization.save()
    return [f"自 {on} 起由{was}改设为{OrganizationKind(kind).label}"]


class KindForm(ActionForm):
    kind = forms.ChoiceField(label="改设为", choices=[("", "请选择"), *OrganizationKind.choices])


class ChangeKind(OnLive):
    slug, label, form, run = "kind", "改设", KindForm, staticmethod(change_kind)
