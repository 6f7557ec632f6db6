"""The named actions on organizations and covers."""

from django import forms
from django.urls import reverse

from committees.scope import may_upload
from common.actions import Action, ActionForm
from enterprises.actions import page as enterprise_page
from enterprises.models import Enterprise
from organizations.change_kind import change_kind
from organizations.cover import cover, end_cover
from organizations.dissolve import dissolve
from organizations.merge import merge
from organizations.models import Cover, OrganizationKind, PartyOrganization, SecretarySource
from organizations.reelect import reelect


def page(organization: PartyOrganization) -> str:
    return reverse("organization", args=[organization.pk])


class OrganizationChoiceForm(ActionForm):
    """Asks for a live organization that the user sees; of the subject's committee first."""

    organization = forms.ModelChoiceField(PartyOrganization.objects.none(), label="党组织", empty_label="请选择")

    def scope(self) -> None:
        choices = PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True)
        self.fields["organization"].queryset = choices  # type: ignore[attr-defined]


class MergeForm(ActionForm):
    into = forms.ModelChoiceField(PartyOrganization.objects.none(), label="合并到", empty_label="请选择")

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


def _is_live(organization: PartyOrganization) -> bool:
    return organization.dissolved_on is None


ON_ORGANIZATION = [
    Action("reelect", "换届", PartyOrganization, page, reelect, may_upload, ReelectForm, applies=_is_live),
    Action("kind", "改设", PartyOrganization, page, change_kind, may_upload, KindForm, applies=_is_live),
    Action(
        "merge", "合并", PartyOrganization, page, merge, may_upload, MergeForm, applies=_is_live,
        hint="本党组织撤销，所覆盖的企业从生效日期起由另一个党组织覆盖。",
    ),
    Action(
        "dissolve", "撤销", PartyOrganization, page, dissolve, may_upload, applies=_is_live,
        hint="所有覆盖和书记任期同日结束。",
    ),
]  # fmt: skip
ON_ENTERPRISE = [
    Action(
        "cover", "党组织覆盖", Enterprise, enterprise_page, cover, may_upload, OrganizationChoiceForm,
        applies=lambda enterprise: enterprise.closed_on is None,
    )
]  # fmt: skip
ON_COVER = [
    Action(
        "end", "结束覆盖", Cover, lambda ended: enterprise_page(ended.enterprise), end_cover, may_upload,
        applies=lambda live: live.end is None,
    )
]  # fmt: skip
