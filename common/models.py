"""What has been said of a record on a day: all that the engine for dated facts must remember beside the facts."""

from django.db import models


class Filing(models.Model):
    """填报: on `day` a ledger, or somebody by hand, said something of a record. Not what: that the facts tell.

    `topics` names what was said, parted by blanks (common/filings.py). On that day it stays as it stands, whatever is
    said of other days later. A ledger in which nothing is new leaves this one row a record.
    """

    subject = models.CharField("对象种类", max_length=20)
    key = models.PositiveBigIntegerField("对象")
    day = models.DateField("日期")
    topics = models.TextField("事项")
    source = models.CharField("来源", max_length=100, blank=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "填报记录"
        indexes = [models.Index(fields=["subject", "key", "day"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}（{self.day}）"
