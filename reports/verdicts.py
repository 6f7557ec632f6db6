"""Targets held against the figures: met, missed, not to be decided by what is known, or due and how far (rule 10)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from common.fractions import Rate
from common.plan import Plan, Subject, plan_of
from reports.coverage import Coverage, Figures, coverage_on
from reports.duties import duties, who_of
from reports.facts import Facts
from reports.indicators import FIGURES, INDICATORS, Indicator, item_indicator
from reports.items import Catalogue, Ought, asked_about, tallies
from reports.models import Target
from reports.populations import MEASURES, POPULATIONS, Asked
from reports.rules import Rulebook, Rules

MET, MISSED, UNDECIDED, DUE, NO_BASE, OPEN = "met", "missed", "undecided", "due", "no_base", "open"


@dataclass(frozen=True)
class Standing:
    """One indicator on one date: as known, and between what least and most it lies, since of `unsure` enterprises (or
    organizations) nobody knows."""

    day: dt.date
    known: Rate
    least: Rate
    most: Rate
    unsure: int
    # How many are known not to have it: the size of the gap's list.
    lacking: int

    @classmethod
    def of(cls, day: dt.date, figures: Figures, indicator: Indicator) -> "Standing":
        unsure = figures.unknown[indicator.part] if indicator.of is None else figures.unsure[indicator.key]
        lacking = figures[indicator.gap] if indicator.gap else 0
        rates = (figures.rate(indicator), figures.least(indicator), figures.most(indicator))
        return cls(day, *rates, unsure, lacking)

    @property
    def shown(self) -> str:
        """The known rate; where not even the base is known, that."""
        return "不明" if self.unsure and not self.known.base else str(self.known)

    @property
    def said(self) -> str:
        """Known and unknown in words, with the least and the most that is possible; "" where all is known."""
        if not self.unsure:
            return ""
        return f"已知 {self.known.part}/{self.known.base}，未知 {self.unsure} 家：最低 {self.least}，最高 {self.most}"


@dataclass(frozen=True)
class Verdict:
    """One target against the figures of one committee or the district.

    `at_due` is the standing on the due date, None until the day after it; `now` that on the date asked about. `state`
    judges the due date once it is over.
    """

    target: Target
    indicator: Indicator
    state: str
    now: Standing
    at_due: Standing | None
    missing: int
    days_left: int
    met_now: bool
    # How the indicator is called by the rules of the due date.
    called: str
    # Whether it decides: of several readings of 全覆盖 one does (reports/rules.py).
    judges: bool

    @property
    def is_count(self) -> bool:
        return self.indicator.of is None

    @property
    def measure(self) -> str:
        """The word by which its subjects are counted."""
        return MEASURES[Subject.ENTERPRISE.value if self.indicator.item is None else self.indicator.item[0].subject]

    @property
    def one_list(self) -> bool:
        """Whether those of whom nobody knows stand in one list: of a part of all, or of an item."""
        return self.indicator.item is not None or self.indicator.of == "enterprises"

    @property
    def per_week(self) -> int:
        """How many a week are needed to reach the target in time; 0 when none is missing or time is up."""
        if self.days_left <= 0 or not self.missing:
            return 0
        return -(-self.missing * 7 // self.days_left)

    @property
    def label(self) -> str:
        if self.state == DUE:
            left = f"还有 {self.days_left} 天" if self.days_left else "今日到期"
            return f"{left}，已达标" if self.met_now else left
        if self.state == OPEN:
            return "计入全区目标" if self.target.count is not None else "无数量要求"
        return {MET: "已达标", MISSED: "到期未达标", UNDECIDED: "依据不足", NO_BASE: "无基数"}[self.state]


def _meets(target: Target, rate: Rate) -> bool:
    if target.percent is not None:
        return rate.at_least(target.percent)
    return rate.part >= (target.count or 0)


def _missing(target: Target, rate: Rate) -> int:
    if target.percent is not None:
        return rate.missing(target.percent)
    return max(0, (target.count or 0) - rate.part)


def _judged(target: Target, standing: Standing) -> str:
    """Met when what is known suffices; missed when all that is unknown would not help; else nobody can tell."""
    if _meets(target, standing.least):
        return MET
    return UNDECIDED if _meets(target, standing.most) else MISSED


def judge(
    target: Target,
    indicator: Indicator,
    day: dt.date,
    now: Figures,
    at_due: Figures | None,
    *,
    rules: Rules,
    whole_district: bool = True,
) -> Verdict:
    """The verdict on `target` as of `day`. `at_due`: the figures on the due date, once that is over; `rules`: those of
    the target's plan on the due date.

    A count (ten organizations …) is asked of the whole district, unless it is a committee's own: else a committee's is
    shown, not judged.
    """
    current = Standing.of(day, now, indicator)
    then = None if at_due is None else Standing.of(target.due_on, at_due, indicator)
    judged = current if then is None else then
    its_own = whole_district or target.committee_id is not None
    judged_by_count = indicator.of is None and target.count is not None and its_own
    if target.percent is None and not judged_by_count:
        state = OPEN
    elif indicator.of is not None and judged.most.base == 0 and judged.least.base == 0:
        state = NO_BASE
    elif then is None:
        state = DUE
    else:
        state = _judged(target, then)
    return Verdict(
        target=target,
        indicator=indicator,
        state=state,
        now=current,
        at_due=then,
        missing=0 if state == OPEN else _missing(target, current.least),
        days_left=(target.due_on - day).days,
        met_now=_meets(target, current.least),
        called=indicator.called(rules),
        judges=not target.is_reading or target.indicator == rules.full_reading,
    )


class Judging:
    """The targets of a plan held against the figures of a date and of the due dates that are over by then.

    By the rules of the plan on each date. A constant number of statements a date; dates are the plan's steps.
    """

    def __init__(
        self,
        day: dt.date,
        *,
        plan: Plan | None = None,
        known_at: dt.datetime | None = None,
        committee_id: int | None = None,
        past: bool = True,
        keys: Iterable[str] = FIGURES,
    ):
        self.day, self.known_at = day, known_at
        self.rulebook = Rulebook(Facts(known_at))
        self.plan = plan or plan_of(self.rulebook.plans, day)
        self.catalogue = Catalogue()
        rows = Target.objects.filter(plan=self.plan).understood() if self.plan is not None else Target.objects.none()
        self.targets = list(rows.of_committee(committee_id).select_related("committee"))
        who = who_of(duties(self.plan))
        self.indicators = {target.pk: _indicator(target, self.catalogue, who) for target in self.targets}
        self.current = self._figures(day, self.targets, keys)
        dates = sorted({target.due_on for target in self.targets if target.due_on < day}) if past else []
        self.due = {date: self._figures(date, [each for each in self.targets if each.due_on == date]) for date in dates}

    @property
    def rules(self) -> Rules:
        """Those of the date asked about."""
        return self.rules_on(self.day)

    def judging_targets(self) -> list[Target]:
        """The targets without the readings that are only shown."""
        return [
            each
            for each in self.targets
            if not each.is_reading or each.indicator == self.rules_on(each.due_on).full_reading
        ]

    def rules_on(self, day: dt.date) -> Rules:
        return self.rulebook.of(None if self.plan is None else self.plan.pk, day)

    def _figures(self, day: dt.date, targets: list[Target], keys: Iterable[str] | None = None) -> Coverage:
        """What the targets need on `day`, and the figures `keys`."""
        asked = [self.indicators[target.pk] for target in targets]
        wanted = {key for each in asked if each.item is None for key in each.keys} | set(keys or ())
        found = coverage_on(day, known_at=self.known_at, rules=self.rules_on(day), keys=sorted(wanted))
        count_items(found, asked, self.question_of(day), self.catalogue)
        return found

    def question_of(self, day: dt.date) -> Asked:
        return asked_about(day, known_at=self.known_at, plan=self.plan, rulebook=self.rulebook)

    def verdicts(self, committee_id: int | None = None) -> list[Verdict]:
        """The verdicts for one committee, or for the district when `committee_id` is None: on the plan's targets, and
        the committee's own."""
        mine = [each for each in self.targets if each.committee_id in (None, committee_id)]
        return [
            judge(
                target,
                self.indicators[target.pk],
                self.day,
                _of(self.current, committee_id),
                _of(self.due[target.due_on], committee_id) if target.due_on in self.due else None,
                rules=self.rules_on(target.due_on),
                whole_district=committee_id is None,
            )
            for target in mine
        ]


