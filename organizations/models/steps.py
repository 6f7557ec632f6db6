"""The steps of 发展党员 on the way from applicant to full member: which dates cannot be, and which the rules forbid.

An order that cannot be is refused where it is entered; a time that the rules do not allow is warned of with the rule
quoted, since what was done wrongly was done. In forms, corrections, the admin and rosters alike (党章;
中国共产党发展党员工作细则, 2014).
"""

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import models

from common.periods import Precision, months_before


class Stage(models.TextChoices):
    """The stages of 发展党员工作细则."""

    APPLICANT = "applicant", "入党申请人"
    ACTIVIST = "activist", "入党积极分子"
    CANDIDATE = "candidate", "发展对象"
    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"


ADULT = "年满十八岁才可以申请入党（党章第一条）"
ACTIVIST_YEAR = "积极分子要经过一年以上培养教育和考察，才可以列为发展对象（发展党员工作细则第十三条）"
PROBATION_YEAR = "预备党员的预备期为一年（党章第七条）"
PROBATION_MOST = "延长预备期不能超过一年（党章第七条）"
# (the earlier step, the later, at the least or at the most how many months between them, the rule)
_AT_LEAST = (
    (Stage.ACTIVIST, Stage.CANDIDATE, 12, ACTIVIST_YEAR),
    (Stage.PROBATIONARY, Stage.FULL, 12, PROBATION_YEAR),
)
_AT_MOST = ((Stage.PROBATIONARY, Stage.FULL, 24, PROBATION_MOST),)
_ORDER = list(Stage)


class Step(NamedTuple):
    """The first day at a stage, and how well it is known."""

    day: dt.date
    precision: str = Precision.DAY


class Doubt(NamedTuple):
    """What the rules say against a step: at which stage, in words."""

    stage: Stage
    words: str


def doubts(steps: Mapping[Any, Step], born_on: dt.date | None = None) -> list[Doubt]:
    """What cannot be right about the days on which a person came to the stages (keys: Stage values). A day that was
    only assumed from a ledger says nothing."""
    stated = {Stage(stage): step for stage, step in steps.items() if step.precision != Precision.ASSUMED}
    found = []
    ordered = [stage for stage in _ORDER if stage in stated]
    for earlier, later in pairwise(ordered):
        if _before(stated[later], stated[earlier].day, stated[earlier].precision):
            words = f"{stated[later].day} 早于{earlier.label} {stated[earlier].day}"
            found.append(Doubt(later, words))
    first = next(iter(ordered), None)
    if born_on is not None and first is not None and _before(stated[first], months_before(born_on, -12 * 18)):
        found.append(Doubt(first, f"{stated[first].day} 时不满 18 岁，{ADULT}"))
    for earlier, later, months, rule in _AT_LEAST:
        if earlier in stated and later in stated:
            begun, step = stated[earlier], stated[later]
            allowed = months_before(begun.day, -months)
            if step.day >= begun.day and _before(step, allowed, begun.precision):
                found.append(Doubt(later, f"{begun.day} 起为{earlier.label}，到 {step.day} 不满一年，{rule}"))
    for earlier, later, months, rule in _AT_MOST:
        if earlier in stated and later in stated:
            begun, step = stated[earlier], stated[later]
            if step.day > months_before(begun.day, -months) and Precision.MONTH not in (
                step.precision,
                begun.precision,
            ):
                found.append(Doubt(later, f"{begun.day} 起为{earlier.label}，到 {step.day} 超过两年，{rule}"))
    return found


def _before(step: Step, day: dt.date, precision: str = Precision.DAY) -> bool:
    """Whether it was surely before the day: of a month that is named whole nobody knows which day."""
    if Precision.MONTH in (step.precision, precision) and (step.day.year, step.day.month) == (day.year, day.month):
        return False
    return step.day < day
