"""The named actions on organizations and covers."""

import datetime as dt

from django import forms
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_settle, may_upload
from common.desk.actions import PAGES, Action, ActionForm, Effects
from common.desk.correct import correction
from common.desk.lookup import LookupField
from enterprises.actions import page as enterprise_page
from enterprises.models import Enterprise
from enterprises.takeover import not_ours_then
from organizations.change_kind import change_kind
from organizations.cover import cover, end_cover
from organizations.dissolve import dissolve, restore_organization
from organizations.merge import merge
from organizations.milestone_catalogue import CATALOGUE, Subject
from organizations.models import (
    Cover,
    Member,
    MemberPlacement,
    MemberStage,
    Milestone,
    OrganizationKind,
    PartyOrganization,
    PositionGroup,
    SecretarySource,
    SecretaryTerm,
    Stage,
)
from organizations.move import move_member, move_organization
from organizations.people import advance, leave, place
from organizations.record import reach
from organizations.reelect import reelect

PAGES.update({"organization": PartyOrganization, "member": Member})


def page(organization: PartyOrganization) -> str:
    return reverse("organization", args=[organization.pk])


class OrganizationChoiceForm(ActionForm):
    """Asks for a live organization that the user sees; of the subject's committee first."""

    organization = LookupField(PartyOrganization.objects.none(), kind="organizations", label="党组织")

    def scope(self) -> None:
        choices = PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True)
        self.fields["organization"].queryset = choices  # type: ignore[attr-defined]


class MergeForm(ActionForm):
    into = LookupField(PartyOrganization.objects.none(), kind="organizations", label="合并到")

    def scope(self) -> None:
        choices = PartyOrganization.objects.visible_to(self.user).filter(
            dissolved_on__isnull=True, committee_id=self.subject.committee_id
        )
        self.fields["into"].queryset = choices.exclude(pk=self.subject.pk)  # type: ignore[attr-defined]


class KindForm(ActionForm):
    kind = forms.ChoiceField(label="改设为", choices=[("", "请选择"), *OrganizationKind.choices])


class ReelectForm(ActionForm):
    name = forms.CharField(label="书记姓名", max_length=50)
    source = forms.ChoiceField(label="来源", choices=[("", "请选择"), *SecretarySource.choices])


class EnterpriseChoiceForm(ActionForm):
    enterprise = LookupField(Enterprise.objects.none(), kind="enterprises", label="企业")

    def scope(self) -> None:
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(self.user)  # type: ignore[attr-defined]


class MilestoneForm(ActionForm):
    """Asks for what the subject (an organization or an enterprise) can reach."""

    code = forms.ChoiceField(label="事项")
    note = forms.CharField(label="说明（文号、数量等）", max_length=300, required=False)

    def scope(self) -> None:
        of = Subject.ORGANIZATION if isinstance(self.subject, PartyOrganization) else Subject.ENTERPRISE
        items = [(item.code, f"{item.label}（第 {item.clause} 条）") for item in CATALOGUE if item.subject == of]
        self.fields["code"].choices = [("", "请选择"), *items]  # type: ignore[attr-defined]


class UndatedForm(ActionForm):
    on = None  # type: ignore[assignment]


class MoveForm(UndatedForm):
    committee = forms.ModelChoiceField(Committee.objects.none(), label="划转到", empty_label="请选择")

    def scope(self) -> None:
        choices = Committee.objects.visible_to(self.user).filter(active=True)
        self.fields["committee"].queryset = choices.exclude(pk=self.subject.committee_id)  # type: ignore[attr-defined]


class StageForm(ActionForm):
    stage = forms.ChoiceField(label="阶段", choices=[("", "请选择"), *Stage.choices])


class PlaceForm(ActionForm):
    enterprise = LookupField(Enterprise.objects.none(), kind="enterprises", label="工作单位", required=False)
    organization = LookupField(
        PartyOrganization.objects.none(), kind="organizations", label="所在党组织", required=False
    )
    position_group = forms.ChoiceField(label="岗位类别", choices=[("", "未填"), *PositionGroup.choices], required=False)

    def scope(self) -> None:
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(self.user)  # type: ignore[attr-defined]
        choices = PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True)
        self.fields["organization"].queryset = choices  # type: ignore[attr-defined]


