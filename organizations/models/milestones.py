"""Milestones: one model, one catalogue in code."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from committees.models import Committee
from common.periods import Period
from enterprises.models import Enterprise
from organizations.milestone_catalogue import BY_CODE, CHOICES
from organizations.models.organizations import PartyOrganization
from organizations.querysets import MilestoneQuerySet


def _choices() -> list:
    return CHOICES


class Milestone(Period):
    """里程碑: reached on `start` by an organization, an enterprise or a committee; lapsed on `end`."""

    OF, WITHIN = ("organization", "enterprise", "committee", "code"), ("organization", "enterprise")

    # A callable, so that a new catalogue line needs no migration.
    code = models.CharField("事项", max_length=40, choices=_choices, db_index=True)
    organization = models.ForeignKey(
        PartyOrganization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="milestones",
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", null=True, blank=True, on_delete=models.PROTECT, related_name="milestones"
    )
    committee = models.ForeignKey(
        Committee, verbose_name="党（工）委", null=True, blank=True, on_delete=models.PROTECT, related_name="milestones"
    )
    note = models.CharField("说明（文号、数量等）", max_length=300, blank=True)

    history = HistoricalRecords()
    objects = MilestoneQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = verbose_name_plural = "里程碑"
        ordering = ["start"]
        indexes = [models.Index(fields=["organization", "code"]), models.Index(fields=["enterprise", "code"])]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organization__isnull=False, enterprise__isnull=True, committee__isnull=True)
                | Q(organization__isnull=True, enterprise__isnull=False, committee__isnull=True)
                | Q(organization__isnull=True, enterprise__isnull=True, committee__isnull=False),
                name="milestone_belongs_to_one",
                violation_error_message="里程碑只属于一个党组织、一家企业或一个党（工）委。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}（{self.start}）"

    def clean(self) -> None:
        super().clean()
        item = BY_CODE.get(self.code)
        if item is None:
            return
        if getattr(self, f"{item.subject}_id") is None:
            raise ValidationError({str(item.subject): f"“{item.label}”属于{item.subject.label}，请选择。"})
        if self.end is not None and not item.lapses and self.end != self.life()[1]:
            raise ValidationError({"end": f"“{item.label}”做到后不会失效，不填结束日期。"})
