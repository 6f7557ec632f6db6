"""Party organizations in pages."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.pages import page_of
from common.periods import live_q
from common.sheets import download, workbook_bytes
from enterprises.querysets import today
from organizations.filters import OrganizationFilter
from organizations.models import PartyOrganization, SecretaryTerm

HEADINGS = [
    "序号",
    "党组织名称",
    "党（工）委",
    "类别",
    "组建方式",
    "隶属",
    "成立日期",
    "撤销日期",
    "书记",
    "覆盖企业数",
]


def _filtered(request: HttpRequest) -> OrganizationFilter:
    live_covers = live_q(today(), "covers__start", "covers__end")
    secretary = SecretaryTerm.objects.live_on(today()).filter(organization=OuterRef("pk"))
    rows = (
        PartyOrganization.objects.visible_to(request.user)
        .select_related("committee", "superior")
        .annotate(
            covered=Count("covers__enterprise", filter=Q(live_covers), distinct=True),
            secretary=Subquery(secretary.values("name")[:1]),
        )
        .order_by("committee__order", "name")
    )
    return OrganizationFilter(request.GET, queryset=rows, request=request)


def organizations(request: HttpRequest) -> HttpResponse:
    """The list of organizations, filtered as the address says."""
    filters = _filtered(request)
    page = page_of(filters.qs, request.GET.get("page"))
    return render(request, "organizations/list.html", {"filter": filters, "page": page})


def organizations_export(request: HttpRequest) -> HttpResponse:
    """The same list, whole, as a workbook."""
    cells = (
        [
            number,
            row.name,
            str(row.committee),
            row.get_kind_display(),
            row.get_form_display(),
            str(row.superior) if row.superior else row.get_subordination_display(),
            row.established_on,
            row.dissolved_on,
            row.secretary,
            row.covered,
        ]
        for number, row in enumerate(_filtered(request).qs, 1)
    )
    content = workbook_bytes("党组织名单", [f"导出日期 {today()}"], HEADINGS, cells)
    return download(content, f"党组织名单（{today()}）.xlsx")
