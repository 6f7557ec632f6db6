"""Leaving the base and coming back (rule 1): the district's decision, with reason and evidence."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from common.desk.actions import Effects
from common.recording import begin, finish
from enterprises.models import BaseExclusion, Enterprise, ExclusionReason


@transaction.atomic
def exclude(enterprise: Enterprise, *, reason: str, evidence: str, on: dt.date) -> Effects:
    """Leave the enterprise out of the base from `on`. Raises ValidationError if it is out already."""
    begin(BaseExclusion, {"enterprise": enterprise}, on, {"reason": reason}, evidence=evidence)
    return [f"从 {on} 起不纳入基数（{ExclusionReason(reason).label}，依据：{evidence}）"]


@transaction.atomic
def include_again(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """End the live exclusion on `on`. Raises ValidationError if none is live or it began that day or later."""
    live = enterprise.exclusions.filter(end__isnull=True).order_by("-start").first()
    if live is None:
        raise ValidationError("这家企业没有被剔除，无须恢复。")
    if live.start >= on:
        raise ValidationError({"on": f"不纳入基数从 {live.start} 开始，恢复日期必须更晚。"})
    finish(live, on)
    return [f"从 {on} 起重新纳入基数（结束 {live.start} 起的{live.get_reason_display()}）"]
