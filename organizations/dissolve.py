"""撤销 a party organization: its covers and its secretary's term end with it (rule 2); and taking that back."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.actions import Effects
from common.periods import end_all, ended_words
from organizations.models import MemberPlacement, PartyOrganization


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
    covers = organization.covers.select_related("enterprise", "organization")
    effects = [ended_words(cover, f"对{cover.enterprise}的覆盖") for cover in end_all(covers, on)]
    effects += [ended_words(term, f"{term.name}的书记任期") for term in end_all(organization.secretary_terms.all(), on)]
    moved = _members_leave(organization, on, members_go_to)
    if moved:
        to = f"转到{members_go_to}" if members_go_to else "不再属于任何党组织，请及时转接"
        effects.append(f"{moved} 名党员的组织关系{to}")
    organization.dissolved_on = on
    organization.save()
    return [f"{organization.name}自 {on} 起撤销", *effects]


def _members_leave(organization: PartyOrganization, on: dt.date, to: PartyOrganization | None) -> int:
    """Everybody who belongs to it stays at work where he is, in another organization or in none; how many."""
    rows = organization.placements.all()
    places = end_all(rows, on)
    for place in places:
        if to is not None or place.enterprise_id is not None:
            MemberPlacement.objects.create(
                member_id=place.member_id,
                enterprise_id=place.enterprise_id,
                organization=to,
                position_group=place.position_group,
                start=max(on, place.start),
            )
    return len(places)


@transaction.atomic
def restore(organization: PartyOrganization) -> Effects:
    """Take the dissolution back: what ended on that day goes on."""
    day = organization.dissolved_on
    if day is None:
        raise ValidationError("这个党组织没有撤销。")
    organization.dissolved_on = None
    organization.save()
    effects = [f"{organization.name}恢复在册（原撤销日期 {day}）"]
    for cover in organization.covers.filter(end=day).select_related("enterprise", "organization"):
        if cover.enterprise.closed_on == day:
            continue
        cover.end = None
        cover.organization = organization
        cover.full_clean()
        cover.save()
        effects.append(f"恢复对{cover.enterprise}的覆盖")
    for term in organization.secretary_terms.filter(end=day):
        term.end = None
        term.full_clean()
        term.save()
        effects.append(f"恢复{term.name}的书记任期")
    return effects
