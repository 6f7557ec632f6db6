"""Targets held against the figures: met, missed, or due and how far."""

import datetime as dt
from dataclasses import dataclass

from common.fractions import Rate
from reports.coverage import Coverage, Figures, coverage_on
from reports.indicators import INDICATORS, Indicator
from reports.models import Target
from reports.rules import Rules

MET, MISSED, DUE, NO_BASE, OPEN = "met", "missed", "due", "no_base", "open"


@dataclass(frozen=True)
class Verdict:
    """One target against the figures of one committee or the district.

    `at_due` is the figure on the due date, None while that lies after the date asked about;
    `now` is the figure on the date asked about. `state` judges the due date once it has come.
    """

    target: Target
    indicator: Indicator
    state: str
    now: Rate
    at_due: Rate | None
    missing: int
    days_left: int
    met_now: bool

    @property
    def is_count(self) -> bool:
        return self.indicator.of is None

    @property
    def lacking(self) -> int:
        """How many of the base do not have it yet: the size of the gap's list."""
        return self.now.base - self.now.part

    @property
    def per_week(self) -> int:
        """How many a week are needed to reach the target in time; 0 when none is missing or time is up."""
        if self.days_left <= 0 or not self.missing:
            return 0
        return -(-self.missing * 7 // self.days_left)

    @property
    def label(self) -> str:
        if self.state == MET:
            return "已达标"
        if self.state == MISSED:
            return "到期未达标"
        if self.state == NO_BASE:
            return "无基数"
        if self.state == OPEN:
            return "无数量要求" if self.target.count is None else "计入全区目标"
        return f"还有 {self.days_left} 天，已达标" if self.met_now else f"还有 {self.days_left} 天"


def _meets(target: Target, rate: Rate) -> bool:
    if target.percent is not None:
        return rate.at_least(target.percent)
    return rate.part >= (target.count or 0)


def _missing(target: Target, rate: Rate) -> int:
    if target.percent is not None:
        return rate.missing(target.percent)
    return max(0, (target.count or 0) - rate.part)


def judge(
    target: Target, day: dt.date, now: Figures, at_due: Figures | None, *, whole_district: bool = True
) -> Verdict:
    """The verdict on `target` as of `day`. `at_due`: the figures on the due date if it has come.

    A count (ten organizations …) is asked of the whole district: a committee's is shown, not judged.
    """
    indicator = INDICATORS[target.indicator]
    rate = now.rate(indicator.key)
    then = None if at_due is None else at_due.rate(indicator.key)
    judged = rate if then is None else then
    judged_by_count = indicator.of is None and target.count is not None and whole_district
    if target.percent is None and not judged_by_count:
        state = OPEN
    elif indicator.of is not None and judged.base == 0:
        state = NO_BASE
    elif then is None:
        state = DUE
    else:
        state = MET if _meets(target, then) else MISSED
    return Verdict(
        target=target,
        indicator=indicator,
        state=state,
        now=rate,
        at_due=then,
        missing=0 if state == OPEN else _missing(target, rate),
        days_left=(target.due_on - day).days,
        met_now=_meets(target, rate),
    )


def coverage_and_due_dates(
    day: dt.date, *, known_at: dt.datetime | None = None, rules: Rules | None = None
) -> tuple[Coverage, dict[dt.date, Coverage], list[Target]]:
    """The coverage on `day` and on every due date that has come by then, and the targets.

    Two statements a date at most; the number of dates is that of the plan's steps.
    """
    targets = list(Target.objects.all())
    current = coverage_on(day, known_at=known_at, rules=rules)
    due = {
        date: current
        if date == day
        else coverage_on(date, known_at=known_at, rules=rules, keys=_asked_on(date, targets))
        for date in {target.due_on for target in targets}
        if date <= day
    }
    return current, due, targets


def _asked_on(date: dt.date, targets: list[Target]) -> set[str]:
    """The figures by which the targets due on `date` are judged."""
    due = [INDICATORS[target.indicator] for target in targets if target.due_on == date]
    return {key for indicator in due if indicator.of is not None for key in (indicator.part, indicator.of)}


def verdicts(
    current: Coverage, due: dict[dt.date, Coverage], targets: list[Target], committee_id=None
) -> list[Verdict]:
    """The verdicts on all `targets` for one committee, or for the district when `committee_id` is None."""

    def figures(coverage: Coverage) -> Figures:
        return coverage.district if committee_id is None else coverage.committee(committee_id)

    return [
        judge(
            target,
            current.as_of,
            figures(current),
            figures(due[target.due_on]) if target.due_on in due else None,
            whole_district=committee_id is None,
        )
        for target in targets
    ]
