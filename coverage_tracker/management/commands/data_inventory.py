"""manage.py data_inventory: what is kept of whom, as docs/data-inventory.md has it."""

from typing import Any

from django.core.management.base import BaseCommand

from coverage_tracker.inventory import document


class Command(BaseCommand):
    help = "Print the inventory of personal data (docs/data-inventory.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")
