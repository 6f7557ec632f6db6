"""manage.py expire_uploads: remove uploaded originals after the retention period. `serve` does it daily."""

from typing import Any

from django.core.management.base import BaseCommand

from ledgers.uploads.expiry import expire


class Command(BaseCommand):
    help = "Remove the files of uploads that are older than UPLOADS_KEPT_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expire()} uploads expired")
