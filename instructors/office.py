"""离任 of an instructor: all assignments end with it (clause 18); taking that back; and 续派 when the term is over."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, ActionForm, Effects, UndatedForm
from common.ending import ended_words, restored_words
from common.fields import LedgerDateField
from common.lives import cut, mark, restore
from instructors.models import Instructor, LeavingReason


@transaction.atomic
def leave_office(instructor: Instructor, *, reason: str, on: dt.date) -> Effects:
    """The instructor is none from `on` on. Raises ValidationError if it is so already, or before the office."""
    if instructor.left_on is not None:
        raise ValidationError(f"这名指导员已于 {instructor.left_on} 离任。")
    if instructor.began_on is not None and instructor.began_on >= on:
        raise ValidationError({"on": f"任职自 {instructor.began_on}，离任日期必须更晚。"})
    instructor.left_on, instructor.left_reason = on, reason
    instructor.full_clean()
    instructor._change_reason = why = mark("离任")  # type: ignore[attr-defined]
    instructor.save()
    said = f"{instructor}自 {on} 起不再担任指导员（{LeavingReason(reason).label}）"
    return [said, *ended_words(cut(instructor, why), instructor)]


@transaction.atomic
def take_back_leaving(instructor: Instructor) -> Effects:
    """The leaving was recorded wrongly: what it ended goes on."""
    day = instructor.left_on
    if day is None:
        raise ValidationError("这名指导员没有离任。")
    instructor.left_on, instructor.left_reason = None, ""
    instructor.save()
    done, left = restore(instructor, "left_on", day)
    return [f"撤回 {day} 的离任", *restored_words(done, instructor), *left]


@transaction.atomic
def extend(instructor: Instructor, *, until: dt.date) -> Effects:
    """The term goes on until `until`; the assignments stay as they are. Raises ValidationError where that is no later
    than it is already."""
    if instructor.term_until is not None and until <= instructor.term_until:
        raise ValidationError({"until": f"派驻期已登记到 {instructor.term_until}，续派必须更晚。"})
    held, instructor.term_until = instructor.term_until, until
    instructor.full_clean()
    instructor.save()
    return [f"{instructor}的派驻期{f'由 {held} ' if held else ''}续到 {until}"]


def in_office(subject: Instructor) -> bool:
    return subject.left_on is None


class LeavingForm(ActionForm):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *LeavingReason.choices])


class Leave(Action):
    slug, label, model, form, run = "leave", "离任", Instructor, LeavingForm, staticmethod(leave_office)
    allowed, applies = staticmethod(may_change), staticmethod(in_office)
    hint = "调离、召回、期满等：所有派驻同日结束。"


class ExtendForm(UndatedForm):
    until = LedgerDateField(label="派驻期满日期", future=True)


class Extend(Action):
    slug, label, model, form, run = "extend", "续派", Instructor, ExtendForm, staticmethod(extend)
    allowed, applies, takes_many = staticmethod(may_change), staticmethod(in_office), True
    hint = "派驻期满后继续派驻的，登记新的期满日期，派驻的企业不变；不再担任的请办“离任”。"


class TakeBackLeaving(Action):
    slug, label, model, form, run = "return", "撤回离任", Instructor, UndatedForm, staticmethod(take_back_leaving)
    allowed = staticmethod(may_change)
    hint = "离任登记错了的，恢复到离任之前；随离任结束的派驻一并恢复。"

    @staticmethod
    def applies(subject: Instructor) -> bool:
        return not in_office(subject)