def _of(coverage: Coverage, committee_id: int | None) -> Figures:
    return coverage.district if committee_id is None else coverage.committee(committee_id)


def _indicator(target: Target, catalogue: Catalogue, who: dict[str, str]) -> Indicator:
    fixed = INDICATORS.get(target.indicator)
    if fixed is not None:
        return fixed
    item = catalogue.items[target.indicator]
    everybody = next(iter(POPULATIONS[item.subject]))
    return item_indicator(item, who.get(item.code, everybody), as_rate=target.percent is not None)


def count_items(coverage: Coverage, indicators: Iterable[Indicator], asked: Asked, catalogue: Catalogue) -> None:
    """Put the items among the indicators into the figures: one statement a subject."""
    by_subject: dict[str, dict[str, Indicator]] = {}
    for each in indicators:
        if each.item is not None:
            # Asked as a rate and as a number, the rate tells both.
            held = by_subject.setdefault(each.item[0].subject, {})
            if each.key not in held or each.of is not None:
                held[each.key] = each
    for subject, mine in by_subject.items():
        oughts = {key: Ought(*each.item) for key, each in mine.items() if each.item is not None}
        for committee, tally in tallies(subject, list(oughts.values()), asked, catalogue).items():
            home = coverage.committees.setdefault(committee, Figures())
            for key, indicator in mine.items():
                for figures in (coverage.district, home):
                    figures.put(indicator, tally[oughts[key].key])
