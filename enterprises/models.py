"""The register: enterprises, and the dated facts that make the base."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from committees.models import Committee, User
from common.former import Former, said_formerly
from common.identifiers import validate_credit_code
from common.initials import InitialsField, NameKeyField
from common.periods import Period, Precision
from common.record import Record
from common.series import Life
from common.today import today
from enterprises.querysets import (
    EnterpriseFactQuerySet,
    EnterpriseQuerySet,
    ExclusionQuerySet,
    ExclusionRequestQuerySet,
    JurisdictionQuerySet,
)


class Ownership(models.TextChoices):
    """Who controls it: the columns of sheet 27. A part (私营独资 …) is counted in its class too."""

    PRIVATE = "private", "私有经济控制"
    PRIVATE_SOLE = "private_sole", "私有经济控制·私营独资"
    PRIVATE_HMT = "private_hmt", "私有经济控制·港澳台商投资"
    PRIVATE_FOREIGN = "private_foreign", "私有经济控制·外商投资"
    HMT = "hmt", "港澳台商经济控制"
    HMT_SOLE = "hmt_sole", "港澳台商经济控制·港澳台商独资"
    FOREIGN = "foreign", "外商经济控制"
    FOREIGN_SOLE = "foreign_sole", "外商经济控制·外商独资"


class IndustrySection(models.TextChoices):
    """Sections of GB/T 4754-2017."""

    A = "A", "农、林、牧、渔业"
    B = "B", "采矿业"
    C = "C", "制造业"
    D = "D", "电力、热力、燃气及水生产和供应业"
    E = "E", "建筑业"
    F = "F", "批发和零售业"
    G = "G", "交通运输、仓储和邮政业"
    H = "H", "住宿和餐饮业"
    I = "I", "信息传输、软件和信息技术服务业"  # noqa: E741
    J = "J", "金融业"
    K = "K", "房地产业"
    L = "L", "租赁和商务服务业"
    M = "M", "科学研究和技术服务业"
    N = "N", "水利、环境和公共设施管理业"
    O = "O", "居民服务、修理和其他服务业"  # noqa: E741
    P = "P", "教育"
    Q = "Q", "卫生和社会工作"
    R = "R", "文化、体育和娱乐业"
    S = "S", "公共管理、社会保障和社会组织"
    T = "T", "国际组织"


class ReasonNotEstablished(models.TextChoices):
    """未建立党组织原因 (clause 3)."""

    NO_MEMBERS = "no_members", "没有党员"
    OWNER_UNWILLING = "owner_unwilling", "企业出资人不支持"
    NO_GUIDANCE = "no_guidance", "上级党组织未及时指导"
    FOREIGN_INVESTED = "foreign_invested", "外商投资企业"
    OTHER = "other", "其他原因"


class Enterprise(Record):
    """非公有制企业. Its identity is the credit code; without one, the name inside the committee."""

    PAGE, LIST, MEASURE = "enterprise", "enterprises", "家"

    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, unique=True, null=True, blank=True, validators=[validate_credit_code]
    )
    name = models.CharField("企业名称", max_length=200, db_index=True)
    former_names = models.CharField("曾用名", max_length=300, blank=True, help_text="多个用顿号隔开")
    ownership = models.CharField("企业类型（控股）", max_length=16, choices=Ownership, blank=True)
    industry_section = models.CharField("行业门类", max_length=1, choices=IndustrySection, blank=True)
    industry = models.CharField("所属行业", max_length=100, blank=True)
    above_scale = models.BooleanField("规模以上", null=True, blank=True)
    registered_on = models.DateField("成立日期", null=True, blank=True)
    registered_precision = models.CharField("成立日期精度", max_length=8, choices=Precision, default=Precision.DAY)
    closed_on = models.DateField("注销日期", null=True, blank=True)
    closed_precision = models.CharField("注销日期精度", max_length=8, choices=Precision, default=Precision.DAY)
    legal_representative = models.CharField("法定代表人（出资人）", max_length=100, blank=True)
    representative_is_member = models.BooleanField("法定代表人是党员", null=True, blank=True)
    representative_is_secretary = models.BooleanField("法定代表人兼任党组织书记", null=True, blank=True)
    village = models.CharField("所属村（社区）", max_length=100, blank=True)
    site = models.CharField("所在园区、楼宇", max_length=100, blank=True)
    address = models.CharField("地址", max_length=300, blank=True)
    contact_name = models.CharField("联系人", max_length=100, blank=True)
    contact_phone = models.CharField("联系电话", max_length=60, blank=True)
    reason_not_established = models.CharField(
        "未建立党组织原因", max_length=16, choices=ReasonNotEstablished, blank=True
    )
    planned_on = models.DateField("计划建立日期", null=True, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    checked_on = models.DateField("最近核对", null=True, blank=True)
    initials = InitialsField("拼音首字母")
    name_key = NameKeyField("名称（规范化）")

    history = HistoricalRecords()
    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业"
        ordering = ["-registered_on", "id"]
        indexes = [models.Index(F("registered_on").desc(), "id", name="enterprise_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__isnull=True) | ~Q(credit_code=""),
                name="enterprise_credit_code_not_empty",
                violation_error_message="没有统一社会信用代码的请留空。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(registered_on__isnull=True)
                | Q(closed_on__gte=F("registered_on")),
                name="enterprise_closed_after_registered",
                violation_error_message="注销日期不能早于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # The columns of its life, for whatever lies within it.
    LIFE = ("registered_on", "closed_on")

    @property
    def life(self) -> Life:
        return self.registered_on, self.closed_on

    def clean(self) -> None:
        super().clean()
        self.credit_code = self.credit_code or None


class FormerEnterprise(Former):
    """企业沿革: how it was called, what it was and where until `end`."""

    OF = ("enterprise",)
    VALUE = ("name", "ownership", "industry_section", "industry", "above_scale", "village", "reason_not_established")

    enterprise = models.ForeignKey(Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="formers")
    name = models.CharField("企业名称", max_length=200, null=True, blank=True)
    ownership = models.CharField("企业类型（控股）", max_length=16, choices=Ownership, null=True, blank=True)
    industry_section = models.CharField("行业门类", max_length=1, choices=IndustrySection, null=True, blank=True)
    industry = models.CharField("所属行业", max_length=100, null=True, blank=True)
    above_scale = models.BooleanField("规模以上", null=True, blank=True)
    village = models.CharField("所属村（社区）", max_length=100, null=True, blank=True)
    reason_not_established = models.CharField(
        "未建立党组织原因", max_length=16, choices=ReasonNotEstablished, null=True, blank=True
    )

    history = HistoricalRecords()
    objects = EnterpriseFactQuerySet.as_manager()

    class Meta(Former.Meta):
        verbose_name = verbose_name_plural = "企业沿革"
        ordering = ["start"]

    def __str__(self) -> str:
        return f"到 {self.end} 为止：{'，'.join(said_formerly(self).values())}"


class Jurisdiction(Period):
    """属地: the committee for which the enterprise counts (rule 7). It outlives the enterprise: somebody answers for
    what was closed."""

    OF, VALUE = ("enterprise",), ("committee",)

    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="jurisdictions"
    )
    committee = models.ForeignKey(
        Committee, verbose_name="党（工）委", on_delete=models.PROTECT, related_name="jurisdictions"
    )

    history = HistoricalRecords()
    objects = JurisdictionQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "属地管理"
        ordering = ["start"]
        indexes = [models.Index(fields=["committee", "start"]), models.Index(fields=["enterprise", "start"])]

    def __str__(self) -> str:
        return f"{self.committee}（{self.start} 起）"


class ExclusionReason(models.TextChoices):
    SHELL = "shell", "空壳"
    DORMANT = "dormant", "僵尸"
    SUSPENDED = "suspended", "停产停业"
    PREPARING = "preparing", "筹建"
    LIQUIDATION = "liquidation", "清算"
    MOVED_OUT = "moved_out", "迁出"
    NOT_ENTERPRISE = "not_enterprise", "不是企业"
    OTHER = "other", "其他"


class BaseExclusion(Period):
    """不纳入基数: the enterprise is left out of the base while this is live (rule 1)."""

    OF, VALUE, WITHIN = ("enterprise",), ("reason",), ("enterprise",)

    enterprise = models.ForeignKey(Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="exclusions")
    reason = models.CharField("原因", max_length=16, choices=ExclusionReason)
    evidence = models.CharField("依据", max_length=300, help_text="文号、核查记录等")

    history = HistoricalRecords()
    objects = ExclusionQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "不纳入基数"
        ordering = ["start"]
        indexes = [models.Index(fields=["enterprise", "start"])]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}（{self.start} 起）"


class RequestState(models.TextChoices):
    PENDING = "pending", "待核定"
    APPROVED = "approved", "已核定"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class ExclusionRequest(Record):
    """不纳入基数申请: a committee, or words of its ledger, asks the district to leave an enterprise out of the base.
    What is granted is a BaseExclusion, which ends on the day of its review."""

    LIST, MEASURE = "exclusion-requests", "份"

    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="exclusion_requests"
    )
    reason = models.CharField("原因", max_length=16, choices=ExclusionReason)
    evidence = models.CharField("依据", max_length=300, help_text="文号、核查记录等")
    start = models.DateField("从何日起")
    review_on = models.DateField("复核日期", null=True, blank=True)
    # Of the words of a ledger, whose they are stands in the upload.
    from_ledger = models.BooleanField("台账写明的", default=False)
    asked_by = models.ForeignKey(
        User, verbose_name="申请人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField("申请日期", default=today)
    state = models.CharField("状态", max_length=10, choices=RequestState, default=RequestState.PENDING)
    decided_by = models.ForeignKey(
        User, verbose_name="核定人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField("核定日期", null=True, blank=True)
    said = models.CharField("核定意见", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = ExclusionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不纳入基数申请"
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(state="pending"),
                name="exclusionrequest_one_pending",
                violation_error_message="这家企业已有一份待核定的申请。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}：{self.get_reason_display()}"

    def get_absolute_url(self) -> str:
        """It has no page of its own: it stands in the list."""
        return reverse(self.LIST)


class Headcount(Period):
    """The numbers of an enterprise, from a ledger's date until the next. None: not known."""

    NUMBERS = ("employees", "full_members", "probationary_members", "activists", "members_elsewhere")
    OF, VALUE, CARRIES, WITHIN = ("enterprise",), NUMBERS, True, ("enterprise",)

    enterprise = models.ForeignKey(Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="headcounts")
    employees = models.PositiveIntegerField("职工人数", null=True, blank=True)
    full_members = models.PositiveIntegerField("正式党员", null=True, blank=True)
    probationary_members = models.PositiveIntegerField("预备党员", null=True, blank=True)
    activists = models.PositiveIntegerField("入党积极分子", null=True, blank=True)
    members_elsewhere = models.PositiveIntegerField("组织关系不在本企业的党员", null=True, blank=True)

    history = HistoricalRecords()
    objects = EnterpriseFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "人数"
        ordering = ["start"]
        indexes = [models.Index(fields=["enterprise", "start"])]

    def __str__(self) -> str:
        said = [
            f"{label} {number}"
            for label, number in (("职工", self.employees), ("正式党员", self.full_members))
            if number is not None
        ]
        return f"{'，'.join(said) or '人数'}（{self.start} 起）"

    @classmethod
    def label(cls, name: str) -> str:
        """What one of NUMBERS is called on the screen."""
        return str(getattr(cls._meta.get_field(name), "verbose_name", name))


