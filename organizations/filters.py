import django_filters
from django import forms
from django.db.models import Q

from committees.models import Committee
from organizations.models import OrganizationForm, OrganizationKind, PartyOrganization


class OrganizationFilter(django_filters.FilterSet):
    """The 查询 row over the organizations."""

    q = django_filters.CharFilter(
        method="search", label="党组织", widget=forms.TextInput(attrs={"placeholder": "名称", "type": "search"})
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user), label="党（工）委", empty_label="全部"
    )
    kind = django_filters.ChoiceFilter(choices=OrganizationKind.choices, label="类别", empty_label="全部")
    form = django_filters.ChoiceFilter(choices=OrganizationForm.choices, label="组建方式", empty_label="全部")
    state = django_filters.ChoiceFilter(
        choices=[("live", "在册"), ("dissolved", "已撤销")], method="of_state", label="状态", empty_label="全部"
    )

    class Meta:
        model = PartyOrganization
        fields = ["q", "committee", "kind", "form", "state"]

    def search(self, rows, name: str, value: str):
        return rows.search(value)

    def of_state(self, rows, name: str, value: str):
        return rows.filter(Q(dissolved_on__isnull=value == "live"))
