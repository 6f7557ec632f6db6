"""The 查询 row over the list behind a figure."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from committees.models import Committee
from common.desk.filters import ListFilter
from common.identifiers import normalize_credit_code
from enterprises.models import ExclusionReason, IndustrySection, Ownership
from reports.facts import Facts
from reports.freshness import dated_numbers, oldest_fresh
from reports.question import asked
from reports.rules import Rulebook

# In an address: enterprises that no committee answers for.
NOWHERE = "none"


class FigureFilter(ListFilter):
    """Filters flagged enterprises: of the tables or of their history."""

    folded = ("ownership", "above_scale", "numbers", "industry_section", "village")

    q = django_filters.CharFilter(
        method="search",
        label="企业",
        widget=forms.TextInput(attrs={"placeholder": "名称、信用代码", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        field_name="on_committee",
        queryset=lambda request: Committee.objects.visible_to(request.user),
        label="党（工）委",
        empty_label="全部",
        null_label="未定属地",
        null_value=NOWHERE,
        method="of_committee",
    )
    ownership = django_filters.ChoiceFilter(
        "was_ownership", choices=Ownership.choices, label="企业类型", empty_label="全部"
    )
    above_scale = django_filters.ChoiceFilter(
        choices=[("true", "规模以上"), ("false", "规模以下")], label="规模", empty_label="全部", method="of_scale"
    )

    industry_section = django_filters.ChoiceFilter(
        "was_industry_section",
        choices=IndustrySection.choices,
        label="行业门类",
        empty_label="全部",
        null_label="未填",
        null_value=NOWHERE,
        method="of_column",
    )
    village = django_filters.CharFilter("was_village", label="村（社区）", method="of_column")

    reason = django_filters.ChoiceFilter(
        choices=ExclusionReason.choices, field_name="outside", label="不纳入原因", empty_label="全部"
    )

    numbers = django_filters.ChoiceFilter(
        choices=[("old", "人数已陈旧"), ("known", "有人数"), ("none", "没有人数")],
        label="人数",
        empty_label="全部",
        method="of_numbers",
    )

    def of_numbers(self, rows: Any, name: str, value: str) -> Any:
        """By how old the numbers of people are on the date asked about (reports/freshness.py)."""
        question = asked(self.request)
        rules = Rulebook(Facts(question.known_at)).on(question.as_of)
        dated = dated_numbers(question.as_of, rules, known_at=question.known_at)
        if value == "old":
            dated = dated.filter(said_on__lt=oldest_fresh(question.as_of, rules))
        return rows.exclude(id__in=dated.values("id")) if value == "none" else rows.filter(id__in=dated.values("id"))

    def search(self, rows: Any, name: str, value: str) -> Any:
        code = normalize_credit_code(value)
        return rows.filter(Q(was_name__icontains=value) | (Q(credit_code__icontains=code) if code else Q()))

    def of_committee(self, rows: Any, name: str, value: Committee | str) -> Any:
        return rows.filter(on_committee=None if value == NOWHERE else value.pk)  # type: ignore[union-attr]

    def of_column(self, rows: Any, name: str, value: str) -> Any:
        """Exactly this value; NOWHERE: none."""
        none = Q(**{name: ""}) | Q(**{f"{name}__isnull": True})
        return rows.filter(none if value == NOWHERE else Q(**{name: value}))

    def of_scale(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(was_above_scale=value == "true")
