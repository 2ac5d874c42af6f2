"""How the model answers: instance, count, autoscaling, rollout; or nothing, or a nightly job."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.errors import usage_error
from modelkeel.plan import machine
from modelkeel.plan.capacity import (
    HEADROOM,
    SAFETY_FACTOR,
    Carrier,
    carriers,
    least_instances,
    scaling_target,
)
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.endpoint import STANDING, endpoint_type
from modelkeel.plan.size import training_gib
from modelkeel.tables.limit import limit
from modelkeel.tables.throughput import throughputs

LARGEST_BATCH = 0.5
SCORING_HOURS = 4
MAX_SCORING_INSTANCES = 50
LANGUAGE_BATCH_GIB_PER_HOUR = 1
MODEL_SHARE = 2 / 3
ROLLOUTS = {"shadow_then_canary": "canary"}
LOAD_TEST = "SageMaker Developer Guide, Load testing your auto scaling configuration"


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Decided sizes; `mode` is `realtime`, `batch` or `none`, capacities are by environment."""

    mode: str
    endpoint_type: str
    instance_type: str = ""
    min_capacity: Mapping[str, int] = field(default_factory=dict)
    max_capacity: Mapping[str, int] = field(default_factory=dict)
    target_invocations_per_minute: int = 0
    scale_in_cooldown_seconds: int = 0
    scale_out_cooldown_seconds: int = 0
    capture_percent: int = 0
    rollout: str = "all_at_once"
    latency_p99_ms: int = 0
    batch_count: int = 0
    decisions: tuple[Decision, ...]


def plan(answers: Answers, regime: Regime, zones: int) -> Serving:
    """Return how the model is served.

    Raises:
        ModelkeelError: no offered instance fits, or the requests need more instances than one endpoint gets.
    """
    endpoint = endpoint_type(answers, regime)
    if endpoint.value in STANDING:
        return _realtime(answers, regime, zones, endpoint)
    if endpoint.value == "batch":
        return batch(answers, endpoint)
    return Serving(mode="none", endpoint_type=endpoint.value, decisions=(endpoint,))


def _realtime(answers: Answers, regime: Regime, zones: int, endpoint: Decision) -> Serving:
    choices = carriers(answers, "hosting")
    chosen = machine.chosen(answers, choices, zones, endpoint.value)
    needed = machine.needed(answers, chosen, endpoint.value)
    least = least_instances(needed, zones, answers.availability)
    if math.ceil(least * machine.SURGE) > limit("endpoint", "max_instances"):
        raise _too_many(answers, chosen, least, zones)
    fleet = _fleet(answers, chosen, needed, least, zones)
    _within_quota(answers, chosen, max(fleet[1].value.values()))
    latency = max(1, math.floor(answers.p99_ms * MODEL_SHARE))
    target = scaling_target(chosen.requests_per_second)
    rollout, captured = _rollout(answers), capture(answers, regime)
    return Serving(
        mode="realtime",
        endpoint_type=endpoint.value,
        instance_type=chosen.row.ml_name,
        min_capacity=fleet[0].value,
        max_capacity=fleet[1].value,
        target_invocations_per_minute=target,
        scale_in_cooldown_seconds=900 if chosen.row.gpus else 600,
        scale_out_cooldown_seconds=60,
        capture_percent=captured.value,
        rollout=rollout.value,
        latency_p99_ms=latency,
        decisions=(
            endpoint,
            machine.decision(answers, chosen, choices, zones, endpoint.value),
            *fleet,
            _scaling(chosen, target),
            Decision(
                key="model_latency_p99_ms",
                value=latency,
                reason="Above this a rollout rolls back and an alarm rings; a third of the time is left to the network"
                " and the feature look-up.",
                from_=("p99_ms",),
                formula=f"{answers.p99_ms} * 2 / 3 = {latency}",
                source="An assumption about the split of the latency budget; measure it",
            ),
            rollout,
            *_shadow(answers),
            captured,
        ),
    )


