"""How old the numbers are on which the figures rest: of each enterprise in the base the last day on which anybody said
its numbers of people (rule 5)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, DateField, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from common.periods import months_before
from enterprises.models import Headcount
from reports.coverage import flagged
from reports.facts import Facts
from reports.indicators import IN_BASE
from reports.rules import Rulebook, Rules


@dataclass
class Ages:
    """Of how many enterprises the numbers are known, from which days, and how many are older than `limit`."""

    limit: dt.date
    days: Counter[dt.date] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return sum(self.days.values())

    @property
    def oldest(self) -> dt.date | None:
        return min(self.days, default=None)

    @property
    def median(self) -> dt.date | None:
        """The day by which half of the numbers (or one more) were said."""
        seen = 0
        for day, number in sorted(self.days.items()):
            seen += number
            if 2 * seen >= self.number:
                return day
        return None

    @property
    def old(self) -> int:
        return sum(number for day, number in self.days.items() if day < self.limit)

    @property
    def said(self) -> str:
        """In words, for exports; "" where no number is known."""
        if not self.number:
            return ""
        return (
            f"{self.number} 家的人数：最早为 {self.oldest} 填报，一半不晚于 {self.median}；"
            f"{self.limit} 以前填报的（已陈旧）{self.old} 家"
        )


@dataclass
class Freshness:
    """The ages in the district and by committee."""

    limit: dt.date
    district: Ages
    committees: dict[int | None, Ages]

    def of(self, committee_id: int | None) -> Ages:
        """The ages of one committee, or of the district when it is None."""
        return self.district if committee_id is None else self.committees.get(committee_id, Ages(self.limit))


def dated_numbers(day: dt.date, rules: Rules, *, known_at: dt.datetime | None = None) -> models.QuerySet:
    """The enterprises in the base on `day` whose numbers are known, each with `said_on`: the last day, up to `day`, on
    which its number of employees or members was said."""
    facts = Facts(known_at)
    live = facts.live(Headcount, day).filter(enterprise_id=OuterRef("id")).values("start")[:1]
    said = facts.filings.filter(subject="enterprise", key=OuterRef("id"), day__lte=day, topics__contains=" headcount.")
    last = said.values("key").annotate(last=Max("day")).values("last")
    rows = flagged(facts, day, rules, []).filter(outside=IN_BASE)
    begun = Subquery(live, output_field=DateField())
    rows = rows.annotate(begun=begun).filter(begun__isnull=False)
    dated: models.QuerySet = rows.annotate(said_on=Coalesce(Subquery(last), F("begun")))
    return dated


def oldest_fresh(day: dt.date, rules: Rules) -> dt.date:
    """What was said before this day is old on `day`."""
    return months_before(day, rules.fresh_months)


def freshness(day: dt.date, *, known_at: dt.datetime | None = None, rules: Rules | None = None) -> Freshness:
    """How old the numbers are on `day`: one statement, and two for the rules where none are given. Older than
    the limit: said before so many months ago."""
    rules = rules or Rulebook(Facts(known_at)).on(day)
    limit = oldest_fresh(day, rules)
    found = Freshness(limit, Ages(limit), {})
    rows = dated_numbers(day, rules, known_at=known_at).order_by().values_list("on_committee", "said_on")
    for committee, said_on, number in rows.annotate(number=Count("id")):
        for ages in (found.district, found.committees.setdefault(committee, Ages(limit))):
            ages.days[said_on] += number
    return found
