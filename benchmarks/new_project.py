"""`modelkeel new` against `copier copy` of the same template, as ratios of one run on a memory file system.

Run: python benchmarks/new_project.py. Exits 1 when a figure misses its limit. A disk with a journal makes re-created
files slow by itself, so everything is written to a tmpfs, and each run writes into a folder of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from modelkeel import answers, plan, render, source

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "examples" / "fraud_realtime" / "answers.yml"
COLD_RUNS, MEASURED, REPOSITORIES, START_RUNS = 5, 20, 100, 7

# Limits: least ratio, or most seconds.
COLD_RATIO, BATCH_RATIO, VERSION_SECONDS, HELP_SECONDS = 3.0, 80.0, 0.15, 0.35

BATCH = """
import sys
from pathlib import Path
from modelkeel import answers, plan, render, source
answered = answers.load(Path(sys.argv[1]), preset=None, data=())
data = {**plan.template_data(answered, plan.build(answered)), **source.origin().answers()}
for number in range(int(sys.argv[3])):
    files = render.render({**data, "project_name": f"team-{number}"}, source.bundle_root())
    render.write(files, Path(f"{sys.argv[2]}-{number}"))
"""


def seconds(command: Sequence[str], folder: Path) -> float:
    """Return the wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - start


def median(measure: Callable[[int], float], runs: int) -> float:
    """Return the median of `runs` measurements after one to warm up."""
    measure(-1)
    return statistics.median(measure(run) for run in range(runs))


def without_git(folder: Path) -> Path:
    """Copy the template to where copier sees plain files: it clones a repository first, which takes longer."""
    for name in ("template", "stacks", "policies"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "copier.yml", folder / "copier.yml")
    return folder


def memory_folder() -> Path:
    """Return a new folder on a tmpfs where there is one."""
    shared = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="modelkeel-", dir=shared if os.access(shared, os.W_OK) else None))


def measure(work: Path) -> list[tuple[str, str, bool]]:
    """Return each figure with its text, and whether it keeps its limit."""
    (work / "source").mkdir()
    template = without_git(work / "source")
    answered = answers.load(ANSWERS, preset=None, data=())
    data = {**plan.template_data(answered, plan.build(answered)), **source.origin().answers()}
    # JSON is YAML: copier reads it as any data file.
    (work / "data.yml").write_text(json.dumps({k: v for k, v in data.items() if k[0] != "_"}), encoding="utf-8")
    files = len(render.render(data, source.bundle_root()))

    modelkeel = [sys.executable, "-m", "modelkeel"]
    copier = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", "--data-file", "data.yml", str(template)]
    ours = median(lambda run: seconds([*modelkeel, "new", f"ours{run}", "--answers", str(ANSWERS)], work), COLD_RUNS)
    theirs = [seconds([*copier, f"theirs{run}"], work) for run in range(MEASURED)]
    batch = median(
        lambda run: seconds([sys.executable, "-c", BATCH, str(ANSWERS), f"batch{run}", str(REPOSITORIES)], work), 3
    )
    extrapolated = sum(theirs) / MEASURED * REPOSITORIES
    version = median(lambda _: seconds([*modelkeel, "--version"], work), START_RUNS)
    help_ = median(lambda _: seconds([*modelkeel, "--help"], work), START_RUNS)
    cold, many = statistics.median(theirs) / ours, extrapolated / batch
    return [
        (
            f"new, cold, {files} files",
            f"{ours:.2f} s; copier {statistics.median(theirs):.2f} s: {cold:.1f} times",
            cold >= COLD_RATIO,
        ),
        (
            f"{REPOSITORIES} repositories",
            f"{batch:.2f} s in one process; {REPOSITORIES} copier processes {extrapolated:.0f} s"
            f" ({MEASURED} measured, {sum(theirs):.1f} s; the rest extrapolated): {many:.0f} times",
            many >= BATCH_RATIO,
        ),
        ("--version", f"{version:.3f} s", version < VERSION_SECONDS),
        ("--help", f"{help_:.3f} s", help_ < HELP_SECONDS),
    ]


def main() -> int:
    """Print every figure; return 1 when one misses its limit."""
    work = memory_folder()
    try:
        rows = measure(work)
    finally:
        shutil.rmtree(work)
    for name, text, kept in rows:
        print(f"{'ok  ' if kept else 'MISS'} {name}: {text}")
    return 0 if all(kept for _, _, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
