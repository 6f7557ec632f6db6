"""推荐、审核、命名 (clauses 6, 7, 20): a committee recommends with evidence, the district reviews and awards."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction

from committees.scope import may_change, may_change_persons, may_settle
from common.desk.actions import Action, ActionForm, ByUser, Effects, UndatedForm
from common.plan import Item, Subject
from common.series import ALWAYS
from common.today import today
from enterprises.models import Enterprise
from organizations.models import OWNERS, Member, Nomination, NominationState, PartyOrganization, State, items_by_code
from organizations.models.nominations import PENDING
from organizations.record import record_item

# The whole of which the six are the parts (clause 20).
SIX_GOOD = "six_good"
SUBJECTS: dict[type[models.Model], str] = {
    PartyOrganization: Subject.ORGANIZATION,
    Enterprise: Subject.ENTERPRISE,
    Member: Subject.MEMBER,
}


@transaction.atomic
def nominate(subject: Any, *, item: Item, evidence: str, on: dt.date, by: Any) -> Effects:
    """Recommend the organization, enterprise or person for a recognition. Raises ValidationError where it has it, is on
    its way to it already, or is not there on the day."""
    name = OWNERS[SUBJECTS[type(subject)]]
    begins, ends = getattr(subject, "life", ALWAYS)
    if (begins is not None and on < begins) or (ends is not None and on >= ends):
        raise ValidationError({"on": f"{subject}在 {on} 不在册。"})
    held = State.objects.filter(**{name: subject}, code=item.code).live_on(on).first()
    if held is not None:
        raise ValidationError({"item": f"{subject}自 {held.start} 起已是“{item}”。"})
    if subject.nominations.filter(code=item.code, state__in=PENDING).exists():
        raise ValidationError({"item": f"{subject}已推荐“{item}”，还没有结果。"})
    made = Nomination(**{name: subject}, code=item.code, evidence=evidence, recommended_on=on, recommended_by=by)
    made.full_clean()
    made.save()
    return [f"推荐{subject}为“{item}”", *_standing(subject, on)]


def _standing(subject: Any, on: dt.date) -> list[str]:
    """Of an organization, which of the six it has (clause 20): what a reviewer asks first."""
    six = list(Item.objects.filter(whole__code=SIX_GOOD))
    if not six or not isinstance(subject, PartyOrganization):
        return []
    had = set(subject.states.live_on(on).values_list("code", flat=True))
    lacks = [item.label for item in six if item.code not in had]
    return [f"六好已登记 {len(six) - len(lacks)} 项{'，没有登记：' + '、'.join(lacks) if lacks else ''}"]


@transaction.atomic
def review(nomination: Nomination, *, said: str, by: Any) -> Effects:
    """The district has looked at it and lets it go on."""
    _expect(nomination, NominationState.RECOMMENDED)
    return _moved(nomination, NominationState.REVIEWED, said, by)


@transaction.atomic
def decline(nomination: Nomination, *, said: str, by: Any) -> Effects:
    _expect(nomination, *PENDING)
    return _moved(nomination, NominationState.DECLINED, said, by)


@transaction.atomic
def withdraw(nomination: Nomination, *, by: Any) -> Effects:
    _expect(nomination, *PENDING)
    return _moved(nomination, NominationState.WITHDRAWN, nomination.said, by)


@transaction.atomic
def award(nomination: Nomination, *, document: str, on: dt.date, by: Any) -> Effects:
    """The recognition holds from `on`, by `document`. Raises ValidationError before the recommendation, and outside the
    subject's life."""
    _expect(nomination, NominationState.REVIEWED)
    if on < nomination.recommended_on:
        raise ValidationError({"on": f"{nomination.recommended_on} 才推荐，命名日期不能更早。"})
    item = items_by_code()[nomination.code]
    effects = record_item(nomination.subject, item=item, on=on, document=document)
    nomination.document, nomination.awarded_on = document, on
    _moved(nomination, NominationState.AWARDED, nomination.said, by)
    return [f"{nomination}：{each}（{document}）" for each in effects]


def _expect(nomination: Nomination, *states: str) -> None:
    if nomination.state not in states:
        raise ValidationError(f"{nomination}{nomination.get_state_display()}，不能这样办。")


def _moved(nomination: Nomination, state: NominationState, said: str, by: Any) -> Effects:
    if state in (NominationState.REVIEWED, NominationState.DECLINED):
        nomination.reviewed_on, nomination.reviewed_by = today(), by
    nomination.state, nomination.said = state, said
    nomination.save()
    return [f"{nomination}“{items_by_code()[nomination.code]}”：{state.label}"]


# -- the questions and the buttons ------------------------------------------------------------------


class NominateForm(ByUser, ActionForm):
    item = forms.ModelChoiceField(Item.objects.none(), label="评选", empty_label="请选择", to_field_name="code")
    evidence = forms.CharField(label="事迹和依据", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def scope(self) -> None:
        self.choose("item", Item.objects.of(SUBJECTS[type(self.subject)]).filter(awarded=True))


class Nominate(Action):
    slug, label, form, run = "nominate", "推荐评选", NominateForm, staticmethod(nominate)
    allowed = staticmethod(may_change)
    hint = "“双强六好”、党建典型等：写明事迹和依据，由区委组织部审核、按文件命名。"

    @staticmethod
    def applies(subject: Any) -> bool:
        ends: dt.date | None = getattr(subject, "life", ALWAYS)[1]
        return ends is None


class NominateOrganization(Nominate):
    model = PartyOrganization


class NominateEnterprise(Nominate):
    model = Enterprise


class NominateMember(Nominate):
    model = Member
    allowed = staticmethod(may_change_persons)


class _OfNomination(Action):
    model = Nomination
    allowed = staticmethod(may_settle)
    takes_many = True
    states: ClassVar[tuple[str, ...]] = PENDING

    @classmethod
    def applies(cls, subject: Nomination) -> bool:
        return subject.state in cls.states


class ReviewForm(ByUser, UndatedForm):
    said = forms.CharField(label="审核意见", max_length=200)


class Review(_OfNomination):
    slug, label, form, run = "review", "审核通过", ReviewForm, staticmethod(review)
    states = (NominationState.RECOMMENDED,)


class Decline(_OfNomination):
    slug, label, form, run = "decline", "不通过", ReviewForm, staticmethod(decline)


class AwardForm(ByUser, ActionForm):
    document = forms.CharField(label="命名文件", max_length=200, help_text="文号和标题")

    def scope(self) -> None:
        self.fields["on"].label = "命名日期"


class Award(_OfNomination):
    slug, label, form, run = "award", "命名", AwardForm, staticmethod(award)
    states = (NominationState.REVIEWED,)


class WithdrawForm(ByUser, UndatedForm):
    pass


class Withdraw(_OfNomination):
    slug, label, form, run = "withdraw", "撤回推荐", WithdrawForm, staticmethod(withdraw)
    allowed = staticmethod(may_change)


NOMINATING: list[type[Action]] = [
    NominateOrganization,
    NominateEnterprise,
    NominateMember,
    Review,
    Award,
    Decline,
    Withdraw,
]
