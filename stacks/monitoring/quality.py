"""The job that judges each mode that leaves records by labels that come late."""

from __future__ import annotations

import pulumi

from stacks.components.quality_monitor import QualityMonitor, QualityMonitorArgs
from stacks.monitoring.ground import Ground
from stacks.monitoring.job import arguments
from stacks.monitoring.settings import QualitySettings
from stacks.settings import load


def watch(ground: Ground) -> dict[str, QualityMonitor]:
    """Create the jobs that have a schedule; return them by mode. The first mode's may propose a retraining."""
    found: dict[str, QualityMonitor] = {}
    for name, prefix, mode in ground.jobs("quality"):
        settings = load(QualitySettings, "monitoring", prefix)
        if settings.schedule_expression is None:
            continue
        bucket = ground.data.require("curated_bucket_name")
        shared = arguments(ground, mode, settings, settings.schedule_expression)
        args = QualityMonitorArgs(
            **shared,
            truth_uri=pulumi.Output.format("s3://{0}/curated/truth", bucket),
            label_lag_days=settings.label_lag_days,
            stale_days=settings.stale_days,
            metric=settings.metric,
            minimum=settings.minimum,
            maximum_gap=settings.maximum_gap,
            least_agreement=settings.least_agreement,
        )
        found[mode] = QualityMonitor(name, args, ground.opts)
    return found
