"""The kind of endpoint, by the first rule that matches."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision

MAX_PAYLOAD_KB = 6144
MAX_MILLISECONDS = 60_000


def endpoint_type(answers: Answers, regime: Regime) -> Decision:
    """Return the kind of endpoint: the first rule that matches, with the service's hard limits."""
    modes = set(answers.serving_mode)
    online = modes - {"batch", "edge", "none"}
    large = answers.payload_kb > MAX_PAYLOAD_KB or answers.p99_ms > MAX_MILLISECONDS
    if not online:
        value = "none" if "none" in modes else "edge" if modes == {"edge"} else "batch"
        reason = {
            "none": "Nothing is served; models are registered only.",
            "edge": "Models run on devices.",
            "batch": "Nobody waits for an answer: scheduled jobs cost nothing between their runs.",
        }[value]
    elif large or online == {"async"}:
        value, reason = "async", "Requests are larger or slower than the 6 MB and 60 s that a real-time endpoint takes."
        if not large:
            reason = "Callers can wait for an answer in S3, so the fleet may shrink to nothing."
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
        alternatives=tuple(
            text
            for kind, text in (
                ("async", "async: up to 1 GB and an hour, scales to zero, answers arrive in S3"),
                ("serverless", "serverless: no VPC, no isolation, no data capture; 4 MB and 60 s"),
                ("batch", "batch: a nightly job, nothing runs in between"),
            )
            if kind != value
        ),
    )
