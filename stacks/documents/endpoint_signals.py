"""Which metrics tell that an endpoint is slow, fails, or runs out of something, by the way it serves.

Sources, read 2026-11-25: SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch", "Alarms and
logs for tracking metrics from asynchronous endpoints" and "... from serverless endpoints"; the latter two list all
metrics that such an endpoint publishes. CPUUtilization and GPUUtilization add up cores and devices, so the normalized
metrics are used; averages of the error metrics are shares; ModelLatency is in microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

MICROSECONDS_PER_MILLISECOND = 1000
PERIOD_MINUTES = 5
PERIODS = 3
CALLS = "AWS/SageMaker"
INSTANCES = "/aws/sagemaker/Endpoints"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Latency and waits in milliseconds, shares in percent, the backlog in requests that wait for `backlog_minutes`."""

    latency_p99_ms: int
    error_percent: float
    client_error_percent: float
    saturation_percent: int
    gpu: bool = False
    backlog_requests: int = 0
    backlog_minutes: int = 0
    cache_hit_percent: int = 0
    loading_wait_ms: int = 0


@dataclass(frozen=True)
class Signal:
    """A metric above a threshold for so many periods of five minutes; of a variant, or of the whole endpoint."""

    name: str
    namespace: str
    metric: str
    threshold: float
    description: str
    percentile: str | None = None
    of_variant: bool = True
    periods: int = PERIODS
    below: bool = False
    """It is wrong below the threshold, not above."""
    felt: bool = False
    """Callers feel it now; what only runs out of something leaves time until the next working day."""


def signals(mode: str, limits: Limits) -> tuple[Signal, ...]:
    """Return the signals of an endpoint that serves as `mode`, one of those that have an endpoint."""
    if mode == "serverless":
        return (*_calls(limits), *_containers(limits))
    if mode == "multi_model":
        return (*_calls(limits), *_instances(limits), *_loading(limits))
    if mode == "async":
        return (*_calls(limits), *_instances(limits), _backlog(limits))
    return (*_calls(limits), *_instances(limits))


def _calls(limits: Limits) -> tuple[Signal, ...]:
    latency_ms = limits.latency_p99_ms
    errors, rejects = limits.error_percent / 100, limits.client_error_percent / 100
    microseconds = latency_ms * MICROSECONDS_PER_MILLISECOND
    return (
        Signal(
            "latency", CALLS, "ModelLatency", microseconds, f"p99 model latency above {latency_ms} ms", "p99", felt=True
        ),
        Signal(
            "errors",
            CALLS,
            "Invocation5XXErrors",
            errors,
            f"More than {limits.error_percent} % answered 5xx",
            felt=True,
        ),
        Signal("rejects", CALLS, "Invocation4XXErrors", rejects, f"More than {limits.client_error_percent} % refused"),
    )


def _instances(limits: Limits) -> tuple[Signal, ...]:
    share = limits.saturation_percent
    own = (
        Signal("cpu", INSTANCES, "CPUUtilizationNormalized", share, f"CPU above {share} %"),
        Signal("memory", INSTANCES, "MemoryUtilization", share, f"Memory above {share} %"),
        Signal("disk", INSTANCES, "DiskUtilization", share, f"Disk above {share} %"),
    )
    if not limits.gpu:
        return own
    # Memory of a GPU is full by design: a language model's server takes what is there for its cache.
    return (*own, Signal("gpu", INSTANCES, "GPUUtilizationNormalized", share, f"GPUs above {share} %"))


def _containers(limits: Limits) -> tuple[Signal, ...]:
    share = limits.saturation_percent
    concurrency = "ServerlessConcurrentExecutionsUtilization"
    return (
        Signal("memory", INSTANCES, "MemoryUtilization", share, f"Memory above {share} %"),
        Signal("concurrency", CALLS, concurrency, share / 100, f"More than {share} % of the requests at once"),
    )


def _loading(limits: Limits) -> tuple[Signal, ...]:
    """Return what tells that models push each other out of memory and are loaded again and again.

    Its metrics are of all models together; waits are in microseconds. Source: SageMaker Developer Guide, "CloudWatch
    metrics for multi-model endpoint deployments", read 2026-11-26.
    """
    share, wait = limits.cache_hit_percent, limits.loading_wait_ms
    found = []
    if share:
        said = f"Fewer than {share} % of requests found their model loaded"
        found.append(Signal("cache", CALLS, "ModelCacheHit", share / 100, said, periods=6, below=True))
    if wait:
        microseconds = wait * MICROSECONDS_PER_MILLISECOND
        said = f"Requests wait more than {wait} ms for their model to be loaded"
        found.append(Signal("loading", CALLS, "ModelLoadingWaitTime", microseconds, said))
    return tuple(found)


def _backlog(limits: Limits) -> Signal:
    requests, minutes = limits.backlog_requests, limits.backlog_minutes
    return Signal(
        "backlog",
        CALLS,
        "ApproximateBacklogSize",
        requests,
        f"More than {requests} requests wait for {minutes} minutes",
        of_variant=False,
        felt=True,
        periods=max(1, minutes // PERIOD_MINUTES),
    )
