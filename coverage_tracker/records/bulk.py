"""What is done with several ticked enterprises at once: one form, one preview, one transaction."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from committees.scope import may_settle, may_upload, require
from common.desk.actions import ActionForm, Effects, attempt, told
from enterprises.actions import ExcludeForm
from enterprises.exclude import exclude
from enterprises.models import Enterprise
from instructors.actions import AssignForm
from instructors.assign import assign

MOST = 500


def check(enterprise: Enterprise, *, on: dt.date) -> Effects:
    """核对无误: the enterprise's entries were compared with the facts on `on`."""
    enterprise.checked_on = on
    enterprise.save(update_fields=["checked_on"])
    return [f"{enterprise}：{on} 核对无误"]


class Bulk(NamedTuple):
    label: str
    form: type[ActionForm]
    run: Callable[..., Effects]
    allowed: Callable[[Any], bool]


BULK = {
    "assign": Bulk("批量派驻指导员", AssignForm, assign, may_upload),
    "check": Bulk("批量核对无误", ActionForm, check, may_upload),
    "exclude": Bulk("批量不纳入基数", ExcludeForm, exclude, may_settle),
}


def enterprises(request: HttpRequest, what: str) -> HttpResponse:
    """Ask, show, do, for every ticked enterprise or for none."""
    if what not in BULK:
        raise Http404
    bulk = BULK[what]
    require(bulk.allowed(request.user))
    back = _back(request)
    ticked = (request.POST if request.method == "POST" else request.GET).getlist("row")
    keys = [int(key) for key in ticked if key.isdecimal() and len(key) < 19][:MOST]
    with transaction.atomic():
        found = Enterprise.objects.visible_to(request.user).filter(pk__in=keys)
        if request.method == "POST":
            # Locked in one order, and read under the lock.
            list(found.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        rows = list(found.order_by("name", "pk"))
        if not rows:
            messages.error(request, "请先勾选企业。")
            return redirect(back)
        form = bulk.form(request.POST if request.method == "POST" else None, user=request.user, subject=rows[0])
        # Of several records, what they do tells that one has moved on.
        del form.fields["version"]
        effects: Effects = []
        answers = told(request, effects)
        if request.method == "POST" and form.is_valid():

            def run() -> Effects:
                return [effect for row in rows for effect in _run(bulk, row, form.cleaned_data)]

            effects, answers, done = attempt(request, form, run)
            if done:
                messages.success(request, f"{bulk.label}：{len(rows)} 家已完成。")
                return redirect(back)
    context = {"label": bulk.label, "rows": rows, "form": form, "effects": effects, "answers": answers, "back": back}
    return render(request, "bulk.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    """The list as it was when the rows were ticked: its filter, order and page."""
    listing = reverse("enterprises")
    asked = (request.POST if request.method == "POST" else request.GET).get("back", "")
    return asked if asked == listing or asked.startswith(f"{listing}?") else listing


def _run(bulk: Bulk, row: Enterprise, answers: dict[str, Any]) -> Effects:
    """One enterprise's part; an error names the enterprise."""
    try:
        return [each if str(row) in each else f"{row}：{each}" for each in bulk.run(row, **answers)]
    except ValidationError as error:
        raise ValidationError([f"{row}：{message}" for message in error.messages]) from None
