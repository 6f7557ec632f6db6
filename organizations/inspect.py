"""登记检查、上报整改、核实 (clause 34): an inspection is recorded, the committee reports what was put right, and the
district looks at it and closes it, or sends it back."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction

from committees.models import Committee
from committees.scope import may_change, may_settle, own_committee_id
from common.desk.actions import Action, ActionForm, ByUser, Effects, UndatedForm
from common.fields import LedgerDateField
from common.today import today
from enterprises.models import Enterprise
from organizations.models import Inspection, InspectionForm, PartyOrganization, Standing

SUBJECTS: dict[type[models.Model], str] = {
    Committee: "committee",
    PartyOrganization: "organization",
    Enterprise: "enterprise",
}
# What still has to be put right.
WAITING = (Standing.OPEN, Standing.OVERDUE)


@transaction.atomic
def inspect(subject: Any, *, form: str, findings: str, due_on: dt.date | None, on: dt.date, by: Any) -> Effects:
    """The subject was inspected on `on`. Raises ValidationError where it was not there then, and for a deadline that
    does not go with what was found."""
    made = Inspection(form=form, findings=findings, due_on=due_on, inspected_on=on, entered_by=by)
    setattr(made, SUBJECTS[type(subject)], subject)
    _save(made)
    return [f"{subject}：{on} {made.get_form_display()}，{_found(made)}"]


@transaction.atomic
def report(inspection: Inspection, *, outcome: str, by: Any) -> Effects:
    """The committee says what was put right; the district has still to look at it."""
    _expect(inspection, *WAITING)
    inspection.outcome, inspection.reported_on, inspection.reported_by = outcome, today(), by
    _save(inspection)
    late = f"，已超过整改期限 {inspection.days_late} 天" if inspection.days_late else ""
    return [f"{inspection}：上报整改情况，由区委组织部核实{late}"]


@transaction.atomic
def close(inspection: Inspection, *, outcome: str, on: dt.date, by: Any) -> Effects:
    """It was put right on `on`. Without an `outcome`, that which was reported stands."""
    _expect(inspection, *WAITING, Standing.REPORTED)
    inspection.outcome = outcome or inspection.outcome
    inspection.closed_on, inspection.closed_by = on, by
    _save(inspection)
    return [f"{inspection}：{on} 整改完成（{inspection.outcome}）"]


@transaction.atomic
def send_back(inspection: Inspection, *, said: str, by: Any) -> Effects:
    """It is not put right after all; what was reported stays to be read."""
    _expect(inspection, Standing.REPORTED, Standing.CLOSED)
    inspection.returned = said
    inspection.reported_on = inspection.reported_by = inspection.closed_on = inspection.closed_by = None
    _save(inspection)
    return [f"{inspection}：退回，继续整改（{said}），整改期限 {inspection.due_on}"]


@transaction.atomic
def correct(
    inspection: Inspection, *, form: str, findings: str, due_on: dt.date | None, on: dt.date, by: Any
) -> Effects:
    """Mend what was recorded wrongly, or give another deadline, before anything was reported."""
    _expect(inspection, Standing.NONE, *WAITING)
    inspection.form, inspection.findings, inspection.due_on, inspection.inspected_on = form, findings, due_on, on
    if not findings:
        # Said of what was never found.
        inspection.outcome = ""
    _save(inspection)
    return [f"{inspection}：{_found(inspection)}"]


@transaction.atomic
def void(inspection: Inspection, *, reason: str, by: Any) -> Effects:
    """It never was, or not there. Its history stays."""
    _expect(inspection, Standing.NONE, *WAITING)
    words = str(inspection)
    inspection._change_reason = f"作废：{reason}"[:100]  # type: ignore[attr-defined]
    inspection.delete()
    return [f"作废“{words}”，修改记录里仍然可查"]


def _found(inspection: Inspection) -> str:
    return f"{inspection.due_on} 前整改：{inspection.findings}" if inspection.findings else "没有发现问题"


def _expect(inspection: Inspection, *expected: Standing) -> None:
    if inspection.standing not in expected:
        raise ValidationError(f"{inspection}{inspection.standing.label}，不能这样办。")


def _save(inspection: Inspection) -> None:
    """Save what the model lets pass; its days are the date that the form asks for."""
    try:
        inspection.full_clean()
    except ValidationError as error:
        told = error.error_dict
        day = told.pop("inspected_on", None) or told.pop("closed_on", None)
        raise ValidationError({**told, "on": day} if day else told) from None
    inspection.save()


# -- the questions and the buttons ------------------------------------------------------------------


class InspectForm(ByUser, ActionForm):
    form = forms.ChoiceField(label="检查方式", choices=[("", "请选择"), *InspectionForm.choices])
    findings = forms.CharField(
        label="发现的问题",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="没有发现问题的留空",
    )
    due_on = LedgerDateField(
        label="整改期限", future=True, required=False, help_text="发现问题的必填，没有发现问题的留空"
    )

    def scope(self) -> None:
        _call(self, "检查日期")
        self.order_fields(["on", "form", "findings", "due_on"])


def _call(form: forms.Form, label: str) -> None:
    """The date that the form asks for by its own name."""
    form.fields["on"].label = label
    form.fields["on"].error_messages["required"] = f"请填写{label}。"


class Inspect(Action):
    slug, label, form, run = "inspect", "登记检查", InspectForm, staticmethod(inspect)
    allowed = staticmethod(may_change)
    takes_many = True
    hint = "写明检查方式和发现的问题；发现问题的定出整改期限，到期没有整改的列入待办。"


class InspectCommittee(Inspect):
    model = Committee
    # Nobody inspects himself.
    allowed = staticmethod(may_settle)


class InspectOrganization(Inspect):
    model = PartyOrganization

    @staticmethod
    def applies(subject: PartyOrganization) -> bool:
        return subject.dissolved_on is None


class InspectEnterprise(Inspect):
    model = Enterprise

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return subject.closed_on is None


class _OfInspection(Action):
    model = Inspection
    allowed = staticmethod(may_settle)
    standings: ClassVar[tuple[Standing, ...]] = WAITING

    @classmethod
    def applies(cls, subject: Inspection) -> bool:
        return subject.standing in cls.standings


class ReportForm(ByUser, UndatedForm):
    outcome = forms.CharField(label="整改情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class Report(_OfInspection):
    slug, label, form, run = "report", "上报整改情况", ReportForm, staticmethod(report)
    hint = "写明怎样整改的，由区委组织部核实；核实以前仍列为整改中。"
    takes_many = True

    @staticmethod
    def allowed(user: Any) -> bool:
        # The district closes at once.
        return may_change(user) and not may_settle(user)


class CloseForm(ByUser, ActionForm):
    outcome = forms.CharField(
        label="整改情况",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不填的，以上报的整改情况为准",
    )

    def scope(self) -> None:
        _call(self, "整改完成日期")


class Close(_OfInspection):
    slug, label, form, run = "close", "整改完成", CloseForm, staticmethod(close)
    standings = (*WAITING, Standing.REPORTED)
    takes_many = True


class SendBackForm(ByUser, UndatedForm):
    said = forms.CharField(label="退回理由", max_length=200)


class SendBack(_OfInspection):
    slug, label, form, run = "return", "退回", SendBackForm, staticmethod(send_back)
    standings = (Standing.REPORTED, Standing.CLOSED)
    hint = "整改没有到位的，或者误点了整改完成的，写明理由退回，继续整改，整改期限不变。"
    takes_many = True


class _Mending(_OfInspection):
    """What was recorded is mended by the district, and by the committee that recorded it itself."""

    allowed = staticmethod(may_change)
    standings = (Standing.NONE, *WAITING)

    @staticmethod
    def refuses(user: Any, subject: Inspection, answers: dict[str, Any]) -> str:
        entered = subject.entered_by
        if may_settle(user) or (entered is not None and entered.committee_id == own_committee_id(user)):
            return ""
        return "这次检查不是本单位登记的，要更正请联系区委组织部。"


class CorrectForm(InspectForm):
    def __init__(self, *args: Any, subject: Inspection, **kwargs: Any):
        held = {name: getattr(subject, name) for name in ("form", "findings", "due_on")}
        super().__init__(*args, subject=subject, **{**kwargs, "initial": {**held, "on": subject.inspected_on}})


class Correct(_Mending):
    slug, label, form, run = "correct", "更正", CorrectForm, staticmethod(correct)
    hint = "改正登记错的内容，或者延长整改期限；原来的内容保留在修改记录中。已上报、已整改的，请先退回。"


class VoidForm(ByUser, UndatedForm):
    reason = forms.CharField(label="作废理由", max_length=80, help_text="保留在修改记录中")


class Void(_Mending):
    slug, label, form, run = "void", "作废", VoidForm, staticmethod(void)
    hint = "只用于登记错了对象，或者没有检查过的。"


INSPECTING: list[type[Action]] = [
    InspectCommittee,
    InspectOrganization,
    InspectEnterprise,
    Report,
    Close,
    SendBack,
    Correct,
    Void,
]
