"""Who is on the way to a recognition, and how far (clauses 6, 7, 20)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from committees.models import Committee
from common.desk.filters import ListFilter
from common.desk.listing import Column, Listing
from common.plan import Item
from common.today import today
from enterprises.models import Enterprise
from organizations.models import Nomination, NominationState, State, items_by_code
from organizations.nominate import NOMINATING, SIX_GOOD


class NominationFilter(ListFilter):
    q = django_filters.CharFilter(
        method="search",
        label="党组织、企业或党员",
        widget=forms.TextInput(attrs={"placeholder": "名称", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        method="of_committee",
        label="党（工）委",
        empty_label="全部",
    )
    code = django_filters.ModelChoiceFilter(
        queryset=lambda request: Item.objects.filter(awarded=True),
        to_field_name="code",
        method="of_item",
        label="评选",
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(choices=NominationState.choices, label="进展", empty_label="全部")

    class Meta:
        model = Nomination
        fields = ["q", "committee", "code", "state"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        named = Q(organization__name__icontains=value) | Q(enterprise__name__icontains=value)
        return rows.filter(named | Q(member__name__icontains=value))

    def of_committee(self, rows: Any, name: str, value: Committee) -> Any:
        ours = Enterprise.objects.under(value.pk, today())
        mine = Q(organization__committee=value) | Q(member__committee=value)
        return rows.filter(mine | Q(enterprise_id__in=ours.values("pk")))

    def of_item(self, rows: Any, name: str, value: Item) -> Any:
        return rows.filter(code=value.code)


def _rows(request: HttpRequest) -> Any:
    parts = Item.objects.filter(whole__code=SIX_GOOD).values("code")
    whose = Enterprise.objects.with_committee(today()).filter(pk=OuterRef("enterprise_id"))
    six = State.objects.live_on(today()).filter(organization=OuterRef("organization_id"), code__in=parts)
    label = Coalesce(_label("organization"), _label("member"))
    return (
        Nomination.objects.visible_to(request.user)
        .select_related("organization", "enterprise", "member", "recommended_by", "reviewed_by")
        .annotate(
            committee_label=Coalesce(label, Subquery(whose.values("committee_label"))),
            good=Subquery(six.order_by().values("organization").annotate(n=Count("code", distinct=True)).values("n")),
        )
    )


def _label(owner: str) -> Case:
    """The committee of the organization or person, as it is called everywhere."""
    return Case(
        When(**{f"{owner}__committee__short_name": ""}, then=F(f"{owner}__committee__name")),
        default=F(f"{owner}__committee__short_name"),
    )


def _describe(rows: list[Any]) -> None:
    """How the recognition is called, and of an organization how many of the six it has."""
    items = items_by_code()
    six = Item.objects.filter(whole__code=SIX_GOOD).count()
    for row in rows:
        row.award = str(items.get(row.code, row.code))
        row.good_of = f"{row.good or 0} / {six}" if row.organization_id else "—"


NOMINATIONS = Listing(
    key="nominations",
    title="推荐评选",
    rows=_rows,
    filter=NominationFilter,
    columns=[
        Column("name", "党组织（企业、党员）", str, "organization__name", lambda row: row.subject.get_absolute_url()),
        Column("committee", "党（工）委", lambda row: row.committee_label or "未定属地"),
        Column("code", "评选", lambda row: row.award, "code"),
        Column("good", "六好已登记", lambda row: row.good_of),
        Column("evidence", "事迹和依据", lambda row: row.evidence),
        Column("recommended_on", "推荐日期", lambda row: row.recommended_on, "recommended_on"),
        Column("recommended_by", "推荐人", lambda row: str(row.recommended_by or "—"), shown=False),
        Column("state", "进展", lambda row: row.get_state_display(), "state"),
        Column("said", "审核意见", lambda row: row.said or "—"),
        Column("reviewed_by", "审核人", lambda row: str(row.reviewed_by or "—"), shown=False),
        Column("document", "命名文件", lambda row: row.document or "—"),
        Column("awarded_on", "命名日期", lambda row: row.awarded_on, "awarded_on"),
    ],
    empty="没有推荐。在党组织页或企业页点“推荐评选”。",
    actions=NOMINATING,
    describe=_describe,
    with_extras=False,
)
