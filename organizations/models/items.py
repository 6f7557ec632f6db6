"""What is recorded of the plan's items (common/plan.py): states, events and amounts of any subject.

Every fact is of one item, by its code, and of one subject. A secretary is an organization and a person's name: whoever
follows begins anew, and a re-election changes nothing. An event is a fact of one day, an amount a fact of one year.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.periods import Period
from common.plan import Item, Shape, Subject
from common.series import ALWAYS
from common.today import today
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models.members import Member
from organizations.models.organizations import PartyOrganization
from organizations.querysets import ItemFactQuerySet

# Which column says whose a fact is. A secretary's is his organization.
OWNERS: dict[str, str] = {
    Subject.ENTERPRISE: "enterprise",
    Subject.ORGANIZATION: "organization",
    Subject.SECRETARY: "organization",
    Subject.INSTRUCTOR: "instructor",
    Subject.MEMBER: "member",
    Subject.COMMITTEE: "committee",
}
_COLUMNS = tuple(dict.fromkeys(OWNERS.values()))
_OF = ("organization", "enterprise", "instructor", "member", "committee", "code", "person")
_WITHIN = ("organization", "enterprise", "instructor")


def one_of(names: Collection[str]) -> Q:
    """The condition that exactly one of the columns is filled in."""
    found = Q(pk__in=[])
    for name in names:
        found |= Q(**{f"{other}__isnull": other != name for other in names})
    return found


def _belongs_to_one() -> Q:
    """One owner and no other; a person only beside an organization."""
    return one_of(_COLUMNS) & (Q(person="") | Q(organization__isnull=False))


def items_by_code() -> dict[str, Item]:
    """The whole catalogue."""
    return {item.code: item for item in Item.objects.all()}


class ItemFact(Period):
    """What all facts of items share: the item, whose it is, what was written beside it."""

    WITHIN: ClassVar[tuple[str, ...]] = _WITHIN
    SHAPE: Shape

    code = models.CharField("事项", max_length=40, db_index=True)
    person = models.CharField("书记", max_length=50, blank=True)
    organization = models.ForeignKey(
        PartyOrganization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    instructor = models.ForeignKey(
        Instructor, verbose_name="指导员", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    member = models.ForeignKey(
        Member, verbose_name="党员", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    committee = models.ForeignKey(
        Committee,
        verbose_name="党（工）委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta(Period.Meta):
        abstract = True
        ordering = ["start"]
        indexes = [models.Index(fields=[name, "code"]) for name in ("organization", "enterprise")]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=_belongs_to_one(),
                name="%(class)s_belongs_to_one",
                violation_error_message="一条登记只属于一个对象。",
            ),
        ]

    def __str__(self) -> str:
        item = Item.objects.filter(code=self.code).first()
        return f"{item or self.code}{f'（{self.person}）' if self.person else ''}（{self.start}）"

    def seen_from(self, owner: Any) -> str:
        return str(Item.objects.filter(code=self.code).first() or self.code)

    def clean(self) -> None:
        super().clean()
        item = Item.objects.filter(code=self.code).first()
        if faults := fact_faults(self, item):
            raise ValidationError(faults)


def fact_faults(fact: Any, item: Item | None) -> dict[str, str]:
    """What is wrong with a fact of the item, by column: in forms, lists, the admin and files alike."""
    if item is None:
        return {"code": f"没有“{fact.code}”这个事项。"}
    if item.shape != fact.SHAPE:
        return {"code": f"“{item}”按{item.get_shape_display()}登记，不是{fact.SHAPE.label}。"}
    owner = OWNERS[item.subject]
    if getattr(fact, f"{owner}_id") is None:
        return {owner: f"“{item}”属于{item.get_subject_display()}，请选择。"}
    if item.subject == Subject.SECRETARY and not fact.person:
        return {"person": f"“{item}”属于党组织书记，请填写姓名。"}
    if item.subject != Subject.SECRETARY and fact.person:
        return {"person": f"“{item}”不属于党组织书记，不填姓名。"}
    found: dict[str, str] = fact.more_faults(item)
    return found


class State(ItemFact):
    """状态: from … until … the subject has it."""

    OF = _OF
    SHAPE = Shape.STATE

    number = models.PositiveIntegerField("数量", null=True, blank=True)
    document = models.CharField("文号或材料", max_length=200, blank=True)
    other = models.CharField("对方", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = ItemFactQuerySet.as_manager()

    class Meta(ItemFact.Meta):
        verbose_name = verbose_name_plural = "状态登记"

    def more_faults(self, item: Item) -> dict[str, str]:
        if self.end is not None and item.lasting and self.end != self.life()[1]:
            return {"end": f"“{item}”做到后不会失效，不填结束日期。"}
        return {}


class Event(ItemFact):
    """活动: it happened on `start`. Two of one day differ by their topic."""

    OF = (*_OF, "topic")
    SHAPE = Shape.EVENT

    topic = models.CharField("形式或主题", max_length=100, blank=True)
    people = models.PositiveIntegerField("人数", null=True, blank=True)
    hours = models.DecimalField("学时", max_digits=6, decimal_places=1, null=True, blank=True)
    jointly = models.BooleanField("与群团联合", null=True, blank=True)
    other = models.CharField("对方", max_length=200, blank=True)
    document = models.CharField("文号或材料", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = ItemFactQuerySet.as_manager()

    class Meta(ItemFact.Meta):
        verbose_name = verbose_name_plural = "活动登记"

    def more_faults(self, item: Item) -> dict[str, str]:
        if self.start > today():
            return {"start": f"{self.start} 在未来，还没有发生。"}
        if item.channels and self.topic not in item.channels:
            said = f"“{item}”没有“{self.topic}”，" if self.topic else ""
            return {"topic": f"{said}可以填：{'、'.join(item.channels)}。"}
        if self.end != self.start + dt.timedelta(days=1):
            return {"end": "活动只在当天，结束日期是下一天。"}
        return {}


class Amount(ItemFact):
    """金额: in the year of `start`, through a channel, in yuan."""

    OF, VALUE = (*_OF, "channel"), ("amount",)
    # A year that its owner is there for a part of is told whole.
    WITHIN = ()
    SHAPE = Shape.AMOUNT

    channel = models.CharField("渠道", max_length=20)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)

    history = HistoricalRecords()
    objects = ItemFactQuerySet.as_manager()

    class Meta(ItemFact.Meta):
        verbose_name = verbose_name_plural = "金额登记"
        constraints = [
            *ItemFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="amount_not_below_zero", violation_error_message="金额不能小于 0。"
            ),
        ]

    def more_faults(self, item: Item) -> dict[str, str]:
        if self.channel not in item.channels:
            return {"channel": f"“{item}”没有“{self.channel}”这个渠道，可以填：{'、'.join(item.channels)}。"}
        if self.amount is not None and self.amount < 0:
            return {"amount": "金额不能小于 0。"}
        if self.start.year > today().year:
            return {"start": f"{self.start.year} 年还没有到。"}
        owner = getattr(self, OWNERS[item.subject])
        begins, ends = getattr(owner, "life", ALWAYS)
        if (begins is not None and self.start.year < begins.year) or (ends is not None and self.start.year > ends.year):
            return {"start": f"{owner}在 {self.start.year} 年不在册。"}
        return {}


class Liaison(Period):
    """分包联系: this leading cadre answers for the organization from … until …; a new one ends the old."""

    OF, VALUE, WITHIN = ("organization",), ("name",), ("organization",)

    organization = models.ForeignKey(
        PartyOrganization, verbose_name="党组织", on_delete=models.PROTECT, related_name="liaisons"
    )
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("单位及职务", max_length=100, blank=True)

    history = HistoricalRecords()
    objects = ItemFactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "分包联系领导"
        ordering = ["start"]
        indexes = [models.Index(fields=["organization", "start"])]

    def __str__(self) -> str:
        return f"{self.name}（{self.start} 起）"

    def seen_from(self, owner: Any) -> str:
        return f"{self.name}的分包联系"


FACTS: dict[str, type[ItemFact]] = {Shape.STATE: State, Shape.EVENT: Event, Shape.AMOUNT: Amount}
