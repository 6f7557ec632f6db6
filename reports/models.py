"""Targets and counting rules are data of a plan (rule 10): a new plan period is new rows, not new code."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from committees.models import Committee
from committees.scope import own_committee_id, sees_all
from common.periods import Period, PeriodQuerySet
from common.plan import Item, Obligation, Plan
from reports.indicators import INDICATORS
from reports.rules import NAMES, READINGS, ROUTES


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever may see any figure sees the plan's targets; a committee's own are its and the district's."""
        if sees_all(user):
            return self
        own = own_committee_id(user)
        return self.none() if own is None else self.of_committee(own)

    def of_committee(self, committee_id: int | None) -> Self:
        """Those of the whole plan, and of this committee's own."""
        return self.filter(Q(committee__isnull=True) | Q(committee_id=committee_id))

    def understood(self) -> Self:
        """Those of an indicator that there is: no stored row can break a page."""
        return self.filter(Q(indicator__in=INDICATORS) | Q(indicator__in=Item.objects.values("code")))


class Target(models.Model):
    """What a plan asks of one indicator by one date: of all, or (任务分解, its own yearly goal) of one committee.

    `indicator` is a key of INDICATORS or the code of an item: then who has it, of those who ought to.
    """

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="targets")
    committee = models.ForeignKey(
        Committee,
        verbose_name="只对",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="targets",
        help_text="任务分解到一个党（工）委的填写；全区的留空",
    )
    indicator = models.CharField("指标", max_length=40)
    due_on = models.DateField("截止日期")
    percent = models.PositiveSmallIntegerField("比例不低于（%）", null=True, blank=True)
    count = models.PositiveIntegerField("数量不少于", null=True, blank=True)
    clause = models.PositiveSmallIntegerField("条款")
    wording = models.CharField("方案原文", max_length=200)
    obligation = models.CharField("要求", max_length=8, choices=Obligation, default=Obligation.MUST)
    is_reading = models.BooleanField(
        "是“全覆盖”的一种读法", default=False, help_text="各种读法都会显示；按计数规则选定的一种判断是否达标"
    )
    order = models.PositiveSmallIntegerField("排序", default=0)

    history = HistoricalRecords()
    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ["order", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "due_on"],
                condition=Q(committee__isnull=True),
                name="target_one_per_indicator_and_date",
                violation_error_message="这个指标在这一天已有一个目标。",
            ),
            models.UniqueConstraint(
                fields=["plan", "committee", "indicator", "due_on"],
                condition=Q(committee__isnull=False),
                name="target_one_per_committee_and_date",
                violation_error_message="这个党（工）委的这个指标在这一天已有一个目标。",
            ),
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
        return f"{self.label}（{self.due_on}）"

    @property
    def label(self) -> str:
        """How its indicator is called."""
        found = INDICATORS.get(self.indicator)
        return found.label if found else str(Item.objects.filter(code=self.indicator).first() or self.indicator)

    def clean(self) -> None:
        super().clean()
        if self.plan_id is None:
            return
        numbers = set(self.plan.clauses.values_list("number", flat=True))
        faults = target_faults(self, numbers, Item.objects.filter(code=self.indicator).first())
        same = Target.objects.filter(plan=self.plan, committee=self.committee, indicator=self.indicator)
        if same.filter(due_on=self.due_on).exclude(pk=self.pk).exists():
            faults["due_on"] = "这个指标在这一天已有一个目标，请编辑那一个。"
        if faults:
            raise ValidationError(faults)


def target_faults(target: Target, clauses: set[int], item: Item | None) -> dict[str, str]:
    """What is wrong with a target of a plan with these clauses, by column."""
    faults: dict[str, str] = {}
    if target.clause is not None and target.clause not in clauses:
        faults["clause"] = f"方案没有第 {target.clause} 条。"
    if target.percent is not None and target.percent > 100:
        faults["percent"] = "比例不能超过 100%。"
    indicator = INDICATORS.get(target.indicator)
    if indicator is None and item is None:
        faults["indicator"] = f"没有“{target.indicator}”这个指标或事项。"
    if target.is_reading and target.indicator not in READINGS:
        faults["is_reading"] = "这个指标不是“全覆盖”的读法。"
    if indicator is not None and target.count is not None:
        faults["count"] = "这个指标按比例计，不填数量。"
    return faults


class CountingRulesQuerySet(PeriodQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self if sees_all(user) or own_committee_id(user) is not None else self.none()


class CountingRules(Period):
    """计数规则: what the department decides about counting, from … until …; what is not stated goes on."""

    OF, VALUE, CARRIES = ("plan",), NAMES, True

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="rules")
    count_probationary = models.BooleanField("预备党员计入应建党组织的人数", null=True, blank=True)
    work_routes = models.CharField(
        "指导员以外，什么也算党的工作覆盖", max_length=60, blank=True, help_text=f"空格隔开：{' '.join(ROUTES)}"
    )
    members_to_establish = models.PositiveSmallIntegerField("应建党组织的党员人数", null=True, blank=True)
    employees_threshold = models.PositiveIntegerField("应有党员的职工人数", null=True, blank=True)
    fresh_months = models.PositiveSmallIntegerField("人数几个月后陈旧", null=True, blank=True)
    timely_days = models.PositiveSmallIntegerField("“及时”是几天内", null=True, blank=True)
    together_days = models.PositiveSmallIntegerField("“同步”是几天内", null=True, blank=True)
    regular_months = models.PositiveSmallIntegerField("“经常性”是几个月一次", null=True, blank=True)
    full_reading = models.CharField("“全覆盖”按哪种读法判断", max_length=40, blank=True, choices=list(READINGS.items()))

    history = HistoricalRecords()
    objects = CountingRulesQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "计数规则"
        ordering = ["plan", "start"]

    def __str__(self) -> str:
        return f"计数规则（{self.start} 起）"

    def get_absolute_url(self) -> str:
        return self.plan.get_absolute_url()

    def clean(self) -> None:
        super().clean()
        if faults := rule_faults({name: getattr(self, name) for name in NAMES}):
            raise ValidationError(faults)


def rule_faults(told: dict[str, Any]) -> dict[str, str]:
    """What is wrong with counting rules, by name."""
    faults: dict[str, str] = {}
    if strange := [each for each in str(told.get("work_routes") or "").split() if each not in ROUTES]:
        faults["work_routes"] = f"没有“{'、'.join(strange)}”这种途径，可以写：{' '.join(ROUTES)}。"
    for name in ("members_to_establish", "employees_threshold", "fresh_months", "regular_months"):
        if told.get(name) is not None and told[name] < 1:
            faults[name] = "至少是 1。"
    if told.get("full_reading") and told["full_reading"] not in READINGS:
        faults["full_reading"] = f"没有这种读法，可以选：{'、'.join(READINGS)}。"
    return faults
