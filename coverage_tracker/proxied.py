"""Behind a proxy: who asked, and whether by TLS, is believed of the proxy that the settings name, of nobody else."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_SAID = ("X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "X_FORWARDED_PORT", "FORWARDED")
_FORWARDED = [f"HTTP_{name}" for name in _SAID]


def is_trusted(peer: str) -> bool:
    """Whether the peer is the proxy of the settings; "" is a socket of this machine."""
    for each in settings.TRUSTED_PROXY:
        if each == "unix":
            if not peer:
                return True
        else:
            try:
                if ipaddress.ip_address(peer) in ipaddress.ip_network(each, strict=False):
                    return True
            except ValueError:
                continue
    return False


def proxied(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Puts the client's address into REMOTE_ADDR, and takes what others claim of themselves out of the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in _FORWARDED}
        if is_trusted(str(request.META.get("REMOTE_ADDR") or "")):
            # The last is what our proxy has seen; those before were told to it.
            client = said["HTTP_X_FORWARDED_FOR"].rpartition(",")[2].strip()
            # Where the proxy said nothing that is an address, its own stays.
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(client))
            if said["HTTP_X_FORWARDED_PROTO"] == "https":
                request.META["HTTP_X_FORWARDED_PROTO"] = "https"
        return get_response(request)

    return answer
