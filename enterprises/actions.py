"""The named actions on an enterprise that concern the register alone."""

from django import forms
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_settle
from common.actions import Action, ActionForm
from enterprises.exclude import exclude, include_again
from enterprises.models import Enterprise, ExclusionReason
from enterprises.transfer import transfer


def page(enterprise: Enterprise) -> str:
    return reverse("enterprise", args=[enterprise.pk])


class ExcludeForm(ActionForm):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ExclusionReason.choices])
    evidence = forms.CharField(label="依据", max_length=300, help_text="文号、核查记录等")


class TransferForm(ActionForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")

    def scope(self) -> None:
        choices = Committee.objects.visible_to(self.user).filter(active=True)
        self.fields["committee"].queryset = choices  # type: ignore[attr-defined]


def _is_out(enterprise: Enterprise) -> bool:
    return enterprise.exclusions.filter(end__isnull=True).exists()


ACTIONS = [
    Action(
        "transfer", "划转", Enterprise, page, transfer, may_settle, TransferForm,
        hint="从生效日期起计入新的单位，此前的数字仍归原单位。",
    ),
    Action(
        "exclude", "不纳入基数", Enterprise, page, exclude, may_settle, ExcludeForm,
        applies=lambda enterprise: not _is_out(enterprise),
        hint="空壳、僵尸、停产等，须有依据，由区委组织部核定。",
    ),
    Action("include", "恢复纳入基数", Enterprise, page, include_again, may_settle, applies=_is_out),
]  # fmt: skip
