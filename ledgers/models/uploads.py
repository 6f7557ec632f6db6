"""Uploads: who gave which file, what it would change, what became of it; what was said of headings and words."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from committees.models import Committee
from committees.scope import by_committee, scoped, scoped_persons
from ledgers.codes import KINDS, LABELS, REGISTRATION_LIST


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A committee sees its own; one of the whole district is the district's. Files name people."""
        return scoped_persons(self, user, by_committee)

    def light(self) -> Self:
        """Without what only the page of one upload needs."""
        return self.for_desk().defer("columns", "unmapped")

    def for_desk(self) -> Self:
        """With the columns that tell the next step, and no more."""
        return self.defer("problems", "differences", "not_in_file", "findings", "effects", "questions", "skipped")


class UploadState(models.TextChoices):
    QUEUED = "queued", "排队中"
    EXAMINING = "examining", "检查中"
    EXAMINED = "examined", "待提交"
    REFUSED = "refused", "不能导入"
    COMPARED = "compared", "已比对"
    COMMITTING = "committing", "导入中"
    COMMITTED = "committed", "已导入"
    UNDOING = "undoing", "撤回中"
    UNDONE = "undone", "已撤回"
    FAILED = "failed", "处理中断"
    DISCARDED = "discarded", "已作废"


# What a worker is at, or is waited for.
RUNNING = (UploadState.QUEUED, UploadState.EXAMINING, UploadState.COMMITTING, UploadState.UNDOING)
# Nothing of it is in the register, so it may be examined again.
OPEN = (UploadState.EXAMINED, UploadState.REFUSED, UploadState.COMPARED, UploadState.FAILED)
# What somebody still has to do something about.
WAITING = (UploadState.EXAMINED, UploadState.REFUSED, UploadState.FAILED)
# A worker that has not said anything for so long is dead.
SILENCE = dt.timedelta(seconds=40)


