"""Who saw a person: for those who answer for him, and have to be able to tell him."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from committees.listings import ACCESS
from committees.models import AccessLog
from committees.scope import may_change, require
from common.desk.listing import Listing, export, show
from organizations.models import Member


def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is on record of one person: pages that were read, phones that were shown, by whom and why."""
    return show(request, _listing(request, pk))


def seen_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    return export(request, _listing(request, pk))


def _listing(request: HttpRequest, pk: int) -> Listing:
    require(may_change(request.user))
    person = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    return replace(
        ACCESS,
        title="谁看过这个人",
        rows=lambda request: AccessLog.objects.of_record(person),
        export=reverse("member-seen-export", args=[pk]),
        said=f"{person}：每次打开页面、编辑、查看全号都在这里。导出名单的记录在“查看和导出记录”里。",
    )
