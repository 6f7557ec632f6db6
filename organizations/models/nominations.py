"""推荐评选: the way to a recognition (clauses 6, 7, 20): recommended with evidence, reviewed, awarded. The recognition
itself is a State from the day of the award, until it is taken back."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from committees.models import User
from common.record import Record
from common.today import today
from enterprises.models import Enterprise
from organizations.models.items import one_of
from organizations.models.members import Member
from organizations.models.organizations import PartyOrganization
from organizations.querysets import NominationQuerySet


class NominationState(models.TextChoices):
    RECOMMENDED = "recommended", "已推荐，待审核"
    REVIEWED = "reviewed", "已审核，待命名"
    AWARDED = "awarded", "已命名"
    DECLINED = "declined", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


PENDING = (NominationState.RECOMMENDED, NominationState.REVIEWED)


SUBJECTS = ("organization", "enterprise", "member")


class Nomination(Record):
    """One organization, enterprise or person on its way to one recognition (an item that is awarded)."""

    LIST, MEASURE = "nominations", "份"
    # It is withdrawn or declined, and stays.
    VANISHES = False

    organization = models.ForeignKey(
        PartyOrganization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="nominations",
    )
    enterprise = models.ForeignKey(
        Enterprise, verbose_name="企业", null=True, blank=True, on_delete=models.PROTECT, related_name="nominations"
    )
    member = models.ForeignKey(
        Member, verbose_name="党员", null=True, blank=True, on_delete=models.PROTECT, related_name="nominations"
    )
    code = models.SlugField("评选", max_length=40)
    evidence = models.CharField("事迹和依据", max_length=500)
    recommended_on = models.DateField("推荐日期", default=today)
    recommended_by = models.ForeignKey(
        User, verbose_name="推荐人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("进展", max_length=12, choices=NominationState, default=NominationState.RECOMMENDED)
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, verbose_name="审核人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said = models.CharField("审核意见", max_length=200, blank=True)
    document = models.CharField("命名文件", max_length=200, blank=True)
    awarded_on = models.DateField("命名日期", null=True, blank=True)

    history = HistoricalRecords()
    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推荐评选"
        ordering = ["-recommended_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=one_of(SUBJECTS),
                name="nomination_of_one",
                violation_error_message="推荐一个党组织、一家企业或者一名党员。",
            ),
            *(
                models.UniqueConstraint(
                    fields=[owner, "code"],
                    condition=Q(state__in=["recommended", "reviewed"]),
                    name=f"nomination_one_pending_of_{owner}",
                    violation_error_message="已经推荐，还没有结果。",
                )
                for owner in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def subject(self) -> Any:
        return self.organization or self.enterprise or self.member

    def get_absolute_url(self) -> str:
        """It has no page of its own: it stands in the list."""
        return reverse(self.LIST)
