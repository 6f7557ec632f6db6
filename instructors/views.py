"""Instructors in pages."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.pages import page_of
from common.periods import live_q
from common.sheets import download, workbook_bytes
from enterprises.querysets import today
from instructors.filters import InstructorFilter
from instructors.models import Instructor

HEADINGS = ["序号", "姓名", "党（工）委", "工作单位及职务", "联系电话", "专职/兼职", "在岗派驻企业数"]


def masked(phone: str) -> str:
    """A phone as lists show it: 138****0846."""
    return phone if len(phone) < 8 else f"{phone[:3]}****{phone[-4:]}"


def _filtered(request: HttpRequest) -> InstructorFilter:
    live = live_q(today(), "assignments__start", "assignments__end") & (
        Q(assignments__enterprise__closed_on__isnull=True) | Q(assignments__enterprise__closed_on__gt=today())
    )
    rows = (
        Instructor.objects.visible_to(request.user)
        .select_related("committee")
        .annotate(load=Count("assignments__enterprise", filter=live, distinct=True))
        .order_by("committee__order", "name", "id")
    )
    return InstructorFilter(request.GET, queryset=rows, request=request)


def instructors(request: HttpRequest) -> HttpResponse:
    """The list of instructors with their load, filtered as the address says."""
    filters = _filtered(request)
    page = page_of(filters.qs, request.GET.get("page"))
    for row in page.object_list:
        row.masked_phone = masked(row.phone)
    return render(request, "instructors/list.html", {"filter": filters, "page": page})


def instructors_export(request: HttpRequest) -> HttpResponse:
    """The same list, whole, as a workbook; phones stay masked."""
    kinds = {True: "专职", False: "兼职", None: ""}
    cells = (
        [number, row.name, str(row.committee), row.unit, masked(row.phone), kinds[row.full_time], row.load]
        for number, row in enumerate(_filtered(request).qs, 1)
    )
    content = workbook_bytes("党建工作指导员名单", [f"导出日期 {today()}"], HEADINGS, cells)
    return download(content, f"党建工作指导员名单（{today()}）.xlsx")
