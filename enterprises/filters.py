from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from committees.models import Committee
from common.desk.filters import AsOfFilter, ListFilter, YesNoFilter, day_asked
from enterprises.models import Enterprise, IndustrySection, Ownership


class EnterpriseFilter(ListFilter):
    """The 查询 row over the register, as it was on the date asked about."""

    folded = ("ownership", "industry_section", "above_scale", "missing")

    q = django_filters.CharFilter(
        method="search",
        label="企业",
        widget=forms.TextInput(attrs={"placeholder": "名称、曾用名、信用代码、联系人", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    ownership = django_filters.ChoiceFilter(
        "was_ownership", choices=Ownership.choices, label="企业类型", empty_label="全部"
    )
    industry_section = django_filters.ChoiceFilter(
        "was_industry_section", choices=IndustrySection.choices, label="行业门类", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        choices=[("open", "未注销"), ("closed", "已注销")], method="of_state", label="状态", empty_label="全部"
    )
    above_scale = YesNoFilter(field_name="was_above_scale", label="规模以上")
    missing = django_filters.ChoiceFilter(
        choices=[
            ("credit_code", "统一社会信用代码"),
            ("registered_on", "成立日期"),
            ("ownership", "企业类型"),
            ("jurisdiction", "属地管理"),
        ],
        method="of_missing",
        label="缺项",
        empty_label="不限",
    )
    as_of = AsOfFilter()

    class Meta:
        model = Enterprise
        fields = ["q", "committee", "state", "as_of", "ownership", "industry_section", "above_scale", "missing"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        return rows.under(value.pk, day_asked(self.request))

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        closed = Q(closed_on__lte=day_asked(self.request))
        return rows.filter(closed if value == "closed" else ~closed | Q(closed_on__isnull=True))

    def of_missing(self, rows: Any, name: str, value: str) -> Any:
        # A code is null when missing, a choice is empty, a jurisdiction is none that is live.
        column = {"jurisdiction": "committee_label"}.get(value, value)
        return rows.filter(**({column: ""} if value == "ownership" else {f"{column}__isnull": True}))
