"""The addresses of the lists behind numbers."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from reports.items import MAYBE, NO, UNKNOWN, YES, Ought
from reports.verdicts import Verdict

register = template.Library()


def item_list(ought: Ought, answer: str = "", **more: Any) -> str:
    """The address of those who ought to have an item: all, or those who have it, have not, or of whom nobody knows."""
    asked = {"item": ought.item.code, "who": ought.who, "has": answer, **more}
    words = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    return f"{reverse('items', args=[ought.item.subject])}?{words}"


@register.simple_tag(takes_context=True)
def list_of(context: Any, verdict: Verdict, what: str, day: dt.date, answer: str = YES) -> str:
    """The list behind a verdict's `part`, base (`of`) or `gap` on `day`, asked the same otherwise."""
    question, committee, plan = context["question"], context.get("committee"), context.get("plan")
    same = {
        "as_of": day.isoformat(),
        "known_at": question.params["known_at"],
        "committee": committee and committee.pk,
        "plan": plan and plan.code,
    }
    indicator = verdict.indicator
    if indicator.item is not None:
        unknown = MAYBE if indicator.of is None else UNKNOWN
        has = {"part": unknown if answer == UNKNOWN else answer, "of": "", "gap": NO}[what]
        return item_list(Ought(*indicator.item), has, **same)
    del same["plan"]
    asked = {**same, "answer": answer if answer == UNKNOWN else None}
    words = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('figure', args=[getattr(indicator, what)])}?{words}"
