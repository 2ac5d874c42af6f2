"""What is decided otherwise because of the way in which the model is served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from modelkeel.plan.decision import Decision
from modelkeel.plan.language_server import LanguageServer
from modelkeel.plan.model_copies import ModelCopies
from modelkeel.plan.serving_modes import ServingModes

WATCHING = ("drift_window", "drift_job", "drift_alarm")
CAPTURE_SOURCE = "SageMaker API Reference, CreateEndpointConfig: DataCaptureConfig is that of models, not of components"


def serving_decisions(decisions: Sequence[Decision], modes: ServingModes) -> tuple[Decision, ...]:
    """Return the decisions about serving, with what copies of a model on shared instances change."""
    if modes.servers is not None:
        return tuple(_on_cluster(decision, modes.servers) for decision in decisions if decision.key != "shadow_days")
    if modes.many is not None:
        return tuple(_released(row) for row in decisions if row.key != "shadow_days")
    copies = modes.copies
    if copies is None:
        return tuple(decisions)
    return tuple(
        changed
        for decision in decisions
        if (changed := _CHANGES.get(decision.key, _as_it_is)(decision, copies)) is not None
    )


def watching_decisions(decisions: Sequence[Decision], modes: ServingModes) -> tuple[Decision, ...]:
    """Return the decisions about monitoring; nothing is compared where no mode leaves records."""
    if not modes.names or modes.captures:
        return tuple(decisions)
    unwatched = Decision(
        key="drift_job",
        value=None,
        reason="No request is kept where the model is served, so no job compares inputs: the caller keeps them, and the"
        " repository's own code compares what it is given.",
        from_=("serving_mode", "model_family", "capture"),
        source=CAPTURE_SOURCE,
        alternatives=("capture: sample takes a real-time endpoint, which keeps requests and is watched",),
    )
    return (unwatched, *(row for row in decisions if row.key not in WATCHING))


def _on_cluster(decision: Decision, servers: LanguageServer) -> Decision:
    """Machines are the cluster's, servers follow their own count of requests, and nothing keeps what was asked."""
    if decision.key == "serving_instance_type":
        return replace(decision, value=servers.instance_type)
    if decision.key == "serving_max_instances":
        return replace(decision, reason="Half as much again as the peak asks for; one more while servers are replaced.")
    if decision.key == "autoscaling_target_per_minute":
        return replace(
            decision,
            reason="What the servers of one machine take in a minute at half of what they can. Servers are added once"
            f" each answers {servers.concurrent_requests} requests at once; machines follow the servers.",
        )
    if decision.key == "capture_percent":
        return replace(
            decision,
            value=0,
            reason="vLLM keeps no requests; let the caller keep them.",
            formula="",
            source="vLLM documentation: OpenAI-compatible server, logging of requests is off and keeps no answers",
            alternatives=("serving_platform: sagemaker with capture: sample, which keeps requests and is watched",),
        )
    if decision.key == "rollout":
        return replace(
            decision,
            value="rolling",
            reason="A new server takes requests once it is ready, then an old one ends; an update whose servers do not"
            " become ready stops, and the old ones go on. Kubernetes shifts no share of the traffic, and no alarm turns"
            " an update back: a person does.",
            from_=("rollout", "serving_platform"),
            source="Kubernetes documentation, Deployments: RollingUpdate, progressDeadlineSeconds",
        )
    return decision


def _released(decision: Decision) -> Decision:
    if decision.key != "rollout":
        return decision
    return replace(
        decision,
        reason="Image and machines change step by step, and an alarm gives the traffic back. A model changes when"
        " `make up` has put its approved version under the prefix and the index names it: callers move to it at once,"
        " and naming the version before goes back.",
        from_=("rollout", "served_models"),
        source="SageMaker Developer Guide, Deployment guardrails; Multi-model endpoints, Add or remove models",
    )


def _as_it_is(decision: Decision, copies: ModelCopies) -> Decision | None:
    return decision


def _gone(decision: Decision, copies: ModelCopies) -> Decision | None:
    return None


def _fewest(decision: Decision, copies: ModelCopies) -> Decision | None:
    low = dict(copies.min_instances)
    idle = [name for name, count in low.items() if count == 0]
    reason = decision.reason.removesuffix(".")
    return replace(
        decision, value=low, reason=f"{reason}; {' and '.join(idle)} shrinks to none." if idle else f"{reason}."
    )


def _most(decision: Decision, copies: ModelCopies) -> Decision | None:
    return replace(decision, reason="Half as much again as the peak asks for: copies are replaced on these instances.")


def _scaled(decision: Decision, copies: ModelCopies) -> Decision | None:
    return replace(
        decision,
        reason=f"What the copies of one instance take in a minute at half of what they can. Copies are added once each"
        f" answers {copies.concurrent_requests} requests at once; instances follow the copies.",
        source="SageMaker API Reference, SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    )


def _captured(decision: Decision, copies: ModelCopies) -> Decision | None:
    return replace(
        decision,
        value=0,
        reason="An endpoint whose models are copies on shared instances keeps no requests; let the caller keep them.",
        formula="",
        source=CAPTURE_SOURCE,
        alternatives=("capture: sample, which takes a real-time endpoint with instances of its own",),
    )


def _rolled_out(decision: Decision, copies: ModelCopies) -> Decision | None:
    return replace(
        decision,
        value="rolling",
        reason="Copies are replaced in batches on the same instances, and an alarm brings the old ones back: there is"
        " no second fleet that traffic could be shifted to.",
        from_=("rollout", "serving_mode", "model_family"),
        source="SageMaker API Reference, InferenceComponentDeploymentConfig: RollingUpdatePolicy",
    )


_CHANGES: dict[str, Callable[[Decision, ModelCopies], Decision | None]] = {
    "serving_min_instances": _fewest,
    "serving_max_instances": _most,
    "autoscaling_target_per_minute": _scaled,
    "capture_percent": _captured,
    "rollout": _rolled_out,
    "shadow_days": _gone,
}
