"""The named actions on assignments, and closing an enterprise."""

import datetime as dt

from django.urls import reverse

from committees.scope import may_upload
from common.desk.actions import PAGES, Action, ActionForm, Effects
from common.desk.correct import correction
from common.desk.lookup import LookupField
from enterprises.actions import page as enterprise_page
from enterprises.models import Enterprise
from enterprises.takeover import not_ours_then
from instructors.assign import assign, end_assignment
from instructors.close import close, reopen
from instructors.models import Assignment, Instructor
from organizations.actions import EnterpriseChoiceForm, UndatedForm


class AssignForm(ActionForm):
    instructor = LookupField(Instructor.objects.none(), kind="instructors", label="指导员")

    def scope(self) -> None:
        choices = Instructor.objects.visible_to(self.user).select_related("committee")
        self.fields["instructor"].queryset = choices  # type: ignore[attr-defined]


PAGES["instructor"] = Instructor


def page(instructor: Instructor) -> str:
    return reverse("instructor", args=[instructor.pk])


def _assign_to(instructor: Instructor, *, enterprise: Enterprise, on: dt.date) -> Effects:
    return assign(enterprise, instructor=instructor, on=on)


def _is_open(enterprise: Enterprise) -> bool:
    return enterprise.closed_on is None


ON_ENTERPRISE = [
    Action("assign", "派驻指导员", Enterprise, enterprise_page, assign, may_upload, AssignForm, applies=_is_open),
    Action(
        "reopen", "撤回注销", Enterprise, enterprise_page, reopen, may_upload, UndatedForm,
        applies=lambda enterprise: enterprise.closed_on is not None,
        hint="注销登记错了的，恢复到注销之前；随注销结束的覆盖、派驻等一并恢复。",
    ),
    Action(
        "close", "注销", Enterprise, enterprise_page, close, may_upload, applies=_is_open,
        hint="从生效日期起不计入基数，覆盖、派驻、人数和群团组织同日结束。",
    ),
]  # fmt: skip
ON_INSTRUCTOR = [
    Action("assign", "派驻到企业", Instructor, page, _assign_to, may_upload, EnterpriseChoiceForm),
]


def _not_our_assignment(user, fact: Assignment, answers: dict) -> str:
    days = [day for day in (answers.get("on"), None if "on" in answers else fact.start, answers.get("start")) if day]
    return not_ours_then(user, fact.enterprise, min(days), fact.instructor.committee_id)


ON_FACTS = [
    correction(Assignment, lambda fact: enterprise_page(fact.enterprise), may_upload, _not_our_assignment),
]
ON_ASSIGNMENT = [
    Action(
        "end", "结束派驻", Assignment, lambda ended: enterprise_page(ended.enterprise), end_assignment, may_upload,
        applies=lambda live: live.end is None, refuses=_not_our_assignment,
    )
]  # fmt: skip
