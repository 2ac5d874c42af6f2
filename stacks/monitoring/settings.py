"""Configuration of the monitoring program; namespace `monitoring`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from stacks.settings import SettingsError

CAPTURING_MODES = ("realtime", "multi_model", "async", "batch")
"""Modes of serving that capture requests by themselves."""
RECORDED_MODES = ("serverless", "inference_components")
"""Modes whose requests the callers record, where `monitoring:recorded_modes` names them."""
OVER_BUDGET = ("alert", "stop")


@dataclass(frozen=True, kw_only=True)
class MonitoringSettings:
    """What is watched and who is told."""

    serving_modes: list[str]
    """The same value as `serving:modes`; empty: nothing is served."""
    recorded_modes: list[str] = field(default_factory=list)
    """Those among `serving_modes` whose callers record requests, some of `RECORDED_MODES`; jobs watch them, too."""
    alert_email: str
    """Address that alarms and budget notifications go to; it must confirm the subscription."""
    pagerduty: bool = False
    """Join the most urgent topic to PagerDuty; its address is the secret `monitoring:pagerduty_url`."""
    slack_workspace_id: str = ""
    """Id of the Slack workspace whose channel reads alarms; empty: none does."""
    slack_channel_id: str = ""
    """Id of the channel; a private one is joined by `/invite @Amazon Q`."""
    slack_consented: bool = False
    """Somebody has given consent for the workspace in the account's console, once; before that nothing is joined."""
    paging: bool = False
    """A topic of its own for alarms of what callers feel: they call somebody at any hour."""
    monthly_budget_usd: int
    """Budget of the environment in USD a month, counted by the tags `project` and `env`."""
    budget_thresholds_percent: list[int]
    """Shares of the budget at which a notification is sent; the largest one also on the forecast."""
    over_budget: str = "alert"
    """`stop`: above the budget nothing new starts and endpoints are deleted; `alert`: people are told."""
    stop_at_percent: int = 100
    """Share of the budget, as actually spent, above which `stop` acts."""
    anomaly_usd: int = 0
    """USD above the expected cost from which a cost anomaly is told; 0: no anomaly detection."""
    log_retention_days: int
    """Days that logs are kept; a value that CloudWatch Logs accepts."""
    dashboard: bool
    """Three CloudWatch dashboards: executive, operations, governance."""
    package: str
    """Python package in the image whose modules the jobs run: `python -m <package>.drift`."""
    image_tag: str
    """Tag of the image in the project's repository; the same one that training uses."""
    network_isolation: bool = False
    """Job containers without any network; the state machine, not the container, writes the metrics."""
    latency_p99_ms: int = 500
    """Endpoints: 99th percentile of model latency that raises an alarm, in milliseconds."""
    error_percent: float = 1.0
    """Endpoints: share of invocations answered 5xx that raises an alarm."""
    client_error_percent: float = 5.0
    """Endpoints: share of invocations answered 4xx that raises an alarm."""
    saturation_percent: int = 80
    """Endpoints: use of processors, memory, disk, GPUs or concurrency that raises an alarm."""
    teams_folder: str = ""
    """Folder of the team files, relative to Pulumi.yaml: each team has a budget and a dashboard. Empty: none."""
    teams_on_cluster: bool = False
    """The teams have pods in the environment's Kubernetes cluster, which their dashboards show."""
    cluster_gpus: bool = False
    """Machines of the environment's Kubernetes cluster have GPUs: alarms and a dashboard watch them."""
    cluster_efa: bool = False
    """They talk to each other over EFA."""
    cluster_queues: bool = False
    """Jobs wait for them in queues of Kueue."""
    queue_hours: int = 2
    """Hours for which a queue may stay filled before somebody is told."""
    watched_devices: int = 0
    """Devices that run the model; exported, so that watching them can be priced. 0: none do."""
    silent_percent: int = 5
    """Percent of them that are not connected at once from which an alarm rings."""
    failed_devices: int = 5
    """Devices that fail to take a version in a quarter of an hour from which an alarm rings."""
    device_messages_per_minute: int = 1
    """Messages a minute that a device sends; ten times as many are no device of ours."""
    device_audit: bool = False
    """This environment runs the account's daily audit of devices, the same value as `data:device_defense`."""
    training_gpus: bool = False
    """Training jobs of SageMaker run on GPUs: the dashboard shows them."""
    gpu_modes: list[str] = field(default_factory=list)
    """Modes whose instances have GPUs."""
    server_waiting_requests: int = 20
    """Servers in the cluster: requests that wait at one of them that raise an alarm."""
    server_rests: bool = False
    """No server stands at night, so that silence is no alarm."""
    cache_hit_percent: int = 50
    """Many models: share of requests whose model is loaded already, below which an alarm rings; 0: none."""
    loading_wait_ms: int = 10_000
    """Many models: time that requests wait for a model to be loaded, on average, that raises an alarm."""
    backlog_requests: int = 100
    """Async: waiting requests that raise an alarm."""
    backlog_minutes: int = 30
    """Async: minutes for which that many must wait."""

    def __post_init__(self) -> None:
        """Refuse an intervention that this program does not know, and records of modes that nobody records.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        for mode in self.recorded_modes:
            if mode not in RECORDED_MODES or mode not in self.serving_modes:
                raise SettingsError(
                    f"monitoring:recorded_modes names {mode!r}, allowed: those of monitoring:serving_modes among "
                    f"{', '.join(RECORDED_MODES)}"
                )
        if self.over_budget not in OVER_BUDGET:
            raise SettingsError(f"monitoring:over_budget is {self.over_budget!r}, allowed: {', '.join(OVER_BUDGET)}")


@dataclass(frozen=True, kw_only=True)
class JobSettings:
    """What a scheduled job that watches a mode runs on, and when."""

    schedule_expression: str | None = None
    """When the job runs, `cron(...)` or `rate(...)`; none: no such job."""
    schedule_timezone: str = "UTC"
    """IANA time zone of the schedule."""
    window: str = "day"
    """`day` or `hour`: how much the job reads at once."""
    instance_type: str = "ml.m7i.large"
    """SageMaker processing instance of the job, with its `ml.` prefix."""
    volume_gib: int = 30
    """GiB of storage of the job, 1 to 16,384."""
    max_runtime_seconds: int = 3600
    """Seconds after which SageMaker stops the job."""
    windows: int = 3
    """Windows that an alarm on the model looks at."""
    windows_breaching: int = 2
    """Windows among them that raise it."""


@dataclass(frozen=True, kw_only=True)
class DriftSettings(JobSettings):
    """One drift job; keys begin with `drift_` for the first mode that captures, with `<mode>_drift_` for others.

    The last whole window is compared with the baseline; the schedule runs once in it.
    """

    PREFIX: ClassVar[str] = "drift_"

    share_threshold: float = 0.0
    """Share of drifted features, 0 to 1, above which a window counts as drifted; the job's own limits are calibrated,
    so that any feature beyond its limit counts."""


@dataclass(frozen=True, kw_only=True)
class QualitySettings(JobSettings):
    """One job that judges a mode by its labels; keys begin with `quality_`, with `<mode>_quality_` for others.

    The window that lies `label_lag_days` back is judged.
    """

    PREFIX: ClassVar[str] = "quality_"

    label_lag_days: int = 30
    """Days after which the labels of a window are due; the same wait as the package's LABEL_WAIT_DAYS."""
    stale_days: int = 7
    """Days without a new label after which somebody is told."""
    metric: str = "average_precision"
    """Figure of quality that is published; the same value as `training:quality_metric`."""
    minimum: float = 0.0
    """Its least value; the same value as `training:quality_minimum`."""
    maximum_gap: float | None = None
    """Largest gap between groups, as a ratio less 1; none: no groups are protected."""
    least_agreement: float = 0.9
    """Least agreement of the reasons of live answers with those of the approved model, 0 to 1."""


_JOBS: tuple[type[DriftSettings | QualitySettings], ...] = (DriftSettings, QualitySettings)
PARTS: dict[str, type] = {
    **{part.PREFIX: part for part in _JOBS},
    **{f"{mode}_{part.PREFIX}": part for mode in (*CAPTURING_MODES, *RECORDED_MODES) for part in _JOBS},
}
"""Settings of each job by the words that its keys begin with."""
