"""核对无误: somebody compared what is entered of an enterprise with how it is."""

import datetime as dt

from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, Effects
from enterprises.models import Enterprise


@transaction.atomic
def check(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """The enterprise's entries were compared with the facts on `on`."""
    enterprise.checked_on = on
    enterprise.save(update_fields=["checked_on"])
    return [f"{enterprise}：{on} 核对无误"]


class Check(Action):
    slug, label, model, run = "check", "核对无误", Enterprise, staticmethod(check)
    allowed = staticmethod(may_change)
    hint = "登记的内容已与实际情况核对。"
    takes_many = True
