"""The list of enterprises, with what the upper floors know of each: who covers it, who is assigned."""

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from common.desk.filters import day_asked
from common.desk.listing import Column
from coverage_tracker.records.floors import ACTIONS
from enterprises.filters import EnterpriseFilter
from enterprises.listings import ENTERPRISES as REGISTER
from instructors.models import Assignment
from organizations.models import Cover, PartyOrganization


class CoverageFilter(EnterpriseFilter):
    coverage = django_filters.ChoiceFilter(
        choices=[
            ("organization", "有党组织"),
            ("instructor", "没有党组织，有指导员"),
            ("none", "都没有"),
        ],
        method="of_coverage",
        label="覆盖",
        empty_label="全部",
    )

    def of_coverage(self, rows: Any, name: str, value: str) -> Any:
        rows = rows.filter(organization__isnull=value != "organization")
        return rows if value == "organization" else rows.filter(instructor__isnull=value == "none")


def _rows(request: HttpRequest) -> QuerySet:
    day = day_asked(request)
    covers = Cover.objects.live_on(day).filter(enterprise=OuterRef("pk")).order_by("start", "pk")
    live = covers.filter(organization__in=PartyOrganization.objects.live_on(day))
    assignments = Assignment.objects.live_on(day).filter(enterprise=OuterRef("pk")).order_by("start", "pk")
    # Another committee's is told by its name only (docs/access.md).
    own = PartyOrganization.objects.visible_to(request.user).filter(pk=OuterRef("organization_id_shown"))
    rows: QuerySet = (
        REGISTER.rows(request)
        .annotate(
            organization=Subquery(live.values("organization__name")[:1]),
            organization_id_shown=Subquery(live.values("organization_id")[:1]),
            instructor=Subquery(assignments.values("instructor__name")[:1]),
        )
        .annotate(organization_opens=Exists(own))
    )
    return rows


_COLUMNS = [
    Column(
        "organization", "党组织", lambda row: row.organization, "organization",
        lambda row: reverse("organization", args=[row.organization_id_shown]) if row.organization_opens else None,
    ),
    Column("instructor", "指导员", lambda row: row.instructor, "instructor"),
]  # fmt: skip
_AT = next(index for index, column in enumerate(REGISTER.columns) if column.key == "ownership")
ENTERPRISES = replace(
    REGISTER,
    rows=_rows,
    filter=CoverageFilter,
    actions=ACTIONS,
    tools=lambda request: [*REGISTER.tools(request), ("登记名单核对", reverse("registration-findings"))],
    columns=[*REGISTER.columns[:_AT], *_COLUMNS, *REGISTER.columns[_AT:]],
)
