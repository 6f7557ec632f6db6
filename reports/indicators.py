"""Figures and indicators: what is counted, what it is called. Which clause a
figure answers is data of the plan (common/plan.py).

A figure is the flag values that it requires. The same declaration counts it (reports/coverage.py)
and filters the list behind it, so the number and its list cannot disagree. A flag is True, False, or None where nobody
knows (reports/conditions.py): of every figure an enterprise has it, has it not, or it is not known.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from common.plan import Item
from enterprises.models import ExclusionReason
from reports.rules import Rules

IN_BASE, CLOSED, NOT_YET = "", "closed", "not_yet"


Flags = Mapping[str, object]


def completions(pattern: Flags, names: Iterable[str]) -> Iterator[dict[str, object]]:
    """The pattern with each of its unknown flags among `names` set either way."""
    unknown = [name for name in names if pattern[name] is None]
    for values in product((True, False), repeat=len(unknown)):
        yield {**pattern, **dict(zip(unknown, values, strict=True))}


def _meets(pattern: Flags, required: Flags) -> bool:
    return all(
        pattern[flag] in value if isinstance(value, frozenset) else pattern[flag] == value
        for flag, value in required.items()
    )


class Figure(NamedTuple):
    key: str
    # How it is called, and what it means, with places for what the rules in force decide (reports/rules.py).
    named: str
    defined: str
    # An enterprise belongs to the figure when all flags of one of these have the value
    # given, or one of a frozenset of values.
    alternatives: tuple[Flags, ...]

    def called(self, rules: Rules) -> str:
        """How it is called by these rules."""
        return self.named.format(**rules.words)

    @property
    def label(self) -> str:
        """How it is called where no rules are at hand: by those that the plan's text has."""
        return self.called(Rules())

    def meaning(self, rules: Rules) -> str:
        """What it means by these rules."""
        return self.defined.format(**rules.words)

    @property
    def flags(self) -> set[str]:
        """The flags that decide this figure."""
        return {flag for alternative in self.alternatives for flag in alternative}

    @property
    def uses_numbers(self) -> bool:
        """Whether it rests on numbers of people, which grow old."""
        return bool(self.flags & {"fifty", "three_members", "has_member"})

    @property
    def may_be_unknown(self) -> bool:
        return bool(self.flags - {"outside", "headcount_known"})

    def holds(self, pattern: Flags) -> bool:
        """Whether an enterprise with these flags, all known, belongs to it."""
        return any(_meets(pattern, required) for required in self.alternatives)

    def answer(self, pattern: Flags) -> bool | None:
        """Whether an enterprise with these flags belongs to it; None where what is unknown decides."""
        return _answer(self.key, *(pattern[flag] for flag in _deciding(self.key)))

    @property
    def decisive(self) -> list[str]:
        """The flags that decide it inside the base, in order."""
        return sorted(self.flags - {"outside"})

    def patterns(self, answer: bool | None) -> list[dict[str, object]]:
        """Every combination of the decisive flags that gives this answer."""
        names = self.decisive
        combined = (dict(zip(names, values, strict=True)) for values in product((True, False, None), repeat=len(names)))
        return [each for each in combined if self.answer({"outside": self._inside, **each}) is answer]

    @property
    def _inside(self) -> object:
        value = self.alternatives[0]["outside"]
        return min(value) if isinstance(value, frozenset) else value


def _figure(key: str, label: str, meaning: str, *alternatives: Flags) -> Figure:
    return Figure(key, label, meaning, tuple({"outside": IN_BASE, **flags} for flags in alternatives))


