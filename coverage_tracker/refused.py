"""Requests that no page of ours takes, whatever server is in front: answered before anything of them is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

METHODS = ["GET", "HEAD", "POST"]
# Larger than any file that may be uploaded, with the form around it.
REQUEST_BYTES = 32 * 1024 * 1024
_TOO_LARGE = "一次上传的文件太大（超过 32 MB），请分几次上传。"


def refused(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses other methods (TRACE would be answered like GET) and bodies that are too large. A body of unstated
    length is none to Django."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > REQUEST_BYTES:
            return HttpResponse(_TOO_LARGE, content_type="text/plain; charset=utf-8", status=413)
        return get_response(request)

    return answer
