"""Who reaches a service that answers while callers wait, and how."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

HOW = {
    "private_vpc": "Callers stand in the network or are joined to it; the SageMaker API is reached privately.",
    "internal_alb": "An internal load balancer gives callers in joined networks one name with TLS. Before an endpoint"
    " of SageMaker a function behind it signs for them, and takes requests of up to 1 MB. Who may call is a matter of"
    " address ranges, and of client certificates where a trust store is named (serving:balancer_trust_store_arn).",
    "api_gateway_iam": "Callers anywhere sign their requests with an IAM role; API Gateway checks the signature and the"
    " body, a firewall stands before it, and all of it adds some 10 to 30 ms to each answer.",
    "public_waf": "Whoever has a key of the API reaches the address; a firewall, a limit for each address and one for"
    " each key stand before it, and add some 10 to 30 ms. A key tells callers apart and proves nothing: give the name"
    " mutual TLS (serving:api_trust_store_uri) where that is not enough.",
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
