"""Configuration of the monitoring program; namespace `monitoring`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MonitoringSettings:
    """What is watched, how often, from which value on, and who is told."""

    serving_mode: str
    """The same value as `serving:mode`; an endpoint has alarms that batch scoring has not."""
    alert_email: str
    """Address that alarms and budget notifications go to; it must confirm the subscription."""
    monthly_budget_usd: int
    """Budget of the environment in USD a month, counted by the tags `project` and `env`."""
    budget_thresholds_percent: list[int]
    """Shares of the budget at which a notification is sent; the largest one also on the forecast."""
    log_retention_days: int
    """Days that logs are kept; a value that CloudWatch Logs accepts."""
    dashboard: bool
    """A CloudWatch dashboard of service level, drift and pipeline runs."""

    package: str
    """Python package in the image whose module `drift` the job runs: `python -m <package>.drift`."""
    image_tag: str
    """Tag of the image in the project's repository; the same one that training uses."""
    drift_schedule_expression: str | None = None
    """When the drift job runs, `cron(...)` or `rate(...)`; none: no drift job."""
    drift_schedule_timezone: str = "UTC"
    """IANA time zone of the schedule."""
    drift_window: str = "day"
    """`day` or `hour`: the last whole one is compared with the baseline; the schedule runs once in it."""
    drift_instance_type: str = "ml.m7i.large"
    """SageMaker processing instance of the drift job, with its `ml.` prefix."""
    drift_volume_gib: int = 30
    """GiB of storage of the drift job, 1 to 16,384."""
    drift_max_runtime_seconds: int = 3600
    """Seconds after which SageMaker stops the drift job."""
    drift_share_threshold: float = 0.0
    """Share of drifted features, 0 to 1, above which a window counts as drifted; the job's own limits are calibrated,
    so that any feature beyond its limit counts."""
    drift_windows: int = 3
    """Windows that the drift alarm looks at."""
    drift_windows_breaching: int = 2
    """Drifted windows among them that raise the alarm."""
    network_isolation: bool = False
    """Drift container without any network; the state machine, not the container, writes the metrics."""

    latency_p99_ms: int = 500
    """Realtime: 99th percentile of model latency that raises an alarm, in milliseconds."""
    error_percent: float = 1.0
    """Realtime: share of invocations answered 5xx that raises an alarm."""
    client_error_percent: float = 5.0
    """Realtime: share of invocations answered 4xx that raises an alarm."""
    saturation_percent: int = 80
    """Realtime: CPU and memory use of the instances that raises an alarm."""
