"""Union, youth league and women's federation of several enterprises at once, as a grid (clause 14)."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from committees.scope import may_change, require
from common.desk.actions import Effects
from common.desk.performing import attempt, came_from, ticked_keys, told
from common.fields import LedgerDateField
from common.periods import live_q
from common.today import today
from enterprises.models import Enterprise, MassOrganization, MassOrganizationForm, MassOrganizationKind
from enterprises.record import record_mass_organization

# The most enterprises in one grid: what can be looked over on one page.
MOST = 50
_CHOICES = [("", "没有登记"), *MassOrganizationForm.choices]


class MassGridForm(forms.Form):
    """A line an enterprise, a choice a kind; what is left as it is says nothing."""

    on = LedgerDateField(label="生效日期", months=True, error_messages={"required": "请填写生效日期。"})

    def __init__(self, *args: Any, enterprises: list[Enterprise], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.enterprises = enterprises
        self.held = _held(enterprises)
        for each in enterprises:
            for kind in MassOrganizationKind:
                field = forms.ChoiceField(choices=_CHOICES, required=False)
                field.widget.attrs["aria-label"] = f"{each}：{kind.label}"
                field.initial = self.held.get((each.pk, kind.value), "")
                self.fields[_name(each, kind.value)] = field
            reason = forms.CharField(max_length=200, required=False)
            reason.widget.attrs["aria-label"] = f"{each}：不具备条件的原因"
            self.fields[_name(each, "reason")] = reason

    def lines(self) -> list[tuple[Enterprise, list[forms.BoundField]]]:
        names = [*MassOrganizationKind.values, "reason"]
        return [(each, [self[_name(each, name)] for name in names]) for each in self.enterprises]

    def changes(self) -> list[tuple[Enterprise, str, str, str]]:
        """(enterprise, kind, form, reason) of what is otherwise than held."""
        found = []
        for each in self.enterprises:
            for kind in MassOrganizationKind.values:
                chosen = self.cleaned_data[_name(each, kind)]
                if chosen and chosen != self.held.get((each.pk, kind), ""):
                    found.append((each, kind, chosen, self.cleaned_data[_name(each, "reason")]))
        return found

    def clean(self) -> dict[str, Any]:
        """Whatever is held can be changed, not taken out: an end has its own action."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for each in self.enterprises:
            for kind in MassOrganizationKind.values:
                if not cleaned.get(_name(each, kind)) and (each.pk, kind) in self.held:
                    self.add_error(_name(each, kind), "已经登记，撤销的请在企业页更正。")
        return cleaned


def _name(enterprise: Enterprise, what: str) -> str:
    return f"{what}-{enterprise.pk}"


def _held(enterprises: list[Enterprise]) -> dict[tuple[int, str], str]:
    """By enterprise and kind the form in which it is there today."""
    live = MassOrganization.objects.filter(live_q(today()), enterprise__in=enterprises)
    return {(key, kind): form for key, kind, form in live.values_list("enterprise_id", "kind", "form")}


def record_grid(changes: list[tuple[Enterprise, str, str, str]], on: dt.date) -> Effects:
    """All of it from `on` on, or nothing. Raises ValidationError naming the enterprise and the kind."""
    if not changes:
        raise ValidationError("还没有改动，请在表里选择。")
    effects: Effects = []
    for enterprise, kind, form, reason in changes:
        try:
            found = record_mass_organization(
                enterprise,
                kind=kind,
                form=form,
                reason=reason if form == MassOrganizationForm.NOT_APPLICABLE else "",
                on=on,
            )
        except ValidationError as error:
            label = MassOrganizationKind(kind).label
            raise ValidationError([f"{enterprise}的{label}：{words}" for words in error.messages]) from None
        effects += [f"{enterprise}：{each}" for each in found]
    return effects


def mass_grid(request: HttpRequest) -> HttpResponse:
    """The grid of the ticked enterprises: asked, shown, done, for all of them or for none."""
    require(may_change(request.user))
    keys, back = ticked_keys(request), came_from(request, reverse("enterprises"))
    with transaction.atomic():
        rows = Enterprise.objects.visible_to(request.user).filter(pk__in=keys[:MOST], closed_on=None).order_by("pk")
        if request.method == "POST":
            # Whoever changes them at the same moment is waited for and then seen.
            list(rows.select_for_update(of=("self",)).values_list("pk"))
        enterprises = list(rows)
        if not enterprises:
            messages.error(request, "请先勾选企业。")
            return redirect(back)
        if len(keys) > MOST:
            messages.warning(request, f"一次最多登记 {MOST} 家，这里是前 {MOST} 家。")
        form = MassGridForm(request.POST if request.method == "POST" else None, enterprises=enterprises)
        effects: Effects = []
        consequences: list[str] = []
        answers = told(request, effects)
        if request.method == "POST" and form.is_valid():
            changes, on = form.changes(), form.cleaned_data["on"]
            effects, answers, done, consequences = attempt(request, form, lambda: record_grid(changes, on))
            if done:
                messages.success(request, f"登记群团组织：{len({each[0].pk for each in changes})} 家企业已完成。")
                return redirect(back)
    context = {
        "form": form,
        "effects": effects,
        "answers": answers,
        "consequences": consequences,
        "back": back,
        "kinds": MassOrganizationKind.labels,
    }
    return render(request, "enterprises/mass_grid.html", context, status=422 if form.errors else 200)
