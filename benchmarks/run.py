"""make bench: timings as ratios against a baseline in the same run, on a database of their own.

    python -m benchmarks.run [enterprises ...]        default: 1000 10000

Each figure is the median of several runs. A ratio holds when the machine is slow today.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="coverage-bench-")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_tracker.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import engine, ledger  # noqa: E402


def median(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of `work`, the median of `runs` after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(sizes: list[int]) -> None:
    call_command("migrate", verbosity=0)
    for size in sizes:
        engine.fill(size)
        print(f"\n{size} enterprises")
        base = median(engine.baseline)
        print(f"  baseline, one plain count by committee   {base * 1000:9.1f} ms")
        for label, work in engine.WORKS.items():
            taken = median(work)
            print(f"  {label:<40} {taken * 1000:9.1f} ms   {taken / base:7.1f} ×")
    for rows in (500, 3000):
        print(f"\nledger of {rows} rows")
        ledger.prepare(rows, Path(FOLDER.name))
        floor = median(ledger.floor, 3)
        print(f"  floor, bulk_create of the enterprises    {rows / floor:9.0f} rows/s")
        for label, work in ledger.WORKS.items():
            taken = median(work, 3)
            print(f"  {label:<40} {rows / taken:9.0f} rows/s {taken / floor:7.1f} ×")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
