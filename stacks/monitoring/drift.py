"""The drift job of each mode that leaves records."""

from __future__ import annotations

from stacks.components.drift_monitor import DriftMonitor, DriftMonitorArgs
from stacks.monitoring.ground import Ground
from stacks.monitoring.job import arguments
from stacks.monitoring.settings import DriftSettings
from stacks.settings import load


def watch(ground: Ground) -> dict[str, DriftMonitor]:
    """Create the drift jobs that have a schedule; return them by mode. The first mode's may propose a retraining."""
    found: dict[str, DriftMonitor] = {}
    for name, prefix, mode in ground.jobs("drift"):
        settings = load(DriftSettings, "monitoring", prefix)
        if settings.schedule_expression is None:
            continue
        shared = arguments(ground, mode, settings, settings.schedule_expression)
        found[mode] = DriftMonitor(
            name, DriftMonitorArgs(**shared, share_threshold=settings.share_threshold), ground.opts
        )
    return found
