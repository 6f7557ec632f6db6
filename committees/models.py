"""Committees and the users that act for them."""

from typing import Any, NoReturn, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, Q
from simple_history.models import HistoricalRecords

from committees.scope import Role, by_committee, scoped
from common.periods import Period, PeriodQuerySet
from common.record import Record

_KEPT = "用户不能删除，请停用：修改记录里要留着是谁做的。"


class CommitteeKind(models.TextChoices):
    TOWNSHIP = "township", "乡党委"
    SUBDISTRICT = "subdistrict", "办事处党工委"
    CLUSTER = "cluster", "集聚区党工委"
    INDUSTRY_LINE = "industry_line", "行业系统党委"


# The word by which a name tells its kind, first match wins.
_KIND_WORDS = [
    (CommitteeKind.CLUSTER, ("集聚区", "园区", "开发区", "高新区")),
    (CommitteeKind.SUBDISTRICT, ("办事处", "街道")),
    (CommitteeKind.TOWNSHIP, ("乡", "镇")),
]


def kind_from_name(name: str) -> CommitteeKind:
    """The kind that a committee's name tells; a name that tells none is an industry line."""
    for kind, words in _KIND_WORDS:
        if any(word in name for word in words):
            return kind
    return CommitteeKind.INDUSTRY_LINE


class CommitteeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, lambda committee_id: Q(pk=committee_id))

    def named(self, name: str) -> Self:
        """The committees with this name or short name."""
        return self.filter(Q(name=name) | Q(short_name=name))


class Committee(Record):
    """党（工）委: answers for the enterprises of its jurisdiction and uploads their ledger."""

    PAGE, LIST = "committee", "committees"

    kind = models.CharField("类别", max_length=16, choices=CommitteeKind)
    name = models.CharField("名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=30, blank=True)
    order = models.PositiveIntegerField("排序", default=0)
    active = models.BooleanField("在用", default=True)

    history = HistoricalRecords()
    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党（工）委"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.short_name or self.name


class ResponsibleDuty(models.TextChoices):
    """责任 for the plan in a committee: its secretary answers first, the deputy directly."""

    FIRST = "first", "第一责任人"
    DIRECT = "direct", "直接责任人"


class ResponsibleQuerySet(PeriodQuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, by_committee)


class Responsible(Period):
    """责任人: this person is responsible for the plan in the committee from … until …"""

    OF, VALUE = ("committee", "duty"), ("name",)

    committee = models.ForeignKey(
        Committee, verbose_name="党（工）委", on_delete=models.PROTECT, related_name="responsibles"
    )
    duty = models.CharField("责任", max_length=8, choices=ResponsibleDuty)
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("职务", max_length=100, blank=True)

    history = HistoricalRecords()
    objects = ResponsibleQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "责任人"
        ordering = ["committee", "duty", "start"]

    def __str__(self) -> str:
        return f"{self.get_duty_display()}{self.name}（{self.start} 起）"


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, lambda committee_id: Q(committee_id=committee_id))

    def delete(self) -> NoReturn:
        """Refused: history names whoever did something. Users are deactivated."""
        raise ProtectedError(_KEPT, {user for user in self.all() if isinstance(user, models.Model)})


class ScopedUserManager(UserManager.from_queryset(UserQuerySet)):
    """Creates users, and lists those that a user sees."""


class User(AbstractUser):
    """A person who signs in. Without a role, or a committee role without a committee, sees nothing."""

    name = models.CharField("姓名", max_length=50, blank=True)
    role = models.CharField("角色", max_length=20, choices=Role, blank=True)
    committee = models.ForeignKey(
        Committee, verbose_name="所属党（工）委", null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )

    # Per list: the columns shown and the page size (common/desk/listing.py).
    list_preferences = models.JSONField(default=dict, editable=False)

    history = HistoricalRecords(excluded_fields=["password", "last_login", "list_preferences"])
    objects = ScopedUserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: history names whoever did something. Users are deactivated."""
        raise ProtectedError(_KEPT, {self})

    def note_access(self, what: str, subject: str, count: int | None = None) -> None:
        """Log that this user saw a phone in full, or took an export of `count` rows away."""
        AccessLog.objects.create(user=self, what=what, subject=subject[:300], count=count)

    def clean(self) -> None:
        super().clean()
        needs = self.role in {Role.COMMITTEE, Role.COMMITTEE_VIEWER}
        if needs and self.committee_id is None:
            raise ValidationError({"committee": "党（工）委的用户必须选择所属党（工）委。"})
        if not needs and self.committee_id is not None:
            raise ValidationError({"committee": "只有党（工）委的用户才选择所属党（工）委。"})


class AccessKind(models.TextChoices):
    PHONE = "phone", "查看电话"
    EXPORT = "export", "导出"
    IMPORT = "import", "导入"


class AccessLogQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, lambda committee_id: Q(user__committee_id=committee_id))


class AccessLog(models.Model):
    """Who saw personal data in full, or took data away (个人信息保护法). Written once, never changed."""

    user = models.ForeignKey(User, verbose_name="用户", null=True, on_delete=models.PROTECT, related_name="accesses")
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    what = models.CharField("事项", max_length=8, choices=AccessKind)
    subject = models.CharField("内容", max_length=300)
    count = models.PositiveIntegerField("行数", null=True, blank=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "查看和导出记录"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}：{self.subject}"
