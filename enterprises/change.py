"""变更: the enterprise's name, type, trade, scale or place is another from a day on."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.fields import YesNoField, YesNoSelect
from common.former import change
from enterprises.models import Enterprise, Ownership
from enterprises.on_open import OnOpen


@transaction.atomic
def change_enterprise(enterprise: Enterprise, *, on: dt.date, **stated: Any) -> Effects:
    """From `on` the enterprise's columns are as stated (names of FormerEnterprise.VALUE; None or "": unchanged). A name
    that it bore is kept among its former names. Raises ValidationError where nothing changes, or it is not there."""
    begins, ends = enterprise.life
    if (begins is not None and on < begins) or (ends is not None and on >= ends):
        raise ValidationError({"on": f"企业在 {on} 不在册。"})
    first = enterprise.jurisdictions.order_by("start").first()
    was, bore = enterprise.name, enterprise.former_names
    effects = change(enterprise, on, begins or (first.start if first else None), stated)
    if enterprise.name != was and was not in bore.split("、"):
        enterprise.former_names = "、".join(name for name in (bore, was) if name)
        enterprise.full_clean()
        enterprise.save()
    return effects


class ChangeForm(ActionForm):
    name = forms.CharField(label="新的名称", max_length=200, required=False)
    ownership = forms.ChoiceField(label="新的企业类型", choices=[("", "不变"), *Ownership.choices], required=False)
    industry = forms.CharField(label="新的所属行业", max_length=100, required=False)
    above_scale = YesNoField(label="规模以上", required=False, widget=YesNoSelect(unknown="不变"))
    village = forms.CharField(label="新的所属村（社区）", max_length=100, required=False)


class Change(OnOpen):
    slug, label, form, run = "change", "变更登记事项", ChangeForm, staticmethod(change_enterprise)
    hint = "填有变化的几项，从生效日期起按新的；以前的名单仍用原来的。写错了要改正的，请用“编辑”。"
