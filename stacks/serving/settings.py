"""Configuration of the serving program; namespace `serving`, keys of a mode begin with its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from stacks.serving.edge_settings import EdgeSettings
from stacks.serving.server_settings import ServerSettings
from stacks.settings import SettingsError

MODES = ("realtime", "multi_model", "async", "serverless", "inference_components", "eks", "batch")
ROLLOUTS = ("canary", "linear", "rolling", "all_at_once")
SMALLEST_STEP_PERCENT = 10
LARGEST_STEP_PERCENT = 50
SERVERLESS_MEMORY_MB = (1024, 2048, 3072, 4096, 5120, 6144)
MAX_SERVERLESS_CONCURRENCY = 200
LEAST_CORES = 0.25
LEAST_MEMORY_MB = 128


@dataclass(frozen=True, kw_only=True)
class ServingSettings:
    """What all modes share."""

    modes: list[str]
    """How the approved model answers, one or several of `MODES`; monitoring watches drift of each that captures."""
    model_package_arn: str | None = None
    """The approved model package; none: no model is approved yet, everything else is deployed."""
    network_isolation: bool
    """Model containers without any network, AWS included; serverless endpoints cannot have it."""
    log_retention_days: int
    """Days that endpoint and job logs are kept; a value that CloudWatch Logs accepts."""
    stop_schedule_expression: str | None = None
    """When real-time endpoints are deleted for the night, `cron(...)`; none: they run on. Not for production."""
    start_schedule_expression: str | None = None
    """When they are made again, `cron(...)`; given whenever the other is."""
    hours_timezone: str = "UTC"
    """IANA time zone of the two schedules above."""
    edge: bool = False
    """The model reaches devices in rings as well; see `edge_*`."""
    balanced: bool = False
    """An internal load balancer stands before what serves, for callers in joined networks; see `balancer_*`."""
    exposed: bool = False
    """An API with a firewall stands before the real-time endpoint, for callers outside the network; see `api_*`."""

    def __post_init__(self) -> None:
        """Refuse modes that this program does not know, and an endpoint that would stop and never start.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        if not self.modes or len(set(self.modes)) < len(self.modes):
            raise SettingsError(f"serving:modes is {self.modes!r}, expected one or more modes, each once")
        for mode in self.modes:
            one_of("serving:modes", mode, MODES)
        if (self.stop_schedule_expression is None) != (self.start_schedule_expression is None):
            raise SettingsError(
                "serving:stop_schedule_expression and serving:start_schedule_expression go together: "
                f"got {self.stop_schedule_expression!r} and {self.start_schedule_expression!r}"
            )

    @property
    def status(self) -> str:
        """`live` once a model package is approved, `waiting_for_approval` before."""
        return "live" if self.model_package_arn else "waiting_for_approval"


