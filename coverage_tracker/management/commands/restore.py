"""manage.py restore: a backup into an empty place, of either kind of database."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from coverage_tracker.backups.archive import Backup, Unusable
from coverage_tracker.startup import where


class Command(BaseCommand):
    help = "Restore a backup into an empty database and an empty VAR_DIR/uploads, then upgrade the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only see whether it is whole and can be read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = Backup(options["file"])
            said = f"{options['file'].name}：{backup.manifest['taken']}，版本 {backup.manifest['version']}"
            if options["check"]:
                self.stdout.write(f"{said}，完好。")
                return
            counts = backup.restore()
        except Unusable as reason:
            raise CommandError(str(reason)) from None
        except OperationalError:
            raise CommandError(f"连不上数据库（{where()}），没有恢复。请检查 DATABASE_URL。") from None
        call_command("migrate", verbosity=0)
        self.stdout.write(f"{said}，已恢复 {sum(counts.values())} 行。")
