"""manage.py audit_seal: a finished day of the access log as one line of JSON, to be kept elsewhere."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from committees.seals import seal
from common.today import today


class Command(BaseCommand):
    help = "Print a finished day of the access log (yesterday) with the hash of every row; keep the line elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, default=None, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["day"] or today() - dt.timedelta(days=1)
        if day >= today():
            raise CommandError(f"{day} 还没有过完，不能封存。")
        self.stdout.write(json.dumps(seal(day), ensure_ascii=False))
