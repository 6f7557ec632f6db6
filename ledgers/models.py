"""Uploads: who gave which file, what it would change, what became of it."""

from django.conf import settings
from django.db import models

from committees.models import Committee
from committees.scope import by_committee, scoped
from ledgers.kinds import KINDS


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return scoped(self, user, by_committee)


class UploadState(models.TextChoices):
    EXAMINED = "examined", "待提交"
    REFUSED = "refused", "不能导入"
    COMMITTED = "committed", "已导入"


class Upload(models.Model):
    """One uploaded ledger with its preview: what it says and what committing it would change."""

    committee = models.ForeignKey(
        Committee, verbose_name="党（工）委", on_delete=models.PROTECT, related_name="uploads"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    file = models.FileField("原文件", upload_to="ledgers/%Y/%m/")
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("文件指纹", max_length=64, db_index=True)
    size = models.PositiveIntegerField("大小（字节）")
    kind = models.CharField("种类", max_length=30, choices=list(KINDS.items()), blank=True)
    as_of = models.DateField("台账日期", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=UploadState, default=UploadState.EXAMINED)
    counts = models.JSONField("行数", default=dict)
    columns = models.JSONField("认出的栏目", default=list)
    unmapped = models.JSONField("没认出的栏目", default=list)
    problems = models.JSONField("问题", default=list)
    differences = models.JSONField("变动", default=list)
    not_in_file = models.JSONField("本表没有的企业", default=list)
    digest = models.CharField("预览指纹", max_length=64, blank=True)
    skippable = models.BooleanField("可以跳过错误行", default=False)
    skipped_bad_rows = models.BooleanField("跳过了错误行", default=False)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传的台账"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["committee", "-created_at"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def errors(self) -> list[dict]:
        return [problem for problem in self.problems if problem["level"] == "error"]

    @property
    def warnings(self) -> list[dict]:
        return [problem for problem in self.problems if problem["level"] == "warning"]

    @property
    def changes_nothing(self) -> bool:
        return not self.differences

    def committable(self) -> bool:
        """Whether it may be committed as it is."""
        return self.state == UploadState.EXAMINED and not self.errors

    def committable_without_bad_rows(self) -> bool:
        """Whether its good rows may be committed."""
        good = self.counts.get("read", 0) - self.counts.get("rejected", 0)
        return self.state == UploadState.EXAMINED and bool(self.errors) and self.skippable and good > 0
