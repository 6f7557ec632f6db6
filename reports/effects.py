"""What a change that is previewed does to the targets: to the figures of due dates that are over, to today's, and
which enterprises lose their cover. Counted over the enterprises that it touches only, so that it costs in proportion.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from committees.scope import own_committee_id
from common.desk.consequences import watches
from common.periods import fact_models
from common.today import today
from enterprises.models import Enterprise
from organizations.models import FACTS, Cover, Member, MemberPlacement, PartyOrganization
from reports.coverage import Coverage, Figures, coverage_on, enterprises_in
from reports.indicators import Indicator
from reports.items import asked_about
from reports.verdicts import Judging, count_items

# How many enterprises are named.
_NAMED = 10


def touched_since(moment: dt.datetime) -> set[int]:
    """The enterprises of which anything was changed since `moment`, as history tells: they themselves, their facts, the
    organizations that cover them, the people who work there."""
    found: set[int] = set()
    people: set[int] = set()

    def changed(model: Any, column: str) -> set[int]:
        rows = model.history.filter(history_date__gte=moment).values_list(column, flat=True)
        return {key for key in rows if key is not None}

    for model in fact_models():
        names = {field.name for field in model._meta.concrete_fields}
        if "enterprise" in names:
            found |= changed(model, "enterprise_id")
        elif "member" in names:
            people |= changed(model, "member_id")
    found |= changed(Enterprise, "id")
    people |= changed(Member, "id")
    bodies = changed(PartyOrganization, "id")
    if bodies:
        found |= set(Cover.objects.filter(organization__in=bodies).values_list("enterprise_id", flat=True))
    if people:
        places = MemberPlacement.objects.filter(member__in=people, enterprise__isnull=False)
        found |= set(places.values_list("enterprise_id", flat=True))
    return found


class TargetWatch:
    """See common/desk/consequences.py. A committee is told of its own figures, the district of the whole, unless one
    committee is asked about."""

    def __init__(self, user: Any, committee_id: int | None = None):
        self.committee_id = committee_id or own_committee_id(user)
        self.begun = timezone.now()
        self.judging: Judging | None = None
        self.touched: set[int] = set()
        # As the change leaves it: the figures, who is in the base, who is covered.
        self.after: dict[dt.date, Coverage] = {}
        self.there: set[int] = set()
        self.covered: set[int] = set()

    def look(self) -> None:
        self.touched = touched_since(self.begun)
        recognised = any(
            model.history.filter(history_date__gte=self.begun).exists()  # type: ignore[attr-defined]
            for model in (*FACTS.values(), PartyOrganization)
        )
        if not self.touched and not recognised:
            return
        self.judging = Judging(today(), committee_id=self.committee_id, past=False, keys=())
        over = {target.due_on for target in self.judging.targets if target.due_on < today()}
        self.after = {day: self._count(day) for day in [*sorted(over), today()]}
        self.there, self.covered = self._in("enterprises"), self._in("organization_covered")

    def words(self) -> list[str]:
        if not self.after:
            return []
        found: list[str] = []
        past = [word for day in self.after if day != today() for word in self._differences(day)]
        if past:
            found.append("会改变以往期限日的数字：" + "；".join(past))
        if now := self._differences(today()):
            found.append("今天的数字：" + "；".join(now))
        if lost := (self._in("organization_covered") - self.covered) & self.there:
            names = list(Enterprise.objects.filter(pk__in=lost).order_by("name").values_list("name", flat=True))
            more = f"等 {len(names)} 家" if len(names) > _NAMED else ""
            found.append(f"不再有党组织覆盖：{'、'.join(names[:_NAMED])}{more}")
        return found

    def _count(self, day: dt.date) -> Coverage:
        return self._counted(day, self._asked(day), self.touched)

    def _counted(self, day: dt.date, indicators: list[Indicator], only: set[int] | None = None) -> Coverage:
        """What these indicators need, of the touched enterprises or of all."""
        assert self.judging is not None
        keys = {key for each in indicators if each.item is None for key in each.keys}
        found = coverage_on(day, only=only, keys=keys, rules=self.judging.rules_on(day))
        question = asked_about(day, plan=self.judging.plan, rulebook=self.judging.rulebook, only=only)
        count_items(found, indicators, question, self.judging.catalogue)
        return found

    def _asked(self, day: dt.date) -> list[Indicator]:
        """The indicators that judge on `day`; today those of all targets."""
        assert self.judging is not None
        due = [each for each in self.judging.judging_targets() if day in (each.due_on, today())]
        return list({each.indicator: self.judging.indicators[each.pk] for each in due}.values())

    def _figures(self, coverage: Coverage) -> Figures:
        return coverage.district if self.committee_id is None else coverage.committee(self.committee_id)

    def _in(self, key: str) -> set[int]:
        """Which of the touched belong to a figure today."""
        rows = enterprises_in(key, today(), only=self.touched, committee_id=self.committee_id)
        return set(rows.values_list("id", flat=True))

    def _differences(self, day: dt.date) -> list[str]:
        """The indicators asked on `day` that the change moves, before → after."""
        before, after = self._figures(self._count(day)), self._figures(self.after[day])
        moved = [each for each in self._asked(day) if _said(each, before) != _said(each, after)]
        if not moved:
            return []
        whole = self._figures(self._counted(day, moved))
        changed = whole.plus(after).minus(before)
        date = "" if day == today() else f"{day} "
        assert self.judging is not None
        rules = self.judging.rules_on(day)
        return [f"{date}{each.called(rules)} {_words(each, whole)} → {_words(each, changed)}" for each in moved]


def _said(indicator: Indicator, figures: Figures) -> tuple:
    return figures.rate(indicator), figures.least(indicator), figures.most(indicator)


def _words(indicator: Indicator, figures: Figures) -> str:
    rate = figures.rate(indicator)
    unsure = figures.unknown[indicator.part] if indicator.of is None else figures.unsure[indicator.key]
    unknown = f"（未知 {unsure}）" if unsure else ""
    return f"{rate.part}{unknown}" if indicator.of is None else f"{rate.part}/{rate.base}{unknown}"


watches(TargetWatch)
