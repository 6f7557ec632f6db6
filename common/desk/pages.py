"""Lists in pages: one way to page and sort, with the whole state in the address. And one way to hand files out."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse

from common.sheets import XLSX, download

PAGE_SIZE = 20


def page_of(rows: Any, number: str | None, size: int = PAGE_SIZE) -> Page:
    """The page asked for, with `numbers` to link to; a number that is none or too high gives the first or last page."""
    paginator = Paginator(rows, size)
    page = paginator.get_page(number)
    numbered: Any = page
    # 1 … 4 5 6 … 12; a single page needs no number.
    numbered.numbers = (
        list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)) if paginator.num_pages > 1 else []
    )
    return page


def hand_out(
    request: HttpRequest,
    content: bytes,
    filename: str,
    *,
    what: str,
    of: models.Model | None = None,
    count: int | None = None,
    content_type: str = XLSX,
) -> HttpResponse:
    """`content` as a file to save, on record: `what` it is in words that name nobody, `of` which record, rows."""
    request.user.note_access(request, "export", what, of=of, count=count, content=content)  # type: ignore[union-attr]
    return download(content, filename, content_type)
