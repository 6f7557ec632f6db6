"""Who was inspected, what was found, and how far it is put right (clause 34)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_change, may_settle
from common.desk.filters import ListFilter
from common.desk.listing import Column, Listing
from common.fields import PICKER
from common.today import today
from enterprises.models import Enterprise
from organizations.inspect import INSPECTING
from organizations.models import Inspection, InspectionForm, PartyOrganization, Standing

_STANDINGS = [
    ("open", "整改中（含已逾期）"),
    ("soon", "7 天内到期"),
    ("overdue", "已逾期（含逾期后上报）"),
    *((each.value, each.label) for each in (Standing.REPORTED, Standing.CLOSED, Standing.NONE)),
]


class InspectionFilter(ListFilter):
    folded = ("subject", "since", "until")

    q = django_filters.CharFilter(
        method="search",
        label="检查对象",
        widget=forms.TextInput(attrs={"placeholder": "名称", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    form = django_filters.ChoiceFilter(choices=InspectionForm.choices, label="检查方式", empty_label="全部")
    standing = django_filters.ChoiceFilter(
        choices=_STANDINGS, method="of_standing", label="整改进展", empty_label="全部"
    )
    subject = django_filters.ChoiceFilter(
        choices=[("committee", "党（工）委"), ("organization", "党组织"), ("enterprise", "企业")],
        method="of_subject",
        label="检查的是",
        empty_label="全部",
    )
    since = django_filters.DateFilter(field_name="inspected_on", lookup_expr="gte", label="检查日期从", widget=PICKER)
    until = django_filters.DateFilter(field_name="inspected_on", lookup_expr="lte", label="到", widget=PICKER)

    class Meta:
        model = Inspection
        fields = ["q", "committee", "form", "standing", "subject", "since", "until"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        committees = Q(committee__name__icontains=value) | Q(committee__short_name__icontains=value)
        organizations = PartyOrganization.objects.search(value).values("pk")
        enterprises = Enterprise.objects.search(value).values("pk")
        return rows.filter(committees | Q(organization__in=organizations) | Q(enterprise__in=enterprises))

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        return rows.of_committee(value.pk)

    def of_standing(self, rows: Any, name: str, value: str) -> Any:
        return rows.standing(value, today())

    def of_subject(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(**{f"{value}__isnull": False})


def _rows(request: HttpRequest) -> Any:
    whose = Enterprise.objects.with_committee(today()).filter(pk=OuterRef("enterprise_id"))

    def label(of: str) -> Any:
        return Case(When(**{f"{of}__short_name": ""}, then=F(f"{of}__name")), default=F(f"{of}__short_name"))

    return (
        Inspection.objects.visible_to(request.user)
        .select_related("committee", "organization", "enterprise", "entered_by", "reported_by", "closed_by")
        .annotate(
            committee_label=Coalesce(
                label("committee"), label("organization__committee"), Subquery(whose.values("committee_label"))
            ),
            committee_order=Coalesce(
                "committee__order", "organization__committee__order", Subquery(whose.values("committee_order"))
            ),
            name=Coalesce("committee__name", "organization__name", "enterprise__name"),
        )
    )


def _tools(request: HttpRequest) -> list[tuple[str, str]]:
    """The lists in which those are ticked that were inspected. That of committees stands a floor higher."""
    tools = [("检查企业", reverse("enterprises")), ("检查党组织", reverse("organizations"))]
    if may_settle(request.user):
        tools.append(("检查党（工）委", reverse("items", args=["committee"])))
    return tools if may_change(request.user) else []


INSPECTIONS = Listing(
    key="inspections",
    title="督促检查",
    rows=_rows,
    filter=InspectionFilter,
    columns=[
        Column("name", "检查对象", lambda row: row.name, "name", lambda row: row.get_absolute_url()),
        Column("committee", "党（工）委", lambda row: row.committee_label or "未定属地", "committee_order"),
        Column("inspected_on", "检查日期", lambda row: row.inspected_on, "inspected_on"),
        Column("form", "检查方式", lambda row: row.get_form_display(), "form"),
        Column("findings", "发现的问题", lambda row: row.findings or "—"),
        Column("due_on", "整改期限", lambda row: row.due_on, "due_on"),
        Column("standing", "整改进展", lambda row: row.standing.label),
        Column("days_late", "逾期天数", lambda row: row.days_late or None, numeric=True),
        Column("outcome", "整改情况", lambda row: row.outcome or "—"),
        Column("reported_on", "上报日期", lambda row: row.reported_on, "reported_on", shown=False),
        Column("reported_by", "上报人", lambda row: str(row.reported_by or "—"), shown=False),
        Column("returned", "退回理由", lambda row: row.returned or "—", shown=False),
        Column("closed_on", "整改完成日期", lambda row: row.closed_on, "closed_on"),
        Column("closed_by", "核实人", lambda row: str(row.closed_by or "—"), shown=False),
        Column("entered_by", "登记人", lambda row: str(row.entered_by or "—"), shown=False),
    ],
    empty="没有符合条件的检查。在企业、党组织、党（工）委的页面点“登记检查”，或在它们的列表里勾选后批量登记。",
    tools=_tools,
    actions=INSPECTING,
    with_extras=False,
)
