"""Whether the stored facts keep the laws (docs/rules.md): what breaks them is named, a line a row."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from common.lives import cut, mark
from common.periods import Period, fact_models
from enterprises.models import Enterprise
from instructors.models import Instructor
from organizations.models import PartyOrganization


class Command(BaseCommand):
    help = "检查有日期的登记是否守住规则：同一时间只有一条、不超出所属企业和党组织的存续、结束晚于开始。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend", action="store_true", help="先把超出已注销企业、已撤销党组织存续期的登记截到那一天，再检查。"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints every breach; exit 1 where there is one. `--mend`: what outlives an owner that has ended is cut to
        its end first, with history."""
        if options["mend"]:
            self.stdout.write(f"截止了 {mend()} 条。")
        broken = [line for model in fact_models() for line in breaches(model)]
        for line in broken:
            self.stdout.write(line)
        if broken:
            raise SystemExit(1)
        self.stdout.write("没有发现问题。")


@transaction.atomic
def mend() -> int:
    """Cut what outlives a closed enterprise, a dissolved organization or an instructor who left, as older versions left
    it; how many rows."""
    owners: list[Any] = [*Enterprise.objects.filter(closed_on__isnull=False)]
    owners += PartyOrganization.objects.filter(dissolved_on__isnull=False)
    owners += Instructor.objects.filter(left_on__isnull=False)
    reason, done = mark("按规则截止"), 0
    for owner in owners:
        placed = cut(owner, reason)
        done += len(placed.changed) + len(placed.removed)
    return done


def breaches(model: type[Period]) -> list[str]:
    """What of the model's rows breaks law 2 or 3, in words with the row's key."""
    found: list[str] = []
    what = model._meta.verbose_name
    series: dict[tuple, list[Any]] = defaultdict(list)
    for row in model._default_manager.select_related(*model.WITHIN).order_by("start", "pk"):
        series[tuple(row.serializable_value(name) for name in model.OF)].append(row)
        begins, ends = row.life()
        if row.end is not None and row.end <= row.start:
            found.append(f"{what} {row.pk}“{row}”：结束 {row.end} 不晚于开始 {row.start}")
        if begins is not None and row.start < begins:
            found.append(f"{what} {row.pk}“{row}”：开始 {row.start} 早于所属对象成立 {begins}")
        if ends is not None and (row.end is None or row.end > ends):
            found.append(f"{what} {row.pk}“{row}”：到 {row.end or '至今'}，所属对象已于 {ends} 注销或撤销")
    for rows in series.values():
        for first, second in pairwise(rows):
            if first.end is None or first.end > second.start:
                found.append(f"{what} {first.pk}“{first}”与 {second.pk}“{second}”的时间重叠")
    return found
