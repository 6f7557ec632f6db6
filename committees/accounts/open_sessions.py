"""Where somebody is signed in: read from the sessions themselves, of which an office has some dozens."""

import datetime as dt
import hashlib
import time
from typing import Any, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

# In the order in which they are told apart: each names those behind it too.
_BROWSERS = {
    "MicroMessenger": "微信", "QQBrowser": "QQ 浏览器", "360": "360 浏览器", "Edg": "Edge", "Firefox": "Firefox",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


class Open(NamedTuple):
    """One sign-in. `mark` tells it again and opens nothing."""

    mark: str
    since: dt.datetime
    seen: dt.datetime
    address: str
    browser: str
    is_this: bool


def begin(request: HttpRequest) -> None:
    """Note in the session when and from where it began, if it is new."""
    if "began" not in request.session:
        request.session["began"] = time.time()
        request.session["address"] = str(request.META.get("REMOTE_ADDR") or "")[:45]
        request.session["browser"] = in_short(request.headers.get("User-Agent", ""))


def in_short(agent: str) -> str:
    """A browser and its system by name, as far as it says."""
    known = [next((name for word, name in names.items() if word in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return "，".join(name for name in known if name) or "不详"


def _living(user: Any, idle: float, longest: float) -> list[tuple[Session, dict[str, Any]]]:
    """The user's sessions that would still be let in."""
    now, found = time.time(), []
    ended = user.sessions_from.timestamp() if user.sessions_from else 0.0
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        held = session.get_decoded()
        mine = held.get(SESSION_KEY) == str(user.pk) and held.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if mine and "began" in held:
            began = held["began"]
            if began >= ended and now - began <= longest and now - held.get("seen", began) <= idle:
                found.append((session, held))
    return found


def of(user: Any, this: str | None, idle: float, longest: float) -> list[Open]:
    """Where the user is signed in, the last seen first. `this`: the key of the session that asks."""
    found = []
    for session, held in _living(user, idle, longest):
        since, seen = (dt.datetime.fromtimestamp(at, dt.UTC) for at in (held["began"], held.get("seen", held["began"])))
        browser = str(held.get("browser", "不详"))
        found.append(
            Open(_mark(session), since, seen, str(held.get("address", "")), browser, session.session_key == this)
        )
    return sorted(found, key=lambda each: (not each.is_this, -each.seen.timestamp()))


def end(user: Any, mark: str, this: str | None, idle: float, longest: float) -> int:
    """End the one of this mark, or all others for "others"; never the one that asks. How many ended."""
    number = 0
    for session, _ in _living(user, idle, longest):
        if session.session_key != this and mark in {"others", _mark(session)}:
            number += session.delete()[0]
    return number


def _mark(session: Session) -> str:
    return hashlib.sha256(session.session_key.encode()).hexdigest()[:16]