@dataclass(frozen=True, kw_only=True)
class FleetSettings:
    """An endpoint on instances: how large, how updated, when an update rolls back."""

    PREFIX: ClassVar[str] = ""
    LEAST: ClassVar[int] = 1

    instance_type: str
    """SageMaker hosting instance, with its `ml.` prefix."""
    instance_count: int
    """Instances that an endpoint configuration starts; autoscaling changes them afterwards."""
    min_capacity: int = 2
    """Least instances; two or more spread over availability zones. Asynchronous endpoints may shrink to 0."""
    max_capacity: int = 4
    """Most instances; a blue/green update needs a quota of twice as many."""
    scale_in_cooldown_seconds: int = 600
    """Seconds between two removals of instances."""
    scale_out_cooldown_seconds: int = 60
    """Seconds between two additions of instances."""
    capture_percent: int = 100
    """Share of requests whose input and output are captured, 0 to 100."""
    rollout: str = "canary"
    """`canary`, `linear` and `all_at_once` are blue/green, `rolling` replaces batches; all with rollback."""
    rollout_step_percent: int = 50
    """Share of the fleet that a canary, a linear step or a rolling batch takes, 10 to 50; one instance at least."""
    rollout_wait_seconds: int = 600
    """Seconds between steps in which an alarm rolls back, 0 to 3,600."""
    latency_p99_ms: int = 500
    """99th percentile of model latency above which an update rolls back, in milliseconds."""
    error_percent: float = 1.0
    """Share of invocations that fail on the server's side above which an update rolls back."""

    def __post_init__(self) -> None:
        """Refuse what SageMaker would refuse in the middle of an update.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        key = f"serving:{self.PREFIX}"
        one_of(f"{key}rollout", self.rollout, ROLLOUTS)
        if self.rollout != "all_at_once" and self.instance_count < 2:
            raise SettingsError(
                f"{key}rollout is {self.rollout!r} with {key}instance_count {self.instance_count}: "
                "a fleet that is updated in steps has two instances or more; set all_at_once, or more instances"
            )
        if not SMALLEST_STEP_PERCENT <= self.rollout_step_percent <= LARGEST_STEP_PERCENT:
            raise SettingsError(
                f"{key}rollout_step_percent is {self.rollout_step_percent}, "
                f"allowed: {SMALLEST_STEP_PERCENT} to {LARGEST_STEP_PERCENT}"
            )
        if not self.LEAST <= self.min_capacity <= self.max_capacity:
            raise SettingsError(
                f"{key}min_capacity is {self.min_capacity} and {key}max_capacity {self.max_capacity}, "
                f"expected {self.LEAST} <= min_capacity <= max_capacity"
            )


@dataclass(frozen=True, kw_only=True)
class RealtimeSettings(FleetSettings):
    """Callers wait for their answer; instances run all the time."""

    PREFIX: ClassVar[str] = "realtime_"

    target_invocations_per_instance_per_minute: int = 1000
    """Invocations a minute and instance at which autoscaling holds the fleet."""
    shadow_model_package_arn: str | None = None
    """A candidate that is sent a copy of the requests and whose answers nobody gets; none: no shadow."""
    shadow_percent: int = 100
    """Share of the requests that the candidate is sent, 1 to 100."""
    shadow_days: int = 7
    """Days after which the figures of both are sent to the owners; a day later an alarm rings, 1 to 30."""

    def __post_init__(self) -> None:
        """Refuse a rollout that SageMaker does not offer beside a shadow variant.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        super().__post_init__()
        if self.shadow_model_package_arn and self.rollout == "rolling":
            raise SettingsError(
                "serving:realtime_rollout is 'rolling' with serving:realtime_shadow_model_package_arn: endpoints with "
                "several variants are not updated in batches; set canary, linear or all_at_once"
            )
        for name, value, most in (("percent", self.shadow_percent, 100), ("days", self.shadow_days, 30)):
            if not 1 <= value <= most:
                raise SettingsError(f"serving:realtime_shadow_{name} is {value}, allowed: 1 to {most}")


@dataclass(frozen=True, kw_only=True)
class AsyncSettings(FleetSettings):
    """Requests and answers lie in S3; the fleet may shrink to nothing between them."""

    PREFIX: ClassVar[str] = "async_"
    LEAST: ClassVar[int] = 0

    backlog_per_instance: int = 5
    """Waiting requests an instance at which the fleet grows."""
    concurrent_invocations_per_instance: int = 4
    """Requests that SageMaker sends to one container at once, 1 to 1,000."""


