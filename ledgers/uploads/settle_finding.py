"""What a person decides of a finding of a registration list: done, nothing to be done, or asked again."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, ByUser, Effects, UndatedForm
from common.today import today
from ledgers.models import FindingState, RegistrationFinding
from ledgers.uploads.registrations import place_anew


@transaction.atomic
def settle(finding: RegistrationFinding, *, said: str, by: Any) -> Effects:
    return _decide(finding, FindingState.SETTLED, said, by)


@transaction.atomic
def dismiss(finding: RegistrationFinding, *, said: str, by: Any) -> Effects:
    return _decide(finding, FindingState.DISMISSED, said, by)


@transaction.atomic
def ask_again(finding: RegistrationFinding, *, by: Any) -> Effects:
    """What was dismissed stands again, as far as the lists still say it."""
    if finding.state != FindingState.DISMISSED:
        raise ValidationError("只有标为“不需处理”的可以恢复。")
    finding.state, finding.settled_by, finding.settled_on, finding.said = FindingState.OPEN, None, None, ""
    finding.save()
    place_anew(finding)
    return [f"{finding}：重新核对"]


def _decide(finding: RegistrationFinding, state: FindingState, said: str, by: Any) -> Effects:
    if finding.state != FindingState.OPEN:
        raise ValidationError(f"这一条{finding.get_state_display()}，不能再办。")
    finding.state, finding.said, finding.settled_by, finding.settled_on = state, said, by, today()
    finding.save()
    return [f"{finding}：{state.label}（{said}）"]


# -- the questions and the buttons ------------------------------------------------------------------


class SaidForm(ByUser, UndatedForm):
    said = forms.CharField(label="处理说明", max_length=200)


class ReasonForm(ByUser, UndatedForm):
    said = forms.CharField(label="不需处理的理由", max_length=200)


class AgainForm(ByUser, UndatedForm):
    pass


class _OfFinding(Action):
    model = RegistrationFinding
    allowed = staticmethod(may_change)
    takes_many = True
    state: ClassVar[FindingState] = FindingState.OPEN

    @classmethod
    def applies(cls, subject: RegistrationFinding) -> bool:
        return subject.state == cls.state


class Settle(_OfFinding):
    slug, label, form, run = "settle", "已处理", SaidForm, staticmethod(settle)
    hint = "写明怎样处理的。在企业里新增、注销、更名、划转以后，不用在这里再办；之后的新名单还这样写的，再列出来。"


class Dismiss(_OfFinding):
    slug, label, form, run = "dismiss", "不需处理", ReasonForm, staticmethod(dismiss)
    hint = "核对无误、不用改登记的，写明理由；以后的名单还这样写的，不再列出来。"


class AskAgain(_OfFinding):
    slug, label, form, run = "again", "恢复核对", AgainForm, staticmethod(ask_again)
    state = FindingState.DISMISSED


SETTLING: list[type[Action]] = [Settle, Dismiss, AskAgain]
