"""What the department decides about counting: dated rows of a plan (reports/models.py, CountingRules). Everything else
is fixed by the plan."""

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any

from django.apps import apps

from common.plan import Plan, plan_of

INSTRUCTOR, MEMBER, MASS_ORGANIZATION = "instructor", "member", "mass_organization"
# The ways, besides an organization, that can count as 党的工作覆盖: how an enterprise that has it is told, and one that
# has not.
ROUTES = {
    INSTRUCTOR: ("派驻了党建工作指导员", "没有派驻指导员"),
    MEMBER: ("有党员", "没有党员"),
    MASS_ORGANIZATION: ("有群团组织", "没有群团组织"),
}
# The readings of 全覆盖, of which one judges: keys of indicators.
READINGS = {"organization_coverage": "每家企业都有党组织覆盖", "settled_coverage": "应建已建、未建已派"}


@dataclass(frozen=True)
class Rules:
    """`work_routes` are the ways, besides an organization, that count as 党的工作覆盖 (rule 3)."""

    count_probationary: bool = False
    work_routes: frozenset[str] = field(default_factory=lambda: frozenset({INSTRUCTOR}))
    # 以上 includes the number itself (民法典 art. 1259).
    members_to_establish: int = 3
    employees_threshold: int = 50
    # After so many months a number is old: it still counts, and the pages say so.
    fresh_months: int = 12
    # Days of 及时 and 同步, months of 经常性.
    timely_days: int = 30
    together_days: int = 30
    regular_months: int = 3
    full_reading: str = "organization_coverage"

    @property
    def words(self) -> dict[str, str]:
        """How the rules in force are said in the definitions of figures."""
        who = "正式党员和预备党员共" if self.count_probationary else "正式党员"
        routes = [route for route in ROUTES if route in self.work_routes]
        return {
            "members": str(self.members_to_establish),
            "employees": str(self.employees_threshold),
            "enough": f"{who} {self.members_to_establish} 名及以上",
            "fifty": f"{self.employees_threshold} 人及以上",
            "routes": "，或".join(ROUTES[route][0] for route in routes),
            "no_routes": "，也".join(ROUTES[route][1] for route in routes),
        }


NAMES = tuple(each.name for each in fields(Rules))


def rules_of(row: Any) -> Rules:
    """The rules that a row of CountingRules (or of its history) holds. What is not stated is as the plan's text has it;
    an instructor always counts."""
    told = {name: value for name in NAMES if (value := getattr(row, name)) not in (None, "")}
    if "work_routes" in told:
        told["work_routes"] = frozenset({INSTRUCTOR, *told["work_routes"].split()})
    return Rules(**told)


class Rulebook:
    """The rules of every plan, each with the days on which they hold: read once (as known at a moment), asked for any
    day."""

    def __init__(self, facts: Any):
        self.plans = list(Plan.objects.all())
        self._rows: dict[int, list[Any]] = {}
        for row in facts.rows(apps.get_model("reports", "CountingRules")).order_by("start"):
            self._rows.setdefault(row.plan_id, []).append(row)

    def of(self, plan_id: int | None, day: dt.date) -> Rules:
        """The rules of the plan on `day`; before its first, the first."""
        rows = self._rows.get(plan_id or 0, [])
        held = [row for row in rows if row.start <= day and (row.end is None or row.end > day)] or rows[:1]
        return rules_of(held[0]) if held else Rules()

    def since(self, day: dt.date) -> dt.date | None:
        """Since when the plan is in force by which `day` is asked about."""
        plan = plan_of(self.plans, day)
        return None if plan is None else plan.effective_from

    def on(self, day: dt.date) -> Rules:
        """The rules by which `day` is asked about where no plan is named."""
        plan = plan_of(self.plans, day)
        return self.of(None if plan is None else plan.pk, day)
