"""How numbers and dates stand on the screen."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.periods import Precision
from common.plan import Answers, Clause, Plan, plan_on
from common.text import masked
from common.today import today

register = template.Library()
register.filter("masked", masked)


@register.filter
def day(value: dt.date | None, precision: str = Precision.DAY) -> str:
    """A date as written in this office; to the month when that is all that is known."""
    if value is None:
        return ""
    return f"{value:%Y-%m}" if precision == Precision.MONTH else f"{value:%Y-%m-%d}"


@register.filter
def money(value: Any) -> Any:
    """A number with its thousands apart and no empty cents; — for none."""
    if not isinstance(value, int | Decimal):
        return "—" if value is None else value
    return f"{value:,.2f}".removesuffix(".00")


@register.filter
def yes_no(value: bool | None) -> str:
    return {True: "是", False: "否", None: ""}[value]


def _answers(context: Any) -> Answers:
    """The clauses of the plan that the page asks about (`plan` in the context), or of the one in force on the day asked
    about: read once a request."""
    asked = context.get("plan")
    request = context.get("request")
    kept: dict[Any, Answers] = request.__dict__.setdefault("_answers", {}) if request is not None else {}
    key = asked.pk if isinstance(asked, Plan) else None
    if key not in kept:
        day = getattr(context.get("question"), "as_of", None) or today()
        kept[key] = Answers(asked if isinstance(asked, Plan) else plan_on(day))
    return kept[key]


def _link(clause: Clause) -> SafeString:
    address = f"{reverse('plan')}?plan={clause.plan.code}#clause-{clause.number}"
    return format_html('<a href="{}" title="{}">第 {} 条</a>', address, clause.text, clause.number)


@register.simple_tag(takes_context=True)
def clauses_of(context: Any, keys: str | Iterable[str]) -> SafeString:
    """第 N 条、第 M 条: the clauses that these keys answer, linked to the plan's own words; nothing where none asks."""
    found = _answers(context).of([keys] if isinstance(keys, str) else keys)
    return format_html_join("、", "{}", ((_link(clause),) for clause in found))


@register.simple_tag(takes_context=True)
def clause_number(context: Any, number: int) -> SafeString:
    """第 N 条 of the plan that the page asks about, linked to the plan's own words."""
    found = _answers(context).number(number)
    return _link(found) if found is not None else format_html("第 {} 条", number)
