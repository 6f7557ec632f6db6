"""The dated rows that the engine counts: as they stand now, or as the system held them at a moment.

The engine asks only for columns that a table and its history table share, and always for
`id`, never `pk`: on a history row `pk` is the history's own key.
"""

import datetime as dt
from collections.abc import Collection

from django.db import models
from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.expressions import Combinable

from common.former import Former, then
from common.models import Filing
from common.periods import Precision, live_q
from enterprises.models import BaseExclusion, Enterprise, Headcount, Jurisdiction, MassOrganization
from instructors.models import Assignment
from organizations.models import Cover, ItemFact, MemberPlacement, MemberStage, PartyOrganization


def held_at(model: type[models.Model], moment: dt.datetime) -> models.QuerySet:
    """The history rows that were the state of `model`'s table at `moment`."""
    rows: models.QuerySet = model.history.model.objects.filter(history_date__lte=moment)  # type: ignore[attr-defined]
    later = rows.filter(id=OuterRef("id")).filter(
        Q(history_date__gt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
    )
    return rows.filter(~Exists(later)).exclude(history_type="-")


class Facts:
    """Where the engine reads: the tables, or with `known_at` their history at that moment (rule 9); with `only`, what
    concerns these enterprises."""

    def __init__(self, known_at: dt.datetime | None = None, only: Collection[int] | None = None):
        self.known_at, self.only = known_at, only

    def rows(self, model: type[models.Model]) -> models.QuerySet:
        rows = model._default_manager if self.known_at is None else held_at(model, self.known_at)
        if self.only is not None and model is Enterprise:
            rows = rows.filter(id__in=self.only)
        elif self.only is not None and any(field.name == "enterprise" for field in model._meta.concrete_fields):
            mine = Q(enterprise_id__in=self.only)
            # What stands on others is not about any enterprise.
            rows = rows.filter(mine | Q(enterprise_id__isnull=True) if issubclass(model, ItemFact) else mine)
        return rows.order_by()

    def live(self, model: type[models.Model], day: dt.date) -> models.QuerySet:
        return self.rows(model).filter(live_q(day))

    @property
    def enterprises(self) -> models.QuerySet:
        return self.rows(Enterprise)

    def live_organizations(self, day: dt.date) -> models.QuerySet:
        return self.rows(PartyOrganization).filter(live_q(day, "established_on", "dissolved_on"))

    def was(self, model: type[Former], name: str, day: dt.date) -> Combinable:
        """An expression on the records whose former table is `model`: their column `name` as it was on `day`."""
        return then(self.rows(model), model.OF[0], name, day)

    def possible_organizations(self, day: dt.date) -> models.QuerySet:
        """Those that are live on `day`, and those that may have been: their later founding day was only assumed."""
        begun = Q(established_on__lte=day) | Q(established_precision=Precision.ASSUMED)
        return self.rows(PartyOrganization).filter(begun).exclude(dissolved_on__lte=day)

    @property
    def filings(self) -> models.QuerySet:
        """What was said on which day, as it stands or as it stood at the moment."""
        filings: models.QuerySet = Filing.every.standing(self.known_at).order_by()
        return filings if self.only is None else filings.filter(~Q(subject="enterprise") | Q(key__in=self.only))

    def live_covers(self, day: dt.date) -> models.QuerySet:
        """Covers that are live on `day`, by organizations that are live themselves (rule 2)."""
        return self.live(Cover, day).filter(organization_id__in=self.live_organizations(day).values("id"))

    def live_placements(self, day: dt.date, stages: set[str]) -> models.QuerySet:
        """Where people at these stages work on `day`, from the rosters."""
        at_stage = self.live(MemberStage, day).filter(stage__in=stages)
        return (
            self.live(MemberPlacement, day)
            .filter(enterprise_id__isnull=False)
            .filter(member_id__in=at_stage.values("member_id"))
        )

    def known_by(self, day: dt.date) -> Q:
        """The condition that an enterprise exists by `day`.

        Registered on or before it; without a registration date, from the earliest dated
        fact known about it (rule 1).
        """
        dated = Q()
        for model in DATED_FACTS:
            dated |= Q(id__in=self.rows(model).filter(start__lte=day).values("enterprise_id"))
        return Q(registered_on__lte=day) | (Q(registered_on__isnull=True) & dated)

    def first_day(self) -> dt.date | None:
        """The first day on which an enterprise was there."""
        days = [self.enterprises.aggregate(first=Min("registered_on"))["first"]]
        days += [self.rows(model).aggregate(first=Min("start"))["first"] for model in DATED_FACTS]
        return min((day for day in days if day is not None), default=None)


# Whatever is dated and known about an enterprise shows that it exists.
DATED_FACTS: tuple[type[models.Model], ...] = (
    Jurisdiction,
    Headcount,
    Cover,
    Assignment,
    MassOrganization,
    BaseExclusion,
)
