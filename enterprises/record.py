"""登记 what is known of an enterprise from a day on: its numbers, its mass organizations."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.recording import say
from enterprises.models import Enterprise, Headcount, MassOrganization, MassOrganizationForm, MassOrganizationKind
from enterprises.on_open import OnOpen


@transaction.atomic
def record_headcount(enterprise: Enterprise, *, on: dt.date, **numbers: int | None) -> Effects:
    """The numbers (names of Headcount.NUMBERS; None: unchanged) hold from `on` until the next known ones.

    Raises ValidationError when nothing is given or the enterprise is closed by then.
    """
    given = {name: number for name, number in numbers.items() if number is not None}
    if not given:
        raise ValidationError("请至少填写一个人数。")
    live: Any = enterprise.headcounts.live_on(on).first()
    held = {name: getattr(live, name) if live else None for name in Headcount.NUMBERS}
    if all(held[name] == number for name, number in given.items()):
        raise ValidationError(f"自 {live.start} 起登记的就是这些人数，没有变化。")
    say(Headcount, {"enterprise": enterprise}, on, given)
    return [
        f"{Headcount.label(name)}从 {on} 起由{'未知' if held[name] is None else f' {held[name]} '}改为 {number}"
        for name, number in given.items()
    ]


@transaction.atomic
def record_mass_organization(enterprise: Enterprise, *, kind: str, form: str, reason: str, on: dt.date) -> Effects:
    """The enterprise has this mass organization (or cannot have it, for `reason`) from `on` on; one of another
    form that is live ends that day (clause 14)."""
    live = enterprise.mass_organizations.live_on(on).filter(kind=kind).first()
    effects = []
    if live is not None:
        if live.form == form:
            raise ValidationError({"form": f"自 {live.start} 起已经是{live.get_form_display()}。"})
        if live.start >= on:
            raise ValidationError({"on": f"原来的从 {live.start} 开始，日期必须更晚。"})
        effects.append(f"{live.get_kind_display()}（{live.get_form_display()}）到 {on} 为止")
    owners = {"enterprise": enterprise, "kind": kind}
    say(MassOrganization, owners, on, {"form": form}, moves=True, reason=reason)
    said = MassOrganization(kind=kind, form=form)
    return [*effects, f"{said.get_kind_display()}自 {on} 起{said.get_form_display()}"]


class HeadcountForm(ActionForm):
    """Numbers left empty stay as they are known."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in Headcount.NUMBERS:
            self.fields[name] = forms.IntegerField(
                label=Headcount.label(name), required=False, min_value=0, max_value=10_000_000
            )
        self.order_fields([*Headcount.NUMBERS, "on"])


class MassOrganizationActionForm(ActionForm):
    months = True
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), *MassOrganizationKind.choices])
    form = forms.ChoiceField(label="组建方式", choices=[("", "请选择"), *MassOrganizationForm.choices])
    reason = forms.CharField(label="不具备条件的原因", max_length=200, required=False)


class RecordHeadcount(OnOpen):
    slug, label, form, run = "headcount", "登记人数", HeadcountForm, staticmethod(record_headcount)


class RecordMassOrganization(OnOpen):
    slug, label, form = "mass", "登记群团组织", MassOrganizationActionForm
    run = staticmethod(record_mass_organization)
