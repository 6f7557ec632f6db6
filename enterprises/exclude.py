"""Leaving the base and coming back (rule 1): a committee asks, the district decides, with reason, evidence and a day of
review, on which the enterprise is in the base again unless that is decided anew."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from committees.scope import may_change, may_settle
from common.desk.actions import Action, ActionForm, ByUser, Effects, UndatedForm
from common.fields import LedgerDateField
from common.periods import months_before
from common.recording import begin_anew, finish, revise
from common.today import today
from enterprises.models import BaseExclusion, Enterprise, ExclusionReason, ExclusionRequest, RequestState
from enterprises.querysets import REVIEW_SOON

# No exclusion holds longer without being looked at again.
LONGEST_MONTHS = 24
_USUAL_MONTHS = 12


@transaction.atomic
def exclude(enterprise: Enterprise, *, reason: str, evidence: str, on: dt.date, review_on: dt.date) -> Effects:
    """Leave the enterprise out of the base from `on` until `review_on`. Raises ValidationError if it is out already."""
    check_review(on, review_on)
    held = enterprise.exclusions.filter(start__lt=review_on).filter(Q(end__isnull=True) | Q(end__gt=on)).first()
    if held is not None:
        raise ValidationError({"on": f"已有一段不纳入基数（{held.start} 起，{held.end or '至今'}），与这一段重叠。"})
    value = {"reason": reason}
    placed = begin_anew(BaseExclusion, {"enterprise": enterprise}, on, value, evidence=evidence)
    ends = min(review_on, enterprise.life[1] or review_on)
    for row in placed.created:
        # Decided with both its days, whatever ended or began between before.
        revise(row, on, ends)
    what = f"{ExclusionReason(reason).label}，依据：{evidence}"
    return [f"从 {on} 起不纳入基数（{what}），到 {review_on} 复核，不续的从这天起重新纳入"]


def check_review(on: dt.date, review_on: dt.date) -> None:
    """Raises ValidationError for a day of review that is not after the first day, or too far away."""
    if review_on <= on:
        raise ValidationError({"review_on": f"复核日期要晚于生效日期 {on}。"})
    # What began long ago may be recorded as a whole.
    if review_on > (last := months_before(max(on, today()), -LONGEST_MONTHS)):
        raise ValidationError(
            {"review_on": f"复核日期最晚为 {last}：不纳入基数最长 {LONGEST_MONTHS // 12} 年要复核一次。"}
        )


@transaction.atomic
def include_again(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """End the exclusion that holds on `on`. Raises ValidationError if none does or it began that day."""
    live = enterprise.exclusions.live_on(on).first()
    if live is None:
        raise ValidationError({"on": "这家企业在这一天没有被剔除，无须恢复。"})
    if live.start == on:
        raise ValidationError({"on": f"不纳入基数从 {live.start} 开始，恢复日期必须更晚。"})
    finish(live, on)
    return [f"从 {on} 起重新纳入基数（结束 {live.start} 起的{live.get_reason_display()}）"]


def is_out(subject: Enterprise) -> bool:
    return subject.exclusions.filter(Q(end__isnull=True) | Q(end__gt=today())).exists()


def is_out_for_long(subject: Enterprise) -> bool:
    """Whether it is out, and its day of review is not near: only what is due is decided anew."""
    return subject.exclusions.filter(Q(end__isnull=True) | Q(end__gt=today() + REVIEW_SOON)).exists()


def has_pending(subject: Enterprise) -> bool:
    return subject.exclusion_requests.filter(state=RequestState.PENDING).exists()


# -- what is asked for ------------------------------------------------------------------------------


@transaction.atomic
def ask(enterprise: Enterprise, *, reason: str, evidence: str, on: dt.date, review_on: dt.date, by: Any) -> Effects:
    """Ask the district. Raises ValidationError where a request waits already."""
    check_review(on, review_on)
    if has_pending(enterprise):
        raise ValidationError("这家企业已有一份待核定的申请。")
    asked = {"reason": reason, "evidence": evidence, "start": on, "review_on": review_on}
    request = ExclusionRequest(enterprise=enterprise, asked_by=by, **asked)
    request.full_clean()
    request.save()
    return [f"报区委组织部核定：{ExclusionReason(reason).label}，从 {on} 起，{review_on} 复核；核定前仍纳入基数"]


@transaction.atomic
def approve(request: ExclusionRequest, *, on: dt.date | None, review_on: dt.date | None, said: str, by: Any) -> Effects:
    """Decide as asked, or from `on` until `review_on`; a year where nobody has said how long."""
    on = on or request.start
    review_on = review_on or request.review_on or months_before(on, -_USUAL_MONTHS)
    effects = exclude(request.enterprise, reason=request.reason, evidence=request.evidence, on=on, review_on=review_on)
    request.start, request.review_on = on, review_on
    _decide(request, RequestState.APPROVED, said, by)
    return [f"{request.enterprise}{each}" for each in effects]


@transaction.atomic
def refuse(request: ExclusionRequest, *, said: str, by: Any) -> Effects:
    _decide(request, RequestState.REFUSED, said, by)
    return [f"{request.enterprise}仍纳入基数（{said}）"]


@transaction.atomic
def withdraw(request: ExclusionRequest, *, by: Any) -> Effects:
    _decide(request, RequestState.WITHDRAWN, "", by)
    return [f"撤回{request.enterprise}的申请，仍纳入基数"]


def _decide(request: ExclusionRequest, state: RequestState, said: str, by: Any) -> None:
    if request.state != RequestState.PENDING:
        raise ValidationError(f"这份申请{request.get_state_display()}，不能再办。")
    request.state, request.said, request.decided_by, request.decided_on = state, said, by, today()
    request.save()


# -- the questions and the buttons ------------------------------------------------------------------


class ExcludeForm(ActionForm):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ExclusionReason.choices])
    evidence = forms.CharField(label="依据", max_length=300, help_text="文号、核查记录等")
    review_on = LedgerDateField(label="复核日期", future=True, help_text="到这一天没有续的，重新纳入基数")

    def scope(self) -> None:
        first = today()
        held = self.subject.exclusions.filter(end__gt=today()).order_by("-end").first()
        if held is not None:
            # Decided before its day of review it goes on from that day.
            first = self.fields["on"].initial = held.end
            self.fields["on"].future = True  # type: ignore[attr-defined]
            self.fields["on"].help_text = f"现在这一段到 {held.end} 为止，续的从这一天起"
        self.fields["review_on"].initial = months_before(first, -_USUAL_MONTHS)
        self.order_fields(["reason", "evidence", "on", "review_on"])


class AskForm(ByUser, ExcludeForm):
    pass


class Exclude(Action):
    slug, label, model, form, run = "exclude", "不纳入基数", Enterprise, ExcludeForm, staticmethod(exclude)
    allowed = staticmethod(may_settle)
    hint = "空壳、僵尸、停产等，须有依据，由区委组织部核定。"
    takes_many = True

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return not is_out_for_long(subject)


class Ask(Action):
    slug, label, model, form, run = "ask-exclusion", "申请不纳入基数", Enterprise, AskForm, staticmethod(ask)
    hint = "空壳、僵尸、停产等，写明依据，由区委组织部核定；核定前仍纳入基数。"
    takes_many = True

    @staticmethod
    def allowed(user: Any) -> bool:
        # The district decides at once.
        return may_change(user) and not may_settle(user)

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        # In one question: the page of an enterprise asks many.
        late = today() + REVIEW_SOON
        out = BaseExclusion.objects.filter(Q(end__isnull=True) | Q(end__gt=late), enterprise=OuterRef("pk"))
        waits = ExclusionRequest.objects.pending().filter(enterprise=OuterRef("pk"))
        asked = Enterprise.objects.filter(Exists(out) | Exists(waits), pk=subject.pk)
        return subject.closed_on is None and not asked.exists()


class IncludeAgain(Action):
    slug, label, model, run = "include", "恢复纳入基数", Enterprise, staticmethod(include_again)
    allowed, applies = staticmethod(may_settle), staticmethod(is_out)


def _is_pending(subject: ExclusionRequest) -> bool:
    return subject.state == RequestState.PENDING


class ApproveForm(ByUser, ActionForm):
    on = LedgerDateField(label="从何日起", required=False, help_text="不填的按申请的日期")
    review_on = LedgerDateField(
        label="复核日期", required=False, future=True, help_text="不填的按申请的，没有的为一年；到期不续的重新纳入基数"
    )
    said = forms.CharField(label="核定意见", max_length=200, required=False)

    def scope(self) -> None:
        self.order_fields(["on", "review_on", "said"])


class Approve(Action):
    slug, label, model, form, run = "approve", "核定同意", ExclusionRequest, ApproveForm, staticmethod(approve)
    allowed, applies = staticmethod(may_settle), staticmethod(_is_pending)
    takes_many = True


class RefuseForm(ByUser, UndatedForm):
    said = forms.CharField(label="不同意的理由", max_length=200)


class Refuse(Action):
    slug, label, model, form, run = "refuse", "不同意", ExclusionRequest, RefuseForm, staticmethod(refuse)
    allowed, applies = staticmethod(may_settle), staticmethod(_is_pending)
    takes_many = True


class WithdrawForm(ByUser, UndatedForm):
    pass


class Withdraw(Action):
    slug, label, model, form, run = "withdraw", "撤回申请", ExclusionRequest, WithdrawForm, staticmethod(withdraw)
    allowed, applies = staticmethod(may_change), staticmethod(_is_pending)
    takes_many = True
