"""manage.py load_plan FILE: a plan from a readable file (reports/plan_file.py)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.plan_file import FIRST, PlanFileError, load


class Command(BaseCommand):
    help = "从文件载入一个方案：条款、目标、计数规则和事项。已载入的，按文件更新；文件没有写到的不动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FIRST, help="不写时载入随系统提供的第一个方案")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 with every problem of the file; nothing is stored then."""
        try:
            plan = load(options["file"])
        except PlanFileError as error:
            raise CommandError("没有载入，数据没有改动。\n" + "\n".join(error.problems)) from None
        self.stdout.write(f"已载入“{plan}”：{plan.clauses.count()} 条，{plan.targets.count()} 个目标。")
