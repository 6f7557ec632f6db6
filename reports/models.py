"""Targets are data (rule 10): a new plan period is new rows, not new code."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from committees.scope import own_committee_id, sees_all
from common.plan import CLAUSES
from reports.indicators import INDICATORS, indicator_choices


class Obligation(models.TextChoices):
    MUST = "must", "确保"
    STRIVE = "strive", "努力"


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Targets are the plan's: whoever may see any figure sees them."""
        return self if sees_all(user) or own_committee_id(user) is not None else self.none()

    def understood(self) -> Self:
        """Those of an indicator that there is: no stored row can break a page."""
        return self.filter(indicator__in=INDICATORS)


class Target(models.Model):
    """What the plan asks of one indicator by one date."""

    indicator = models.CharField("指标", max_length=40, choices=indicator_choices)
    due_on = models.DateField("截止日期")
    percent = models.PositiveSmallIntegerField("比例不低于（%）", null=True, blank=True)
    count = models.PositiveIntegerField("数量不少于", null=True, blank=True)
    clause = models.PositiveSmallIntegerField("条款")
    wording = models.CharField("方案原文", max_length=200)
    obligation = models.CharField("要求", max_length=8, choices=Obligation, default=Obligation.MUST)
    is_target = models.BooleanField(
        "作为考核口径", default=True, help_text="全覆盖有两种读法，都会显示；勾选的一种作为目标"
    )
    order = models.PositiveSmallIntegerField("排序", default=0)

    history = HistoricalRecords()
    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ["order", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "due_on"], name="target_one_per_indicator_and_date"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(count__isnull=True),
                name="target_percent_or_count",
                violation_error_message="比例和数量只填一个。",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="target_percent_at_most_100",
                violation_error_message="比例不能超过 100%。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()}（{self.due_on}）"

    def clean(self) -> None:
        super().clean()
        if self.clause is not None and self.clause not in CLAUSES:
            raise ValidationError({"clause": f"方案没有第 {self.clause} 条，请填 1—{len(CLAUSES)}。"})
        if self.percent is not None and self.percent > 100:
            raise ValidationError({"percent": "比例不能超过 100%。"})
        indicator = INDICATORS.get(self.indicator)
        if indicator is None:
            return
        if indicator.of is None and self.percent is not None:
            raise ValidationError({"percent": "这个指标按数量计，不填比例。"})
        if indicator.of is not None and self.count is not None:
            raise ValidationError({"count": "这个指标按比例计，不填数量。"})
