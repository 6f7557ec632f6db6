"""更正日期: mend a dated fact that was recorded wrongly, or void it. The old version stays in history."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import Action, ActionForm, Effects
from common.fields import LedgerDateField
from common.periods import Period, Precision
from common.recording import revise
from common.recording import void as void_fact


class CorrectForm(ActionForm):
    on = None  # type: ignore[assignment]
    start = LedgerDateField(label="开始日期", required=False)
    end = LedgerDateField(label="结束日期", required=False, help_text="不再有效的第一天；仍有效则留空")
    void = forms.BooleanField(label="整条作废：这件事从未发生，是录错了", required=False)
    reason = forms.CharField(label="作废理由", required=False, max_length=80, help_text="作废时填写，保留在修改记录中")

    def __init__(self, *args: Any, subject: Any, **kwargs: Any):
        held = {"start": subject.start, "end": subject.end}
        super().__init__(*args, subject=subject, **{**kwargs, "initial": held})

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.cleaned_data.get("void") and "start" not in self.errors and not self.cleaned_data.get("start"):
            self.add_error("start", "请填写开始日期。")
        return cleaned


@transaction.atomic
def correct(fact: Any, *, start: dt.date | None, end: dt.date | None, void: bool, reason: str = "") -> Effects:
    """Give the fact other dates, or void it for `reason` (its history stays). Raises ValidationError for dates that
    contradict each other, the future, or another period of the same owner."""
    if void:
        void_fact(fact, reason or "录错了")
        return [f"作废“{fact}”，不再计入任何日期的数字"]
    assert start is not None
    if end is not None and end <= start:
        raise ValidationError({"end": f"结束日期必须晚于开始日期 {start}。"})
    effects = []
    if fact.start != start:
        effects.append(f"开始日期由 {fact.start} 改为 {start}")
        effects += fact.follow_start(start)
    elif fact.start_precision != Precision.DAY:
        effects.append(f"确认开始日期就是 {start}")
    if fact.end != end:
        effects.append(f"结束日期由 {fact.end or '（空）'} 改为 {end or '（空）'}")
    if not effects:
        raise ValidationError("日期没有变化。")
    revise(fact, start, end)
    return [*effects, *(f"请核对：{words}" for words in fact.doubts())]


class Correction(Action):
    """更正 of one kind of dated fact; `Correction.of(model)` is the action on that kind."""

    slug, label, form, run = "correct", "更正", CorrectForm, staticmethod(correct)
    hint = (
        "只用于改正录错的日期；事情有了变化请用相应的操作（结束、划转、换届等）。"
        "更正会改变历史上的数字，原来的记录保留在修改记录中。"
    )

    @classmethod
    def of(cls, model: type[Period]) -> "type[Correction]":
        return type(f"Correct{model.__name__}", (cls,), {"model": model})
