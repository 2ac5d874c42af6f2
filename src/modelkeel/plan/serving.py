"""How the model answers: endpoint type, instance, count, autoscaling, rollout."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.size import training_gib
from modelkeel.tables.instance import Instance, offered
from modelkeel.tables.limit import limit
from modelkeel.tables.throughput import throughputs

HEADROOM = 0.6
SAFETY_FACTOR = 0.5
SCORING_HOURS = 4
LOAD_TEST = "SageMaker Developer Guide, Load testing your auto scaling configuration"
MODEL_SHARE = 2 / 3


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Decided sizes; `mode` is `realtime`, `batch` or `none`, counts are by environment."""

    mode: str
    endpoint_type: str
    instance_type: str
    min_capacity: Mapping[str, int]
    max_capacity: Mapping[str, int]
    target_invocations_per_minute: int
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int
    capture_percent: int
    rollout: str
    latency_p99_ms: int
    batch_count: int
    decisions: tuple[Decision, ...]


def plan(answers: Answers, regime: Regime, zones: int) -> Serving:
    """Return how the model is served.

    Raises:
        ModelkeelError: no offered instance fits, or the requests need more instances than one endpoint gets.
    """
    endpoint = endpoint_type(answers, regime)
    mode = {"realtime": "realtime", "batch": "batch", "none": "none"}.get(endpoint.value, "none")
    if mode == "none":
        return _nothing(endpoint)
    if mode == "batch":
        return _batch(answers, endpoint)
    return _realtime(answers, regime, zones, endpoint)


def endpoint_type(answers: Answers, regime: Regime) -> Decision:
    """Return the kind of endpoint: the first rule that matches, with the service's hard limits."""
    modes = set(answers.serving_mode)
    online = modes - {"batch", "edge", "none"}
    large = answers.payload_kb > 6144 or answers.p99_ms > 60_000
    if not online:
        value = "none" if "none" in modes else "edge" if modes == {"edge"} else "batch"
        reason = {
            "none": "Nothing is served; models are registered only.",
            "edge": "Models run on devices.",
            "batch": "Nobody waits for an answer: scheduled jobs cost nothing between their runs.",
        }[value]
    elif large or online == {"async"}:
        value, reason = "async", "Requests are larger or slower than the 6 MB and 60 s that a real-time endpoint takes."
    elif online == {"serverless"} and not regime.has("no_serverless"):
        value, reason = "serverless", "Few small requests may wait for a cold start; no instance runs between them."
    else:
        value, reason = "realtime", "Requests wait for their answer, so instances run all the time."
    return Decision(
        key="endpoint_type",
        value=value,
        reason=reason,
        from_=("serving_mode", "payload_kb", "p99_ms", "frameworks"),
        formula=f"payload {answers.payload_kb} kB, p99 {answers.p99_ms} ms, modes {', '.join(answers.serving_mode)}",
        source="SageMaker API Reference, InvokeEndpoint: 6,291,456 bytes and 60 seconds",
        alternatives=(
            "async: up to 1 GB and an hour, scales to zero, answers arrive in S3",
            "serverless: no VPC, no isolation, no data capture; 4 MB and 60 s",
        ),
    )


def instances_needed(peak_rps: int, rps_per_instance: float) -> int:
    """Return instances that carry the peak at 60 % use: ceil(peak_rps / (rps_per_instance * 0.6))."""
    return max(1, math.ceil(peak_rps / (rps_per_instance * HEADROOM)))


def least_instances(needed: int, zones: int, availability: str) -> int:
    """Return the least fleet; from 99.9 % on it carries the peak with one zone lost: ceil(n * zones / (zones - 1))."""
    if availability == "dev":
        return needed
    if availability == "99.0":
        return max(2, needed)
    return max(2, math.ceil(needed * zones / (zones - 1)))


def instance_rps(answers: Answers, row: Instance) -> float:
    """Return the requests a second that one instance is assumed to answer."""
    rates = throughputs()[answers.model_family]
    return row.gpus * rates.requests_per_second_per_gpu or row.vcpus * rates.requests_per_second_per_vcpu


def hosting_candidates(answers: Answers) -> list[Instance]:
    """Return the instances worth scaling out on, smallest first: one family, at most 8 vCPUs or one GPU."""
    rates = throughputs()[answers.model_family]
    on_offer = offered("hosting", answers.region)
    for family in (*rates.cpu_families, *rates.gpu_families):
        rows = [
            row
            for row in on_offer
            if row.family == family and row.vcpus <= 8 and row.gpus <= 1 and row.usd_per_hour is not None
        ]
        if rows:
            return sorted(rows, key=lambda row: (row.vcpus, row.name))
    raise usage_error(
        f"no serving instance for {answers.model_family} is on offer in {answers.region}",
        got=f"regions: {answers.region}",
        allowed=f"a Region with {', '.join((*rates.cpu_families, *rates.gpu_families))}",
        fix="choose another Region",
    )