@dataclass(frozen=True, kw_only=True)
class ServerlessSettings:
    """No instance runs between requests; up to 4 MB and 60 seconds each, outside the network, without capture."""

    PREFIX: ClassVar[str] = "serverless_"

    memory_mb: int = 2048
    """Memory of one container: 1024 to 6144 in steps of 1024; processors come with it."""
    max_concurrency: int = 20
    """Requests that are answered at once, 1 to 200; more are refused."""
    record_percent: int = 0
    """Share of the requests that callers record, since the endpoint captures none; 0: nobody does, nothing watches."""
    latency_p99_ms: int = 500
    """99th percentile of model latency, without the cold start, that raises an alarm, in milliseconds."""

    def __post_init__(self) -> None:
        """Refuse sizes that SageMaker does not offer.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        if self.memory_mb not in SERVERLESS_MEMORY_MB:
            allowed = ", ".join(str(size) for size in SERVERLESS_MEMORY_MB)
            raise SettingsError(f"serving:serverless_memory_mb is {self.memory_mb}, allowed: {allowed}")
        if not 1 <= self.max_concurrency <= MAX_SERVERLESS_CONCURRENCY:
            raise SettingsError(
                f"serving:serverless_max_concurrency is {self.max_concurrency}, "
                f"allowed: 1 to {MAX_SERVERLESS_CONCURRENCY}"
            )


@dataclass(frozen=True, kw_only=True)
class ComponentSettings:
    """Copies of a model on shared instances, each with its share of GPUs; copies and instances may go to nothing."""

    PREFIX: ClassVar[str] = "inference_components_"

    instance_type: str
    """SageMaker hosting instance, with its `ml.` prefix."""
    min_copies: int = 0
    """Least copies; with 0, the first request after a pause fails until a copy is up, some minutes later."""
    max_copies: int = 2
    """Most copies."""
    min_instances: int = 0
    """Least instances that run, copies or not; two or more spread over availability zones."""
    max_instances: int = 2
    """Most instances that SageMaker starts for the copies."""
    accelerators: int = 1
    """GPUs or other accelerators that one copy has for itself; 0: none."""
    cpu_cores: float = 1.0
    """Processors that one copy has for itself, 0.25 or more."""
    memory_mb: int = 1024
    """Memory in MB that one copy has for itself, 128 or more."""
    concurrent_requests_per_copy: int = 4
    """Requests at once and copy at which copies are added."""
    scale_in_cooldown_seconds: int = 900
    """Seconds between two removals of copies."""
    scale_out_cooldown_seconds: int = 60
    """Seconds between two additions of copies."""
    startup_seconds: int = 1800
    """Seconds in which a copy must be loaded and healthy, 60 to 3,600."""
    rollout_wait_seconds: int = 600
    """Seconds after each replaced copy in which an alarm rolls back, 0 to 3,600."""
    record_percent: int = 0
    """Share of the requests that callers record, since the endpoint captures none; 0: nobody does, nothing watches."""
    latency_p99_ms: int = 5000
    """99th percentile of model latency above which an update rolls back, in milliseconds."""
    error_percent: float = 1.0
    """Share of invocations that fail on the server's side above which an update rolls back."""
    further_model_packages: dict[str, str] = field(default_factory=dict)
    """More approved packages on the same instances: name of the component -> ARN of the package version."""

    def __post_init__(self) -> None:
        """Refuse sizes that SageMaker refuses.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        key = f"serving:{self.PREFIX}"
        if not 0 <= self.min_copies <= self.max_copies or self.max_copies < 1:
            raise SettingsError(
                f"{key}min_copies is {self.min_copies} and {key}max_copies {self.max_copies}, "
                "expected 0 <= min_copies <= max_copies, and one copy or more at most"
            )
        if not 0 <= self.min_instances <= self.max_instances:
            raise SettingsError(
                f"{key}min_instances is {self.min_instances} and {key}max_instances {self.max_instances}, "
                "expected 0 <= min_instances <= max_instances"
            )
        if self.cpu_cores < LEAST_CORES or self.memory_mb < LEAST_MEMORY_MB:
            raise SettingsError(
                f"{key}cpu_cores is {self.cpu_cores} and {key}memory_mb {self.memory_mb}, "
                f"allowed: {LEAST_CORES} processors and {LEAST_MEMORY_MB} MB, or more"
            )


@dataclass(frozen=True, kw_only=True)
class BatchSettings:
    """A transform job scores a day's records; nothing runs between the jobs."""

    PREFIX: ClassVar[str] = "batch_"

    instance_type: str
    """SageMaker transform instance, with its `ml.` prefix."""
    instance_count: int
    """Instances of a transform job."""
    schedule_expression: str | None = None
    """When scoring starts, `cron(...)` or `rate(...)`; none: by hand only."""
    schedule_timezone: str = "UTC"
    """IANA time zone of the schedule."""
    max_payload_mib: int = 6
    """Largest request to the model container, in MiB, 0 to 100."""
    content_type: str = "text/csv"
    """MIME type of the records to score."""


PARTS: dict[str, type] = {
    kind.PREFIX: kind
    for kind in (
        *(RealtimeSettings, AsyncSettings, ServerlessSettings, ComponentSettings),
        *(ServerSettings, BatchSettings, EdgeSettings),
    )
}
"""Settings of each mode, and of devices, by the word that its keys begin with."""


def one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    """Refuse a value that is not among `allowed`.

    Raises:
        SettingsError: names the key, the value and what is allowed.
    """
    if value not in allowed:
        raise SettingsError(f"{key} is {value!r}, allowed: {', '.join(allowed)}")
