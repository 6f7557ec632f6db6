"""改计数规则 of a plan, as dated facts: from a day on it is counted otherwise; what was before stays as it was."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_settle
from common.desk.actions import Action, ActionForm, Effects
from common.plan import Plan
from common.recording import say
from common.today import today
from reports.facts import Facts
from reports.models import CountingRules, rule_faults
from reports.rules import MASS_ORGANIZATION, MEMBER, NAMES, READINGS, Rulebook, Rules
from reports.verdicts import Judging

_YES_NO = [("", "不变"), ("true", "是"), ("false", "否")]
_ROUTES = [(MEMBER, "有党员"), (MASS_ORGANIZATION, "有群团组织")]


@transaction.atomic
def change_rules(plan: Plan, *, on: dt.date, **told: Any) -> Effects:
    """From `on` the plan is counted by these rules; what is None stays. Raises ValidationError for what is no rule, and
    where nothing changes."""
    stated = {name: value for name, value in told.items() if name in NAMES and value is not None}
    if faults := rule_faults(stated):
        raise ValidationError(faults)
    before, judged = _rules(plan, on), _said(plan)
    owners = {"plan": plan}
    say(CountingRules, owners, on, stated)
    changed = [
        f"{_label(name)}：{_shown(name, getattr(before, name))} → {_shown(name, getattr(_rules(plan, on), name))}"
        for name in NAMES
        if getattr(before, name) != getattr(_rules(plan, on), name)
    ]
    if not changed:
        raise ValidationError("规则没有变化。")
    now = _said(plan)
    moved = [f"{what}：{judged.get(what, '—')} → {words}" for what, words in now.items() if judged.get(what) != words]
    return [f"自 {on} 起，{'；'.join(changed)}", *moved]


def _rules(plan: Plan, on: dt.date) -> Rules:
    return Rulebook(Facts()).of(plan.pk, on)


def _said(plan: Plan) -> dict[str, str]:
    """Every target and how it is judged now."""
    verdicts = Judging(today(), plan=plan).verdicts()
    return {
        f"{each.called}（{each.target.due_on}）": f"{each.label}，现为 {each.now.shown}"
        + ("" if each.judges else "（参考口径）")
        for each in verdicts
    }


def _label(name: str) -> str:
    return str(CountingRules._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "work_routes":
        chosen = [label for key, label in _ROUTES if key in value]
        return "、".join(["有指导员", *chosen])
    return READINGS.get(value, str(value))


class RulesForm(ActionForm):
    """Asks for every rule; what is left blank stays as it is."""

    count_probationary = forms.ChoiceField(choices=_YES_NO, required=False)
    work_routes = forms.MultipleChoiceField(
        choices=_ROUTES, required=False, widget=forms.CheckboxSelectMultiple, help_text="派驻指导员总是算的"
    )
    members_to_establish = forms.IntegerField(min_value=1, max_value=1000)
    employees_threshold = forms.IntegerField(min_value=1, max_value=100_000)
    fresh_months = forms.IntegerField(min_value=1, max_value=120)
    timely_days = forms.IntegerField(min_value=0, max_value=3650)
    together_days = forms.IntegerField(min_value=0, max_value=3650)
    regular_months = forms.IntegerField(min_value=1, max_value=120)
    full_reading = forms.ChoiceField(choices=list(READINGS.items()))

    def scope(self) -> None:
        held = _rules(self.subject, today())
        for name in NAMES:
            self.fields[name].label = _label(name)
            value = getattr(held, name)
            self.fields[name].initial = sorted(value) if isinstance(value, frozenset) else value
        self.fields["count_probationary"].initial = "true" if held.count_probationary else "false"
        self.fields["on"].future = True  # type: ignore[attr-defined]

    def clean_count_probationary(self) -> bool | None:
        return {"true": True, "false": False}.get(self.cleaned_data["count_probationary"])

    def clean_work_routes(self) -> str:
        """As it is stored: an instructor always counts, so something stands there even where nothing else does."""
        return " ".join(["instructor", *self.cleaned_data["work_routes"]])


class ChangeRules(Action):
    slug, label, model, form, run = "rules", "改计数规则", Plan, RulesForm, staticmethod(change_rules)
    allowed = staticmethod(may_settle)
    hint = "从生效日期起按新规则计算；以前的日期仍按当时的规则。改错了的，再改回来。"