def _realtime(answers: Answers, regime: Regime, zones: int, endpoint: Decision) -> Serving:
    rows = hosting_candidates(answers)
    chosen = next(
        (row for row in rows if instances_needed(answers.peak_rps, instance_rps(answers, row)) == 1), rows[-1]
    )
    rps = instance_rps(answers, chosen)
    needed = instances_needed(answers.peak_rps, rps)
    least = least_instances(needed, zones, answers.availability)
    most = limit("endpoint", "max_instances")
    if math.ceil(least * 1.5) > most:
        fits = math.floor(most / 1.5 * (zones - 1) / zones * rps * HEADROOM)
        raise usage_error(
            "peak_rps is more than one endpoint carries",
            got=f"peak_rps={answers.peak_rps}: {least:,} {chosen.ml_name}",
            allowed=f"up to about {fits:,} requests/s with {most} instances of {chosen.ml_name}",
            fix="split the traffic over several endpoints or Regions, or measure a higher throughput per instance",
        )
    production = answers.environments[-1]
    min_capacity, max_capacity = {}, {}
    for name in answers.environments:
        if name == production:
            min_capacity[name], max_capacity[name] = least, max(least + 1, math.ceil(least * 1.5))
        else:
            small = 1 if name == "dev" and answers.scale_to_zero else min(2, least)
            min_capacity[name], max_capacity[name] = small, small + 1
    target = math.floor(rps * SAFETY_FACTOR * 60)
    latency = max(1, math.floor(answers.p99_ms * MODEL_SHARE))
    rollout = {"shadow_then_canary": "canary", "rolling": "linear"}.get(answers.rollout, answers.rollout)
    decisions = (
        endpoint,
        Decision(
            key="serving_instance_type",
            value=chosen.ml_name,
            reason=(
                f"The smallest {chosen.family} that carries the peak alone; from there on more instances are added,"
                " because a larger one makes the loss of one hurt more."
            ),
            from_=("model_family", "peak_rps", "regions"),
            formula=f"{rps:g} requests/s per instance assumed ({chosen.vcpus} vCPUs, {chosen.gpus} GPUs)",
            source="tables/throughput.toml: an assumption, to be replaced by a load test; tables/instances.json",
            alternatives=tuple(
                f"{row.ml_name}: {row.usd_per_hour:.3f} USD/h, {instance_rps(answers, row):g} requests/s assumed"
                for row in rows
                if row != chosen and row.usd_per_hour is not None
            ),
        ),
        Decision(
            key="serving_min_instances",
            value=min_capacity,
            reason=(
                f"{production} carries the peak with one of {zones} zones lost; the others prove the rollout."
                if answers.availability in {"99.9", "99.95"}
                else f"{production} carries the peak; the others prove the rollout."
            ),
            from_=("peak_rps", "availability", "environments", "scale_to_zero"),
            formula=(
                f"n = ceil({answers.peak_rps} / ({rps:g} * {HEADROOM})) = {needed};"
                f" least = max(2, ceil({needed} * {zones} / {zones - 1})) = {least}"
            ),
            source=f"{LOAD_TEST}; SageMaker Developer Guide, Best practices for deploying models (two zones)",
            alternatives=("availability: '99.0' keeps two instances and accepts slow answers while a zone is lost",),
        ),
        Decision(
            key="serving_max_instances",
            value=max_capacity,
            reason="Half as much again as the peak asks for; a blue/green update needs a quota of twice as many.",
            from_=("peak_rps", "availability"),
            formula=f"ceil({least} * 1.5) = {max_capacity[production]}",
            source=LOAD_TEST,
        ),
        Decision(
            key="autoscaling_target_per_minute",
            value=target,
            reason="Invocations a minute and instance at which the fleet grows; half of what one can do.",
            from_=("model_family", "peak_rps"),
            formula=f"{rps:g} * {SAFETY_FACTOR} * 60 = {target}",
            source=f"{LOAD_TEST}: SageMakerVariantInvocationsPerInstance = MAX_RPS * SAFETY_FACTOR * 60",
        ),
        Decision(
            key="model_latency_p99_ms",
            value=latency,
            reason="Above this the rollout rolls back and an alarm rings; a third of the time is left to the network"
            " and the feature look-up.",
            from_=("p99_ms",),
            formula=f"{answers.p99_ms} * 2 / 3 = {latency}",
            source="An assumption about the split of the latency budget; measure it",
        ),
        Decision(
            key="rollout",
            value=rollout,
            reason=(
                f"{answers.rollout} is not built yet; {rollout} comes closest: old and new fleets run side by side."
                if rollout != answers.rollout
                else "The new fleet takes traffic step by step, and an alarm gives it back."
                if rollout != "all_at_once"
                else "The new fleet takes all traffic at once, and an alarm gives it back."
            ),
            from_=("rollout",),
            source="SageMaker Developer Guide, Blue/green deployments with auto-rollback",
        ),
        _capture(answers, regime),
    )
    return Serving(
        mode="realtime",
        endpoint_type="realtime",
        instance_type=chosen.ml_name,
        min_capacity=min_capacity,
        max_capacity=max_capacity,
        target_invocations_per_minute=target,
        scale_in_cooldown_seconds=900 if chosen.gpus else 600,
        scale_out_cooldown_seconds=60,
        capture_percent=decisions[-1].value,
        rollout=rollout,
        latency_p99_ms=latency,
        batch_count=0,
        decisions=decisions,
    )


