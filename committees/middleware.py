"""What is turned away is on record."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from committees.models import AccessKind, AccessLog

_TURNED_AWAY = {403, 404}


def denials(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put on record what a signed-in user asked for and was not given: a page that the role may not open, a record
    that is another committee's (or nobody's)."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        # An address that leads nowhere is a slip, no question.
        asked = response.status_code in _TURNED_AWAY and request.resolver_match is not None
        if asked and user is not None and user.is_authenticated:
            where = f"{request.method} {request.path}"
            AccessLog.note(request, AccessKind.DENIED, where, result=str(response.status_code))
        return response

    return answer
