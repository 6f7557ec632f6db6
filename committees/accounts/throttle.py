"""Guessing is slowed: by name and address together (django-axes), looser by name from anywhere, looser by address for
many names. Counted from the access log, so that it holds for all processes."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from committees.models import AccessKind, AccessLog, AccessLogQuerySet

WINDOW = dt.timedelta(minutes=15)
# An office of twenty behind one address mistypes now and then; thirty failures in a quarter of an hour are no slips.
OF_ADDRESS, OF_NAME = 30, 40
# Wrong old passwords, when somebody changes it: whoever sits at an unlocked desk gets no more tries.
OF_OLD_PASSWORDS = 5
OLD_PASSWORD = "旧密码不对"  # noqa: S105 - the result in the log
STOPPED = "登录失败过多，暂停受理"


def _failed() -> AccessLogQuerySet:
    return AccessLog.objects.filter(what=AccessKind.SIGN_IN_FAILED, at__gte=timezone.now() - WINDOW)


def is_slowed(request: HttpRequest | None, name: str) -> bool:
    """Whether so many sign-ins failed lately from this address, or for this name, that none is tried any more. That
    somebody was stopped is on record, once a lock: it is not counted itself, and not every try is a row."""
    address = "" if request is None else str(request.META.get("REMOTE_ADDR") or "")
    name = name[:200]
    for of, most in (({"address": address}, OF_ADDRESS), ({"who": name}, OF_NAME)):
        if any(of.values()) and _failed().filter(**of).count() >= most:
            noted = AccessLog.objects.filter(what=AccessKind.DENIED, result=STOPPED, at__gte=timezone.now() - WINDOW)
            if not noted.filter(**of).exists():
                AccessLog.note(request, AccessKind.DENIED, "登录", who=name, result=STOPPED)
            return True
    return False


def refused_password(request: HttpRequest | None, user: Any, password: str) -> str:
    """Why the password that a signed-in user gives once more is not taken; "" when it is. Wrong ones are counted."""
    if _failed().filter(user=user, result=OLD_PASSWORD).count() >= OF_OLD_PASSWORDS:
        return "现在的密码输错次数过多，请 15 分钟后再试。"
    if not user.check_password(password):
        AccessLog.note(request, AccessKind.SIGN_IN_FAILED, user=user, result=OLD_PASSWORD)
        return "现在的密码不对。"
    return ""
