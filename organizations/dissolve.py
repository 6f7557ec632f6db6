"""撤销 a party organization: what lies within its life ends with it (rule 2); and taking that back."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, Effects, UndatedForm
from common.ending import ended_words, people_of, restored_words
from common.lives import cut, mark, restore
from common.recording import say
from organizations.models import MemberPlacement, PartyOrganization
from organizations.on_live import OnLive


@transaction.atomic
def dissolve(
    organization: PartyOrganization, *, on: dt.date, members_go_to: PartyOrganization | None = None
) -> Effects:
    """Dissolve on `on`; its members belong to `members_go_to` (or to none) from then on. Raises ValidationError if
    it is dissolved already or began that day or later."""
    if organization.dissolved_on is not None:
        raise ValidationError(f"这个党组织已于 {organization.dissolved_on} 撤销。")
    if organization.established_on >= on:
        raise ValidationError({"on": f"党组织成立于 {organization.established_on}，撤销日期必须更晚。"})
    organization.dissolved_on = on
    organization._change_reason = reason = mark("撤销")  # type: ignore[attr-defined]
    organization.save()
    done = cut(organization, reason)
    effects = [f"{organization.name}自 {on} 起撤销", *ended_words(done, organization, members_go_to)]
    if members_go_to is not None:
        for row in people_of(done):
            value = {"organization": members_go_to, "enterprise": row.enterprise}
            say(MemberPlacement, {"member": row.member}, max(on, row.start), value)
    return effects


@transaction.atomic
def restore_organization(organization: PartyOrganization) -> Effects:
    """Take the dissolution back, and with it all that it ended or took out."""
    day = organization.dissolved_on
    if day is None:
        raise ValidationError("这个党组织没有撤销。")
    organization.dissolved_on = None
    organization.save()
    done, left = restore(organization, "dissolved_on", day)
    return [f"{organization.name}恢复在册（原撤销日期 {day}）", *restored_words(done, organization), *left]


class Dissolve(OnLive):
    slug, label, run = "dissolve", "撤销", staticmethod(dissolve)
    hint = "所有覆盖、书记任期和党员的组织关系同日结束。"


class Restore(Action):
    slug, label, model, form = "restore", "撤回撤销", PartyOrganization, UndatedForm
    run, allowed = staticmethod(restore_organization), staticmethod(may_change)
    hint = "撤销登记错了的，恢复到撤销之前；随撤销结束的覆盖、书记任期和党员的组织关系一并恢复。"

    @staticmethod
    def applies(subject: PartyOrganization) -> bool:
        return subject.dissolved_on is not None
