"""One kind of list for all records: search, sort, chosen columns, page size, tick rows, export.

The address carries the whole state. Column choice and page size are kept per user.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from common.desk.actions import Actions, offered_for_many
from common.desk.filters import ListFilter, day_asked
from common.desk.pages import hand_out, page_of
from common.extras import as_columns
from common.sheets import workbook_bytes
from common.today import today

PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True)
class Column:
    """One column: how it is called, what a row shows in it, by what it sorts, to where it links."""

    key: str
    label: str
    value: Callable[[Any], Any]
    order: str | tuple[str, ...] = ()
    link: Callable[[Any], str | None] | None = None
    numeric: bool = False
    shown: bool = True
    # Whether it is shown whatever the user has chosen.
    pinned: bool = False

    @property
    def orders(self) -> tuple[str, ...]:
        return (self.order,) if isinstance(self.order, str) else self.order


@dataclass(frozen=True)
class Listing:
    """A list of one kind of record. `rows(request)` gives the visible ones with what the columns need."""

    key: str
    title: str
    rows: Callable[[HttpRequest], models.QuerySet]
    filter: type[ListFilter]
    columns: list[Column]
    empty: str = "没有符合条件的记录。"
    # (label, address) of the toolbar.
    tools: Callable[[HttpRequest], list[tuple[str, str]]] = lambda request: []
    # What can be done to its records; those that take many are offered for ticked rows.
    actions: Actions = ()
    # Of which records the actions are, where not of the rows; and which record a row's tick means.
    acts_on: type[models.Model] | None = None
    tick: Callable[[Any], Any] = attrgetter("pk")
    # What an action is told beforehand, by the names of its questions.
    carries: Mapping[str, str] = field(default_factory=dict)
    # Completes the rows of a page, or all that are exported.
    describe: Callable[[list[Any]], None] = lambda rows: None
    # Where the export is, when the list has an address of its own.
    export: str = ""
    # Whether an export has the columns that ledgers held beside ours.
    with_extras: bool = True
    # Said above the list, and in the export.
    said: str = ""


@dataclass(frozen=True)
class Cell:
    value: Any
    link: str | None
    numeric: bool


def preference(request: HttpRequest, listing: Listing) -> tuple[list[Column], int]:
    """The user's columns and page size for this list."""
    kept = request.user.list_preferences.get(listing.key, {})  # type: ignore[union-attr]
    chosen = set(kept.get("columns", []))
    columns = [each for each in listing.columns if each.pinned or (each.key in chosen if chosen else each.shown)]
    size = kept.get("page_size")
    return columns or listing.columns[:1], size if size in PAGE_SIZES else PAGE_SIZES[0]


def keep_preference(request: HttpRequest, listing: Listing) -> None:
    """Keep the columns and page size that were posted; nonsense keeps nothing."""
    known = {each.key for each in listing.columns}
    columns = [key for key in request.POST.getlist("column") if key in known]
    asked = request.POST.get("page_size", "")
    size = int(asked) if asked.isdecimal() and int(asked) in PAGE_SIZES else None
    user: Any = request.user
    user.list_preferences = {**user.list_preferences, listing.key: {"columns": columns, "page_size": size}}
    # Not a fact: no history row for it.
    user._meta.model.objects.filter(pk=user.pk).update(list_preferences=user.list_preferences)


def _sorted(rows: models.QuerySet, columns: list[Column], sort: str) -> models.QuerySet:
    name = sort.removeprefix("-")
    column = next((each for each in columns if each.key == name and each.orders), None)
    if column is None:
        return rows
    minus = "-" if sort.startswith("-") else ""
    return rows.order_by(*(f"{minus}{part}" for part in column.orders), "pk")


def filtered(request: HttpRequest, listing: Listing) -> ListFilter:
    return listing.filter(request.GET, queryset=listing.rows(request), request=request)


def show(request: HttpRequest, listing: Listing, **more: Any) -> HttpResponse:
    """The list as the address asks for it; `more` is for its page."""
    if request.method == "POST":
        keep_preference(request, listing)
        return redirect(request.get_full_path())
    columns, size = preference(request, listing)
    filters = filtered(request, listing)
    sort = request.GET.get("sort", "")
    # A question that cannot be read finds nothing; the form says what is wrong.
    found = filters.qs if filters.is_valid() else listing.rows(request).none()
    page = page_of(_sorted(found, listing.columns, sort), request.GET.get("page"), size)
    page.object_list = list(page.object_list)
    listing.describe(page.object_list)
    rows = [(row, listing.tick(row), [_cell(column, row) for column in columns]) for row in page.object_list]
    return render(
        request,
        "listing.html",
        {
            "listing": listing,
            "filter": filters,
            "page": page,
            "rows": rows,
            "columns": columns,
            "sort": sort,
            "sizes": PAGE_SIZES,
            "size": size,
            "tools": listing.tools(request),
            "bulk": offered_for_many(listing.actions, listing.acts_on or listing.filter.Meta.model, request.user),
            "export": listing.export or reverse(f"{listing.key}-export"),
            **more,
        },
    )


def listing_paths(listing: Listing) -> list[URLPattern]:
    """The URLs of a list and of its export."""
    return [
        path(f"{listing.key}/", lambda request: show(request, listing), name=listing.key),
        path(f"{listing.key}/export/", lambda request: export(request, listing), name=f"{listing.key}-export"),
    ]


def export(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Exactly what is filtered and shown, sorted as the address says, as a workbook."""
    columns, _ = preference(request, listing)
    filters = filtered(request, listing)
    if not filters.is_valid():
        return bad_question(request, filters.form)
    day = day_asked(request)
    found = filters.qs
    rows = list(_sorted(found, listing.columns, request.GET.get("sort", "")))
    listing.describe(rows)
    only = request.user.only_committee  # type: ignore[union-attr]
    more, extras = as_columns(rows, day, told_by=only) if listing.with_extras else ([], [])
    lines = zip(rows, extras or [[]] * len(rows), strict=True)
    cells = (
        [number, *(column.value(row) for column in columns), *beside] for number, (row, beside) in enumerate(lines, 1)
    )
    headings = ["序号", *(column.label for column in columns), *more]
    notes = [listing.said] if listing.said else []
    content = workbook_bytes(listing.title, [*notes, f"截至 {day}，导出于 {today()}"], headings, cells)
    return hand_out(request, content, f"{listing.title}（{day}）.xlsx", what=f"{listing.title}名单", count=len(rows))


def bad_question(request: HttpRequest, form: Any) -> HttpResponse:
    """An export of what cannot be asked: 400, with what is wrong."""
    words = "；".join(
        f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items() if name in form.fields
    )
    return render(request, "error.html", {"title": "查询条件有误，没有导出", "remedy": words}, status=400)


def _cell(column: Column, row: Any) -> Cell:
    return Cell(column.value(row), column.link(row) if column.link else None, column.numeric)
