"""The register in pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.pages import page_of
from common.sheets import download, workbook_bytes
from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise
from enterprises.querysets import today

HEADINGS = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "党（工）委",
    "企业类型",
    "所属行业",
    "成立日期",
    "注销日期",
    "法定代表人",
    "所属村（社区）",
    "联系电话",
]


def _filtered(request: HttpRequest) -> EnterpriseFilter:
    rows = Enterprise.objects.visible_to(request.user).with_committee(today())
    return EnterpriseFilter(request.GET, queryset=rows, request=request)


def enterprises(request: HttpRequest) -> HttpResponse:
    """The list of enterprises, filtered as the address says."""
    filters = _filtered(request)
    page = page_of(filters.qs, request.GET.get("page"))
    return render(request, "enterprises/list.html", {"filter": filters, "page": page})


def enterprises_export(request: HttpRequest) -> HttpResponse:
    """The same list, whole, as a workbook."""
    rows = _filtered(request).qs
    cells = (
        [
            number,
            row.name,
            row.credit_code,
            row.committee_name,
            row.get_ownership_display(),
            row.industry or row.get_industry_section_display(),
            row.registered_on,
            row.closed_on,
            row.legal_representative,
            row.village,
            row.contact_phone,
        ]
        for number, row in enumerate(rows.iterator(2000), 1)
    )
    return download(workbook_bytes("企业名单", [f"导出日期 {today()}"], HEADINGS, cells), f"企业名单（{today()}）.xlsx")
