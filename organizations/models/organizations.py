"""Party organizations, the enterprises they cover, and their secretaries."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.former import Former, said_formerly
from common.initials import InitialsField, NameKeyField
from common.periods import Period, Precision
from common.record import Record
from common.series import Life
from enterprises.models import Enterprise
from organizations.querysets import CoverQuerySet, OrganizationFactQuerySet, PartyOrganizationQuerySet


class OrganizationKind(models.TextChoices):
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"


class OrganizationForm(models.TextChoices):
    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    GRID = "grid", "网格建立"


class Subordination(models.TextChoices):
    """隶属 (clause 28): a fact of its own beside the place."""

    TERRITORIAL = "territorial", "属地管理"
    INDUSTRY_LINE = "industry_line", "行业管理"


# Years in office: 《关于党的基层组织任期的意见》 (2018).
TERM_YEARS = {OrganizationKind.COMMITTEE: 5, OrganizationKind.GENERAL_BRANCH: 3, OrganizationKind.BRANCH: 3}


class PartyOrganization(Record):
    """党组织. Its identity is its name inside the committee."""

    PAGE, LIST, GONE = "organization", "organizations", "撤销"
    PEOPLE = "组织关系"

    committee = models.ForeignKey(
        Committee, verbose_name="所在党（工）委", on_delete=models.PROTECT, related_name="organizations"
    )
    name = models.CharField("党组织名称", max_length=200)
    kind = models.CharField("类别", max_length=16, choices=OrganizationKind, blank=True)
    form = models.CharField("组建方式", max_length=8, choices=OrganizationForm, blank=True)
    subordination = models.CharField("隶属", max_length=16, choices=Subordination, default=Subordination.TERRITORIAL)
    superior = models.ForeignKey(
        Committee,
        verbose_name="上级党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subordinates",
        help_text="隶属行业系统党委的填写；属地管理的留空",
    )
    established_on = models.DateField("成立日期")
    established_precision = models.CharField("成立日期精度", max_length=8, choices=Precision, default=Precision.DAY)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    initials = InitialsField("拼音首字母")
    name_key = NameKeyField("名称（规范化）")

    history = HistoricalRecords()
    objects = PartyOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["committee__order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "name"], name="organization_name_inside_committee"),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=F("established_on")),
                name="organization_dissolved_after_established",
                violation_error_message="撤销日期必须晚于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    LIFE = ("established_on", "dissolved_on")

    def people_leave(self, go_to: Any) -> str:
        return f"{self.PEOPLE}{f'转到{go_to}' if go_to else '不再属于任何党组织，请及时转接'}"

    @property
    def life(self) -> Life:
        return self.established_on, self.dissolved_on

    def is_live_on(self, day: dt.date) -> bool:
        return self.established_on <= day and (self.dissolved_on is None or self.dissolved_on > day)


class FormerOrganization(Former):
    """党组织沿革 (clauses 1, 28): whose it was, how it was called and of what kind until `end`."""

    OF, VALUE = ("organization",), ("committee", "name", "kind", "form", "subordination", "superior")

    organization = models.ForeignKey(
        PartyOrganization, verbose_name="党组织", on_delete=models.PROTECT, related_name="formers"
    )
    committee = models.ForeignKey(
        Committee, verbose_name="所在党（工）委", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("党组织名称", max_length=200, null=True, blank=True)
    kind = models.CharField("类别", max_length=16, choices=OrganizationKind, null=True, blank=True)
    form = models.CharField("组建方式", max_length=8, choices=OrganizationForm, null=True, blank=True)
    subordination = models.CharField("隶属", max_length=16, choices=Subordination, null=True, blank=True)
    superior = models.ForeignKey(
        Committee, verbose_name="上级党组织", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()
    objects = OrganizationFactQuerySet.as_manager()

    class Meta(Former.Meta):
        verbose_name = verbose_name_plural = "党组织沿革"
        ordering = ["start"]

    def __str__(self) -> str:
        return f"到 {self.end} 为止：{'，'.join(said_formerly(self).values())}"


class Cover(Period):
    """覆盖: this organization covers this enterprise from … until …"""

    OF, WITHIN = ("enterprise", "organization"), ("organization", "enterprise")

    organization = models.ForeignKey(
        PartyOrganization, verbose_name="党组织", on_delete=models.PROTECT, related_name="covers"
    )
    enterprise = models.ForeignKey(Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="covers")
    # Of a joint organization (clause 9): who leads it.
    leads = models.BooleanField("牵头企业", default=False)

    history = HistoricalRecords()
    objects = CoverQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "覆盖"
        ordering = ["start"]
        indexes = [
            models.Index(fields=["enterprise", "start"]),
            models.Index(fields=["organization", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.organization} → {self.enterprise}"

    def seen_from(self, owner: Any) -> str:
        return f"对{self.enterprise}的覆盖" if owner == self.organization else f"{self.organization}的覆盖"


class SecretarySource(models.TextChoices):
    """来源 (clause 17)."""

    ELECTED_INSIDE = "elected_inside", "企业内部选举"
    OFFICIAL = "official", "党政机关事业单位干部"
    VETERAN = "veteran", "复转军人"
    VILLAGE_GRADUATE = "village_graduate", "大学生村干部"
    RECRUITED = "recruited", "公开招聘"
    OTHER = "other", "其他"


class SecretaryTerm(Period):
    """党组织书记任期."""

    OF, VALUE, WITHIN = ("organization",), ("name",), ("organization",)

    organization = models.ForeignKey(
        PartyOrganization, verbose_name="党组织", on_delete=models.PROTECT, related_name="secretary_terms"
    )
    name = models.CharField("书记姓名", max_length=50)
    source = models.CharField("来源", max_length=20, choices=SecretarySource, blank=True)
    elected_on = models.DateField("选举日期", null=True, blank=True)
    document = models.CharField("选举或任职文件", max_length=200, blank=True)
    full_time = models.BooleanField("专职", null=True, blank=True)
    term_ends_on = models.DateField("届满日期", null=True, blank=True)

    history = HistoricalRecords()
    objects = OrganizationFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "党组织书记"
        ordering = ["start"]

    def __str__(self) -> str:
        return f"{self.name}（{self.start} 起）"

    def seen_from(self, owner: Any) -> str:
        return f"{self.name}的书记任期"

    def follow_start(self, start: dt.date) -> list[str]:
        if self.elected_on != self.start:
            return []
        self.elected_on, self.term_ends_on = start, term_ends_on(self.organization.kind, start)
        return [f"选举日期随之改为 {start}，届满日期改为 {self.term_ends_on or '（空）'}"]


def term_ends_on(kind: str, elected_on: dt.date) -> dt.date | None:
    """The day on which a term that began with the election ends; None for an unknown kind.

    Committee 5 years, general branch and branch 3 (2018 opinion). 29 February becomes 1 March.
    """
    if kind not in TERM_YEARS:
        return None
    year = elected_on.year + TERM_YEARS[OrganizationKind(kind)]
    try:
        return elected_on.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)
