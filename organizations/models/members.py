"""Members: a person with dated stages and dated places. Only what the plan needs is kept."""

from django.db import models
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.initials import InitialsField, NameKeyField
from common.periods import Period
from common.record import Record
from common.text import birth_year
from enterprises.models import Enterprise
from organizations.models.organizations import PartyOrganization
from organizations.models.steps import Stage, Step, doubts
from organizations.querysets import MemberFactQuerySet, MemberQuerySet


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class PositionGroup(models.TextChoices):
    OWNER = "owner", "企业主"
    MIDDLE_MANAGER = "middle_manager", "中层管理人员"
    KEY_STAFF = "key_staff", "业务骨干"
    FRONT_LINE = "front_line", "一线职工"
    OTHER = "other", "其他"


class Member(Record):
    """A person on a roster. Never deleted: leaving ends the stage and the placement."""

    PAGE, LIST, MEASURE = "member", "members", "名"

    committee = models.ForeignKey(
        Committee, verbose_name="党（工）委", on_delete=models.PROTECT, related_name="members"
    )
    name = models.CharField("姓名", max_length=50, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    education = models.CharField("学历", max_length=30, blank=True)
    phone = models.CharField("手机号码", max_length=30, blank=True)
    id_fingerprint = models.CharField("身份证号指纹", max_length=64, blank=True, db_index=True, editable=False)
    initials = InitialsField("拼音首字母")
    name_key = NameKeyField("名称（规范化）")

    history = HistoricalRecords()
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员及发展对象"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_fingerprint"], condition=~models.Q(id_fingerprint=""), name="member_id_fingerprint_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def told_apart(self) -> str:
        """What tells namesakes apart: the birth year."""
        return f"{birth_year(self.born_on)}生" if self.born_on else ""


class MemberStage(Period):
    """From … until …, this person is at this stage."""

    OF, VALUE = ("member",), ("stage",)

    member = models.ForeignKey(Member, verbose_name="人员", on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField("阶段", max_length=16, choices=Stage)

    history = HistoricalRecords()
    objects = MemberFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "发展阶段"
        ordering = ["start"]
        indexes = [models.Index(fields=["member", "start"])]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}（{self.start} 起）"

    def doubts(self) -> list[str]:
        rows = (
            MemberStage.objects.filter(member=self.member_id)
            .order_by("-start")
            .values_list("stage", "start", "start_precision")
        )
        # Who was at a stage twice came to it the first time.
        steps = {stage: Step(start, precision) for stage, start, precision in rows}
        mine = {**steps, self.stage: Step(self.start, self.start_precision)}
        return [f"{each.stage.label}：{each.words}" for each in doubts(mine, self.member.born_on)]


class MemberPlacement(Period):
    """From … until …, this person works in this enterprise and belongs to this organization."""

    OF, VALUE, CARRIES = ("member",), ("enterprise", "organization"), True
    # When one of the two is gone, the other goes on without it.
    WITHIN = ("enterprise", "organization")
    OF_PEOPLE = True

    member = models.ForeignKey(Member, verbose_name="人员", on_delete=models.PROTECT, related_name="placements")
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="工作单位", null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    organization = models.ForeignKey(
        PartyOrganization,
        verbose_name="所在党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placements",
    )
    position_group = models.CharField("岗位类别", max_length=16, choices=PositionGroup, blank=True)

    history = HistoricalRecords()
    objects = MemberFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "工作单位与组织关系"
        ordering = ["start"]
        indexes = [models.Index(fields=["enterprise", "start"]), models.Index(fields=["member", "start"])]

    def __str__(self) -> str:
        return f"{self.enterprise or '—'}（{self.start} 起）"
