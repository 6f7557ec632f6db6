"""责任人 (first and directly responsible) of a committee, as dated facts: a new one ends the old."""

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction

from committees.models import Committee, Responsible, ResponsibleDuty
from committees.scope import may_change
from common.desk.actions import Action, ActionForm, Effects
from common.desk.correct import Correction
from common.desk.panels import Panel
from common.recording import Known, say
from common.series import live


@transaction.atomic
def appoint(committee: Committee, *, duty: str, name: str, post: str, on: dt.date) -> Effects:
    """`name` is responsible for the committee from `on` on; whoever was before is until then."""
    owners = {"committee": committee, "duty": duty}
    label = ResponsibleDuty(duty).label
    held = live(Known(Responsible, owners).facts, on)
    ended = [f"{label}{held.value[0]}到 {on} 为止"] if held is not None and held.value != (name,) else []
    say(Responsible, owners, on, {"name": name}, moves=True, post=post)
    return [*ended, f"{name}自 {on} 起为{committee}的{label}"]


class ResponsibleForm(ActionForm):
    months = True

    duty = forms.ChoiceField(label="责任", choices=ResponsibleDuty.choices)
    name = forms.CharField(label="姓名", max_length=50)
    post = forms.CharField(label="职务", max_length=100, required=False)


class Appoint(Action):
    slug, label, model, form, run = "responsible", "登记责任人", Committee, ResponsibleForm, staticmethod(appoint)
    allowed = staticmethod(may_change)


class CorrectResponsible(Correction):
    model = Responsible
    allowed = staticmethod(may_change)


class Responsibles(Panel):
    of, order = Committee, 10
    title, answers = "责任人", ("responsible",)
    headings = ("责任", "姓名", "职务")
    empty = "还没有责任人。点上面的“登记责任人”登记。"

    def load(self, record: Committee) -> Any:
        return record.responsibles.all()

    def cells(self, fact: Responsible) -> list[Any]:
        return [fact.get_duty_display(), fact.name, fact.post]

    def words(self, fact: Responsible) -> str:
        return f"{fact.get_duty_display()}：{fact.name}"


ACTIONS: list[type[Action]] = [Appoint, CorrectResponsible]
PANELS: list[type[Panel]] = [Responsibles]
