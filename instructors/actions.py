"""The named actions on assignments, and closing an enterprise."""

import datetime as dt

from django.urls import reverse

from committees.scope import may_upload
from common.actions import Action, ActionForm, Effects
from common.correct import correction
from common.lookup import LookupField
from enterprises.actions import page as enterprise_page
from enterprises.models import Enterprise
from instructors.assign import assign, end_assignment
from instructors.close import close
from instructors.models import Assignment, Instructor
from organizations.actions import EnterpriseChoiceForm


class AssignForm(ActionForm):
    instructor = LookupField(Instructor.objects.none(), kind="instructors", label="指导员")

    def scope(self) -> None:
        choices = Instructor.objects.visible_to(self.user).select_related("committee")
        self.fields["instructor"].queryset = choices  # type: ignore[attr-defined]


def page(instructor: Instructor) -> str:
    return reverse("instructor", args=[instructor.pk])


def _assign_to(instructor: Instructor, *, enterprise: Enterprise, on: dt.date) -> Effects:
    return assign(enterprise, instructor=instructor, on=on)


def _is_open(enterprise: Enterprise) -> bool:
    return enterprise.closed_on is None


ON_ENTERPRISE = [
    Action("assign", "派驻指导员", Enterprise, enterprise_page, assign, may_upload, AssignForm, applies=_is_open),
    Action(
        "close", "注销", Enterprise, enterprise_page, close, may_upload, applies=_is_open,
        hint="从生效日期起不计入基数，覆盖和派驻同日结束。",
    ),
]  # fmt: skip
ON_INSTRUCTOR = [
    Action("assign", "派驻到企业", Instructor, page, _assign_to, may_upload, EnterpriseChoiceForm),
]
ON_FACTS = [correction(Assignment, lambda fact: enterprise_page(fact.enterprise), may_upload)]
ON_ASSIGNMENT = [
    Action(
        "end", "结束派驻", Assignment, lambda ended: enterprise_page(ended.enterprise), end_assignment, may_upload,
        applies=lambda live: live.end is None,
    )
]  # fmt: skip
