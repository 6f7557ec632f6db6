"""What has been said of a record on a day: all that the engine for dated facts must remember beside the facts, and
what forms hold beside all columns of ours."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.plan import Clause, Duty, Item, Plan

__all__ = ["Clause", "Duty", "Extra", "Filing", "Item", "Plan"]


class FilingQuerySet(models.QuerySet):
    def standing(self, moment: dt.datetime | None = None) -> Self:
        """What has not been taken back; or what was known and stood at the moment (rule 9)."""
        if moment is None:
            return self.filter(withdrawn_at__isnull=True)
        learned = Q(learned_at__isnull=True) | Q(learned_at__lte=moment)
        return self.filter(learned, Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment))


class StandingManager(models.Manager.from_queryset(FilingQuerySet)):
    """What was taken back is only asked for by who asks how it was then: `every`."""

    def get_queryset(self) -> FilingQuerySet:
        rows: FilingQuerySet = super().get_queryset().standing()
        return rows


class Filing(models.Model):
    """填报: on `day` a ledger, or somebody by hand, said something of a record. Not what: that the facts tell.

    `topics` names what was said, parted by blanks (common/filings.py). On that day it stays as it stands, whatever is
    said of other days later. A ledger in which nothing is new leaves this one row a record.
    """

    subject = models.CharField("对象种类", max_length=20)
    key = models.PositiveBigIntegerField("对象")
    day = models.DateField("日期")
    topics = models.TextField("事项")
    # When the system learned it, and when that was taken back: what was known at a moment (rule 9). None: before this
    # was kept.
    learned_at = models.DateTimeField("登记时间", null=True, default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    source = models.CharField("来源", max_length=100, blank=True, db_index=True)

    objects = StandingManager()
    every = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报记录"
        indexes = [models.Index(fields=["subject", "key", "day"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}（{self.day}）"


class Extra(models.Model):
    """附加栏: what a ledger's column of its own said of a record on `day`, kept as it stood. No figure rests on it.

    A newer ledger's word is a row of its own; the newest is shown. `kind` is the code of the kind of ledger.
    """

    subject = models.CharField("对象种类", max_length=20)
    key = models.PositiveBigIntegerField("对象")
    kind = models.CharField("台账种类", max_length=30)
    heading = models.CharField("栏目", max_length=200)
    value = models.CharField("内容", max_length=500)
    day = models.DateField("台账日期")
    source = models.CharField("来源", max_length=100, blank=True, db_index=True)
    # Whose ledger it was (the committee's key): such a column may hold anything, so no other committee is told.
    committee = models.PositiveBigIntegerField("填报单位", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附加栏"
        ordering = ["subject", "key", "kind", "heading", "day", "id"]
        indexes = [models.Index(fields=["subject", "key"])]

    def __str__(self) -> str:
        return f"{self.heading}：{self.value}"
