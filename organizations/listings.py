"""The lists of organizations and of members."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Count, DateField, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.urls import reverse

from committees.listings import toolbar
from committees.models import Committee
from committees.scope import of_a_line, sees_all
from common.desk.filters import AsOfFilter, ListFilter, day_asked
from common.desk.listing import Column, Listing
from common.periods import live_q
from common.text import masked
from organizations.actions import ACTIONS
from organizations.filters import OrganizationFilter
from organizations.models import (
    Liaison,
    Member,
    MemberPlacement,
    MemberStage,
    OrganizationForm,
    OrganizationKind,
    PartyOrganization,
    PositionGroup,
    SecretaryTerm,
    Sex,
    Stage,
    Subordination,
)


def _organizations(request: HttpRequest) -> QuerySet:
    day = day_asked(request)
    secretary = SecretaryTerm.objects.live_on(day).filter(organization=OuterRef("pk"))
    return (
        PartyOrganization.objects.visible_to(request.user)
        .filter(established_on__lte=day)
        .as_on(day)
        .annotate(
            covered=Count("covers__enterprise", filter=live_q(day, "covers__start", "covers__end"), distinct=True),
            secretary=Subquery(secretary.values("name")[:1]),
            term_ends_on=Subquery(secretary.values("term_ends_on")[:1]),
            on_day=Value(day, DateField()),
            liaison=Subquery(Liaison.objects.live_on(day).filter(organization=OuterRef("pk")).values("name")[:1]),
        )
        .order_by("was_committee_order", "was_name")
    )


def _line(row: Any) -> str:
    """Whom it belongs to: a committee of an industry line by its name, or the kind of line."""
    territorial = row.was_subordination == Subordination.TERRITORIAL
    return (not territorial and row.superior_label) or _LINES[row.was_subordination]


def _overdue(row: Any) -> int | None:
    """For how many days the term of whoever is in office has been over on the day asked about."""
    return max((row.on_day - row.term_ends_on).days, 0) or None if row.term_ends_on else None


def _tools(request: HttpRequest) -> list[tuple[str, str]]:
    """What stands above the list; pages of a floor above are known by their names."""
    found = [
        *toolbar("organization-new")(request),
        ("推荐评选", reverse("nominations")),
        ("有效覆盖", reverse("effective")),
        ("党组织书记", reverse("secretaries")),
    ]
    if sees_all(request.user) or of_a_line(request.user):
        found.append(("行业系统所属党组织", reverse("line")))
    return found


_KINDS, _FORMS, _LINES = dict(OrganizationKind.choices), dict(OrganizationForm.choices), dict(Subordination.choices)
ORGANIZATIONS = Listing(
    key="organizations",
    title="党组织",
    rows=_organizations,
    filter=OrganizationFilter,
    columns=[
        Column("name", "党组织名称", lambda row: row.was_name, "was_name", lambda row: row.get_absolute_url()),
        Column("committee", "党（工）委", lambda row: row.committee_label, "was_committee_order"),
        Column("kind", "类别", lambda row: _KINDS.get(row.was_kind, ""), "was_kind"),
        Column("form", "组建方式", lambda row: _FORMS.get(row.was_form, ""), "was_form"),
        Column("superior", "隶属", _line, "was_subordination"),
        Column("established_on", "成立日期", lambda row: row.established_on, "established_on"),
        Column("dissolved_on", "撤销日期", lambda row: row.dissolved_on, "dissolved_on"),
        Column("secretary", "书记", lambda row: row.secretary, "secretary"),
        Column("term_ends_on", "届满日期", lambda row: row.term_ends_on, "term_ends_on"),
        Column("overdue", "超期天数", _overdue, "term_ends_on", numeric=True, shown=False),
        Column("liaison", "分包联系领导", lambda row: row.liaison, "liaison", shown=False),
        Column("covered", "覆盖企业数", lambda row: row.covered, "covered", numeric=True),
    ],
    empty="没有符合条件的党组织。可以点“新增”登记，或导入党组织基本情况表。",
    tools=_tools,
    actions=ACTIONS,
)


class MemberFilter(ListFilter):
    folded = ("sex", "education", "position_group", "due")

    q = django_filters.CharFilter(
        method="search",
        label="姓名",
        widget=forms.TextInput(attrs={"placeholder": "姓名、拼音首字母", "type": "search"}),
    )
    committee = django_filters.ModelChoiceFilter(
        queryset=lambda request: Committee.objects.visible_to(request.user), label="党（工）委", empty_label="全部"
    )
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label="阶段", empty_label="全部")
    as_of = AsOfFilter()
    sex = django_filters.ChoiceFilter(choices=Sex.choices, label="性别", empty_label="全部")
    education = django_filters.CharFilter(lookup_expr="icontains", label="学历")
    position_group = django_filters.ChoiceFilter(choices=PositionGroup.choices, label="岗位类别", empty_label="全部")
    due = django_filters.ChoiceFilter(
        choices=[("probation_over", "预备期满一年，该讨论转正")], method="of_due", label="要办的事", empty_label="不限"
    )

    class Meta:
        model = Member
        fields = ["q", "committee", "stage", "as_of", "sex", "education", "position_group", "due"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def of_due(self, rows: Any, name: str, value: str) -> Any:
        return rows.probation_over(day_asked(self.request))


def _members(request: HttpRequest) -> QuerySet:
    day = day_asked(request)
    stage = MemberStage.objects.live_on(day).filter(member=OuterRef("pk"))
    placed = MemberPlacement.objects.live_on(day).filter(member=OuterRef("pk"))
    return (
        Member.objects.visible_to(request.user)
        .select_related("committee")
        .annotate(
            stage=Subquery(stage.values("stage")[:1]),
            stage_order=Case(
                *(When(stage=code, then=number) for number, code in enumerate(Stage.values)),
                default=None,
                output_field=IntegerField(),
            ),
            stage_since=Subquery(stage.values("start")[:1]),
            workplace=Subquery(placed.values("enterprise__name")[:1]),
            body=Subquery(placed.values("organization__name")[:1]),
            position_group=Subquery(placed.values("position_group")[:1]),
        )
        .order_by("committee__order", "name", "pk")
    )


_STAGES = dict(Stage.choices)
_POSITIONS = dict(PositionGroup.choices)
MEMBERS = Listing(
    key="members",
    title="党员及发展对象",
    rows=_members,
    filter=MemberFilter,
    columns=[
        Column("name", "姓名", lambda row: row.name, "name", lambda row: row.get_absolute_url()),
        Column("sex", "性别", lambda row: row.get_sex_display(), "sex"),
        Column("committee", "党（工）委", lambda row: str(row.committee), "committee__order"),
        Column("stage", "阶段", lambda row: _STAGES.get(row.stage, ""), "stage_order"),
        Column("stage_since", "自", lambda row: row.stage_since, "stage_since"),
        Column("workplace", "工作单位", lambda row: row.workplace, "workplace"),
        Column("body", "所在党组织", lambda row: row.body, "body"),
        Column(
            "position", "岗位类别", lambda row: _POSITIONS.get(row.position_group, ""), "position_group", shown=False
        ),
        Column("education", "学历", lambda row: row.education, "education", shown=False),
        Column("phone", "手机号码", lambda row: masked(row.phone), shown=False),
    ],
    empty="没有符合条件的人员。可以点“新增”登记，或导入党员花名册。",
    # Figures stand a floor higher; the address is known by its name.
    tools=lambda request: [
        *toolbar("member-new")(request),
        *([("发展党员情况", reverse("funnel"))] if request.user.sees_persons else []),  # type: ignore[union-attr]
    ],
)
