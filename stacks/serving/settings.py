"""Configuration of the serving program; namespace `serving`."""

from __future__ import annotations

from dataclasses import dataclass

from stacks.settings import SettingsError

MODES = ("realtime", "batch")
ROLLOUTS = ("canary", "linear", "all_at_once")


@dataclass(frozen=True, kw_only=True)
class ServingSettings:
    """How the approved model answers; fields of the mode that is not chosen may be left out."""

    mode: str
    """`realtime` for an endpoint, `batch` for scheduled transform jobs."""
    model_package_arn: str | None = None
    """The approved model package; none: no model is approved yet, everything else is deployed."""
    instance_type: str
    """SageMaker hosting or transform instance, with its `ml.` prefix."""
    instance_count: int
    """Instances of the first endpoint configuration, or of a transform job."""
    network_isolation: bool
    """Model containers without any network, AWS included."""
    log_retention_days: int
    """Days that endpoint and job logs are kept; a value that CloudWatch Logs accepts."""

    min_capacity: int = 2
    """Realtime: least instances; two or more spread over availability zones."""
    max_capacity: int = 4
    """Realtime: most instances; a blue/green update needs a quota of twice as many."""
    target_invocations_per_instance_per_minute: int = 1000
    """Realtime: invocations a minute and instance at which autoscaling holds the fleet."""
    scale_in_cooldown_seconds: int = 600
    """Realtime: seconds between two removals of instances."""
    scale_out_cooldown_seconds: int = 60
    """Realtime: seconds between two additions of instances."""
    capture_percent: int = 100
    """Realtime: share of requests whose input and output are captured, 0 to 100."""
    rollout: str = "canary"
    """Realtime: `canary`, `linear` or `all_at_once`; each blue/green, with automatic rollback."""
    rollout_step_percent: int = 10
    """Realtime: share of the fleet that a canary or a linear step shifts, 10 to 50."""
    rollout_wait_seconds: int = 600
    """Realtime: seconds between steps in which an alarm rolls back, 0 to 3,600."""
    latency_p99_ms: int = 500
    """Realtime: 99th percentile of model latency above which an update rolls back, in milliseconds."""
    error_percent: float = 1.0
    """Realtime: share of invocations that fail on the server's side above which an update rolls back."""

    schedule_expression: str | None = None
    """Batch: when scoring starts, `cron(...)` or `rate(...)`; none: by hand only."""
    schedule_timezone: str = "UTC"
    """Batch: IANA time zone of the schedule."""
    max_payload_mib: int = 6
    """Batch: largest request to the model container, in MiB, 0 to 100."""
    content_type: str = "text/csv"
    """Batch: MIME type of the records to score."""

    def __post_init__(self) -> None:
        """Refuse a mode or a rollout that this program does not know.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        _one_of("serving:mode", self.mode, MODES)
        _one_of("serving:rollout", self.rollout, ROLLOUTS)

    @property
    def status(self) -> str:
        """`live` once a model package is approved, `waiting_for_approval` before."""
        return "live" if self.model_package_arn else "waiting_for_approval"


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsError(f"{key} is {value!r}, allowed: {', '.join(allowed)}")