class MassOrganizationKind(models.TextChoices):
    UNION = "union", "工会"
    YOUTH_LEAGUE = "youth_league", "共青团"
    WOMENS_FEDERATION = "womens_federation", "妇联"


class MassOrganizationForm(models.TextChoices):
    OWN = "own", "单独建立"
    JOINT = "joint", "联合建立"
    GRID = "grid", "网格覆盖"
    NOT_APPLICABLE = "not_applicable", "不具备条件"


class MassOrganization(Period):
    """群团组织 of one enterprise (clause 14): its own, a joint one, that of its grid, or not
    applicable with a reason."""

    OF, VALUE, WITHIN = ("enterprise", "kind"), ("form",), ("enterprise",)

    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="mass_organizations"
    )
    kind = models.CharField("种类", max_length=20, choices=MassOrganizationKind)
    form = models.CharField("组建方式", max_length=16, choices=MassOrganizationForm, default=MassOrganizationForm.OWN)
    reason = models.CharField("不具备条件的原因", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = EnterpriseFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "群团组织"
        ordering = ["kind", "start"]
        indexes = [models.Index(fields=["enterprise", "kind", "start"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.start} 起）"

    def clean(self) -> None:
        super().clean()
        if self.form == MassOrganizationForm.NOT_APPLICABLE and not self.reason:
            raise ValidationError({"reason": "不具备条件的，要写明原因。"})
