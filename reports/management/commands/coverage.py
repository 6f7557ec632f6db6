"""manage.py coverage: the figures of one date (design, section 4)."""

import argparse
import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from committees.models import Committee
from reports.coverage import Figures, coverage_on
from reports.indicators import FIGURES, RECOGNITIONS


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
        parser.add_argument("--by", choices=["committee"])
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args, **options) -> None:
        result = coverage_on(options["as_of"], known_at=options["known_at"])
        as_of = options["as_of"].isoformat()
        answer = _figures(as_of, result.district)
        if options["known_at"]:
            answer["known_at"] = options["known_at"].isoformat()
        if options["by"] == "committee":
            answer["committees"] = {
                committee.name: _figures(as_of, result.committee(committee.pk))
                for committee in Committee.objects.all()
                if committee.active or committee.pk in result.committees
            }
            if None in result.committees:
                answer["without_committee"] = _figures(as_of, result.committees[None])
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


def _figures(as_of: str, figures: Figures) -> dict:
    """Integers; the two rates also as shown, cut to two decimals."""
    return {
        "as_of": as_of,
        **{key: figures[key] for key in (*FIGURES, *RECOGNITIONS)},
        "organization_coverage": figures.rate("organization_coverage").percent,
        "work_coverage": figures.rate("work_coverage").percent,
        "outside": dict(sorted(figures.outside.items())),
    }
