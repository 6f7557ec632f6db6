"""派驻 an instructor to an enterprise, and end that."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, ActionForm, Effects
from common.desk.lookup import LookupField
from common.recording import begin, finish
from enterprises.models import Enterprise
from enterprises.on_open import EnterpriseChoiceForm, OnOpen
from enterprises.takeover import earliest, not_ours_then
from instructors.models import Assignment, Instructor


@transaction.atomic
def assign(enterprise: Enterprise, *, instructor: Instructor, on: dt.date) -> Effects:
    """Assign `instructor` from `on`. Raises ValidationError where the enterprise is closed by then or
    this instructor is there already."""
    begin(Assignment, {"enterprise": enterprise, "instructor": instructor}, on)
    return [f"{instructor.name}自 {on} 起派驻{enterprise}"]


@transaction.atomic
def end_assignment(assignment: Assignment, *, on: dt.date) -> Effects:
    """End one assignment on `on`."""
    if assignment.end is not None:
        raise ValidationError(f"这段派驻已于 {assignment.end} 结束。")
    if assignment.start >= on:
        raise ValidationError({"on": f"派驻从 {assignment.start} 开始，结束日期必须更晚。"})
    finish(assignment, on)
    return [f"{assignment.instructor.name}在{assignment.enterprise}的派驻到 {on} 为止"]


class AssignForm(ActionForm):
    months = True
    instructor = LookupField(Instructor.objects.none(), kind="instructors", label="指导员")

    def scope(self) -> None:
        self.choose(
            "instructor",
            Instructor.objects.visible_to(self.user).filter(left_on__isnull=True).select_related("committee"),
        )


class Assign(OnOpen):
    """派驻指导员, asked at the enterprise."""

    slug, label, form, run = "assign", "派驻指导员", AssignForm, staticmethod(assign)
    takes_many = True


class AssignTo(Action):
    """派驻到企业, asked at the instructor."""

    slug, label, model, form = "assign", "派驻到企业", Instructor, EnterpriseChoiceForm
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: Instructor) -> bool:
        return subject.left_on is None

    @staticmethod
    def run(instructor: Instructor, *, enterprise: Enterprise, on: dt.date) -> Effects:
        return assign(enterprise, instructor=instructor, on=on)


def not_our_assignment(user: Any, subject: Assignment, answers: dict[str, Any]) -> str:
    """Why the user may not end or correct this assignment; "" when nothing is against it."""
    return not_ours_then(user, subject.enterprise, earliest(subject, answers), subject.instructor.committee_id)


class EndAssignment(Action):
    slug, label, model, run = "end", "结束派驻", Assignment, staticmethod(end_assignment)
    allowed, refuses = staticmethod(may_change), staticmethod(not_our_assignment)

    @staticmethod
    def applies(subject: Assignment) -> bool:
        return subject.end is None
