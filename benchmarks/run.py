"""make bench: timings as ratios against a baseline in the same run, on a database of their own.

    python -m benchmarks.run [enterprises ...]        default: 1000 10000

Each figure is the median of several runs. A ratio holds when the machine is slow today.
"""

import statistics
import sys
import time
from collections.abc import Callable

from django.core.management import call_command

from benchmarks import FOLDER, engine, ledger

# Rows of the ledgers; a sheet may have 50,000, its heading included.
LEDGERS = (500, 5_000, 49_999)


def median(work: Callable[[], object], runs: int = 5, warm: bool = True) -> float:
    """Seconds of `work`, the median of `runs` after one to warm up."""
    if warm and runs > 1:
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
    for rows in LEDGERS:
        _ledger(rows)


def _cpu(work: Callable[[], object]) -> float:
    begun = ledger.cpu()
    work()
    return ledger.cpu() - begun


def _ledger(rows: int) -> None:
    """Processor time, each figure taken in turn with the baseline, so that both meet the same machine."""
    paths = ledger.prepare(rows, FOLDER)
    runs = 3 if rows <= 5_000 else 1
    print(f"\nfile of {rows} rows, CPU seconds")
    works: dict[str, Callable[[], object]] = {
        "baseline, stock import-export, both passes": lambda: ledger.stock(paths["stock"]),
        "floor, bulk_create of the enterprises": lambda: ledger.floor(rows),
        "the same columns: preview": lambda: ledger.preview(paths["enterprises"]),
        "the same columns: preview and commit": lambda: ledger.preview_and_commit(paths["enterprises"]),
    }
    whole = ("first", "again", "a twentieth changed, later")
    taken: dict[str, list[float]] = {}
    for _ in range(runs):
        for label, work in works.items():
            taken.setdefault(label, []).append(_cpu(work))
        for label, spent in zip(whole, ledger.three_times(paths["ledger"], paths["changed"]), strict=True):
            taken.setdefault(f"a whole ledger: {label}", []).append(spent)
    stock = statistics.median(taken["baseline, stock import-export, both passes"])
    for label, spent in taken.items():
        middle = statistics.median(spent)
        print(f"  {label:<44} {rows / middle:9.0f} rows/s {stock / middle:7.1f} × the stock rate")
    print(f"  {'a whole ledger: most memory':<44} {ledger.memory(paths['ledger']):9d} MiB")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
