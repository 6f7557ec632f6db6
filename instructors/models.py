"""党建工作指导员 and where they are assigned."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.initials import InitialsField, NameKeyField
from common.periods import Period
from common.record import Record
from common.series import Life
from enterprises.models import Enterprise
from instructors.querysets import AssignmentQuerySet, InstructorQuerySet


class LeavingReason(models.TextChoices):
    """Why somebody is no instructor any more (clause 18)."""

    LEFT = "left", "调离"
    RECALLED = "recalled", "召回"
    TERM_ENDED = "term_ended", "派驻期满"
    OTHER = "other", "其他"


class Instructor(Record):
    """A person whom a committee sends to enterprises, one-to-one or one-to-many (clause 18)."""

    PAGE, LIST, MEASURE = "instructor", "instructors", "名"
    BEGAN, GONE = "任职自", "离任"

    committee = models.ForeignKey(
        Committee, verbose_name="派出党（工）委", on_delete=models.PROTECT, related_name="instructors"
    )
    name = models.CharField("姓名", max_length=50)
    unit = models.CharField("工作单位及职务", max_length=150, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    full_time = models.BooleanField("专职", null=True, blank=True)
    began_on = models.DateField("任职日期", null=True, blank=True)
    term_until = models.DateField(
        "派驻期满日期", null=True, blank=True, help_text="派驻期到这一天为止；没有定期限的不填"
    )
    left_on = models.DateField("离任日期", null=True, blank=True, help_text="不再担任指导员的第一天")
    left_reason = models.CharField("离任原因", max_length=16, choices=LeavingReason, blank=True)
    initials = InitialsField("拼音首字母")
    name_key = NameKeyField("名称（规范化）")

    history = HistoricalRecords()
    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党建工作指导员"
        ordering = ["committee__order", "name", "id"]
        indexes = [models.Index(fields=["committee", "name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(began_on__isnull=True) | Q(left_on__gt=F("began_on")),
                name="instructor_left_after_began",
                violation_error_message="离任日期必须晚于任职日期。",
            ),
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(began_on__isnull=True) | Q(term_until__gt=F("began_on")),
                name="instructor_term_after_began",
                violation_error_message="派驻期满日期必须晚于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    LIFE = ("began_on", "left_on")

    @property
    def life(self) -> Life:
        return self.began_on, self.left_on


class Assignment(Period):
    """派驻: this instructor works with this enterprise from … until …"""

    OF, WITHIN = ("enterprise", "instructor"), ("enterprise", "instructor")

    instructor = models.ForeignKey(
        Instructor, verbose_name="指导员", on_delete=models.PROTECT, related_name="assignments"
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", on_delete=models.PROTECT, related_name="assignments"
    )

    history = HistoricalRecords()
    objects = AssignmentQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "派驻"
        ordering = ["start"]
        indexes = [models.Index(fields=["enterprise", "start"]), models.Index(fields=["instructor", "start"])]

    def __str__(self) -> str:
        return f"{self.instructor} → {self.enterprise}"

    def seen_from(self, owner: Any) -> str:
        return f"对{self.enterprise}的派驻" if owner == self.instructor else f"{self.instructor}的派驻"
