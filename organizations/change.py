"""改设 and 变更: a branch becomes a general branch, a name or the line changes, from a day on."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.former import change
from organizations.models import OrganizationForm, OrganizationKind, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def change_organization(organization: PartyOrganization, *, on: dt.date, **stated: Any) -> Effects:
    """From `on` the organization's columns are as stated (names of FormerOrganization.VALUE; None or "": unchanged).
    Raises ValidationError where nothing is stated or nothing changes, or it is not there on the day."""
    if not organization.is_live_on(on):
        raise ValidationError({"on": f"党组织在 {on} 不在册。"})
    return change(organization, on, organization.established_on, stated)


class KindForm(ActionForm):
    kind = forms.ChoiceField(label="改设为", choices=[("", "请选择"), *OrganizationKind.choices])


class ChangeKind(OnLive):
    slug, label, form, run = "kind", "改设", KindForm, staticmethod(change_organization)
    hint = "在任书记的届满日期不变。"


class ChangeForm(ActionForm):
    name = forms.CharField(label="新的名称", max_length=200, required=False)
    form = forms.ChoiceField(label="新的组建方式", choices=[("", "不变"), *OrganizationForm.choices], required=False)


class Change(OnLive):
    slug, label, form, run = "change", "变更名称或组建方式", ChangeForm, staticmethod(change_organization)
    hint = "从生效日期起按新的，以前的名单仍用原来的。写错了要改正的，请用“编辑”。"