def member_page(member: Member) -> str:
    return reverse("member", args=[member.pk])


def _milestone_page(milestone: Milestone) -> str:
    if milestone.organization is not None:
        return page(milestone.organization)
    if milestone.enterprise is not None:
        return enterprise_page(milestone.enterprise)
    return reverse("committee", args=[milestone.committee_id])


def _cover_enterprise(organization: PartyOrganization, *, enterprise: Enterprise, on: dt.date) -> Effects:
    return cover(enterprise, organization=organization, on=on)


def _is_live(organization: PartyOrganization) -> bool:
    return organization.dissolved_on is None


ON_ORGANIZATION = [
    Action(
        "cover", "覆盖企业", PartyOrganization, page, _cover_enterprise, may_upload, EnterpriseChoiceForm,
        applies=_is_live,
    ),
    Action("milestone", "登记里程碑", PartyOrganization, page, reach, may_upload, MilestoneForm, applies=_is_live),
    Action("reelect", "换届", PartyOrganization, page, reelect, may_upload, ReelectForm, applies=_is_live),
    Action("kind", "改设", PartyOrganization, page, change_kind, may_upload, KindForm, applies=_is_live),
    Action(
        "merge", "合并", PartyOrganization, page, merge, may_upload, MergeForm, applies=_is_live,
        hint="本党组织撤销，所覆盖的企业从生效日期起由另一个党组织覆盖。",
    ),
    Action(
        "restore", "撤回撤销", PartyOrganization, page, restore_organization, may_upload, UndatedForm,
        applies=lambda organization: organization.dissolved_on is not None,
        hint="撤销登记错了的，恢复到撤销之前；随撤销结束的覆盖、书记任期和党员的组织关系一并恢复。",
    ),
    Action(
        "transfer", "划转", PartyOrganization, page, move_organization, may_settle, MoveForm,
        hint="党组织改由另一个单位管理；它的覆盖不变。",
    ),
    Action(
        "dissolve", "撤销", PartyOrganization, page, dissolve, may_upload, applies=_is_live,
        hint="所有覆盖、书记任期和党员的组织关系同日结束。",
    ),
]  # fmt: skip


def _not_our_cover(user, fact: Cover, answers: dict) -> str:
    days = [day for day in (answers.get("on"), None if "on" in answers else fact.start, answers.get("start")) if day]
    return not_ours_then(user, fact.enterprise, min(days), fact.organization.committee_id)


ON_MEMBER = [
    Action("stage", "变更阶段", Member, member_page, advance, may_upload, StageForm),
    Action("place", "变更工作单位", Member, member_page, place, may_upload, PlaceForm),
    Action(
        "transfer", "划转", Member, member_page, move_member, may_settle, MoveForm, hint="此后由另一个单位管理这个人。"
    ),
    Action(
        "leave", "离开", Member, member_page, leave, may_upload, hint="调出、退休、去世等：阶段和工作单位同日结束。"
    ),
]
ON_FACTS = [
    correction(Cover, lambda fact: enterprise_page(fact.enterprise), may_upload, _not_our_cover),
    correction(SecretaryTerm, lambda fact: page(fact.organization), may_upload),
    correction(Milestone, _milestone_page, may_upload),
    correction(MemberStage, lambda fact: member_page(fact.member), may_upload),
    correction(MemberPlacement, lambda fact: member_page(fact.member), may_upload),
]
ON_ENTERPRISE = [
    Action("milestone", "登记里程碑", Enterprise, enterprise_page, reach, may_upload, MilestoneForm),
    Action(
        "cover", "党组织覆盖", Enterprise, enterprise_page, cover, may_upload, OrganizationChoiceForm,
        applies=lambda enterprise: enterprise.closed_on is None,
    )
]  # fmt: skip
ON_COVER = [
    Action(
        "end", "结束覆盖", Cover, lambda ended: enterprise_page(ended.enterprise), end_cover, may_upload,
        applies=lambda live: live.end is None, refuses=_not_our_cover,
    )
]  # fmt: skip
