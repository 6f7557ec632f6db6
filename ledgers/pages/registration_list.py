"""What the regulator's lists say otherwise than the register, and what became of each (clause 29)."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.http import HttpRequest
from django.urls import reverse

from committees.models import Committee
from committees.scope import may_change, sees_persons
from common.desk.filters import ListFilter
from common.desk.listing import Column, Listing
from common.initials import by_key
from enterprises.models import Enterprise
from ledgers.models import FindingKind, FindingState, RegistrationFinding
from ledgers.uploads.settle_finding import SETTLING

_DISTRICT = "全区名单"


class FindingFilter(ListFilter):
    q = django_filters.CharFilter(
        method="search",
        label="企业",
        widget=forms.TextInput(attrs={"placeholder": "名称、信用代码", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user),
        label="党（工）委",
        empty_label="全部",
        null_label=_DISTRICT,
    )
    kind = django_filters.ChoiceFilter(choices=FindingKind.choices, label="类别", empty_label="全部")
    state = django_filters.ChoiceFilter(
        choices=FindingState.choices, field_name="now", label="状态", empty_label="全部"
    )

    class Meta:
        model = RegistrationFinding
        fields = ["q", "committee", "kind", "state"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Q(name__icontains=value) | by_key(value) | Q(code__icontains=value))


def _flag(value: bool) -> Value:
    return Value(value, output_field=BooleanField())


def _rows(request: HttpRequest) -> Any:
    seen = Enterprise.objects.visible_to(request.user).filter(pk=OuterRef("enterprise_id"))
    open_first = Case(When(now=FindingState.OPEN, then=0), default=1)
    return (
        RegistrationFinding.objects.visible_to(request.user)
        .with_standing()
        .select_related("committee", "enterprise", "settled_by")
        .annotate(
            may_open=Exists(seen),
            may_add=_flag(may_change(request.user)),
            # Who may know no persons is not led to a file that may name some.
            may_see_list=_flag(sees_persons(request.user)),
        )
        .order_by(open_first, "committee__order", "kind", "name", "pk")
    )


def _where(row: Any) -> str | None:
    """The enterprise, or the form for a new one with what the list says of it."""
    if row.may_open:
        return str(row.enterprise.get_absolute_url())
    if row.kind == FindingKind.NEW and row.now == FindingState.OPEN and row.may_add:
        return f"{reverse('enterprise-new')}?{urlencode({'name': row.name, 'credit_code': row.code})}"
    return None


def _said(row: Any) -> str:
    answered = row.now == FindingState.SETTLED and row.state == FindingState.OPEN
    return "登记已经改过" if answered else row.said or "—"


FINDINGS = Listing(
    key=RegistrationFinding.LIST,
    title="登记名单核对",
    rows=_rows,
    filter=FindingFilter,
    columns=[
        Column("name", "企业名称", lambda row: row.name, "name", _where),
        Column("code", "统一社会信用代码", lambda row: row.code or "—"),
        Column("kind", "类别", lambda row: row.get_kind_display(), "kind"),
        Column("committee", "党（工）委", lambda row: str(row.committee or _DISTRICT), "committee__order"),
        Column("detail", "说明", lambda row: row.detail or "—"),
        Column(
            "as_of",
            "名单日期",
            lambda row: row.as_of,
            "as_of",
            lambda row: reverse("upload", args=[row.upload_id]) if row.may_see_list else None,
        ),
        Column("state", "状态", lambda row: FindingState(row.now).label, "now"),
        Column("settled_on", "处理日期", lambda row: row.settled_on or "—", "settled_on"),
        Column("settled_by", "处理人", lambda row: str(row.settled_by or "—")),
        Column("said", "处理说明", _said),
    ],
    empty="没有要核对的。在“台账上传”上传市场监管登记名单，与登记不一致的列在这里，改好登记或写明处理情况为止。",
    tools=lambda request: [("台账上传", reverse("uploads"))],
    actions=SETTLING,
    with_extras=False,
    said="名单与登记不一致的，改好登记后不再列为待处理；写明已处理或不需处理的，留下说明。",
)