def _capture(answers: Answers, regime: Regime) -> Decision:
    full = answers.peak_rps <= 100 or regime.high_risk or answers.decision_impact == "automated_significant"
    percent = 100 if full else 20 if answers.peak_rps <= 1000 else 5
    return Decision(
        key="capture_percent",
        value=percent,
        reason=(
            "Every decision that weighs on people is on record."
            if full and answers.peak_rps > 100
            else "All requests are few enough to be kept."
            if full
            else "A sample is enough to see drift, and keeping all of it costs storage and requests."
        )
        + (
            " What is kept carries tokens, not card, health or personal fields."
            if regime.has("payload_protected")
            else ""
        ),
        from_=("peak_rps", "decision_impact", "ai_act_class", "data_sensitivity"),
        source="SageMaker Developer Guide, Data capture; Regulation (EU) 2024/1689, Art. 12",
    )


def _batch(answers: Answers, endpoint: Decision) -> Serving:
    rates = throughputs()[answers.model_family]
    families = rates.cpu_families or rates.gpu_families
    on_offer = [
        row
        for row in offered("transform", answers.region)
        if row.family in families and (row.vcpus == 4 or row.gpus == 1) and row.usd_per_hour is not None
    ]
    rows = sorted(on_offer, key=lambda row: families.index(row.family))
    if not rows:
        raise usage_error(
            f"no transform instance for {answers.model_family} is on offer in {answers.region}",
            got=f"regions: {answers.region}",
            fix="choose another Region",
        )
    chosen, gib = rows[0], training_gib(answers)
    rate = rates.batch_gib_per_vcpu_hour * chosen.vcpus
    count = min(50, max(1, math.ceil(gib / (rate * SCORING_HOURS))))
    return Serving(
        mode="batch",
        endpoint_type="batch",
        instance_type=chosen.ml_name,
        min_capacity={},
        max_capacity={},
        target_invocations_per_minute=0,
        scale_in_cooldown_seconds=0,
        scale_out_cooldown_seconds=0,
        capture_percent=0,
        rollout="all_at_once",
        latency_p99_ms=answers.p99_ms,
        batch_count=count,
        decisions=(
            endpoint,
            Decision(
                key="serving_instance_type",
                value=chosen.ml_name,
                reason="The newest family of the size that transform jobs scale out on.",
                from_=("model_family", "regions"),
                source="tables/instances.json; SageMaker API Reference, TransformInstanceType",
                alternatives=tuple(f"{row.ml_name}: {row.usd_per_hour:.3f} USD/h" for row in rows[1:4]),
            ),
            Decision(
                key="scoring_instances",
                value=count,
                reason=f"The records are scored within {SCORING_HOURS} hours of a night.",
                from_=("data_volume", "training_data_gib", "model_family"),
                formula=f"ceil({gib:g} GiB / ({rate} GiB/h * {SCORING_HOURS} h)) = {count}",
                source="tables/throughput.toml: an assumption, to be replaced by a measured run",
            ),
        ),
    )


def _nothing(endpoint: Decision) -> Serving:
    return Serving(
        mode="none",
        endpoint_type=endpoint.value,
        instance_type="",
        min_capacity={},
        max_capacity={},
        target_invocations_per_minute=0,
        scale_in_cooldown_seconds=0,
        scale_out_cooldown_seconds=0,
        capture_percent=0,
        rollout="all_at_once",
        latency_p99_ms=0,
        batch_count=0,
        decisions=(endpoint,),
    )