_COVERED, _NOT_COVERED = {"organization": True}, {"organization": False}
FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in [
        _figure("enterprises", "纳入基数企业", "已登记、未注销、没有核定为不纳入基数的企业", {}),
        _figure("organization_covered", "党组织已覆盖", "有在册党组织覆盖；一家企业只计一次", _COVERED),
        _figure("organization_uncovered", "党组织未覆盖", "没有在册党组织覆盖", _NOT_COVERED),
        _figure("work_covered", "党的工作已覆盖", "有党组织覆盖，或{routes}", _COVERED, {"assisted": True}),
        _figure(
            "work_uncovered",
            "党的工作未覆盖",
            "既没有党组织覆盖，也{no_routes}",
            {**_NOT_COVERED, "assisted": False},
        ),
        _figure("assigned", "已派驻指导员", "有在岗的党建工作指导员", {"assigned": True}),
        _figure(
            "settled",
            "应建已建、未建已派",
            "已建党组织；或不够建立条件但党的工作已覆盖",
            _COVERED,
            {"assisted": True, "three_members": False},
        ),
        _figure(
            "unsettled",
            "应建未建或未派",
            "够条件没建，或没建也没派",
            {**_NOT_COVERED, "assisted": False},
            {**_NOT_COVERED, "three_members": True},
        ),
        _figure("three_members", "有党员{members}人以上", "{enough}", {"three_members": True}),
        _figure(
            "due_to_establish",
            "应建未建",
            "{enough}，没有党组织",
            {**_NOT_COVERED, "three_members": True},
        ),
        _figure("employees_50_plus", "职工{employees}人以上", "按当日有效的人数，{fifty}", {"fifty": True}),
        _figure(
            "employees_50_plus_with_members",
            "职工{employees}人以上且有党员",
            "有正式或预备党员至少 1 名",
            {"fifty": True, "has_member": True},
        ),
        _figure(
            "employees_50_plus_without_members",
            "职工{employees}人以上没有党员",
            "职工 {fifty}，没有正式或预备党员",
            {"fifty": True, "has_member": False},
        ),
        _figure("headcount_unknown", "职工人数未知", "当日没有职工人数，不计入 50 人以上", {"headcount_known": False}),
        _figure(
            "mass_complete",
            "群团组织已健全",
            "工会、共青团、妇联都已建立或已说明不具备条件",
            {"mass_complete": True},
        ),
        _figure("mass_incomplete", "群团组织未健全", "工会、共青团、妇联至少缺一项", {"mass_complete": False}),
        Figure(
            "left_out",
            "不纳入基数",
            "经核定空壳、僵尸、停产等，附原因和依据",
            ({"outside": frozenset(ExclusionReason.values)},),
        ),
        Figure("closed", "已注销", "到该日已注销的企业", ({"outside": CLOSED},)),
    ]
}


class Indicator(NamedTuple):
    """`part` of `of`, both keys of FIGURES or parts of an item; with `of` None a number of those who have an item."""

    key: str
    named: str
    part: str
    of: str | None
    # The list of what is still missing, or None.
    gap: str | None = None
    # The item that it is, and who ought to have it.
    item: tuple[Item, str] | None = None

    def called(self, rules: Rules) -> str:
        """How it is called by these rules."""
        return self.named if self.item is not None else self.named.format(**rules.words)

    @property
    def label(self) -> str:
        """How it is called where no rules are at hand: by those that the plan's text has."""
        return self.called(Rules())

    @property
    def keys(self) -> tuple[str, ...]:
        """The figures that make it."""
        return (self.part,) if self.of is None else (self.part, self.of)

    def outcomes(self, pattern: Flags) -> list[tuple[bool, bool]]:
        """What an enterprise with these flags can be, (of the base, part): the least favourable first."""
        return _outcomes(*self.keys, *(pattern[flag] for flag in _deciding(*self.keys)))


# Of some hundred thousand enterprises few differ in the flags that decide a figure.
@cache
def _deciding(*keys: str) -> list[str]:
    """All flags that decide these figures, in order."""
    return sorted({flag for key in keys for flag in FIGURES[key].flags})


@cache
def _answer(key: str, *values: object) -> bool | None:
    names = _deciding(key)
    answers = {FIGURES[key].holds(each) for each in completions(dict(zip(names, values, strict=True)), names)}
    return None if len(answers) > 1 else answers.pop()


@cache
def _outcomes(part: str, base: str, *values: object) -> list[tuple[bool, bool]]:
    names = _deciding(part, base)
    every = list(completions(dict(zip(names, values, strict=True)), names))
    found = {(FIGURES[base].holds(each), FIGURES[base].holds(each) and FIGURES[part].holds(each)) for each in every}
    return sorted(found, key=[(True, False), (False, False), (True, True)].index)


INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in [
        Indicator(
            "organization_coverage", "党组织覆盖率", "organization_covered", "enterprises", "organization_uncovered"
        ),
        Indicator("work_coverage", "党的工作覆盖率", "work_covered", "enterprises", "work_uncovered"),
        Indicator("settled_coverage", "全覆盖（应建已建、未建已派）", "settled", "enterprises", "unsettled"),
        Indicator("mass_organizations", "群团组织健全率", "mass_complete", "enterprises", "mass_incomplete"),
        Indicator(
            "employees_50_plus_with_members",
            "职工{employees}人以上企业有党员",
            "employees_50_plus_with_members",
            "employees_50_plus",
            "employees_50_plus_without_members",
        ),
    ]
}


def item_indicator(item: Item, who: str, *, as_rate: bool) -> Indicator:
    """How an item is held against a target: how many have it, or of those who ought to how many."""
    key = item.code
    return Indicator(key, item.label, f"{key}:has", f"{key}:ought" if as_rate else None, f"{key}:lacks", (item, who))


def indicator_choices() -> list[tuple[str, str]]:
    """What a target can be of: the indicators, and every item."""
    fixed = [(indicator.key, indicator.label) for indicator in INDICATORS.values()]
    items = [(item.code, f"{item.label}（{item.get_subject_display()}）") for item in Item.objects.all()]
    return [*fixed, *items]
