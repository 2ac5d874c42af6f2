"""Who reaches a service that answers while callers wait, and how."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

HOW = {
    "private_vpc": "Callers stand in the network or are joined to it; the SageMaker API is reached privately.",
    "internal_alb": "An internal load balancer gives callers in joined networks one address.",
    "api_gateway_iam": "Callers anywhere sign their requests with an IAM role; API Gateway checks the signature.",
    "public_waf": "Anybody reaches the address; a web application firewall and a rate limit stand before it.",
}


def decisions(answers: Answers, mode: str) -> tuple[Decision, ...]:
    """Return how callers reach the service; nothing where nobody waits for an answer."""
    if mode != "realtime":
        return ()
    value: dict[str, object] = {"by": answers.exposure}
    if answers.exposure in {"internal_alb", "public_waf"}:
        value["certificates"] = {name: answers.certificate_arns.get(name, "none") for name in answers.environments}
    return (
        Decision(
            key="exposure",
            value=value,
            reason=HOW[answers.exposure],
            from_=("exposure", "certificate_arns", "serving_mode"),
            source="SageMaker Developer Guide, Connect to SageMaker within your VPC; API Gateway Developer Guide, IAM",
            alternatives=tuple(f"{name}: {text}" for name, text in HOW.items() if name != answers.exposure),
        ),
    )
