"""What two committees say differently, until the district has settled it."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from committees.models import Committee
from committees.scope import own_committee_id, scoped, sees_all, sees_persons
from ledgers.models.uploads import Upload


class ConflictKind(models.TextChoices):
    CLAIMED = "claimed", "一家企业，两个单位申报"
    TWO_NAMES = "two_names", "一个代码，两个企业名称"
    TWO_DATES = "two_dates", "一个党组织，两个成立日期"
    PERSON = "person", "一个人，两个单位登记"


class ConflictQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Shown to both: the committee that claims and the one that holds; about people to those who may know them."""
        rows = scoped(
            self, user, lambda committee_id: models.Q(committee_id=committee_id) | models.Q(holder_id=committee_id)
        )
        return rows if sees_persons(user) else rows.exclude(kind=ConflictKind.PERSON)


class Conflict(models.Model):
    """What two committees say differently; the district settles it with a reason, and then it is applied.

    Each of the two sees what it said itself (`as_seen_by`); only the district sees both sides.
    """

    kind = models.CharField("种类", max_length=12, choices=ConflictKind)
    committee = models.ForeignKey(
        Committee, verbose_name="申报单位", on_delete=models.PROTECT, related_name="conflicts_claimed"
    )
    holder = models.ForeignKey(
        Committee, verbose_name="现登记单位", on_delete=models.PROTECT, related_name="conflicts_held"
    )
    upload = models.ForeignKey(
        Upload, verbose_name="上传", null=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    # Which record is meant: its credit code, organization name or member key.
    subject = models.CharField("对象", max_length=200)
    name = models.CharField("名称", max_length=200)
    claimed = models.CharField("申报的内容", max_length=300)
    held = models.CharField("登记的内容", max_length=300)
    day = models.DateField("台账日期")
    decision = models.CharField("处理", max_length=12, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="处理人", null=True, blank=True, on_delete=models.PROTECT
    )
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    created_at = models.DateTimeField("发现时间", auto_now_add=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "冲突"
        ordering = ["settled_at", "-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "committee", "subject"],
                condition=models.Q(settled_at__isnull=True),
                name="conflict_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.name}"

    def as_seen_by(self, user: Any) -> dict[str, Any]:
        """Its name, and the sides ("committee", "claimed", "holder", "held") as far as the user may know them."""
        sides = {"committee": self.committee, "claimed": self.claimed, "holder": self.holder, "held": self.held}
        if sees_all(user):
            return {"name": self.name, **sides}
        own = own_committee_id(user)
        mine = {"committee", "claimed"} if self.committee_id == own else {"holder", "held"}
        name = self.name if self.committee_id == own or self.kind == ConflictKind.TWO_DATES else self.held
        return {"name": name, **{side: value if side in mine else "" for side, value in sides.items()}}