def _fleet(answers: Answers, chosen: Carrier, needed: int, least: int, zones: int) -> tuple[Decision, Decision]:
    production, rps = answers.environments[-1], chosen.requests_per_second
    low, high = {}, {}
    for name in answers.environments:
        if name == production:
            low[name], high[name] = least, max(least + 1, math.ceil(least * machine.SURGE))
        else:
            low[name] = 1 if name == "dev" and answers.scale_to_zero else min(2, least)
            high[name] = low[name] + 1
    zonal = answers.availability in {"99.9", "99.95"}
    formulas = {
        "dev": f"least = {needed}",
        "99.0": f"least = max(2, {needed}) = {least}",
    }
    return (
        Decision(
            key="serving_min_instances",
            value=low,
            reason=f"{production} carries the peak"
            + (f" with one of {zones} zones lost" if zonal else "")
            + ("; the others prove the rollout." if len(low) > 1 else "."),
            from_=("peak_rps", "availability", "environments", "scale_to_zero"),
            formula=f"n = ceil({answers.peak_rps} / ({rps:.4g} * {HEADROOM})) = {needed}; "
            + formulas.get(answers.availability, f"least = max(2, ceil({needed} * {zones} / {zones - 1})) = {least}"),
            source=f"{LOAD_TEST}; SageMaker Developer Guide, Best practices for deploying models (two zones)",
            alternatives=(f"availability: '99.0' keeps {max(2, needed)} and is slow while a zone is lost",)
            if zonal
            else (),
        ),
        Decision(
            key="serving_max_instances",
            value=high,
            reason="Half as much again as the peak asks for; a blue/green update needs a quota of twice as many.",
            from_=("peak_rps", "availability", "environments"),
            formula=f"max({least} + 1, ceil({least} * {machine.SURGE})) = {high[production]}",
            source=LOAD_TEST,
        ),
    )


def _scaling(chosen: Carrier, target: int) -> Decision:
    return Decision(
        key="autoscaling_target_per_minute",
        value=target,
        reason="Invocations a minute and instance at which the fleet grows: half of what one can do.",
        from_=("model_family", "peak_rps"),
        formula=f"floor({chosen.requests_per_second:.4g} * {SAFETY_FACTOR} * 60) = {target}",
        source=f"{LOAD_TEST}: SageMakerVariantInvocationsPerInstance = MAX_RPS * SAFETY_FACTOR * 60",
    )


def _rollout(answers: Answers) -> Decision:
    value = ROLLOUTS.get(answers.rollout, answers.rollout)
    if value != answers.rollout:
        reason = (
            "A candidate is first sent a copy of the requests (serving:realtime_shadow_model_package_arn); once its"
            " package is the approved one, a canary takes over, and an alarm gives the traffic back."
        )
    elif value == "all_at_once":
        reason = "The new fleet takes all traffic at once, and an alarm gives it back."
    elif value == "rolling":
        reason = "Batches of the fleet are replaced one after the other, without a second fleet; an alarm turns back."
    else:
        reason = "The new fleet takes traffic step by step, and an alarm gives it back."
    return Decision(
        key="rollout",
        value=value,
        reason=reason,
        from_=("rollout",),
        source="SageMaker Developer Guide, Deployment guardrails: blue/green and rolling, with auto-rollback",
    )


def _shadow(answers: Answers) -> tuple[Decision, ...]:
    if answers.rollout != "shadow_then_canary":
        return ()
    return (
        Decision(
            key="shadow_days",
            value=answers.shadow_days,
            reason="A new model first gets a copy of the requests; nobody sees its answers until they are compared.",
            from_=("rollout", "shadow_days"),
            formula=f"{answers.shadow_days} days of a second fleet",
            source="SageMaker Developer Guide, Shadow variants: 30 days at most for a shadow test",
        ),
    )


def capture(answers: Answers, regime: Regime) -> Decision:
    """Return the share of requests that is kept, in percent."""
    weighty = regime.high_risk or answers.decision_impact == "automated_significant"
    few = answers.peak_rps <= 100
    sample = 20 if answers.peak_rps <= 1000 else 5
    percent = {"auto": 100 if few or weighty else sample, "off": 0, "sample": sample, "all": 100}[answers.capture]
    reason = "A sample is enough to see drift, and keeping all of it costs storage and requests."
    if answers.capture != "auto":
        reason = f"As answered: capture {answers.capture}."
    elif weighty:
        reason = "Every decision that weighs on people is on record."
    elif few:
        reason = "All requests are few enough to be kept."
    if percent and answers.redaction and regime.has("payload_protected"):
        reason += " What is kept carries tokens, not card, health or personal fields."
    return Decision(
        key="capture_percent",
        value=percent,
        reason=reason,
        from_=(
            "capture",
            "redaction",
            "peak_rps",
            "decision_impact",
            "ai_act_uses",
            "ai_act_class",
            "data_sensitivity",
        ),
        formula=f"{answers.peak_rps} requests/s; 100 % up to 100, 20 % up to 1,000, 5 % beyond",
        source="SageMaker Developer Guide, Data capture; Regulation (EU) 2024/1689, Art. 12",
    )


