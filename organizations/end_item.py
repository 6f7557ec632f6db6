"""结束 a state of an item: the subject has it no longer."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, Effects
from common.recording import finish
from organizations.models import State, items_by_code


@transaction.atomic
def end_state(state: State, *, on: dt.date) -> Effects:
    """The state ends on `on`. Raises ValidationError for one that has ended, begins later, or does not end."""
    item = items_by_code()[state.code]
    if item.lasting:
        raise ValidationError(f"“{item}”做到后不会失效；登记错了的请用“更正”作废。")
    if state.end is not None:
        raise ValidationError(f"“{item}”已于 {state.end} 结束。")
    if state.start >= on:
        raise ValidationError({"on": f"“{item}”从 {state.start} 开始，结束日期必须更晚。"})
    finish(state, on)
    return [f"“{item}”到 {on} 为止"]


class EndState(Action):
    slug, label, model, run = "end", "结束", State, staticmethod(end_state)
    allowed = staticmethod(may_change)

    @staticmethod
    def applies(subject: State) -> bool:
        return subject.end is None
