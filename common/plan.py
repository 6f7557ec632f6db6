"""The plan as data: plans, their clauses, and the items that are recorded for these. No plan's words stand in code.

Everybody who has a role may read the plan. What is recorded of an item stands in organizations/models/items.py; who
ought to have one, and what counts, in reports.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from common.record import Record


class Obligation(models.TextChoices):
    """How strongly a clause asks: what must be is on the work lists, what is advocated is shown and never chased."""

    MUST = "must", "应当"
    STRIVE = "strive", "努力"
    ADVOCATE = "advocate", "提倡"


class Subject(models.TextChoices):
    """Of whom an item is recorded."""

    ENTERPRISE = "enterprise", "企业"
    ORGANIZATION = "organization", "党组织"
    SECRETARY = "secretary", "党组织书记"
    INSTRUCTOR = "instructor", "指导员"
    MEMBER = "member", "党员"
    COMMITTEE = "committee", "党（工）委"


class Shape(models.TextChoices):
    """What kind of fact an item is."""

    STATE = "state", "状态"
    EVENT = "event", "活动"
    AMOUNT = "amount", "金额"
    WHOLE = "whole", "合计"


class Lapse(models.TextChoices):
    """How long an item is had after it was last said or done."""

    NEVER = "", "不失效"
    MONTHS = "months", "若干个月内"
    YEAR = "year", "当年"
    REGULAR = "regular", "按“经常性”的规则"


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever has a role may read the plan."""
        reads = user.is_active and (user.is_superuser or getattr(user, "role", ""))
        return self if reads else self.none()


class Plan(Record):
    """方案: its title, on what it rests, who has issued it, from when until when it is in force."""

    PAGE, LIST = "plan", "plan"

    code = models.SlugField("代号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=200)
    basis = models.CharField("依据", max_length=300, blank=True)
    issuer = models.CharField("印发单位", max_length=100, blank=True)
    department = models.CharField("组织部门名称", max_length=100, blank=True, help_text="通报等文件的落款")
    effective_from = models.DateField(
        "施行日期", null=True, blank=True, help_text="“新建”“新登记”从这一天起算；没有填写的，哪些是新建的就无从判断"
    )
    effective_until = models.DateField("终止日期", null=True, blank=True, help_text="不再施行的第一天；仍在施行则留空")

    dashboard = models.JSONField("看板的列", default=list, blank=True)

    history = HistoricalRecords()
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="plan_until_after_from",
                violation_error_message="终止日期必须晚于施行日期。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('plan')}?plan={self.code}"


class Clause(models.Model):
    """条款: one sentence of a plan that asks for something, numbered in its order.

    `answers` names what answers it: keys of figures, and of what is recorded (`cover`, `headcount` …).
    """

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="clauses")
    number = models.PositiveSmallIntegerField("条")
    section = models.CharField("部分", max_length=100)
    text = models.CharField("原文", max_length=500)
    kind = models.CharField("要求", max_length=8, choices=Obligation, default=Obligation.MUST)
    answers = models.JSONField("由什么回答", default=list, blank=True)

    history = HistoricalRecords()
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "条款"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="clause_number_once_in_a_plan")]

    def __str__(self) -> str:
        return f"第 {self.number} 条"


# What may be told of a fact besides its date: the columns of organizations/models/items.py.
ASKS = {
    "number": "数量",
    "document": "文号或材料",
    "other": "对方",
    "people": "人数",
    "hours": "学时",
    "jointly": "与群团联合",
    "topic": "形式或主题",
}


class ItemQuerySet(PlanQuerySet):
    def of(self, *subjects: str) -> Self:
        return self.filter(subject__in=subjects)

    def recorded(self) -> Self:
        """Those of which facts are recorded: not what is only the sum of its parts."""
        return self.exclude(shape=Shape.WHOLE)