def batch(answers: Answers, endpoint: Decision) -> Serving:
    """Return the nightly transform job that scores the records; its first decision is `endpoint`.

    Raises:
        ModelkeelError: the Region offers no transform instance that holds the model.
    """
    choices = carriers(answers, "transform")
    chosen = next((row for row in choices if row.row.vcpus >= 4), choices[-1])
    gib = training_gib(answers)
    rate = (
        LANGUAGE_BATCH_GIB_PER_HOUR
        if answers.model_family in LLM
        else throughputs()[answers.model_family].batch_gib_per_vcpu_hour * chosen.row.vcpus
    )
    needed = max(1, math.ceil(gib / (rate * SCORING_HOURS)))
    count = min(MAX_SCORING_INSTANCES, needed)
    return Serving(
        mode="batch",
        endpoint_type="batch",
        instance_type=chosen.row.ml_name,
        latency_p99_ms=answers.p99_ms,
        batch_count=count,
        decisions=(
            endpoint,
            Decision(
                key="serving_instance_type",
                value=chosen.row.ml_name,
                reason="The newest family that transform jobs run on, in a size that is added one by one.",
                from_=("model_family", "model_params_b", "regions"),
                formula=f"{rate:g} GiB an hour and instance assumed",
                source="SageMaker API Reference, TransformInstanceType; tables/instances.json, tables/throughput.toml",
                alternatives=tuple(
                    f"{row.row.ml_name}: {row.row.usd_per_hour:.3f} USD/h" for row in choices if row != chosen
                ),
            ),
            Decision(
                key="scoring_instances",
                value=count,
                reason=f"The records are scored within {SCORING_HOURS} hours of a night."
                if count == needed
                else f"{count} instances are the most we plan: the night is longer than {SCORING_HOURS} hours.",
                from_=("data_volume", "training_data_gib", "model_family"),
                formula=f"ceil({gib:g} GiB / ({rate:g} GiB/h * {SCORING_HOURS} h)) = {needed}",
                source="tables/throughput.toml: an assumption, to be replaced by a measured run",
            ),
        ),
    )


def _within_quota(answers: Answers, chosen: Carrier, most: int) -> None:
    """Refuse a fleet that the account's quota does not hold; every rollout but a rolling one runs two of them."""
    doubled = answers.rollout != "rolling"
    wanted = 2 * most if doubled else most + math.ceil(most * LARGEST_BATCH)
    if 0 < answers.endpoint_quota < wanted:
        raise usage_error(
            "the largest fleet is more than the account may run",
            got=f"endpoint_quota={answers.endpoint_quota}, rollout={answers.rollout}: {wanted} {chosen.row.ml_name}",
            allowed=f"a quota of {wanted}: {most} at most"
            + (
                ", twice while a rollout runs both fleets"
                if doubled
                else ", and half as many while a batch is replaced"
            ),
            fix=f"ask for a quota of {wanted}"
            + ("; or rollout: rolling" if doubled else "")
            + "; or a smaller peak_rps",
        )


def _too_many(answers: Answers, chosen: Carrier, least: int, zones: int) -> Exception:
    most = limit("endpoint", "max_instances")
    share = (zones - 1) / zones if answers.availability in {"99.9", "99.95"} else 1.0
    fits = math.floor(math.floor(math.floor(most / machine.SURGE) * share) * chosen.requests_per_second * HEADROOM)
    if chosen.models * most < answers.served_models:
        return usage_error(
            "served_models is more than one endpoint holds",
            got=f"served_models={answers.served_models}: {least:,} {chosen.row.ml_name}",
            allowed=f"up to {math.floor(most / machine.SURGE * share) * chosen.models:,} models,"
            f" {chosen.models} on each of {most} instances at most",
            fix="several projects with fewer models each, or smaller models",
        )
    return usage_error(
        "peak_rps is more than one endpoint carries",
        got=f"peak_rps={answers.peak_rps}: {least:,} {chosen.row.ml_name}",
        allowed=f"up to {fits:,} requests/s with {most} instances of {chosen.row.ml_name}",
        fix="split the traffic over several endpoints or Regions, or measure a higher throughput per instance",
    )
