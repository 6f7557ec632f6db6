"""What is out of the base in the demo: with days of review, some of them near, and requests in every state."""

import datetime as dt
import random

from committees.models import User
from committees.scope import Role
from common.today import today
from enterprises.models import BaseExclusion, Enterprise, ExclusionReason, ExclusionRequest, RequestState


def fill_denominator() -> None:
    """Needs the enterprises, their exclusions and the accounts in the database."""
    district = User.objects.filter(role=Role.DISTRICT).first()
    chance = random.Random(20)
    for number, row in enumerate(BaseExclusion.objects.order_by("pk")):
        # Of every five one has come back lately, one is due, one was never given a day.
        days = {0: -chance.randint(5, 60), 1: chance.randint(3, 25), 2: None}.get(number % 5, chance.randint(60, 600))
        if days is not None:
            row.end = today() + dt.timedelta(days=days)
            row.save()
    open_ones = Enterprise.objects.filter(closed_on=None, exclusions=None, registered_on__isnull=False).order_by("pk")
    states = [*[RequestState.PENDING] * 6, RequestState.REFUSED, RequestState.WITHDRAWN]
    for state, enterprise in zip(states, chance.sample(list(open_ones), len(states)), strict=True):
        whose = enterprise.jurisdictions.get(end=None).committee_id
        asked_on = today() - dt.timedelta(days=chance.randint(1, 20))
        ExclusionRequest.objects.create(
            enterprise=enterprise,
            reason=chance.choice([ExclusionReason.SHELL, ExclusionReason.SUSPENDED]),
            evidence="演示核查记录",
            start=asked_on,
            review_on=asked_on + dt.timedelta(days=365),
            from_ledger=chance.random() < 0.5,
            asked_by=User.objects.filter(committee=whose, role=Role.COMMITTEE).first(),
            asked_on=asked_on,
            state=state,
            decided_by=district if state == RequestState.REFUSED else None,
            decided_on=today() if state != RequestState.PENDING else None,
            said="现场核查仍在经营" if state == RequestState.REFUSED else "",
        )
