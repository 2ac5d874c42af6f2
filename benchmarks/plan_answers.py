"""How long a plan takes once everything is loaded, beside reading and validating its answers file.

Run: python benchmarks/plan_answers.py. Exits 1 when the slowest example takes more than the limit. Times are seconds of
the processor, not of the clock, so that a busy machine does not count; each is the median of several runs.
"""

from __future__ import annotations

import functools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from modelkeel import answers, plan

ROOT = Path(__file__).resolve().parents[1]
LIMIT_MS = 10.0
RUNS = 25


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median processor time of `work` in milliseconds, after one run that loads the tables."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def main() -> int:
    """Print both times and their ratio for each example."""
    slowest = 0.0
    print(f"{'example':24}{'plan ms':>9}{'answers ms':>12}{'ratio':>7}")
    for path in sorted(ROOT.glob("examples/*/answers.yml")):
        given = answers.load(path)
        planned = milliseconds(functools.partial(plan.build, given))
        read = milliseconds(functools.partial(answers.load, path))
        slowest = max(slowest, planned)
        print(f"{path.parent.name:24}{planned:9.2f}{read:12.2f}{planned / read:7.1f}")
    print(f"slowest {slowest:.2f} ms, limit {LIMIT_MS:g} ms")
    return int(slowest > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
