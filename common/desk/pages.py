"""Lists in pages: one way to page and sort, with the whole state in the address."""

from typing import Any

from django.core.paginator import Page, Paginator

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