class Upload(models.Model):
    """One uploaded file with its preview: what it says and what committing it would change.

    The first of the problems and differences stand here for the page; all of them in `details`.
    """

    committee = models.ForeignKey(
        Committee,
        verbose_name="党（工）委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="uploads",
        help_text="空：全区的登记名单",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="uploads"
    )
    user_name = models.CharField("上传人（当时的姓名）", max_length=200, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="导入人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    committed_name = models.CharField("导入人（当时的姓名）", max_length=200, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_name = models.CharField("撤回人（当时的姓名）", max_length=200, blank=True)
    file = models.FileField("原文件", upload_to="ledgers/%Y/%m/")
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("文件指纹", max_length=64, db_index=True)
    size = models.PositiveIntegerField("大小（字节）")
    asked_kind = models.CharField("指定的种类", max_length=30, choices=list(LABELS.items()), blank=True)
    kind = models.CharField("种类", max_length=30, choices=list(LABELS.items()), blank=True)
    asked_as_of = models.DateField("指定的台账日期", null=True, blank=True)
    as_of = models.DateField("台账日期", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=UploadState, default=UploadState.QUEUED, db_index=True)
    note = models.CharField("说明", max_length=500, blank=True)

    # The work in the background. `attempt` tells a revived worker that another has taken over.
    attempt = models.PositiveIntegerField("第几次处理", default=0)
    heartbeat = models.DateTimeField("最近动静", null=True, blank=True)
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    step = models.CharField("正在做的事", max_length=100, blank=True)

    counts = models.JSONField("行数", default=dict)
    columns = models.JSONField("认出的栏目", default=list)
    unmapped = models.JSONField("没认出的栏目", default=list)
    problems = models.JSONField("问题", default=list)
    problem_counts = models.JSONField("问题条数", default=dict)
    differences = models.JSONField("变动", default=list)
    difference_counts = models.JSONField("变动处数", default=dict)
    not_in_file = models.JSONField("在册而本表没有", default=list)
    findings = models.JSONField("比对结果", default=list)
    questions = models.JSONField("待定的写法", default=list)
    skipped = models.JSONField("不是数据的行", default=list)
    effects = models.JSONField("对目标数字的影响", default=list)
    details = models.FileField("全部问题和变动", upload_to="ledgers/%Y/%m/", blank=True)
    digest = models.CharField("预览指纹", max_length=64, blank=True)
    skippable = models.BooleanField("可以跳过错误行", default=False)
    claims = models.PositiveIntegerField("须核定的行", default=0)
    skipped_bad_rows = models.BooleanField("跳过了错误行", default=False)
    # The earlier try of the same ledger that this one mends, and how many of its problems are gone.
    follows = models.ForeignKey(
        "self", verbose_name="接着哪一份", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    mended = models.PositiveIntegerField("已改正的问题", default=0)
    # The unit that the file names when it is not its committee, and whether somebody has said that it is right so.
    unit_written = models.CharField("台账里写的填报单位", max_length=200, blank=True)
    unit_confirmed = models.BooleanField("已确认填报单位", default=False)
    acknowledged = models.BooleanField("已看过提醒", default=False)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)
    expired_at = models.DateTimeField("原文件删除时间", null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传的台账"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["committee", "-created_at"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def needs(self) -> str:
        """What keeps the file from being understood and can be said in place: its day, or its unit; else nothing."""
        if self.state != UploadState.REFUSED or not self.columns:
            return ""
        if self.committee_id is None and self.kind != REGISTRATION_LIST:
            return "unit"
        return "date" if self.as_of is None else ""

    @property
    def state_words(self) -> str:
        """Its state as the desk shows it."""
        if wanted := {"unit": "待补填报单位", "date": "待补台账日期"}.get(self.needs):
            return wanted
        if self.state == UploadState.EXAMINED:
            if self.unit_is_doubtful:
                return "待确认填报单位"
            if self.open_questions or self.unsettled:
                return "待说明"
            return "待提交" if self.committable else "待改正"
        return str(UploadState(self.state).label)

    @property
    def may_be_discarded(self) -> bool:
        return self.state in OPEN

    @property
    def to_settle(self) -> int:
        """How many columns and problems of rows are to be settled."""
        return len(self.unsettled) + self.open_questions

    @property
    def is_silent(self) -> bool:
        """Whether the worker at it has not said anything for too long."""
        last = self.heartbeat or self.created_at
        return self.is_running and timezone.now() - last > SILENCE

    @property
    def errors(self) -> int:
        number: int = self.problem_counts.get("error", 0)
        return number

    @property
    def open_questions(self) -> int:
        """How many problems of rows wait for a word to be settled."""
        number: int = self.problem_counts.get("question", 0)
        return number

    @property
    def unsettled(self) -> list[dict]:
        """The columns that hold something, and nobody has said what is to become of them."""
        return [column for column in self.unmapped if column.get("samples")] if self.committee_id else []

    @property
    def warnings(self) -> int:
        number: int = self.problem_counts.get("warning", 0)
        return number

    @property
    def unit_is_doubtful(self) -> bool:
        """Whether the file names another unit, and nobody has said that it is right so."""
        return bool(self.unit_written) and not self.unit_confirmed

    @property
    def changes(self) -> int:
        return sum(self.difference_counts.values())

    @property
    def good_rows(self) -> int:
        number: int = self.counts.get("read", 0) - self.counts.get("rejected", 0)
        return number

    @property
    def committable(self) -> bool:
        """Whether it may be committed as it is."""
        waits = self.errors or self.open_questions or self.unsettled or self.unit_is_doubtful
        return self.state == UploadState.EXAMINED and not waits

    @property
    def committable_without_bad_rows(self) -> bool:
        """Whether its good rows may be committed, or what is claimed put before the district."""
        some = self.good_rows > 0 or self.claims > 0
        rows_wait = bool(self.errors or self.open_questions) and self.skippable and some
        return self.state == UploadState.EXAMINED and rows_wait and not (self.unsettled or self.unit_is_doubtful)


class WorkerSeen(models.Model):
    """The last sign of life of a worker, by which pages and the status tell whether there is one."""

    name = models.CharField("进程", max_length=100, unique=True)
    seen_at = models.DateTimeField("最近动静")

    class Meta:
        verbose_name = verbose_name_plural = "后台程序"

    def __str__(self) -> str:
        return self.name


class SaidQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A committee sees its own, and what the district has said for all."""
        return scoped(self, user, lambda own: by_committee(own) | models.Q(committee__isnull=True))

    def may_be_taken_back_by(self, user: Any) -> Self:
        return scoped(self, user, by_committee)


class Said(models.Model):
    """What people have said of something in their files that was not understood, or wrongly: a committee's for its own
    files, the district's (no committee) for all."""

    committee = models.ForeignKey(
        Committee,
        verbose_name="党（工）委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空：全区",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="指定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("指定时间", auto_now_add=True)

    objects = SaidQuerySet.as_manager()

    class Meta:
        abstract = True


class ColumnMapping(Said):
    """What a heading means."""

    # Empty: said before mappings were told apart by kind, and meant for all of them.
    kind = models.CharField("种类", max_length=30, choices=list(KINDS.items()), blank=True)
    heading = models.CharField("表头（规范化）", max_length=200)
    shown = models.CharField("表头", max_length=200)
    field = models.CharField("栏目", max_length=60, blank=True, help_text="空：不导入；+：保存为附加栏")

    class Meta:
        verbose_name = verbose_name_plural = "栏目对应"
        ordering = ["committee", "shown"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "kind", "heading"], name="column_mapping_once"),
            models.UniqueConstraint(
                fields=["kind", "heading"],
                condition=models.Q(committee__isnull=True),
                name="column_mapping_of_all_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown} → {self.field or '不导入'}"


class WordMeaning(Said):
    """What a word in a column means, where it could mean several things. `meaning` is a code of the column's reader."""

    kind = models.CharField("种类", max_length=30, choices=list(KINDS.items()))
    field = models.CharField("栏目", max_length=60)
    word = models.CharField("写法（规范化）", max_length=200)
    shown = models.CharField("写法", max_length=200)
    meaning = models.CharField("意思", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "写法的意思"
        ordering = ["committee", "kind", "field", "shown"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "kind", "field", "word"], name="word_meaning_once"),
            models.UniqueConstraint(
                fields=["kind", "field", "word"],
                condition=models.Q(committee__isnull=True),
                name="word_meaning_of_all_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown} → {self.meaning}"
