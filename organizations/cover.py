"""覆盖 an enterprise, and end that."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change, own_committee_id, sees_all
from common.desk.actions import Action, Effects, UndatedForm
from common.recording import begin, finish
from enterprises.models import Enterprise
from enterprises.on_open import EnterpriseChoiceForm, OnOpen
from enterprises.takeover import earliest, not_ours_then
from organizations.models import Cover, OrganizationForm, PartyOrganization
from organizations.on_live import OnLive, OrganizationChoiceForm


@transaction.atomic
def cover(enterprise: Enterprise, *, organization: PartyOrganization, on: dt.date) -> Effects:
    """Let `organization` cover the enterprise from `on`. Raises ValidationError where either is not
    live on that day, or it is covered by it already."""
    if not organization.is_live_on(on):
        raise ValidationError({"organization": f"{organization.name}在 {on} 不在册。"})
    begin(Cover, {"enterprise": enterprise, "organization": organization}, on)
    return [f"{organization.name}自 {on} 起覆盖{enterprise}"]


@transaction.atomic
def end_cover(cover: Cover, *, on: dt.date) -> Effects:
    """End one cover on `on`."""
    if cover.end is not None:
        raise ValidationError(f"这段覆盖已于 {cover.end} 结束。")
    if cover.start >= on:
        raise ValidationError({"on": f"覆盖从 {cover.start} 开始，结束日期必须更晚。"})
    finish(cover, on)
    return [f"{cover.organization.name}对{cover.enterprise}的覆盖到 {on} 为止"]


class CoverBy(OnOpen):
    """党组织覆盖, asked at the enterprise."""

    slug, label, form, run = "cover", "党组织覆盖", OrganizationChoiceForm, staticmethod(cover)


class CoverEnterprise(OnLive):
    """覆盖企业, asked at the organization."""

    slug, label, form = "cover", "覆盖企业", EnterpriseChoiceForm

    @staticmethod
    def run(organization: PartyOrganization, *, enterprise: Enterprise, on: dt.date) -> Effects:
        return cover(enterprise, organization=organization, on=on)


def not_our_cover(user: Any, subject: Cover, answers: dict[str, Any]) -> str:
    """Why the user may not end or correct this cover; "" when nothing is against it."""
    return not_ours_then(user, subject.enterprise, earliest(subject, answers), subject.organization.committee_id)


@transaction.atomic
def lead(cover: Cover) -> Effects:
    """The enterprise leads the joint organization; whoever led it until now does no more."""
    body = cover.organization
    effects = []
    for other in body.covers.filter(leads=True).exclude(pk=cover.pk).select_related("enterprise"):
        other.leads = False
        other.save()
        effects.append(f"{other.enterprise}不再牵头")
    cover.leads = True
    cover.save()
    return [*effects, f"{cover.enterprise}牵头{body}"]


class Lead(Action):
    slug, label, model, form, run = "lead", "设为牵头企业", Cover, UndatedForm, staticmethod(lead)
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: Cover) -> bool:
        return subject.end is None and not subject.leads and subject.organization.form == OrganizationForm.JOINT

    @staticmethod
    def refuses(user: Any, subject: Cover, answers: dict[str, Any]) -> str:
        if sees_all(user) or subject.organization.committee_id == own_committee_id(user):
            return ""
        return f"{subject.organization}由{subject.organization.committee}管理，由其确定牵头企业。"


class EndCover(Action):
    slug, label, model, run = "end", "结束覆盖", Cover, staticmethod(end_cover)
    allowed, refuses = staticmethod(may_change), staticmethod(not_our_cover)

    @staticmethod
    def applies(subject: Cover) -> bool:
        return subject.end is None
