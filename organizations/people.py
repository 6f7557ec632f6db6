"""What happens to a member: the next stage, another workplace, leaving (发展党员工作细则)."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change_persons
from common.desk.actions import Action, ActionForm, Effects
from common.desk.lookup import LookupField
from common.recording import DECIDED, Known, say, say_whole
from common.series import inside
from enterprises.models import Enterprise
from organizations.models import Member, MemberPlacement, MemberStage, PartyOrganization, PositionGroup, Stage

_ORDER = list(Stage.values)


@transaction.atomic
def advance(member: Member, *, stage: str, on: dt.date) -> Effects:
    """The member is at `stage` from `on` on; stages go forward only. Raises ValidationError otherwise."""
    live = member.stages.filter(end__isnull=True).order_by("-start").first()
    effects = []
    left = member.stages.order_by("-start").first() if live is None else None
    if left is not None:
        if _ORDER.index(stage) < _ORDER.index(left.stage):
            raise ValidationError({"stage": f"离开前是{left.get_stage_display()}，阶段只能往前；录错的请用“更正”。"})
        if left.end is not None and on < left.end:
            raise ValidationError({"on": f"{left.get_stage_display()}到 {left.end} 为止，日期不能更早。"})
    if live is not None:
        if _ORDER.index(stage) <= _ORDER.index(live.stage):
            raise ValidationError({"stage": f"现在是{live.get_stage_display()}，阶段只能往前；录错的请用“更正”。"})
        if live.start >= on:
            raise ValidationError({"on": f"{live.get_stage_display()}从 {live.start} 开始，日期必须更晚。"})
        effects.append(f"{live.get_stage_display()}到 {on} 为止")
    placed = say(MemberStage, {"member": member}, on, {"stage": stage})
    told = [f"请核对：{words}" for row in placed.created for words in row.doubts()]
    return [*effects, f"{member}自 {on} 起为{Stage(stage).label}", *told]


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
    live = member.placements.filter(end__isnull=True).order_by("-start").first()
    if live is not None:
        if live.start >= on:
            raise ValidationError({"on": f"现在的工作单位从 {live.start} 开始，日期必须更晚。"})
        effects.append(f"{live.enterprise or live.organization}到 {on} 为止")
    value = {"enterprise": enterprise, "organization": organization}
    placed = say_whole(MemberPlacement, {"member": member}, on, value, position_group=position_group)
    if not placed and live is not None:
        # The same place with another post.
        live.position_group = position_group
        live.save()
        effects = []
    return [*effects, f"{member}自 {on} 起在{enterprise or organization}"]


@transaction.atomic
def leave(member: Member, *, on: dt.date) -> Effects:
    """The member left the district's enterprises: stage and placement end on `on`."""
    ended = []
    for model in (MemberStage, MemberPlacement):
        known = Known(model, {"member": member})
        placed = known.save(inside(known.facts, (None, on)))
        known.note(on, source=DECIDED)
        ended += [*placed.changed, *placed.removed]
    if not ended:
        raise ValidationError("没有还在进行的阶段或工作单位。")
    return [f"{fact}到 {on} 为止" for fact in ended]


class StageForm(ActionForm):
    months = True
    stage = forms.ChoiceField(label="阶段", choices=[("", "请选择"), *Stage.choices])


class PlaceForm(ActionForm):
    months = True
    enterprise = LookupField(Enterprise.objects.none(), kind="enterprises", label="工作单位", required=False)
    organization = LookupField(
        PartyOrganization.objects.none(), kind="organizations", label="所在党组织", required=False
    )
    position_group = forms.ChoiceField(label="岗位类别", choices=[("", "未填"), *PositionGroup.choices], required=False)

    def scope(self) -> None:
        self.choose("enterprise", Enterprise.objects.visible_to(self.user))
        self.choose("organization", PartyOrganization.objects.visible_to(self.user).filter(dissolved_on__isnull=True))


class OnMember(Action):
    model = Member
    allowed = staticmethod(may_change_persons)


class Advance(OnMember):
    slug, label, form, run = "stage", "变更阶段", StageForm, staticmethod(advance)


class Place(OnMember):
    slug, label, form, run = "place", "变更工作单位", PlaceForm, staticmethod(place)


class Leave(OnMember):
    slug, label, run = "leave", "离开", staticmethod(leave)
    hint = "调出、退休、去世等：阶段和工作单位同日结束。"
