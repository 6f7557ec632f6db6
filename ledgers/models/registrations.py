"""登记名单核对结果: what a list of the regulator says otherwise than the register (clause 29), until it is settled."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from simple_history.models import HistoricalRecords

from committees.models import Committee, User
from committees.scope import by_committee, scoped
from common.initials import NameKeyField
from common.periods import live_q
from common.record import Record
from common.today import today
from enterprises.models import Enterprise, Jurisdiction
from ledgers.models.uploads import Upload


class FindingKind(models.TextChoices):
    NEW = "new", "名单有、登记没有"
    MISSING = "missing", "登记有、名单没有"
    CLOSED = "closed", "名单已注销、登记未注销"
    MOVED = "moved", "名单已迁出、登记还在"
    RENAMED = "renamed", "名称不一致"


class FindingState(models.TextChoices):
    OPEN = "open", "待处理"
    SETTLED = "settled", "已处理"
    DISMISSED = "dismissed", "不需处理"


# Nobody has decided: the lists alone say whether it is open.
UNDECIDED = Q(state=FindingState.OPEN) | Q(state=FindingState.SETTLED, settled_by__isnull=True)


class RegistrationFindingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A committee sees what its own lists say; what a list of the whole district says is the district's."""
        return scoped(self, user, by_committee)

    def with_standing(self) -> Self:
        """Adds `now`: its state, where one that the register has answered meanwhile is settled."""
        return self.annotate(
            now=Case(
                When(Q(state=FindingState.OPEN) & ~_still_so(), then=Value(FindingState.SETTLED.value)),
                default=F("state"),
            )
        )

    def to_settle(self) -> Self:
        """Those that wait for somebody: open, and the register is still otherwise."""
        return self.filter(Q(state=FindingState.OPEN) & _still_so())


def _still_so() -> Q:
    """The condition that the register still differs. Asked of the register, so that no figure lags behind it: who
    registers, closes, renames or hands on an enterprise need not come back to the list."""
    day = today()
    live = Jurisdiction.objects.filter(live_q(day))
    ours = Q(committee__isnull=True) | Exists(
        live.filter(enterprise=OuterRef("enterprise"), committee=OuterRef("committee"))
    )
    is_open = Q(enterprise__closed_on__isnull=True) | Q(enterprise__closed_on__gt=day)
    # By its name first, of which there are few: a committee's jurisdictions are many. A committee's list is answered by
    # an enterprise of its own; that another committee has one of that name says nothing.
    named = Enterprise.objects.filter(name_key=OuterRef("name_key"))
    own = live.filter(enterprise=OuterRef("pk"), committee=OuterRef(OuterRef("committee")))
    registered = (
        Exists(Enterprise.objects.filter(credit_code=OuterRef("code")))
        | Exists(named.filter(Exists(own)))
        | Q(committee__isnull=True) & Exists(named)
    )
    # A row of the same list that was taken for a new enterprise, and is this one since its code or name was put right.
    beside = RegistrationFinding.objects.filter(kind=FindingKind.NEW, upload=OuterRef("upload"))
    found = Exists(beside.filter(code=OuterRef("enterprise__credit_code")).exclude(code="")) | Exists(
        beside.filter(name_key=OuterRef("enterprise__name_key"))
    )
    return (Q(kind=FindingKind.NEW) & ~registered) | (
        ~Q(kind=FindingKind.NEW)
        & ours
        & (
            Q(kind__in=[FindingKind.CLOSED, FindingKind.MOVED]) & is_open
            | Q(kind=FindingKind.MISSING) & is_open & ~found
            | Q(kind=FindingKind.RENAMED) & ~Q(enterprise__name_key=F("name_key"))
        )
    )


class RegistrationFinding(Record):
    """One difference between the register and the lists of one committee, or of the district (no committee).

    Every list that says it is in `said_by`; `upload` is the newest of them. Lists open it and settle it; what a person
    has decided they leave alone (ledgers/uploads/registrations.py).
    """

    LIST, MEASURE = "registration-findings", "条"
    # Taken back with the list that said it, of which the list's own page tells.
    VANISHES = False

    committee = models.ForeignKey(
        Committee,
        verbose_name="党（工）委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registration_findings",
        help_text="空：全区的登记名单",
    )
    kind = models.CharField("类别", max_length=8, choices=FindingKind)
    # Which record or row is meant, among those of its kind: an enterprise, a credit code, a name.
    subject = models.CharField("对象", max_length=450)
    name = models.CharField("名单上的名称", max_length=300)
    name_key = NameKeyField("名称（规范化）")
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    detail = models.CharField("说明", max_length=500, blank=True)
    enterprise = models.ForeignKey(
        Enterprise,
        verbose_name="企业",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registration_findings",
    )
    as_of = models.DateField("名单日期")
    upload = models.ForeignKey(
        Upload, verbose_name="名单", on_delete=models.PROTECT, related_name="registration_findings"
    )
    said_by = models.ManyToManyField(Upload, verbose_name="写到的名单", related_name="+")
    state = models.CharField("状态", max_length=10, choices=FindingState, default=FindingState.OPEN)
    settled_on = models.DateField("处理日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        User, verbose_name="处理人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said = models.CharField("处理说明", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = RegistrationFindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登记名单核对结果"
        ordering = ["-as_of", "id"]
        indexes = [
            models.Index(fields=["committee", "kind", "subject"], name="finding_by_subject"),
            models.Index(fields=["upload", "kind", "code"], name="finding_by_code"),
            models.Index(fields=["upload", "kind", "name_key"], name="finding_by_name"),
        ]
        # What somebody has settled may come up again; the rest stands once.
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "kind", "subject"],
                condition=Q(state__in=["open", "dismissed"]),
                name="finding_live_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["open", "dismissed"], committee__isnull=True),
                name="finding_live_once_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_kind_display()}）"

    def get_absolute_url(self) -> str:
        """It has no page of its own: it stands in the list."""
        return reverse(self.LIST)
