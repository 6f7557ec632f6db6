"""Who signed in, and who tried to, on record."""

import datetime as dt
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from committees.append_only import KEPT_DAYS
from committees.models import AccessKind, AccessLog


def listen() -> None:
    """Django tells of signing in by signals only."""
    user_logged_in.connect(_signed_in, dispatch_uid="access_log")
    user_logged_out.connect(_signed_out, dispatch_uid="access_log")
    user_login_failed.connect(_failed, dispatch_uid="access_log")


def _signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    # By what, as the form found it (committees/accounts/forms.py).
    device = getattr(user, "otp_device", None)
    factors = "密码" if device is None else f"密码和{device._meta.verbose_name}"
    AccessLog.note(request, AccessKind.SIGNED_IN, user=user, result=factors)


def _signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user is not None:
        AccessLog.note(request, AccessKind.SIGNED_OUT, user=user)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    AccessLog.note(request, AccessKind.SIGN_IN_FAILED, who=str(credentials.get("username", "")).replace("\x00", ""))


def expire_traces() -> int:
    """Delete what the access log need not keep any longer, and sessions that are over; how many rows of the log."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    before = timezone.now() - dt.timedelta(days=KEPT_DAYS, minutes=1)
    return AccessLog.objects.filter(at__lt=before).delete()[0]
