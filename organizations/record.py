"""登记 what an organization or an enterprise has reached: a milestone of the four projects."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, ActionForm, Effects
from common.recording import say
from enterprises.models import Enterprise
from organizations.milestone_catalogue import BY_CODE, CATALOGUE, Subject
from organizations.models import Milestone, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def reach(subject: PartyOrganization | Enterprise, *, code: str, note: str, on: dt.date) -> Effects:
    """The milestone `code` is reached on `on`. Raises ValidationError where it is reached already."""
    item = BY_CODE[code]
    held = subject.milestones.live_on(on).filter(code=code).first()
    if held is not None:
        raise ValidationError({"code": f"“{item.label}”自 {held.start} 起已登记。"})
    placed = say(Milestone, {str(item.subject): subject, "code": code}, on, lasts=not item.lapses, note=note)
    for row in placed.changed:
        # Reached earlier than was known.
        row.note = note or row.note
        row.save()
    return [f"{on} {item.label}"]


class MilestoneForm(ActionForm):
    """Asks for what the subject (an organization or an enterprise) can reach."""

    months = True

    code = forms.ChoiceField(label="事项")
    note = forms.CharField(label="说明（文号、数量等）", max_length=300, required=False)

    def scope(self) -> None:
        of = Subject.ORGANIZATION if isinstance(self.subject, PartyOrganization) else Subject.ENTERPRISE
        items = [(item.code, f"{item.label}（第 {item.clause} 条）") for item in CATALOGUE if item.subject == of]
        self.fields["code"].choices = [("", "请选择"), *items]  # type: ignore[attr-defined]


class ReachAsOrganization(OnLive):
    slug, label, form, run = "milestone", "登记里程碑", MilestoneForm, staticmethod(reach)


class ReachAsEnterprise(Action):
    slug, label, model, form, run = "milestone", "登记里程碑", Enterprise, MilestoneForm, staticmethod(reach)
    allowed = staticmethod(may_change)
