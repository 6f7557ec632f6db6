"""Leaving the base and coming back (rule 1): the district's decision, with reason and evidence."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_settle
from common.desk.actions import Action, ActionForm, Effects
from common.recording import begin, finish
from enterprises.models import BaseExclusion, Enterprise, ExclusionReason


@transaction.atomic
def exclude(enterprise: Enterprise, *, reason: str, evidence: str, on: dt.date) -> Effects:
    """Leave the enterprise out of the base from `on`. Raises ValidationError if it is out already."""
    begin(BaseExclusion, {"enterprise": enterprise}, on, {"reason": reason}, evidence=evidence)
    return [f"从 {on} 起不纳入基数（{ExclusionReason(reason).label}，依据：{evidence}）"]


@transaction.atomic
def include_again(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """End the live exclusion on `on`. Raises ValidationError if none is live or it began that day or later."""
    live = enterprise.exclusions.filter(end__isnull=True).order_by("-start").first()
    if live is None:
        raise ValidationError("这家企业没有被剔除，无须恢复。")
    if live.start >= on:
        raise ValidationError({"on": f"不纳入基数从 {live.start} 开始，恢复日期必须更晚。"})
    finish(live, on)
    return [f"从 {on} 起重新纳入基数（结束 {live.start} 起的{live.get_reason_display()}）"]


def is_out(subject: Enterprise) -> bool:
    return subject.exclusions.filter(end__isnull=True).exists()


class ExcludeForm(ActionForm):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ExclusionReason.choices])
    evidence = forms.CharField(label="依据", max_length=300, help_text="文号、核查记录等")


class Exclude(Action):
    slug, label, model, form, run = "exclude", "不纳入基数", Enterprise, ExcludeForm, staticmethod(exclude)
    allowed = staticmethod(may_settle)
    hint = "空壳、僵尸、停产等，须有依据，由区委组织部核定。"
    takes_many = True

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return not is_out(subject)


class IncludeAgain(Action):
    slug, label, model, run = "include", "恢复纳入基数", Enterprise, staticmethod(include_again)
    allowed, applies = staticmethod(may_settle), staticmethod(is_out)
