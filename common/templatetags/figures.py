"""How numbers and dates stand on the screen."""

import datetime as dt

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.periods import Precision
from common.plan import CLAUSES
from common.text import masked

register = template.Library()
register.filter("masked", masked)


@register.filter
def day(value: dt.date | None, precision: str = Precision.DAY) -> str:
    """A date as written in this office; to the month when that is all that is known."""
    if value is None:
        return ""
    return f"{value:%Y-%m}" if precision == Precision.MONTH else f"{value:%Y-%m-%d}"


@register.filter
def yes_no(value: bool | None) -> str:
    return {True: "是", False: "否", None: ""}[value]


@register.simple_tag
def clause(number: int) -> SafeString:
    """第 N 条, linked to the plan's own words."""
    if number not in CLAUSES:
        return format_html("第 {} 条", number)
    words = CLAUSES[number].wording
    return format_html('<a href="{}#clause-{}" title="{}">第 {} 条</a>', reverse("plan"), number, words, number)
