"""Targets held against the figures: met, missed, not to be decided by what is known, or due and how far (rule 10)."""

import datetime as dt
from dataclasses import dataclass

from common.fractions import Rate
from reports.coverage import Coverage, Figures, coverage_on
from reports.indicators import INDICATORS, Indicator
from reports.models import Target
from reports.rules import Rules

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
        key = indicator.key
        unsure = figures.unknown[indicator.part] if indicator.of is None else figures.unsure[key]
        lacking = figures[indicator.gap] if indicator.gap else 0
        return cls(day, figures.rate(key), figures.least(key), figures.most(key), unsure, lacking)

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

    @property
    def is_count(self) -> bool:
        return self.indicator.of is None

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
            return "无数量要求" if self.target.count is None else "计入全区目标"
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
    target: Target, day: dt.date, now: Figures, at_due: Figures | None, *, whole_district: bool = True
) -> Verdict:
    """The verdict on `target` as of `day`. `at_due`: the figures on the due date, once that is over.

    A count (ten organizations …) is asked of the whole district: a committee's is shown, not judged.
    """
    indicator = INDICATORS[target.indicator]
    current = Standing.of(day, now, indicator)
    then = None if at_due is None else Standing.of(target.due_on, at_due, indicator)
    judged = current if then is None else then
    judged_by_count = indicator.of is None and target.count is not None and whole_district
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
    )


def coverage_and_due_dates(
    day: dt.date, *, known_at: dt.datetime | None = None, rules: Rules | None = None
) -> tuple[Coverage, dict[dt.date, Coverage], list[Target]]:
    """The coverage on `day` and on every due date that is over by then, and the targets.

    Two statements a date at most; the number of dates is that of the plan's steps.
    """
    targets = list(Target.objects.understood())
    current = coverage_on(day, known_at=known_at, rules=rules)
    due = {
        date: coverage_on(date, known_at=known_at, rules=rules, keys=_asked_on(date, targets))
        for date in {target.due_on for target in targets}
        if date < day
    }
    return current, due, targets


def _asked_on(date: dt.date, targets: list[Target]) -> set[str]:
    """The figures by which the targets due on `date` are judged."""
    due = [INDICATORS[target.indicator] for target in targets if target.due_on == date]
    return {key for indicator in due if indicator.of is not None for key in indicator.keys}


def verdicts(
    current: Coverage, due: dict[dt.date, Coverage], targets: list[Target], committee_id: int | None = None
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
