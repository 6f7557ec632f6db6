"""Adding and editing what is not dated: one form page for every kind of record.

An edit form carries a version (common/desk/versioned.py); of a new record, likely duplicates are shown before it is
saved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from common.desk.versioned import VersionedModelForm


class EditForm(VersionedModelForm):
    """A versioned form in groups; its choices are scoped to `user`."""

    GROUPS: ClassVar[list[tuple[str, list[str]]]] = []
    # The name whose likely duplicates were shown: another name is compared anew.
    despite = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.scope()

    def scope(self) -> None:
        """Set the querysets of the choice fields; nothing by default."""

    def likely_duplicates(self) -> list[models.Model]:
        """Records that the user sees and that may be the one being added."""
        return []

    def put_before_district(self) -> str:
        """Where the form claims what another committee holds: put it before the district, and what to tell the user;
        nothing is saved then. "" where it claims nothing. Raises ValidationError."""
        return ""

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in their groups, for the page."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]


@dataclass(frozen=True)
class Editing:
    """How one kind of record is added and edited."""

    model: type[models.Model]
    what: str
    form: type[EditForm]
    new_form: type[EditForm]
    # The url name of a record's page, and of the list.
    page: str
    listing: str
    allowed: Callable[[Any], bool]
    # Whether it is a person, whose page is not opened unnoticed.
    of_persons: bool = False
    # What the address of the form for a new one may say beforehand.
    told: tuple[str, ...] = ()


def editing_paths(editing: Editing) -> list[URLPattern]:
    """LIST/new/ and LIST/PK/edit/."""
    base, page = editing.listing, editing.page
    return [
        path(f"{base}/new/", lambda request: add(request, editing), name=f"{page}-new"),
        path(f"{base}/<int:pk>/edit/", lambda request, pk: edit(request, editing, pk), name=f"{page}-edit"),
    ]


def edit(request: HttpRequest, editing: Editing, pk: int) -> HttpResponse:
    """Edit one record. The second of two saves is shown both values and loses nothing."""
    if not editing.allowed(request.user):
        raise PermissionDenied
    with transaction.atomic():
        rows = editing.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        found: Any = get_object_or_404(rows.select_for_update() if request.method == "POST" else rows, pk=pk)
        form = editing.form(request.POST or None, instance=found, user=request.user)
        if request.method == "POST" and form.is_valid():
            claimed, stopped = _claimed(form)
            if claimed:
                messages.warning(request, claimed)
                return redirect(editing.page, pk=found.pk)
            if not stopped:
                form.save()
                messages.success(request, f"已保存：{found}。")
                return redirect(editing.page, pk=found.pk)
    if editing.of_persons:
        request.user.note_access(request, "person", f"编辑{editing.what}", of=found)  # type: ignore[union-attr]
    context = {"form": form, "title": f"编辑{editing.what}", "subject": found, "back": reverse(editing.page, args=[pk])}
    return render(request, "form.html", context, status=422 if form.errors else 200)


def _claimed(form: EditForm) -> tuple[str, bool]:
    """What is told of a claim that was put before the district ("": there is none), and whether even that was
    refused: then it stands in the form."""
    try:
        return form.put_before_district(), False
    except ValidationError as error:
        form.add_error(None, error)
        return "", True


def add(request: HttpRequest, editing: Editing) -> HttpResponse:
    """Add a record; likely duplicates are shown before it is saved."""
    if not editing.allowed(request.user):
        raise PermissionDenied
    initial = {name: request.GET[name] for name in editing.told if name in request.GET}
    form = editing.new_form(request.POST or None, user=request.user, initial=initial)
    duplicates: list[tuple[models.Model, str]] = []
    if request.method == "POST" and form.is_valid():
        named = str(form.cleaned_data.get("name", ""))
        likely = [] if form.cleaned_data["despite"] == named else form.likely_duplicates()
        duplicates = [(each, reverse(editing.page, args=[each.pk])) for each in likely]
        claimed, stopped = ("", False) if duplicates else _claimed(form)
        if claimed:
            messages.warning(request, claimed)
            return redirect(editing.listing)
        if not (duplicates or stopped):
            with transaction.atomic():
                made = form.save()
            messages.success(request, f"已新增：{made}。")
            return redirect(editing.page, pk=made.pk)
    context = {
        "form": form,
        "title": f"新增{editing.what}",
        "duplicates": duplicates,
        "what": editing.what,
        "named": form.data.get("name", ""),
        "back": reverse(editing.listing),
    }
    return render(request, "form.html", context, status=422 if form.errors else 200)
