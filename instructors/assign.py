"""派驻 an instructor to an enterprise, and end that."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import Effects
from common.recording import begin, finish
from enterprises.models import Enterprise
from instructors.models import Assignment, Instructor


@transaction.atomic
def assign(enterprise: Enterprise, *, instructor: Instructor, on: dt.date) -> Effects:
    """Assign `instructor` from `on`. Raises ValidationError where the enterprise is closed by then or
    this instructor is there already."""
    if enterprise.closed_on is not None and enterprise.closed_on <= on:
        raise ValidationError({"on": f"企业已于 {enterprise.closed_on} 注销。"})
    if enterprise.registered_on is not None and on < enterprise.registered_on:
        raise ValidationError({"on": f"企业成立于 {enterprise.registered_on}，派驻不能更早。"})
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
