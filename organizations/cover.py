"""覆盖 an enterprise, and end that."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, Effects
from common.recording import begin, finish
from enterprises.models import Enterprise
from enterprises.on_open import EnterpriseChoiceForm, OnOpen
from enterprises.takeover import earliest, not_ours_then
from organizations.models import Cover, PartyOrganization
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


class EndCover(Action):
    slug, label, model, run = "end", "结束覆盖", Cover, staticmethod(end_cover)
    allowed, refuses = staticmethod(may_change), staticmethod(not_our_cover)

    @staticmethod
    def applies(subject: Cover) -> bool:
        return subject.end is None
