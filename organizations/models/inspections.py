"""督促检查 (clause 34): a committee, organization or enterprise is inspected; what is found is to be put right by a
day, is reported as put right, and closed by the district."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from committees.models import Committee, User
from common.record import Record
from common.today import today
from enterprises.models import Enterprise
from organizations.models.organizations import PartyOrganization
from organizations.querysets import InspectionQuerySet

_SUBJECTS = ("committee", "organization", "enterprise")


class InspectionForm(models.TextChoices):
    ON_SITE = "on_site", "实地检查"
    WRITTEN = "written", "书面检查"
    SPOT = "spot", "抽查"
    SPECIAL = "special", "专项督查"
    OTHER = "other", "其他"


class Standing(models.TextChoices):
    """How far an inspection is, on a day. Never stored: a deadline passes without anybody saving anything."""

    NONE = "none", "没有发现问题"
    OPEN = "open", "整改中"
    OVERDUE = "overdue", "已逾期"
    REPORTED = "reported", "已上报整改，待核实"
    CLOSED = "closed", "已整改"


def _of_one(name: str) -> Q:
    return Q(**{f"{each}__isnull": each != name for each in _SUBJECTS})


class Inspection(Record):
    """One inspection of one committee, organization or enterprise."""

    PAGE, LIST, MEASURE = "inspection", "inspections", "次"

    committee = models.ForeignKey(
        Committee,
        verbose_name="党（工）委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    organization = models.ForeignKey(
        PartyOrganization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", null=True, blank=True, on_delete=models.PROTECT, related_name="inspections"
    )
    form = models.CharField("检查方式", max_length=8, choices=InspectionForm)
    inspected_on = models.DateField("检查日期", default=today)
    findings = models.CharField("发现的问题", max_length=1000, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="登记人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField("整改情况", max_length=1000, blank=True)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, verbose_name="上报人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Why a report was sent back, the last time that one was.
    returned = models.CharField("退回理由", max_length=200, blank=True)
    closed_on = models.DateField("整改完成日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, verbose_name="核实人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()
    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督促检查"
        ordering = ["-inspected_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=_of_one("committee") | _of_one("organization") | _of_one("enterprise"),
                name="inspection_of_one",
                violation_error_message="检查的对象选一个：党（工）委、党组织或者企业。",
            ),
            models.CheckConstraint(
                condition=Q(findings="", due_on__isnull=True) | (~Q(findings="") & Q(due_on__isnull=False)),
                name="inspection_due_if_found",
                violation_error_message="发现问题的要填整改期限；没有发现问题的，整改期限请留空。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("inspected_on")),
                name="inspection_due_after",
                violation_error_message="整改期限不能早于检查日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("inspected_on")),
                name="inspection_closed_after",
                violation_error_message="整改完成日期不能早于检查日期。",
            ),
            models.CheckConstraint(
                condition=~Q(findings="") | Q(outcome="", reported_on__isnull=True, closed_on__isnull=True),
                name="inspection_put_right_if_found",
                violation_error_message="没有发现问题的，不用整改。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="") | Q(reported_on__isnull=True, closed_on__isnull=True),
                name="inspection_outcome_told",
                violation_error_message="请填写整改情况。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}（{self.inspected_on} {self.get_form_display()}）"

    @property
    def subject(self) -> Any:
        return self.committee or self.organization or self.enterprise

    @property
    def subject_address(self) -> str:
        """The page on which the inspections of the subject stand."""
        if self.committee_id is not None:
            return reverse("committee-plan", args=[self.committee_id])
        address: str = self.subject.get_absolute_url()
        return address

    @property
    def days_late(self) -> int:
        """For how many days the deadline had passed when it was put right, or reported so; else by today. How long the
        district takes to look at a report is not held against whoever made it."""
        if self.due_on is None:
            return 0
        return max(((self.closed_on or self.reported_on or today()) - self.due_on).days, 0)

    @property
    def standing(self) -> Standing:
        if not self.findings:
            return Standing.NONE
        if self.closed_on is not None:
            return Standing.CLOSED
        if self.reported_on is not None:
            return Standing.REPORTED
        return Standing.OVERDUE if self.days_late else Standing.OPEN

    def clean(self) -> None:
        """What depends on today and on the subject; how the dates follow each other the constraints say."""
        super().clean()
        errors = {}
        if self.inspected_on is not None and (against := self._against_day()):
            errors["inspected_on"] = against
        if self.closed_on is not None and self.closed_on > today():
            errors["closed_on"] = f"整改完成日期 {self.closed_on} 在未来，请填已经完成的日期。"
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        """All of them, those too that a form does not ask about: what stands there counts with what is typed."""
        super().validate_constraints()

    def _against_day(self) -> str:
        """Why the subject cannot have been inspected on the day; "" where it can."""
        on, subject = self.inspected_on, self.subject
        if on > today():
            return f"检查日期 {on} 在未来，请在检查以后登记。"
        if subject is None or isinstance(subject, Committee) or self._said_before():
            return ""
        began, ended = subject.life
        if began is not None and on < began:
            return f"{subject}{subject.BEGAN} {began}，检查日期 {on} 更早，请核对检查日期。"
        if ended is not None and on >= ended:
            return f"{subject}已于 {ended} {subject.GONE}，请填{subject.GONE}以前的检查日期。"
        return ""

    def _said_before(self) -> bool:
        """Whether subject and day stand so already: when the life of a subject is corrected later, what was found must
        still come to an end."""
        same: dict[str, dt.date | int | None] = {"pk": self.pk, "inspected_on": self.inspected_on}
        same |= {f"{name}_id": getattr(self, f"{name}_id") for name in _SUBJECTS}
        return self.pk is not None and type(self)._base_manager.filter(**same).exists()
