"""The named actions on assignments, and closing an enterprise."""

from django import forms

from committees.scope import may_upload
from common.actions import Action, ActionForm
from enterprises.actions import page as enterprise_page
from enterprises.models import Enterprise
from instructors.assign import assign, end_assignment
from instructors.close import close
from instructors.models import Assignment, Instructor


class AssignForm(ActionForm):
    instructor = forms.ModelChoiceField(Instructor.objects.none(), label="指导员", empty_label="请选择")

    def scope(self) -> None:
        choices = Instructor.objects.visible_to(self.user).select_related("committee")
        self.fields["instructor"].queryset = choices  # type: ignore[attr-defined]


def _is_open(enterprise: Enterprise) -> bool:
    return enterprise.closed_on is None


ON_ENTERPRISE = [
    Action("assign", "派驻指导员", Enterprise, enterprise_page, assign, may_upload, AssignForm, applies=_is_open),
    Action(
        "close", "注销", Enterprise, enterprise_page, close, may_upload, applies=_is_open,
        hint="从生效日期起不计入基数，覆盖和派驻同日结束。",
    ),
]  # fmt: skip
ON_ASSIGNMENT = [
    Action(
        "end", "结束派驻", Assignment, lambda ended: enterprise_page(ended.enterprise), end_assignment, may_upload,
        applies=lambda live: live.end is None,
    )
]  # fmt: skip