class Item(models.Model):
    """事项: something that is recorded for the clauses. Its code is stored with every fact and never changes.

    A state holds from … until …; one that is `lasting` does not end once it is reached. One that lapses is only
    had for so long after it was last said or done. The parts of a whole name it; the whole is had when all
    of them are.
    """

    code = models.SlugField("代号", max_length=40, unique=True)
    label = models.CharField("名称", max_length=60)
    subject = models.CharField("对象", max_length=12, choices=Subject)
    shape = models.CharField("形态", max_length=8, choices=Shape)
    lasting = models.BooleanField("做到后不失效", default=False)
    awarded = models.BooleanField("推荐、审核后命名", default=False)
    lapse = models.CharField("有效期", max_length=8, choices=Lapse, default=Lapse.NEVER, blank=True)
    months = models.PositiveSmallIntegerField("几个月", null=True, blank=True)
    whole = models.ForeignKey(
        "self", verbose_name="属于", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    asks = models.JSONField("登记内容", default=list, blank=True)
    # Of an amount the channels; of an event what may stand as its topic, where not anything may.
    channels = models.JSONField("渠道或可选内容", default=list, blank=True)
    derived = models.CharField("也可由什么得出", max_length=40, blank=True)
    headings = models.JSONField("台账表头", default=list, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=0)

    history = HistoricalRecords()
    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_recorded(self) -> bool:
        return self.shape != Shape.WHOLE

    @property
    def lapses(self) -> bool:
        """Whether it is had for a time only after it was said or done."""
        return self.lapse != Lapse.NEVER

    def clean(self) -> None:
        super().clean()
        if faults := item_faults(self):
            raise ValidationError(faults)


# Who can be recommended for a recognition.
AWARDED = (Subject.ORGANIZATION, Subject.ENTERPRISE, Subject.MEMBER)


def item_faults(item: Item) -> dict[str, str]:
    """What is wrong with an item's declaration, by column."""
    faults: dict[str, str] = {}
    if (item.months is not None) != (item.lapse == Lapse.MONTHS):
        faults["months"] = "有效期为若干个月的，要写几个月；其他的不写。"
    elif item.months is not None and not 1 <= item.months <= 120:
        faults["months"] = "几个月应在 1—120 之间。"
    if item.lapses and item.shape not in (Shape.STATE, Shape.EVENT):
        faults["lapse"] = "只有状态和活动有有效期。"
    if item.lasting and (item.shape != Shape.STATE or item.lapses):
        faults["lasting"] = "只有不设有效期的状态才能“做到后不失效”。"
    if item.awarded and (item.shape != Shape.STATE or item.subject not in AWARDED):
        faults["awarded"] = "只有党组织、企业和党员的状态才能推荐、审核后命名。"
    if item.shape == Shape.AMOUNT and not item.channels:
        faults["channels"] = "金额按渠道登记，请列出渠道。"
    if item.channels and item.shape != Shape.AMOUNT and not (item.shape == Shape.EVENT and "topic" in item.asks):
        faults["channels"] = "只有金额有渠道；登记形式或主题的活动可以列出可选的内容。"
    if strange := [each for each in item.asks if each not in ASKS]:
        faults["asks"] = f"没有这样的登记内容：{'、'.join(map(str, strange))}；可以选 {'、'.join(ASKS)}。"
    whole = item.whole
    if whole is not None and (whole.shape != Shape.WHOLE or whole.subject != item.subject):
        faults["whole"] = f"“{whole}”不是{item.get_subject_display()}的合计事项，不能作为它的一部分。"
    return faults


class Duty(models.Model):
    """要求: by a clause, whoever belongs to `who` (a population of the item's subject) ought to have the item."""

    clause = models.ForeignKey(Clause, verbose_name="条款", on_delete=models.PROTECT, related_name="duties")
    item = models.ForeignKey(Item, verbose_name="事项", on_delete=models.PROTECT, related_name="duties")
    who = models.CharField("应有的范围", max_length=40)
    kind = models.CharField("要求", max_length=8, choices=Obligation, default=Obligation.MUST)

    history = HistoricalRecords()
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项要求"
        ordering = ["clause__plan", "clause__number", "item__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["clause", "item"], name="duty_once_a_clause")]

    def __str__(self) -> str:
        return f"{self.clause}：{self.item}"


def plan_of(plans: Iterable[Plan], day: dt.date) -> Plan | None:
    """The plan by which `day` is asked about where none is named: of those in force the newest, else the newest that
    has begun, else the first there is. One without a first day has always been."""

    def begun(plan: Plan) -> dt.date:
        return plan.effective_from or dt.date.min

    every = sorted(plans, key=lambda plan: (begun(plan), -plan.pk), reverse=True)
    past = [plan for plan in every if begun(plan) <= day]
    in_force = [plan for plan in past if plan.effective_until is None or plan.effective_until > day]
    return next(iter(in_force or past or every[-1:]), None)


def plan_on(day: dt.date) -> Plan | None:
    """See plan_of."""
    return plan_of(Plan.objects.all(), day)


class Answers:
    """Which clauses of a plan each key answers: read once, asked often."""

    def __init__(self, plan: Plan | None):
        self.plan = plan
        self.clauses = list(plan.clauses.select_related("plan")) if plan is not None else []
        self._of: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            for key in clause.answers:
                self._of.setdefault(key, []).append(clause)

    def of(self, keys: Iterable[str]) -> list[Clause]:
        """The clauses that these keys answer, in order, each once."""
        found = {clause.number: clause for key in keys for clause in self._of.get(key, ())}
        return [found[number] for number in sorted(found)]

    def number(self, number: int) -> Clause | None:
        return next((clause for clause in self.clauses if clause.number == number), None)
