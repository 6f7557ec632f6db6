"""manage.py coverage: the figures of one date (design, section 4)."""

import argparse
import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from committees.models import Committee
from common.plan import Plan
from reports.coverage import Figures
from reports.freshness import Freshness, freshness
from reports.indicators import FIGURES, INDICATORS
from reports.rules import Rules
from reports.verdicts import Judging, Standing, Verdict


def moment(text: str) -> dt.datetime:
    """A date and time (ISO 8601); without a zone, the district's."""
    value = dt.datetime.fromisoformat(text)
    if not 1900 <= value.year <= 2100:
        raise argparse.ArgumentTypeError("the year must be between 1900 and 2100")
    return timezone.make_aware(value) if timezone.is_naive(value) else value


class Command(BaseCommand):
    help = "Print the coverage figures on a date, for the district and with --by committee for each committee."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, type=dt.date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--known-at", type=moment, help="as the system held the facts at this moment")
        parser.add_argument("--plan", help="the code of the plan whose rules and targets are asked about")
        parser.add_argument("--by", choices=["committee"])
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        day, known_at = options["as_of"], options["known_at"]
        plan = None
        if options["plan"] and (plan := Plan.objects.filter(code=options["plan"]).first()) is None:
            raise CommandError(f"no plan {options['plan']}")
        judging = Judging(day, plan=plan, known_at=known_at)
        result = judging.current
        items = [each.key for each in judging.indicators.values() if each.item is not None]
        answer = _figures(day, result.district, items)
        if known_at:
            answer["known_at"] = known_at.isoformat()
        answer["rules"] = _rules(judging.rules)
        ages = freshness(day, known_at=known_at, rules=judging.rules)
        answer["freshness"] = _freshness(ages, None)
        answer["verdicts"] = [_verdict(each) for each in judging.verdicts()]
        if options["by"] == "committee":
            answer["committees"] = {
                committee.name: {
                    **_figures(day, result.committee(committee.pk), items),
                    "freshness": _freshness(ages, committee.pk),
                    "verdicts": [_verdict(each) for each in judging.verdicts(committee.pk)],
                }
                for committee in Committee.objects.all()
                if committee.active or committee.pk in result.committees
            }
            if None in result.committees:
                answer["without_committee"] = _figures(day, result.committees[None], items)
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        for name, value in answer.items():
            if isinstance(value, int | str):
                self.stdout.write(f"{name}: {value}")
        for name, figures in answer.get("committees", {}).items():
            self.stdout.write(
                f"{name}: {figures['organization_covered']}/{figures['enterprises']} {figures['organization_coverage']}"
            )


def _figures(day: dt.date, figures: Figures, items: list[str]) -> dict:
    """Integers; the two rates also as shown, cut to two decimals; of each item with a target, how many have it.
    `unknown`: of how many nobody knows."""
    keys = {**{key: key for key in FIGURES}, **{code: f"{code}:has" for code in items}}
    return {
        "as_of": day.isoformat(),
        **{key: figures[part] for key, part in keys.items()},
        "organization_coverage": figures.rate(INDICATORS["organization_coverage"]).percent,
        "work_coverage": figures.rate(INDICATORS["work_coverage"]).percent,
        "outside": dict(sorted(figures.outside.items())),
        "unknown": {key: figures.unknown[part] for key, part in keys.items() if figures.unknown[part]},
    }


def _rules(rules: Rules) -> dict:
    return {
        "count_probationary": rules.count_probationary,
        "work_routes": sorted(rules.work_routes),
        "members_to_establish": rules.members_to_establish,
        "employees_threshold": rules.employees_threshold,
        "fresh_months": rules.fresh_months,
    }


def _freshness(ages: Freshness, committee_id: int | None) -> dict:
    found = ages.of(committee_id)
    return {
        "oldest": found.oldest and found.oldest.isoformat(),
        "median": found.median and found.median.isoformat(),
        "old": found.old,
        "enterprises": found.number,
    }


def _verdict(verdict: Verdict) -> dict:
    """State on the due date (once it is over) and now; parts and bases as known, at the least and at the most."""

    def standing(each: Standing | None) -> dict | None:
        if each is None:
            return None
        rates = {"known": list(each.known), "least": list(each.least), "most": list(each.most)}
        return {"as_of": each.day.isoformat(), "unknown": each.unsure, **rates}

    return {
        "indicator": verdict.indicator.key,
        "due_on": verdict.target.due_on.isoformat(),
        "percent": verdict.target.percent,
        "count": verdict.target.count,
        "clause": verdict.target.clause,
        "state": verdict.state,
        "at_due": standing(verdict.at_due),
        "now": standing(verdict.now),
    }
