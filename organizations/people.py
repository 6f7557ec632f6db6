"""What happens to a member: the next stage, another workplace, leaving (发展党员工作细则)."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.actions import Effects
from common.periods import end_all
from enterprises.models import Enterprise
from organizations.models import Member, MemberPlacement, MemberStage, PartyOrganization, Stage

_ORDER = list(Stage.values)


@transaction.atomic
def advance(member: Member, *, stage: str, on: dt.date) -> Effects:
    """The member is at `stage` from `on` on; stages go forward only. Raises ValidationError otherwise."""
    live = member.stages.select_for_update().filter(end__isnull=True).order_by("-start").first()
    effects = []
    if live is not None:
        if _ORDER.index(stage) <= _ORDER.index(live.stage):
            raise ValidationError({"stage": f"现在是{live.get_stage_display()}，阶段只能往前；录错的请用“更正”。"})
        if live.start >= on:
            raise ValidationError({"on": f"{live.get_stage_display()}从 {live.start} 开始，日期必须更晚。"})
        live.end = on
        live.save()
        effects.append(f"{live.get_stage_display()}到 {on} 为止")
    made = MemberStage(member=member, stage=stage, start=on)
    made.full_clean()
    made.save()
    return [*effects, f"{member}自 {on} 起为{made.get_stage_display()}"]


@transaction.atomic
def place(
    member: Member,
    *,
    enterprise: Enterprise | None,
    organization: PartyOrganization | None,
    position_group: str,
    on: dt.date,
) -> Effects:
    """The member works in `enterprise` and belongs to `organization` (either may be none) from `on` on."""
    if enterprise is None and organization is None:
        raise ValidationError("工作单位和所在党组织至少填一个。")
    if organization is not None and not organization.is_live_on(on):
        raise ValidationError({"organization": f"{organization}在 {on} 不在册。"})
    effects = []
    live = member.placements.select_for_update().filter(end__isnull=True).order_by("-start").first()
    if live is not None:
        if live.start >= on:
            raise ValidationError({"on": f"现在的工作单位从 {live.start} 开始，日期必须更晚。"})
        live.end = on
        live.save()
        effects.append(f"{live.enterprise or live.organization}到 {on} 为止")
    made = MemberPlacement(
        member=member, enterprise=enterprise, organization=organization, position_group=position_group, start=on
    )
    made.full_clean()
    made.save()
    return [*effects, f"{member}自 {on} 起在{enterprise or organization}"]


@transaction.atomic
def leave(member: Member, *, on: dt.date) -> Effects:
    """The member left the district's enterprises: stage and placement end on `on`."""
    ended = [
        *end_all(member.stages.all(), on),
        *end_all(member.placements.select_related("enterprise", "organization"), on),
    ]
    if not ended:
        raise ValidationError("没有还在进行的阶段或工作单位。")
    return [f"{fact}到 {on} 为止" for fact in ended]
