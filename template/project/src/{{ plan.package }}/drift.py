"""Job entry point `python -m <package>.drift`: hold a window of records against the baseline, write summary.json."""

from __future__ import annotations

import os

from . import jobs, settings, storage
from .monitoring import drift, records


def main() -> None:
    """Compare the window that the state machine chose; a window without records is told as one, not as no drift."""
    given = settings.current()
    window = os.environ.get("DRIFT_WINDOW", "unnamed")
    found = records.read(jobs.input_folder("records"))
    baseline = storage.read_table(jobs.only_file(jobs.unpack(jobs.input_folder("baseline")), "*.parquet"))
    compared = drift.compare(baseline, found, window, given.monitoring, seed=given.project.seed)
    storage.write_json(jobs.output_folder() / "summary.json", compared.summary())


if __name__ == "__main__":
    jobs.run(main)
