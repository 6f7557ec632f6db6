"""The list of enterprises."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from committees.listings import toolbar
from common.desk.filters import day_asked
from common.desk.listing import Column, Listing
from common.text import masked
from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise, IndustrySection, Ownership


def _rows(request: HttpRequest) -> QuerySet:
    """What was registered by the date asked about, and under the user's committee on it."""
    day = day_asked(request)
    rows = Enterprise.objects.visible_to(request.user, day).may_open(request.user).exclude(registered_on__gt=day)
    return rows.with_committee(day).as_on(day)


_OWNERSHIP, _SECTIONS = dict(Ownership.choices), dict(IndustrySection.choices)


def _ours(name: str) -> Callable[[Any], Any]:
    """A column that has no date of its own: of what has gone to another committee since, nothing."""
    return lambda row: getattr(row, name) if row.may_open else None


def _industry(row: Any) -> str:
    return row.was_industry or _SECTIONS.get(row.was_industry_section, "")


ENTERPRISES = Listing(
    key="enterprises",
    title="企业",
    rows=_rows,
    filter=EnterpriseFilter,
    columns=[
        Column(
            "name",
            "企业名称",
            lambda row: row.was_name,
            "was_name",
            lambda row: row.get_absolute_url() if row.may_open else None,
        ),
        Column("credit_code", "统一社会信用代码", lambda row: row.credit_code, "credit_code"),
        Column("committee", "党（工）委", lambda row: row.committee_label or "未定属地", "committee_order"),
        Column("ownership", "企业类型", lambda row: _OWNERSHIP.get(row.was_ownership, ""), "was_ownership"),
        Column("industry", "所属行业", _industry, "was_industry"),
        Column("registered_on", "成立日期", lambda row: row.registered_on, "registered_on"),
        Column("closed_on", "注销日期", lambda row: row.closed_on, "closed_on"),
        Column("legal_representative", "法定代表人", _ours("legal_representative"), "legal_representative"),
        Column("former_names", "曾用名", _ours("former_names"), "former_names", shown=False),
        Column("village", "所属村（社区）", lambda row: row.was_village, "was_village", shown=False),
        Column("contact_name", "联系人", _ours("contact_name"), "contact_name", shown=False),
        Column("contact_phone", "联系电话", lambda row: masked(row.contact_phone) if row.may_open else "", shown=False),
        Column("above_scale", "规模以上", lambda row: row.was_above_scale, "was_above_scale", shown=False),
        Column("checked_on", "最近核对", _ours("checked_on"), "checked_on", shown=False),
    ],
    empty="没有符合条件的企业。登记为空时，请先在“台账上传”中导入台账。",
    tools=lambda request: [*toolbar("enterprise-new")(request), ("不纳入基数", reverse("exclusions"))],
)
