"""Half-open periods: a row is live on D when start <= D and (end is null or end > D)."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q

from common.record import Record
from common.series import ALWAYS, Life


class Precision(models.TextChoices):
    """How well a date is known. A month stands as its first day; an assumed date is
    the as-of date of the ledger that stated a fact without a date."""

    DAY = "day", "到日"
    MONTH = "month", "到月"
    ASSUMED = "assumed", "未填，按台账日期"


def live_q(day: dt.date, start: str = "start", end: str = "end") -> Q:
    """The condition that a row with these start and end columns is live on `day`."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


class PeriodQuerySet(models.QuerySet):
    """Rows with `start` and `end`."""

    def live_on(self, day: dt.date) -> Self:
        """The rows that are live on `day`."""
        return self.filter(live_q(day))

    def overlapping(self, start: dt.date, end: dt.date | None) -> Self:
        """The rows that share at least one day with [start, end); no end means for ever."""
        rows = self.filter(Q(end__isnull=True) | Q(end__gt=start))
        return rows if end is None else rows.filter(start__lt=end)


class Period(models.Model):
    """A dated fact. `end` is the first day on which it no longer holds.

    A model declares once how its facts follow each other, and common/series.py does the rest: whose fact it is (`OF`:
    of these no two are live at once), which values make it another fact (`VALUE`; what else stands on the row goes
    along), whether a value that is not stated goes on (`CARRIES`), and inside whose life it lies (`WITHIN`).
    """

    OF: ClassVar[tuple[str, ...]] = ()
    VALUE: ClassVar[tuple[str, ...]] = ()
    CARRIES: ClassVar[bool] = False
    # Whether its values are columns of its owner, and said as such (common/former.py).
    OF_RECORD: ClassVar[bool] = False
    WITHIN: ClassVar[tuple[str, ...]] = ()
    # Whether it says where people are: these are counted, not named, when something ends.
    OF_PEOPLE: ClassVar[bool] = False

    start = models.DateField("开始日期")
    start_precision = models.CharField("开始日期精度", max_length=8, choices=Precision, default=Precision.DAY)
    end = models.DateField("结束日期", null=True, blank=True, help_text="不再有效的第一天；仍有效则留空")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="%(app_label)s_%(class)s_end_after_start",
                violation_error_message="结束日期必须晚于开始日期。",
            )
        ]

    def is_live_on(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)

    def follow_start(self, start: dt.date) -> list[str]:
        """Mend what follows from the start, before it is moved to `start`; what that was, in words."""
        return []

    def doubts(self) -> list[str]:
        """What rules say against the fact as it stands, a sentence each: it is kept, and whoever enters it is told."""
        return []

    def seen_from(self, owner: Any) -> str:
        """The fact in words, seen from the record that it hangs on."""
        display = getattr(self, "get_kind_display", None)
        return display() if display else str(self._meta.verbose_name)

    def record(self) -> Record:
        """Whose page it stands on: the first of its owners that is there."""
        owners = (getattr(self, name) for name in self.OF)
        return next(owner for owner in owners if isinstance(owner, Record))

    def get_absolute_url(self) -> str:
        return self.record().get_absolute_url()

    def owners(self) -> dict[str, Any] | None:
        """The filter that finds the facts of the same owners; None while one is not chosen."""
        found: dict[str, Any] = {}
        for name in self.OF:
            field, value = self._meta.get_field(name), self.serializable_value(name)
            if value is None and not getattr(field, "null", False):
                return None
            found[name if value is not None else f"{name}__isnull"] = value if value is not None else True
        return found

    def life(self) -> Life:
        """The days on which all that the fact lies within are there."""
        lives = [getattr(owner, "life", ALWAYS) for name in self.WITHIN if (owner := getattr(self, name)) is not None]
        return common_life(lives)

    def clean(self) -> None:
        """Refuse a period that overlaps another of the same owners, or leaves the life of one (laws 2 and 3)."""
        super().clean()
        owners = self.owners()
        if self.start is None or owners is None:
            return
        faults = self._outside_of_lives()
        other: Any = type(self)._default_manager.filter(**owners).overlapping(self.start, self.end)
        if self.OF and (other := other.exclude(pk=self.pk).first()) is not None:
            until = other.end or "至今"
            words = f"与已有的一段（{other.start} 起，{until}）重叠，请先结束那一段。"
            faults.setdefault("start", []).append(words)
        if faults:
            raise ValidationError(faults)

    def _outside_of_lives(self) -> dict[str, list[str]]:
        """What leaves the life of an owner, by field; a date that stands so already is not this change's fault."""
        stored = type(self)._default_manager.filter(pk=self.pk).values_list("start", "end").first() if self.pk else None
        faults: dict[str, list[str]] = {}
        for name in self.WITHIN:
            try:
                owner = getattr(self, name)
            except ObjectDoesNotExist:
                continue
            if owner is None:
                continue
            begins, ends = owner.life
            what, mine = f"{owner._meta.verbose_name}“{owner}”", self._meta.verbose_name
            if begins is not None and self.start < begins and (stored is None or stored[0] != self.start):
                faults.setdefault("start", []).append(f"{what}{owner.BEGAN} {begins}，{mine}不能更早。")
            if ends is not None and (self.end is None or self.end > ends) and (stored is None or stored[1] != self.end):
                faults.setdefault("end", []).append(f"{what}已于 {ends} {owner.GONE}，{mine}最晚到那天为止。")
        return faults


def common_life(lives: Iterable[Life]) -> Life:
    """The days that several lives have in common; one that is empty ends before it begins."""
    begins, ends = None, None
    for first, last in lives:
        begins = first if begins is None or (first is not None and first > begins) else begins
        ends = last if ends is None or (last is not None and last < ends) else ends
    return begins, ends


def fact_models() -> list[type[Period]]:
    """Every dated fact of the product, in the order of the apps; history tables aside."""
    return [model for model in apps.get_models() if issubclass(model, Period) and hasattr(model, "history")]


def month_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The last day of every month from the month of `first` up to `last`, and `last` itself at the end."""
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        end = dt.date(year, month, 1) - dt.timedelta(days=1)
        if end >= last:
            yield last
            return
        yield end


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


Span = tuple[dt.date, dt.date | None]


def intersect(a: Span, b: Span) -> Span | None:
    """The days common to two half-open spans, or None."""
    start = max(a[0], b[0])
    end = a[1] if b[1] is None else b[1] if a[1] is None else min(a[1], b[1])
    return None if end is not None and end <= start else (start, end)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same days as disjoint spans in order, so that counting them counts no day twice."""
    merged: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            last_start, last_end = merged[-1]
            merged[-1] = (last_start, None if last_end is None or end is None else max(last_end, end))
        else:
            merged.append((start, end))
    return merged


def subtract(span: Span, holes: Iterable[Span]) -> list[Span]:
    """`span` without the days of `holes`, as disjoint spans in order."""
    rest: list[Span] = []
    start, end = span
    for hole_start, hole_end in union(holes):
        if end is not None and hole_start >= end:
            break
        if hole_start > start:
            rest.append((start, hole_start))
        if hole_end is None:
            return rest
        start = max(start, hole_end)
        if end is not None and start >= end:
            return rest
    rest.append((start, end))
    return rest
