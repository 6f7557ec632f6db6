from typing import Any

import django_filters
from django import forms

from committees.models import Committee
from common.desk.filters import AsOfFilter, ListFilter, day_asked
from organizations.models import OrganizationForm, OrganizationKind, PartyOrganization, Subordination


class OrganizationFilter(ListFilter):
    """The 查询 row over the organizations, as they were on the date asked about."""

    folded = ("kind", "form", "subordination", "due")

    q = django_filters.CharFilter(
        method="search", label="党组织", widget=forms.TextInput(attrs={"placeholder": "名称", "type": "search"})
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    kind = django_filters.ChoiceFilter("was_kind", choices=OrganizationKind.choices, label="类别", empty_label="全部")
    form = django_filters.ChoiceFilter(
        "was_form", choices=OrganizationForm.choices, label="组建方式", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        choices=[("live", "在册"), ("dissolved", "已撤销")], method="of_state", label="状态", empty_label="全部"
    )
    subordination = django_filters.ChoiceFilter(
        "was_subordination", choices=Subordination.choices, label="隶属", empty_label="全部"
    )
    due = django_filters.ChoiceFilter(
        choices=[
            ("no_secretary", "没有书记"),
            ("overdue", "任期已届满"),
            ("soon", "任期 90 天内届满"),
            ("crowded", "联合党组织覆盖超过 5 家"),
            ("no_lead", "联合党组织没有牵头企业"),
            ("no_liaison", "没有分包联系领导"),
            ("undated", "没有填成立日期"),
        ],
        method="of_due",
        label="要办的事",
        empty_label="不限",
    )
    as_of = AsOfFilter()

    class Meta:
        model = PartyOrganization
        fields = ["q", "committee", "state", "as_of", "kind", "form", "subordination", "due"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        return rows.filter(was_committee=value.pk)

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        day = day_asked(self.request)
        return rows.live_on(day) if value == "live" else rows.filter(dissolved_on__lte=day)

    def of_due(self, rows: Any, name: str, value: str) -> Any:
        return rows.due(value, day_asked(self.request))
