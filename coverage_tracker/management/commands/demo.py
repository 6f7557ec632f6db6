"""manage.py demo: a made-up district in a database of its own."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from committees.models import Committee, User
from coverage_tracker import demo


class Command(BaseCommand):
    help = "Load the demo district (once) and print its accounts. Only into a database with “demo” in its name."

    def handle(self, *args: Any, **options: Any) -> None:
        name = Path(str(connection.settings_dict["NAME"])).name
        if "demo" not in name:
            raise CommandError(
                f"Refused: the database is {name}, not a demo. Set DATABASE_URL=sqlite:///var/demo.sqlite3"
            )
        if not Committee.objects.exists():
            demo.load()
        elif not User.objects.filter(username="quwei").exists():
            raise CommandError("Refused: this database holds something else.")
        self.stdout.write("演示账号（密码都是 " + demo.PASSWORD + "）：")
        for user in User.objects.order_by("id"):
            role = "系统管理员" if user.is_superuser else user.get_role_display()
            self.stdout.write(f"  {user.username:<14} {role}{f' · {user.committee}' if user.committee else ''}")
