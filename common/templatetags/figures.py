"""How numbers and dates stand on the screen."""

import datetime as dt

from django import template

from common.periods import Precision
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
