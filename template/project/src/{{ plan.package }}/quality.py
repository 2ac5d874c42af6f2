"""Job entry point `python -m <package>.quality`: join a window's answers with their labels, write summary.json.

Input `records` holds the answers of the window, `events` what they were about (events*.parquet), `labels` what is known
of it by now (labels*.parquet), `model` the live model with its reasons. The window is chosen so that its labels
are due; QUALITY_WINDOW names it, QUALITY_NOW is the moment of the run. Labels that cannot be joined are kept in
left_out.parquet, each with its reason.
"""

from __future__ import annotations

import os

import pandas as pd

from . import jobs, settings, storage
from .monitoring import attribution, judging


def main() -> None:
    """Judge the window that the state machine chose; one without labels is told as one, not as a perfect one."""
    given = settings.current()
    now = pd.Timestamp(os.environ.get("QUALITY_NOW") or pd.Timestamp.now("UTC"))
    events = jobs.read_table(jobs.input_folder("events"), "events")
    labels = jobs.read_table(jobs.input_folder("labels"), "labels", empty=judging.NO_LABELS)
    judged = judging.judge(jobs.input_folder("records"), events, labels, now, given)
    reference = attribution.read(jobs.unpack(jobs.input_folder("model")))
    output = jobs.output_folder()
    if len(judged.labels.left_out):
        storage.write_table(output / "left_out.parquet", judged.labels.left_out)
    storage.write_json(output / "summary.json", judged.summary(os.environ.get("QUALITY_WINDOW", "unnamed"), reference))


if __name__ == "__main__":
    jobs.run(main)
