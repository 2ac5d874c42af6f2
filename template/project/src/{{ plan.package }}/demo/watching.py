"""The chapter on drift: windows after the release, the alarm, and the proposal that a person decides on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from .. import storage
from ..configuration import Monitoring
from ..monitoring import drift as windows_of
from ..monitoring import metrics, retraining
from ..monitoring.metrics import Alarm
from . import plots
from .story import Story


def drift(
    home: Path,
    story: Story,
    project: str,
    limits: Monitoring,
    baseline: pd.DataFrame,
    windows: Sequence[pd.DataFrame],
    *,
    since: int,
) -> int | None:
    """Hold each window against the baseline, both as `frame_of` makes them; `since` is when the inputs moved.

    Tells the story, emits a metric for each window, proposes a retraining on the alarm, and returns its window.
    """
    summaries = []
    with story.working(f"comparing {len(windows)} windows"):
        for number, rows in enumerate(windows):
            window = windows_of.compare(baseline, rows, f"day {number}", limits, seed=number)
            summaries.append(window.summary())
            figures = {"DriftedShare": (summaries[-1]["drifted_share"], "None"), "Records": (float(len(rows)), "Count")}
            metrics.emit(home / "metrics.jsonl", project, figures, {"Source": "live"})
    storage.write_json(home / "drift.json", summaries)
    alarm = Alarm("drift", 0.0, limits.windows_needed, limits.windows_seen)
    first = metrics.first_alarm(alarm, [summary["drifted_share"] for summary in summaries])
    story.figure("alarm", "none" if first is None else f"day {first}, {first - since + 1} windows after the move")
    if first is not None:
        moved = ", ".join(summaries[first]["drifted"])
        story.figure("inputs beyond their limit", moved)
        names = tuple(summary["window"] for summary in summaries[: first + 1] if summary["drifted"])
        proposal = retraining.propose(home, f"drift in {moved}", names)
        story.say(f"proposal {proposal.number} waits for a person: {proposal.why}")
    story.picture("Drift by day", plots.drift(summaries, since, first))
    return first
