"""党建工作指导员 and where they are assigned."""

from django.db import models
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.initials import InitialsField
from common.periods import Period
from common.record import Record
from enterprises.models import Enterprise
from instructors.querysets import AssignmentQuerySet, InstructorQuerySet


class Instructor(Record):
    """A person whom a committee sends to enterprises, one-to-one or one-to-many (clause 18)."""

    PAGE, LIST, MEASURE = "instructor", "instructors", "名"

    committee = models.ForeignKey(
        Committee, verbose_name="派出党（工）委", on_delete=models.PROTECT, related_name="instructors"
    )
    name = models.CharField("姓名", max_length=50)
    unit = models.CharField("工作单位及职务", max_length=150, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    full_time = models.BooleanField("专职", null=True, blank=True)
    initials = InitialsField("拼音首字母")

    history = HistoricalRecords()
    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党建工作指导员"
        ordering = ["committee__order", "name", "id"]
        indexes = [models.Index(fields=["committee", "name"])]

    def __str__(self) -> str:
        return self.name


class Assignment(Period):
    """派驻: this instructor works with this enterprise from … until …"""

    OF, WITHIN = ("enterprise", "instructor"), ("enterprise",)

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
