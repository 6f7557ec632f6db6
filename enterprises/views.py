"""The register in pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

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


def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise with all its dated facts."""
    found = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    sections = [
        (
            "党组织覆盖",
            ["党组织", "开始", "结束"],
            _periods(found.covers.select_related("organization"), "organization"),
        ),
        (
            "指导员派驻",
            ["指导员", "开始", "结束"],
            _periods(found.assignments.select_related("instructor"), "instructor"),
        ),
        (
            "人数",
            ["职工", "正式党员", "预备党员", "积极分子", "开始", "结束"],
            [
                [row.employees, row.full_members, row.probationary_members, row.activists, row.start, row.end]
                for row in found.headcounts.all()
            ],
        ),
        (
            "群团组织",
            ["种类", "组建方式", "开始", "结束"],
            [
                [row.get_kind_display(), row.get_form_display(), row.start, row.end]
                for row in found.mass_organizations.all()
            ],
        ),
        (
            "属地管理",
            ["党（工）委", "开始", "结束"],
            _periods(found.jurisdictions.select_related("committee"), "committee"),
        ),
        (
            "不纳入基数",
            ["原因", "依据", "开始", "结束"],
            [[row.get_reason_display(), row.evidence, row.start, row.end] for row in found.exclusions.all()],
        ),
    ]
    return render(request, "enterprises/detail.html", {"enterprise": found, "sections": sections})


def _periods(rows, owner: str) -> list[list]:
    return [[getattr(row, owner), row.start, row.end] for row in rows]
