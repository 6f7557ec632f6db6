import django_filters
from django import forms
from django.db.models import Q

from committees.models import Committee
from enterprises.models import Enterprise, IndustrySection, Ownership
from enterprises.querysets import today


class EnterpriseFilter(django_filters.FilterSet):
    """The 查询 row over the register."""

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
    ownership = django_filters.ChoiceFilter(choices=Ownership.choices, label="企业类型", empty_label="全部")
    industry_section = django_filters.ChoiceFilter(
        choices=IndustrySection.choices, label="行业门类", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        choices=[("open", "未注销"), ("closed", "已注销")], method="of_state", label="状态", empty_label="全部"
    )

    class Meta:
        model = Enterprise
        fields = ["q", "committee", "ownership", "industry_section", "state"]

    def search(self, rows, name: str, value: str):
        return rows.search(value)

    def of_committee(self, rows, name: str, value: Committee):
        return rows.under(value.pk, today())

    def of_state(self, rows, name: str, value: str):
        closed = Q(closed_on__lte=today())
        return rows.filter(closed if value == "closed" else ~closed | Q(closed_on__isnull=True))
