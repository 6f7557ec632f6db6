"""The table of the committees: the columns that the district has chosen to show (Plan.dashboard), each number with its
list."""

from collections.abc import Iterable
from typing import Any

from committees.models import Committee, CommitteeKind
from committees.reporting import last_ledgers
from common.plan import Item, Plan
from reports.coverage import Coverage, Figures
from reports.duties import duties, who_of
from reports.filters import NOWHERE
from reports.indicators import FIGURES, INDICATORS, Indicator, item_indicator
from reports.items import NO, Catalogue, Ought
from reports.populations import POPULATIONS
from reports.rules import Rules
from reports.templatetags.lists import item_list
from reports.verdicts import Judging, count_items

DEFAULT = (
    "enterprises",
    "organization_covered",
    "organization_coverage",
    "organization_uncovered",
    "work_covered",
    "work_coverage",
    "work_uncovered",
    "due_to_establish",
    "employees_50_plus",
    "employees_50_plus_with_members",
    "left_out",
)
_SHORT = {
    "enterprises": "纳入基数",
    "organization_covered": "组织已覆盖",
    "organization_coverage": "组织覆盖率",
    "organization_uncovered": "未覆盖",
    "work_covered": "工作已覆盖",
    "work_coverage": "工作覆盖率",
    "work_uncovered": "工作未覆盖",
    "employees_50_plus": "{employees}人以上",
    "employees_50_plus_with_members": "其中有党员",
}
RATES = ("organization_coverage", "work_coverage", "settled_coverage", "mass_organizations")
# In a key: who lacks an item.
LACKS = "lacks:"


def _named(key: str, rules: Rules) -> str:
    """How a figure's column is called by these rules."""
    if key in _SHORT:
        return _SHORT[key].format(**rules.words)
    return FIGURES[key].called(rules) if key in FIGURES else INDICATORS[key].called(rules)


def column_choices(plan: Plan) -> list[tuple[str, str]]:
    """Every column that can be shown: figures, rates, and who lacks an item that the plan asks for."""
    found = [(key, _named(key, Rules())) for key in FIGURES]
    found += [(key, INDICATORS[key].label) for key in RATES]
    items = Item.objects.filter(duties__clause__plan=plan).distinct()
    return [*found, *((f"{LACKS}{item.code}", f"缺{item}（{item.get_subject_display()}）") for item in items)]


class Table:
    """The committees by the columns of a plan, on the date of a coverage."""

    def __init__(self, judging: Judging):
        self.judging = judging
        plan = judging.plan
        who = who_of(duties(plan))
        self.items: dict[str, Indicator] = {}
        self.columns: list[tuple[str, str]] = []
        for key in (plan.dashboard if plan is not None else ()) or DEFAULT:
            code = key.removeprefix(LACKS)
            if key.startswith(LACKS) and (item := judging.catalogue.items.get(code)) is not None:
                everybody = next(iter(POPULATIONS[item.subject]))
                self.items[key] = item_indicator(item, who.get(code, everybody), as_rate=True)
                self.columns.append((key, f"缺{item}"))
            elif key in FIGURES or key in RATES:
                self.columns.append((key, _named(key, judging.rules)))
        self._count(judging.catalogue)

    def _count(self, catalogue: Catalogue) -> None:
        """Put the items shown into the figures, but for those that a target has put there."""
        coverage = self.judging.current
        counted = {each.key for each in self.judging.indicators.values() if each.item is not None and each.of}
        missing = [each for each in self.items.values() if each.key not in counted]
        for each in missing:
            # As a plain number it may be there already.
            for figures in (coverage.district, *coverage.committees.values()):
                for part in (each.part, each.of, each.gap):
                    figures.counts.pop(str(part), None)
                    figures.unknown.pop(str(part), None)
        count_items(coverage, missing, self.judging.question_of(self.judging.day), catalogue)

    def cells(self, figures: Figures, committee: Any = None) -> list[dict[str, Any]]:
        """The cells of one row, in the order of the columns."""
        return [self._cell(key, figures, committee) for key, _ in self.columns]

    def _cell(self, key: str, figures: Figures, committee: Any) -> dict[str, Any]:
        if key in RATES:
            rate = figures.rate(INDICATORS[key])
            most = figures.most(INDICATORS[key]).percent if figures.unsure[key] else ""
            return {"key": key, "value": rate.percent, "rate": rate, "order": rate.hundredths or 0, "most": most}
        if key in self.items:
            indicator = self.items[key]
            assert indicator.item is not None
            number = figures[str(indicator.gap)]
            same = {"as_of": self.judging.day.isoformat(), "committee": committee}
            return {"key": key, "value": number, "order": number, "list": item_list(Ought(*indicator.item), NO, **same)}
        return {"key": key, "value": figures[key], "order": figures[key], "unknown": figures.unknown[key]}

    def rows(self) -> list[dict[str, Any]]:
        """A row a committee, whether it has handed anything in or not; closed ones while they have figures."""
        coverage: Coverage = self.judging.current
        filed = last_ledgers(coverage.as_of, coverage.known_at)
        rows: list[dict[str, Any]] = [
            {
                "id": each.pk,
                "name": str(each),
                "filed": f"{filed[each.pk]:%Y-%m-%d}" if each.pk in filed else "未报送",
                "cells": self.cells(coverage.committee(each.pk), each.pk),
            }
            for each in Committee.objects.all()
            if each.pk in coverage.committees or (each.active and each.kind != CommitteeKind.INDUSTRY_LINE)
        ]
        if None in coverage.committees and any(coverage.committees[None].counts.values()):
            cells = self.cells(coverage.committees[None], NOWHERE)
            rows.append({"id": NOWHERE, "name": "未定属地", "filed": "", "cells": cells})
        return rows

    def total(self) -> dict[str, Any]:
        return {"name": "全区", "filed": "", "cells": self.cells(self.judging.current.district)}

    def sorted(self, rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
        """By a column's key; a leading minus means descending. Anything else keeps the committees' own order."""
        keys = [key for key, _ in self.columns]
        name = sort.removeprefix("-")
        if name not in keys:
            return rows
        place = keys.index(name)
        return sorted(rows, key=lambda row: row["cells"][place]["order"], reverse=sort.startswith("-"))

    def export_headings(self) -> list[str]:
        """The columns, with one for what is unknown beside each number that it can be."""
        headings = [(key, [label, f"{label}（未知）"]) for key, label in self.columns]
        return [heading for key, both in headings for heading in both[: 2 if _may_be_unknown(key) else 1]]

    def export_cells(self, cells: Iterable[dict[str, Any]]) -> list[Any]:
        """One row of the table under these headings."""
        both = [(cell["key"], [cell["value"], cell.get("unknown")]) for cell in cells]
        return [value for key, values in both for value in values[: 2 if _may_be_unknown(key) else 1]]


def _may_be_unknown(key: str) -> bool:
    return key in FIGURES and FIGURES[key].may_be_unknown
