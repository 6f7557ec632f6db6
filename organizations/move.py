"""划转 of an organization or a person to another committee: the district's decision. Of an organization from a day on
(rule 7): what it held before stays with the old committee; of a person whose he is now."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from committees.scope import may_settle
from common.desk.actions import Action, ActionForm, Effects, UndatedForm
from organizations.change import change_organization
from organizations.models import Member, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def move_organization(organization: PartyOrganization, *, committee: Committee, on: dt.date) -> Effects:
    """From `on` `committee` answers for the organization. Raises ValidationError where it has one of this name."""
    same = PartyOrganization.objects.filter(committee=committee, name=organization.name).exclude(pk=organization.pk)
    if same.exists():
        raise ValidationError({"committee": f"{committee}已有同名的党组织，请先改名或合并。"})
    return change_organization(organization, on=on, committee=committee)


@transaction.atomic
def move_member(member: Member, *, committee: Committee) -> Effects:
    """Let `committee` answer for the person; stages and places stay as they are."""
    was = member.committee
    member.committee = committee
    member.full_clean()
    member.save()
    return [f"{member}由{was}划转到{committee}"]


class _ToAnother:
    """Offers the committees that it does not belong to."""

    def scope(self) -> None:
        choices = Committee.objects.visible_to(self.user).filter(active=True)  # type: ignore[attr-defined]
        self.choose("committee", choices.exclude(pk=self.subject.committee_id))  # type: ignore[attr-defined]


class MoveForm(_ToAnother, ActionForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")


class MoveMemberForm(_ToAnother, UndatedForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")


class MoveOrganization(OnLive):
    slug, label, form = "transfer", "划转", MoveForm
    run, allowed = staticmethod(move_organization), staticmethod(may_settle)
    hint = "从生效日期起由另一个单位管理；它的覆盖不变，以前的数字仍归原单位。"


class MoveMember(Action):
    slug, label, model, form = "transfer", "划转", Member, MoveMemberForm
    run, allowed = staticmethod(move_member), staticmethod(may_settle)
    hint = "此后由另一个单位管理这个人。"
