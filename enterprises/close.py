"""注销 an enterprise, and taking that back. What hangs on it from any floor ends with it, as the models declare."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from committees.scope import may_change
from common.desk.actions import Action, Effects, UndatedForm
from common.ending import ended_words, restored_words
from common.lives import cut, mark, restore
from enterprises.models import Enterprise
from enterprises.on_open import OnOpen


@transaction.atomic
def close(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """Close the enterprise on `on`: it leaves numerator and base that day, and all that lies within its life ends.
    Raises ValidationError if it is closed, or was registered later."""
    if enterprise.closed_on is not None:
        raise ValidationError(f"这家企业已于 {enterprise.closed_on} 注销。")
    if enterprise.registered_on is not None and enterprise.registered_on > on:
        raise ValidationError({"on": f"企业成立于 {enterprise.registered_on}，注销日期不能更早。"})
    enterprise.closed_on = on
    enterprise.full_clean()
    enterprise._change_reason = reason = mark("注销")  # type: ignore[attr-defined]
    enterprise.save()
    return [f"自 {on} 起注销，不再计入基数", *ended_words(cut(enterprise, reason), enterprise)]


@transaction.atomic
def reopen(enterprise: Enterprise) -> Effects:
    """Take the closing back, and with it all that it ended or took out."""
    day = enterprise.closed_on
    if day is None:
        raise ValidationError("这家企业没有注销。")
    enterprise.closed_on = None
    enterprise.full_clean()
    enterprise.save()
    done, left = restore(enterprise, "closed_on", day)
    return [f"撤回 {day} 的注销，重新按未注销计入", *restored_words(done, enterprise), *left]


class Close(OnOpen):
    slug, label, run = "close", "注销", staticmethod(close)
    hint = "从生效日期起不计入基数，覆盖、派驻、人数和群团组织同日结束。"


class Reopen(Action):
    slug, label, model, form = "reopen", "撤回注销", Enterprise, UndatedForm
    run, allowed = staticmethod(reopen), staticmethod(may_change)
    hint = "注销登记错了的，恢复到注销之前；随注销结束的覆盖、派驻等一并恢复。"

    @staticmethod
    def applies(subject: Enterprise) -> bool:
        return subject.closed_on is not None
