"""What is out of the base and what is asked to be: the denominator, enterprise by enterprise (rule 1)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, OuterRef, Subquery, When
from django.http import HttpRequest
from django.urls import reverse

from committees.models import Committee
from common.desk.filters import AsOfFilter, ListFilter, day_asked
from common.desk.listing import Column, Listing
from common.today import today
from enterprises.exclude import Approve, Refuse, Withdraw
from enterprises.models import BaseExclusion, Enterprise, ExclusionReason, ExclusionRequest, RequestState


def _of_enterprise(rows: Any, request: HttpRequest) -> Any:
    """`rows` as the user sees them, with whose the enterprise is today."""
    whose = Enterprise.objects.with_committee(today()).filter(pk=OuterRef("enterprise_id"))
    return (
        rows.visible_to(request.user)
        .select_related("enterprise")
        .annotate(
            committee_label=Subquery(whose.values("committee_label")),
            committee_order=Subquery(whose.values("committee_order")),
        )
    )


class _Filter(ListFilter):
    q = django_filters.CharFilter(
        method="search",
        label="企业",
        widget=forms.TextInput(attrs={"placeholder": "名称、信用代码", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    reason = django_filters.ChoiceFilter(choices=ExclusionReason.choices, label="原因", empty_label="全部")

    def search(self, rows: Any, name: str, value: str) -> Any:
        found = Enterprise.objects.search(value)
        return rows.filter(enterprise_id__in=found.values("pk"))

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        return rows.filter(enterprise_id__in=Enterprise.objects.under(value.pk, today()).values("pk"))


class ExclusionFilter(_Filter):
    due = django_filters.ChoiceFilter(
        choices=[("soon", "30 天内到期"), ("back", "到期后重新纳入的"), ("open", "没有复核日期")],
        method="of_due",
        label="复核",
        empty_label="不限",
    )
    as_of = AsOfFilter()

    class Meta:
        model = BaseExclusion
        fields = ["q", "committee", "reason", "due", "as_of"]

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        # What is due is asked about beside what holds on the day.
        return found if self.form.cleaned_data.get("due") else found.live_on(day_asked(self.request))

    def of_due(self, rows: Any, name: str, value: str) -> Any:
        return rows.to_review(value, day_asked(self.request))


def _called(rows: Any, user: str) -> Subquery:
    """How the user of the first of `rows` is called."""
    name = Case(When(**{f"{user}__name": ""}, then=F(f"{user}__username")), default=F(f"{user}__name"))
    return Subquery(rows.annotate(called=name).values("called")[:1])


def _exclusions(request: HttpRequest) -> Any:
    """Since when, why and by whom: the last request that was granted, or whoever recorded it."""
    first = BaseExclusion.history.filter(id=OuterRef("pk")).order_by("history_id")
    granted = ExclusionRequest.objects.filter(
        enterprise=OuterRef("enterprise"), state=RequestState.APPROVED, start=OuterRef("start")
    ).order_by("-pk")
    return (
        _of_enterprise(BaseExclusion.objects.all(), request)
        .annotate(
            recorded_by=_called(first, "history_user"),
            asked_by_name=_called(granted, "asked_by"),
        )
        .order_by("committee_order", F("end").asc(nulls_last=True), "enterprise__name")
    )


EXCLUSIONS = Listing(
    key="exclusions",
    title="不纳入基数",
    rows=_exclusions,
    filter=ExclusionFilter,
    columns=[
        Column(
            "name",
            "企业名称",
            lambda row: row.enterprise.name,
            "enterprise__name",
            lambda row: row.enterprise.get_absolute_url(),
        ),
        Column("committee", "党（工）委", lambda row: row.committee_label or "未定属地", "committee_order"),
        Column("reason", "原因", lambda row: row.get_reason_display(), "reason"),
        Column("evidence", "依据", lambda row: row.evidence),
        Column("start", "自", lambda row: row.start, "start"),
        Column("end", "复核日期", lambda row: row.end or "没有定", "end"),
        Column("asked_by", "申请人", lambda row: row.asked_by_name or "—"),
        Column("recorded_by", "核定（登记）人", lambda row: row.recorded_by or "—"),
    ],
    empty="这一天没有不纳入基数的企业。",
    tools=lambda request: [("申请和核定", reverse("exclusion-requests"))],
    with_extras=False,
)


class RequestFilter(_Filter):
    state = django_filters.ChoiceFilter(choices=RequestState.choices, label="状态", empty_label="全部")

    class Meta:
        model = ExclusionRequest
        fields = ["q", "committee", "reason", "state"]


def _requests(request: HttpRequest) -> Any:
    rows = _of_enterprise(ExclusionRequest.objects.all(), request).select_related("asked_by", "decided_by")
    return rows.order_by("-asked_on", "committee_order", "enterprise__name")


def _asked_by(row: ExclusionRequest) -> str:
    who = str(row.asked_by or "—")
    return f"{who}（台账写明）" if row.from_ledger else who


EXCLUSION_REQUESTS = Listing(
    key="exclusion-requests",
    title="不纳入基数申请",
    rows=_requests,
    filter=RequestFilter,
    columns=[
        Column(
            "name",
            "企业名称",
            lambda row: row.enterprise.name,
            "enterprise__name",
            lambda row: row.enterprise.get_absolute_url(),
        ),
        Column("committee", "党（工）委", lambda row: row.committee_label or "未定属地", "committee_order"),
        Column("reason", "原因", lambda row: row.get_reason_display(), "reason"),
        Column("evidence", "依据", lambda row: row.evidence),
        Column("start", "从何日起", lambda row: row.start, "start"),
        Column("review_on", "复核日期", lambda row: row.review_on, "review_on"),
        Column("asked_by", "申请人", _asked_by),
        Column("asked_on", "申请日期", lambda row: row.asked_on, "asked_on"),
        Column("state", "状态", lambda row: row.get_state_display(), "state"),
        Column("decided_by", "核定人", lambda row: str(row.decided_by or "—")),
        Column("said", "核定意见", lambda row: row.said or "—"),
    ],
    empty="没有申请。在企业页点“申请不纳入基数”，或在企业列表里勾选后办理。",
    tools=lambda request: [("现在不纳入基数的", reverse("exclusions"))],
    actions=[Approve, Refuse, Withdraw],
    with_extras=False,
)
