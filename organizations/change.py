"""改设 and 变更: a branch becomes a general branch, a name or the line changes, from a day on."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee, CommitteeKind
from common.desk.actions import ActionForm, Effects
from common.former import change
from organizations.models import OrganizationForm, OrganizationKind, PartyOrganization, Subordination
from organizations.on_live import OnLive


@transaction.atomic
def change_organization(organization: PartyOrganization, *, on: dt.date, **stated: Any) -> Effects:
    """From `on` the organization's columns are as stated (names of FormerOrganization.VALUE; None or "": unchanged).
    Raises ValidationError where nothing is stated or nothing changes, or it is not there on the day."""
    if not organization.is_live_on(on):
        raise ValidationError({"on": f"党组织在 {on} 不在册。"})
    # Whom nobody but the place stands above.
    clears = ["superior"] if stated.get("subordination") == Subordination.TERRITORIAL else []
    return change(organization, on, organization.established_on, stated, clears)


class KindForm(ActionForm):
    kind = forms.ChoiceField(label="改设为", choices=[("", "请选择"), *OrganizationKind.choices])


class ChangeKind(OnLive):
    slug, label, form, run = "kind", "改设", KindForm, staticmethod(change_organization)
    hint = "在任书记的届满日期不变。"


class ChangeForm(ActionForm):
    name = forms.CharField(label="新的名称", max_length=200, required=False)
    form = forms.ChoiceField(label="新的组建方式", choices=[("", "不变"), *OrganizationForm.choices], required=False)
    subordination = forms.ChoiceField(label="新的隶属", choices=[("", "不变"), *Subordination.choices], required=False)
    superior = forms.ModelChoiceField(
        Committee.objects.none(), label="上级党组织", empty_label="行业管理的选行业系统党委", required=False
    )

    def scope(self) -> None:
        self.choose("superior", Committee.objects.filter(kind=CommitteeKind.INDUSTRY_LINE))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        line = self.cleaned_data.get("subordination")
        if self.cleaned_data.get("superior") is not None and line != Subordination.INDUSTRY_LINE:
            self.add_error("superior", "隶属选行业管理的才填上级党组织。")
        return cleaned


class Change(OnLive):
    slug, label, form, run = "change", "变更登记事项", ChangeForm, staticmethod(change_organization)
    hint = "从生效日期起按新的，以前的名单仍用原来的。写错了要改正的，请用“编辑”。"
