"""What stands between a signed-in user and the pages: how long a session lasts, and what must be done first."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from committees.accounts import second
from committees.accounts.open_sessions import begin

Answer = Callable[[HttpRequest], HttpResponse]
IDLE, LONGEST = 30 * 60, 12 * 3600
# Written no oftener than this, so that reading a page need not write.
_EVERY = 60
# What asks by itself, while nobody may be there.
_BY_ITSELF = {"upload-progress"}
_ALWAYS = {"login", "logout", "healthz", "readyz", "sign-in-again"}
_FIRST = {"password": {"password_change"}, "second": {"second-factor"}}


def sessions(get_response: Answer) -> Answer:
    """A session ends after 30 minutes without a request, after 12 hours at the latest, and when an administrator says
    so."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            begin(request)
            began, seen = request.session["began"], request.session.setdefault("seen", now)
            ended = getattr(request.user, "sessions_from", None)
            if now - began > LONGEST or now - seen > IDLE or (ended and began < ended.timestamp()):
                logout(request)
            elif now - seen > _EVERY:
                request.by_hand = True  # type: ignore[attr-defined]
        response = get_response(request)
        if request.user.is_authenticated:
            # Signed in just now.
            begin(request)
        match = request.resolver_match
        if getattr(request, "by_hand", False) and (match is None or match.url_name not in _BY_ITSELF):
            request.session["seen"] = time.time()
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # Nothing of the register stays in a browser's or proxy's memory.
            response["Cache-Control"] = "no-store"
        return response

    return answer


class MustFirst:
    """Whoever has a first password changes it, and whoever needs a second factor sets it up, before anything else."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if not request.user.is_authenticated or name in _ALWAYS:
            return None
        if getattr(request.user, "password_is_first", False):
            return None if name in _FIRST["password"] else redirect("password_change")
        if request.user.is_verified():  # type: ignore[attr-defined] # by django_otp
            return None
        if second.has(request.user):
            # Signed in before there was one, or by a way around it.
            logout(request)
            return redirect_to_login(request.get_full_path())
        if second.must_have(request.user):
            return None if name in _FIRST["second"] else redirect("second-factor")
        return None
