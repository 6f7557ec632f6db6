from typing import Any

import django_filters
from django import forms

from committees.models import Committee
from common.desk.filters import AsOfFilter, ListFilter, YesNoFilter, day_asked
from instructors.models import Instructor


class InstructorFilter(ListFilter):
    """The 查询 row over the instructors, with the load of the date asked about."""

    q = django_filters.CharFilter(
        method="search", label="指导员", widget=forms.TextInput(attrs={"placeholder": "姓名、单位", "type": "search"})
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user), label="党（工）委", empty_label="全部"
    )

    state = django_filters.ChoiceFilter(
        choices=[("in", "在任"), ("left", "已离任")], method="of_state", label="状态", empty_label="全部"
    )
    full_time = YesNoFilter(label="专职")
    due = django_filters.ChoiceFilter(
        choices=[
            ("over", "派驻期已满"),
            ("soon", "派驻期 90 天内满"),
            ("idle", "没有派驻企业"),
            ("closed", "派驻的企业已注销，可以改派"),
        ],
        method="of_due",
        label="应办",
        empty_label="全部",
    )
    as_of = AsOfFilter()

    class Meta:
        model = Instructor
        fields = ["q", "committee", "state", "full_time", "due", "as_of"]

    def of_state(self, rows: Any, name: str, value: str) -> Any:
        day = day_asked(self.request)
        return rows.in_office(day) if value == "in" else rows.filter(left_on__lte=day)

    def of_due(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(pk__in=Instructor.objects.due(value, day_asked(self.request)).values("pk"))

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)
