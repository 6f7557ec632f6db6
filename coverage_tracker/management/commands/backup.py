"""manage.py backup: everything but the keys in one encrypted file, while others go on working."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_tracker.backups.archive import Unusable, kept, make


class Command(BaseCommand):
    help = "Write an encrypted backup of the database and the uploaded files; print its path."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BACKUP_DIR)
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N of the folder")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, keep = options["folder"], options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep 至少是 1。")
        try:
            path = make(folder)
        except Unusable as reason:
            raise CommandError(str(reason)) from None
        except OSError as error:
            raise CommandError(f"没有备份：{folder} 写不进去（{error.strerror}）。") from None
        for old in kept(folder)[keep:] if keep else []:
            old.unlink()
        self.stdout.write(str(path))
