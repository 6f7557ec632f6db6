"""Committees and the users that act for them."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, NoReturn, Self
from urllib.parse import unquote_plus

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, Q
from django.http import HttpRequest
from django.utils import timezone
from simple_history.models import HistoricalRecords

# Tables of this app too.
from committees.accounts.devices import AppDevice as AppDevice
from committees.accounts.devices import PaperCodes as PaperCodes
from committees.scope import Role, by_committee, own_committee_id, scoped, sees_all, sees_persons
from common.periods import Period, PeriodQuerySet
from common.record import Record
from common.today import today

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

    def names(self) -> dict[int, str]:
        """By key how each is called, in their order: what a table of committees is made with."""
        rows: Iterable[Any] = self
        return {each.pk: str(each) for each in rows}


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

    # One that somebody else has set: to be changed before anything else.
    password_is_first = models.BooleanField("首次登录须改密码", default=False, editable=False)
    # A one-time password is good until then (committees/accounts/handing_out.py).
    password_until = models.DateTimeField("一次性密码有效到", null=True, editable=False)
    # Sessions that began earlier are over.
    sessions_from = models.DateTimeField("此前的登录已结束", null=True, editable=False)
    # Per list: the columns shown and the page size (common/desk/listing.py).
    list_preferences = models.JSONField(default=dict, editable=False)

    history = HistoricalRecords(
        excluded_fields=[
            "password",
            "last_login",
            "list_preferences",
            "password_is_first",
            "password_until",
            "sessions_from",
        ]
    )
    objects = ScopedUserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: history names whoever did something. Users are deactivated."""
        raise ProtectedError(_KEPT, {self})

    @property
    def only_committee(self) -> int | None:
        """The committee to which what the user is told is limited; None: it is not. 0 is nobody's."""
        return None if sees_all(self) else own_committee_id(self) or 0

    @property
    def sees_persons(self) -> bool:
        return sees_persons(self)

    def note_access(self, request: HttpRequest, what: str, subject: str = "", **more: Any) -> None:
        """Put on record what this user sees or takes away (AccessLog.note)."""
        AccessLog.note(request, what, subject, **more)

    def clean(self) -> None:
        super().clean()
        needs = self.role in {Role.COMMITTEE, Role.COMMITTEE_VIEWER}
        if needs and self.committee_id is None:
            raise ValidationError({"committee": "党（工）委的用户必须选择所属党（工）委。"})
        if not needs and self.committee_id is not None:
            raise ValidationError({"committee": "只有党（工）委的用户才选择所属党（工）委。"})
        if self.is_superuser and needs:
            raise ValidationError({"role": "系统管理员不能同时是党（工）委的用户，请另建一个用户。"})


class KeyCheck(models.Model):
    """What a key has left here, by which it is known again (coverage_tracker/startup.py). Nothing of the key itself."""

    name = models.CharField("密钥", max_length=30, unique=True)
    value = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "密钥校验"

    def __str__(self) -> str:
        return self.name


class AccessKind(models.TextChoices):
    FULL = "phone", "查看全号"
    PERSON = "person", "查看人员"
    EXPORT = "export", "导出"
    IMPORT = "import", "导入"
    ID_QUESTION = "id_question", "证件号与登记不符"
    DENIED = "denied", "拒绝访问"
    SIGNED_IN = "signed_in", "登录"
    SIGNED_OUT = "signed_out", "退出"
    SIGN_IN_FAILED = "failed", "登录失败"
    ACCOUNT = "account", "账号变更"


class AccessLogQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return scoped(self, user, lambda committee_id: Q(user__committee_id=committee_id))

    def of_record(self, record: models.Model) -> Self:
        return self.filter(object_type=record._meta.model_name, object_key=str(record.pk))

    def of_today(self) -> Self:
        """Those of this local day, by which limits are counted."""
        return self.filter(at__gte=timezone.make_aware(dt.datetime.combine(today(), dt.time.min)))


class AccessLog(models.Model):
    """Who saw personal data in full, took data away, asked what is not told or was turned away (个人信息保护法;
    网络安全法, article 21). Written once, never changed: the database refuses (committees/append_only.py).

    No person of the register is named in it: a record stands by its kind and key, so that erasing somebody need not
    touch the log.
    """

    user = models.ForeignKey(
        User, verbose_name="用户", null=True, blank=True, on_delete=models.PROTECT, related_name="accesses"
    )
    # As they were called then; of a failed sign-in, the name that was tried.
    who = models.CharField("姓名（用户名）", max_length=200, blank=True)
    role = models.CharField("当时的角色", max_length=100, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    what = models.CharField("事项", max_length=12, choices=AccessKind)
    object_type = models.CharField("对象种类", max_length=40, blank=True)
    object_key = models.CharField("对象编号", max_length=40, blank=True)
    subject = models.CharField("内容", max_length=300, blank=True)
    asked = models.CharField("查询条件", max_length=300, blank=True)
    count = models.PositiveIntegerField("行数", null=True, blank=True)
    sha256 = models.CharField("导出文件的指纹", max_length=64, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    result = models.CharField("结果", max_length=60, blank=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "查看和导出记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_key"]),
            models.Index(fields=["user", "what", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}：{self.subject or self.object_type}"

    @classmethod
    def note(
        cls,
        request: HttpRequest | None,
        what: str,
        subject: str = "",
        *,
        user: Any = None,
        who: str = "",
        of: models.Model | None = None,
        count: int | None = None,
        content: bytes | None = None,
        reason: str = "",
        result: str = "",
    ) -> "AccessLog":
        """Put on record that somebody did `what`: the request's user, or `user` where a worker acts for one.

        `of`: the record it was done to; `subject`: more words, which name no person of the register; `count`: rows
        that were taken away in the file `content`.
        """
        acting = user if user is not None else getattr(request, "user", None)
        known = acting if isinstance(acting, User) else None
        return cls.objects.create(
            user=known,
            who=(who or full_name(known))[:200],
            role="" if known is None else role_words(known),
            address="" if request is None else str(request.META.get("REMOTE_ADDR") or "")[:45],
            what=what,
            object_type="" if of is None else str(of._meta.model_name),
            object_key="" if of is None else str(of.pk),
            subject=subject[:300],
            asked="" if request is None else _asked(request)[:300],
            count=count,
            sha256="" if content is None else hashlib.sha256(content).hexdigest(),
            reason=reason[:200],
            result=result[:60],
        )


def full_name(user: Any) -> str:
    """The user's name and user name, as text that stays when either changes; "" for nobody."""
    return f"{user}（{user.username}）" if isinstance(user, User) else ""


def role_words(user: User) -> str:
    """The role as people read it, an administrator's beside it."""
    words = ["系统管理员"] if user.is_superuser else []
    return "，".join([*words, *([user.get_role_display()] if user.role else [])])


def _asked(request: HttpRequest) -> str:
    """What was asked for by the address, without what was searched for: that may be somebody's name."""
    query = request.GET.copy()
    for name in _SEARCHES & query.keys():
        query[name] = "…"
    return unquote_plus(query.urlencode())


_SEARCHES = {"q", "term"}
