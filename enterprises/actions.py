"""The named actions on an enterprise that concern the register alone."""

from django import forms
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_settle, may_upload
from common.desk.actions import PAGES, Action, ActionForm
from common.desk.correct import correction
from enterprises.exclude import exclude, include_again
from enterprises.models import (
    BaseExclusion,
    Enterprise,
    ExclusionReason,
    Headcount,
    Jurisdiction,
    MassOrganization,
    MassOrganizationForm,
    MassOrganizationKind,
)
from enterprises.record import record_headcount, record_mass_organization
from enterprises.takeover import not_ours_then
from enterprises.transfer import transfer

PAGES["enterprise"] = Enterprise


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


class HeadcountForm(ActionForm):
    """Numbers left empty stay as they are known."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in Headcount.NUMBERS:
            self.fields[name] = forms.IntegerField(
                label=Headcount.label(name), required=False, min_value=0, max_value=10_000_000
            )
        self.order_fields([*Headcount.NUMBERS, "on"])


class MassOrganizationActionForm(ActionForm):
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), *MassOrganizationKind.choices])
    form = forms.ChoiceField(label="组建方式", choices=[("", "请选择"), *MassOrganizationForm.choices])
    reason = forms.CharField(label="不具备条件的原因", max_length=200, required=False)


def _page_of_fact(fact) -> str:
    return page(fact.enterprise)


def _is_open(enterprise: Enterprise) -> bool:
    return enterprise.closed_on is None


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
    Action("headcount", "登记人数", Enterprise, page, record_headcount, may_upload, HeadcountForm, applies=_is_open),
    Action(
        "mass", "登记群团组织", Enterprise, page, record_mass_organization, may_upload, MassOrganizationActionForm,
        applies=_is_open,
    ),
]  # fmt: skip


def not_ours(user, fact, answers: dict) -> str:
    """Why the user may not correct this fact of an enterprise."""
    return not_ours_then(user, fact.enterprise, min(day for day in (fact.start, answers.get("start")) if day))


ON_FACTS = [
    correction(Headcount, _page_of_fact, may_upload, not_ours),
    correction(MassOrganization, _page_of_fact, may_upload, not_ours),
    # What moves an enterprise between committees or out of the base is the district's.
    correction(Jurisdiction, _page_of_fact, may_settle),
    correction(BaseExclusion, _page_of_fact, may_settle),
]
