"""Rates as pairs of integers. Display cuts and never rounds up (design, rule 8)."""

from typing import NamedTuple

NO_BASE = "无基数"


class Rate(NamedTuple):
    """`part` of `base`, both counts of the same thing."""

    part: int
    base: int

    def at_least(self, percent: int) -> bool:
        """Whether part/base >= percent/100, by integer comparison. A zero base meets nothing."""
        return self.base > 0 and self.part * 100 >= percent * self.base

    def missing(self, percent: int) -> int:
        """How many more are needed for `percent`; 0 when met or when there is no base."""
        return max(0, -(-percent * self.base // 100) - self.part)

    @property
    def hundredths(self) -> int | None:
        """The rate in hundredths of a percent, cut: 617/624 is 9887. None without a base."""
        return self.part * 10000 // self.base if self.base else None

    @property
    def percent(self) -> str:
        """The rate as shown: 98.87%, cut, or 无基数."""
        cut = self.hundredths
        return NO_BASE if cut is None else f"{cut // 100}.{cut % 100:02d}%"

    def __str__(self) -> str:
        return self.percent
