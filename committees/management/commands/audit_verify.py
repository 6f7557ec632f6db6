"""manage.py audit_verify FILE: whether the access log still is what audit_seal wrote into FILE."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from committees.seals import faults


class Command(BaseCommand):
    help = "Compare the access log with seals; exits 1 and names the day and row of every difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for path in options["file"]:
            try:
                found += faults(path.read_text(encoding="utf-8").splitlines())
            except (OSError, ValueError) as error:
                raise CommandError(f"{path}：{error}", returncode=2) from None
        for fault in found:
            self.stdout.write(fault)
        if found:
            sys.exit(1)
        self.stdout.write("与封存时一致。")
