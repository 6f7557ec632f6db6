"""联合组建: several enterprises found one branch together (clause 9)."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import ActionForm, Effects
from common.desk.lookup import LookupField
from common.ledger_dates import Month
from common.periods import Precision
from enterprises.models import Enterprise
from enterprises.on_open import OnOpen
from organizations.cover import cover, lead
from organizations.models import OrganizationForm, OrganizationKind, PartyOrganization

# A joint branch normally covers no more; more is said, not refused.
USUAL = 5


@transaction.atomic
def found_joint(enterprise: Enterprise, *, name: str, on: dt.date, leader: Enterprise | None = None) -> Effects:
    """The joint branch `name` of the enterprise's committee covers it from `on`; it is founded then where there is
    none, and led by `leader`. Raises ValidationError where the name is another kind of organization's, or nobody
    answers for the enterprise."""
    whose = enterprise.jurisdictions.live_on(on).select_related("committee").first()
    if whose is None:
        raise ValidationError({"on": f"{enterprise}在 {on} 还没有确定属地。"})
    body = PartyOrganization.objects.filter(committee=whose.committee, name=name).first()
    if body is not None and (body.form != OrganizationForm.JOINT or body.dissolved_on is not None):
        raise ValidationError({"name": f"{whose.committee}已有“{name}”，不是在册的联合党组织，请换一个名称。"})
    effects = []
    if body is None:
        body = PartyOrganization(
            committee=whose.committee,
            name=name,
            kind=OrganizationKind.BRANCH,
            form=OrganizationForm.JOINT,
            established_on=on,
            established_precision=Precision.MONTH if isinstance(on, Month) else Precision.DAY,
        )
        body.full_clean()
        body.save()
        effects = [f"{whose.committee}成立联合党支部“{name}”（{on}）"]
    elif body.established_on > on:
        raise ValidationError({"on": f"“{name}”成立于 {body.established_on}，日期不能更早。"})
    effects += cover(enterprise, organization=body, on=on)
    if leader == enterprise:
        effects += lead(body.covers.live_on(on).get(enterprise=enterprise))
    number = body.covers.live_on(on).count()
    return [*effects, f"共覆盖 {number} 家，超过 {USUAL} 家，请考虑分设"] if number > USUAL else effects


class FoundJointForm(ActionForm):
    months = True

    name = forms.CharField(label="联合党支部名称", max_length=200)
    leader = LookupField(
        Enterprise.objects.none(),
        kind="enterprises",
        label="牵头企业",
        required=False,
        help_text="还没有定的，可以以后再定",
    )

    def scope(self) -> None:
        self.choose("leader", Enterprise.objects.visible_to(self.user))


class FoundJoint(OnOpen):
    slug, label, form, run = "found-joint", "联合组建", FoundJointForm, staticmethod(found_joint)
    hint = "勾选的企业共同建立一个联合党支部，一般不超过 5 家；已有这个名称的联合党支部，就加入它。"
    takes_many = True
