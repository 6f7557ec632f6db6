"""划转 of an organization or a person to another committee: the district's decision. Not dated: whose it is now."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.models import Committee
from committees.scope import may_settle
from common.desk.actions import Action, Effects, UndatedForm
from organizations.models import Member, PartyOrganization


@transaction.atomic
def move_organization(organization: PartyOrganization, *, committee: Committee) -> Effects:
    """Let `committee` answer for the organization. Raises ValidationError where it has one of this name."""
    if PartyOrganization.objects.filter(committee=committee, name=organization.name).exists():
        raise ValidationError({"committee": f"{committee}已有同名的党组织，请先改名或合并。"})
    was = organization.committee
    organization.committee = committee
    organization.full_clean()
    organization.save()
    return [f"由{was}划转到{committee}"]


@transaction.atomic
def move_member(member: Member, *, committee: Committee) -> Effects:
    """Let `committee` answer for the person; stages and places stay as they are."""
    was = member.committee
    member.committee = committee
    member.full_clean()
    member.save()
    return [f"{member}由{was}划转到{committee}"]


class MoveForm(UndatedForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")

    def scope(self) -> None:
        choices = Committee.objects.visible_to(self.user).filter(active=True)
        self.choose("committee", choices.exclude(pk=self.subject.committee_id))


class MoveOrganization(Action):
    slug, label, model, form = "transfer", "划转", PartyOrganization, MoveForm
    run, allowed = staticmethod(move_organization), staticmethod(may_settle)
    hint = "党组织改由另一个单位管理；它的覆盖不变。"


class MoveMember(Action):
    slug, label, model, form = "transfer", "划转", Member, MoveForm
    run, allowed = staticmethod(move_member), staticmethod(may_settle)
    hint = "此后由另一个单位管理这个人。"
