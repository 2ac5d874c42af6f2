"""The kind of endpoint, by the first rule that matches."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.answers.serving import ONLINE
from modelkeel.answers.training import LLM
from modelkeel.plan.capacity import carriers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.tables.region import regions
from modelkeel.tables.seed import seed_of

MAX_PAYLOAD_KB = 6144
MAX_MILLISECONDS = 60_000


# Served by machines that run all the time.
STANDING = ("realtime", "multi_model", "inference_components", "eks")
MANY_MODELS = 10
FAST_MS = 50


def endpoint_type(answers: Answers, regime: Regime) -> Decision:
    """Return the kind of endpoint: the first rule that matches, with the service's hard limits."""
    value, reason = _first_match(answers, regime)
    return Decision(
        key="endpoint_type",
        value=value,
        reason=reason,
        from_=(
            "serving_mode",
            "payload_kb",
            "p99_ms",
            "served_models",
            "archetype",
            "account_model",
            "serving_platform",
            "existing_engine",
            "model_family",
            "frameworks",
            "regions",
        ),
        formula=(
            f"payload {answers.payload_kb:,} kB, p99 {answers.p99_ms:,} ms, {answers.served_models} model"
            f"{'s' * (answers.served_models > 1)}, "
            if set(answers.serving_mode) & set(ONLINE)
            else ""
        )
        + f"modes {', '.join(answers.serving_mode)}",
        source="SageMaker API Reference, InvokeEndpoint: 6,291,456 bytes and 60 seconds; SageMaker Developer Guide,"
        " Multi-model endpoints, Inference components",
        alternatives=tuple(
            f"{kind}: {text}"
            for kind, text in KINDS.items()
            if kind != value and kind not in _impossible(answers, regime)
        ),
    )


def _impossible(answers: Answers, regime: Regime) -> set[str]:
    """Return the kinds that the model, or a framework, rules out: they are no alternatives."""
    language = answers.model_family in LLM
    out = {"multi_model", "serverless"} if language else {"eks"}
    out |= {"serverless"} if regime.has("no_serverless") else set()
    out |= {"multi_model"} if not language and not _shares_image(answers, regime) else set()
    return out | ({"multi_model", "inference_components"} if answers.served_models == 1 and not language else set())


def _first_match(answers: Answers, regime: Regime) -> tuple[str, str]:
    modes = set(answers.serving_mode)
    online = modes - {"batch", "edge", "none"}
    if "none" in modes:
        return "none", "Nothing is served; models are registered only."
    if modes == {"edge"}:
        return "edge", "Models run on devices."
    if not online:
        return "batch", "Nobody waits for an answer: scheduled jobs cost nothing between their runs."
    if answers.payload_kb > MAX_PAYLOAD_KB or answers.p99_ms > MAX_MILLISECONDS:
        return "async", "Requests are larger or slower than the 6 MB and 60 s that a real-time endpoint takes."
    if online == {"async"}:
        return "async", "Callers can wait for an answer in S3, so the fleet may shrink to nothing."
    if online == {"serverless"} and not regime.has("no_serverless"):
        return "serverless", "Few small requests may wait for a cold start; no instance runs between them."
    return _standing(answers, regime)


def _standing(answers: Answers, regime: Regime) -> tuple[str, str]:
    language = answers.model_family in LLM
    on_kubernetes = answers.existing_engine in {"ray", "torchrun", "kubeflow"}
    if language and (answers.serving_platform == "eks" or (answers.serving_platform == "auto" and on_kubernetes)):
        return (
            "eks",
            "vLLM joins the team's cluster, on machines of its own; the team keeps its image current.",
        )
    asked = answers.served_models >= MANY_MODELS and answers.p99_ms >= FAST_MS
    if asked and not language and _shares_image(answers, regime):
        return (
            "multi_model",
            f"{answers.served_models} small models share machines and are loaded when they are asked for.",
        )
    if answers.served_models > 1 and "inference_component" not in regions()[answers.region].lacks:
        return (
            "inference_components",
            f"{answers.served_models} models share machines, each with copies of its own that may shrink to none.",
        )
    return "realtime", "Requests wait for their answer, so instances run all the time."


def _shares_image(answers: Answers, regime: Regime) -> bool:
    """Tell whether many models can be loaded by one server when they are asked for.

    On GPUs only NVIDIA Triton does that, and of our own servers that of scores. A model of a registry in another
    account is not brought to the endpoint's prefix.
    """
    apart = regime.has("cmk_per_domain") or answers.account_model == "per_env_plus_tooling"
    server = "is_scoring" in seed_of(answers.archetype).words
    return not apart and server and not any(row.row.gpus for row in carriers(answers, "hosting"))


KINDS = {
    "realtime": "one model, answers within 60 s, 6 MB; instances run all day",
    "async": "up to 1 GB and an hour, scales to zero, answers arrive in S3",
    "serverless": "no VPC, no isolation, no data capture, no GPU; 4 MB, 60 s, 200 at once",
    "multi_model": "many small models of one framework; the first request of each waits for its loading",
    "inference_components": "several models on one fleet, copies from zero on",
    "eks": "vLLM on your own Kubernetes; you patch it",
    "batch": "a nightly job, nothing runs in between",
}
