"""注销 an enterprise. Here, since it ends facts of the floors below: covers and assignments."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.actions import Effects
from common.periods import end_all, ended_words
from enterprises.models import Enterprise


@transaction.atomic
def close(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """Close the enterprise on `on`: it leaves numerator and base that day; its covers and
    assignments end. Raises ValidationError if it is closed, or was registered later."""
    if enterprise.closed_on is not None:
        raise ValidationError(f"这家企业已于 {enterprise.closed_on} 注销。")
    if enterprise.registered_on is not None and enterprise.registered_on > on:
        raise ValidationError({"on": f"企业成立于 {enterprise.registered_on}，注销日期不能更早。"})
    enterprise.closed_on = on
    enterprise.full_clean()
    enterprise.save()
    covers = end_all(enterprise.covers.select_related("organization", "enterprise"), on)
    assignments = end_all(enterprise.assignments.select_related("instructor", "enterprise"), on)
    return [
        f"自 {on} 起注销，不再计入基数",
        *(ended_words(cover, f"{cover.organization.name}的覆盖") for cover in covers),
        *(ended_words(each, f"{each.instructor.name}的派驻") for each in assignments),
    ]


@transaction.atomic
def reopen(enterprise: Enterprise) -> Effects:
    """Take the closing back: covers and assignments that ended on that day go on, where the other side still is."""
    day = enterprise.closed_on
    if day is None:
        raise ValidationError("这家企业没有注销。")
    enterprise.closed_on = None
    enterprise.full_clean()
    enterprise.save()
    effects = [f"撤回 {day} 的注销，重新按未注销计入"]
    for cover in enterprise.covers.filter(end=day).select_related("organization", "enterprise"):
        if cover.organization.dissolved_on is None:
            cover.end = None
            cover.full_clean()
            cover.save()
            effects.append(f"恢复{cover.organization.name}的覆盖")
    for assignment in enterprise.assignments.filter(end=day).select_related("instructor", "enterprise"):
        assignment.end = None
        assignment.full_clean()
        assignment.save()
        effects.append(f"恢复{assignment.instructor.name}的派驻")
    return effects
