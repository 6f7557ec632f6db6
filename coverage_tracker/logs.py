"""What stands in the log: when, how bad, of which request, where in the code; never what stands in a row.

An exception's own words may quote the row that it is about (a database's error message does, a ValueError may), so only
its kind and the places are written.
"""

import datetime as dt
import logging
import secrets
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType

from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def request_ids(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request a number, which its log lines carry, and its answer in X-Request-ID."""

    def answer(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(6)
        _request_id.set(number)
        response = get_response(request)
        response["X-Request-ID"] = number
        return response

    return answer


class OfRequest(logging.Filter):
    """Adds the number of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class WithoutRows(logging.Formatter):
    """Writes of an exception its kind and the places that it went through; of a moment its offset too."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return dt.datetime.fromtimestamp(record.created, dt.UTC).astimezone().isoformat(timespec="milliseconds")

    def formatException(self, ei: Raised) -> str:
        lines = []
        error = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            lines.append(type(error).__qualname__)
            error = error.__cause__ or error.__context__
        return "\n".join(lines)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """One line a message: what came with a request cannot forge another."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
