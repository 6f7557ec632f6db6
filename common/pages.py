"""Lists in pages: one way to page and sort, with the whole state in the address."""

from typing import Any

from django.core.paginator import Page, Paginator

PAGE_SIZE = 20


def page_of(rows: Any, number: str | None, size: int = PAGE_SIZE) -> Page:
    """The page asked for; a number that is none or too high gives the first or last page."""
    return Paginator(rows, size).get_page(number)
