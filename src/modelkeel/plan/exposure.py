"""What stands before an endpoint: an API for callers elsewhere, a load balancer for those in joined networks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.topics import Topics

CALLERS = {"api_gateway_iam": "iam", "public_waf": "key"}
"""What each answer makes of the callers of an API."""
BALANCER = "internal_alb"
BALANCED = ("realtime", "inference_components", "eks")
"""Modes that a load balancer is put before."""
HEADROOM = 1.5
"""Requests above the answered peak that the API lets pass before callers get 429."""
SECONDS_OF_WINDOW = 300
LEAST_PER_ADDRESS = 100
ADDRESSES = {"iam": 1, "key": 20}
"""Addresses that the peak is expected from at least: a service has one, the public many."""
FUNCTION_KB = 1024
"""Largest request and answer of a function behind a load balancer: Elastic Load Balancing, Lambda targets."""
ACCOUNT_CONCURRENCY, UNRESERVED = 1000, 100
"""Functions at once in an account by default, and what of it no function may reserve: AWS Lambda, Quotas."""
IDLE_SECONDS = 70


def stands_before(answers: Answers, topics: Topics) -> bool:
    """Tell whether an API stands before the endpoint: one that answers while callers wait."""
    return answers.exposure in CALLERS and "realtime" in topics.modes.names


def is_balanced(answers: Answers, topics: Topics, environment: str) -> bool:
    """Tell whether a load balancer stands before what serves there: it has a certificate for its name."""
    modes = topics.modes.of(environment).names
    return (
        answers.exposure == BALANCER and environment in answers.certificate_arns and not {*BALANCED}.isdisjoint(modes)
    )


def serving(
    answers: Answers, topics: Topics, environment: str, *, latency_p99_ms: int, error_percent: float
) -> dict[str, Any]:
    """Return the serving program's keys; none where callers stand in the network.

    Raises:
        ModelkeelError: requests are larger than what passes on the way that is asked for.
    """
    if is_balanced(answers, topics, environment):
        return _balancer(answers, topics, environment, latency_p99_ms, error_percent)
    if not stands_before(answers, topics) or "realtime" not in topics.modes.of(environment).names:
        return {}
    callers = CALLERS[answers.exposure]
    rate = max(1, round(answers.peak_rps * HEADROOM))
    settings: dict[str, Any] = {
        "exposed": True,
        "api_callers": callers,
        "api_requests_per_sec": rate,
        "api_burst_requests": 2 * rate,
        "api_requests_per_address": max(LEAST_PER_ADDRESS, rate * SECONDS_OF_WINDOW // ADDRESSES[callers]),
        "api_log_retention_days": topics.regime.log_group_days,
    }
    if environment in answers.certificate_arns and answers.exposure == "public_waf":
        settings["api_certificate_arn"] = answers.certificate_arns[environment]
    return settings


def concurrency(answers: Answers) -> int:
    """Return functions that are kept free for requests at once: ceil(peak_rps * 1.5 * p99_ms / 1000).

    0 where an account does not have as many to give by default: then the function shares them with others.
    """
    wanted = max(10, math.ceil(answers.peak_rps * HEADROOM * answers.p99_ms / 1000))
    return wanted if wanted <= ACCOUNT_CONCURRENCY - UNRESERVED else 0


def not_built(answers: Answers, topics: Topics) -> Iterator[str]:
    """Yield what is asked of the way in and does not follow, and what remains to be done by hand."""
    balanced = [name for name in answers.environments if is_balanced(answers, topics, name)]
    without = [name for name in answers.environments if name not in answers.certificate_arns]
    if topics.modes.servers is not None and not balanced:
        yield f"exposure {answers.exposure}: vLLM in the cluster is called by pods of the project's namespaces only"
    elif answers.exposure == BALANCER and balanced:
        if without:
            yield f"exposure {BALANCER}: certificate_arns names none for {', '.join(without)}, so none is made there"
        if "streaming" in answers.serving_mode and topics.modes.servers is None:
            yield "serving_mode streaming: answers come whole through the load balancer"
        yield "certificate_arns: an ARN tells no name; lead that of the certificate to the export balancer_address"
    elif answers.exposure != "private_vpc" and not stands_before(answers, topics):
        more = "; certificate_arns names no certificate" if answers.exposure == BALANCER and without else ""
        yield f"exposure {answers.exposure}: callers reach the endpoint inside the network only{more}"
    elif answers.certificate_arns and answers.exposure == "public_waf":
        yield "certificate_arns: an ARN tells no name; set serving:api_domain_name to that of the certificate"


def _balancer(
    answers: Answers, topics: Topics, environment: str, latency_p99_ms: int, error_percent: float
) -> dict[str, Any]:
    servers = topics.modes.of(environment).servers is not None
    if answers.payload_kb > FUNCTION_KB and not servers:
        raise usage_error(
            "requests are larger than a load balancer passes to an endpoint",
            got=f"payload_kb={answers.payload_kb}, exposure={BALANCER}",
            allowed=f"{FUNCTION_KB:,} kB: what a function behind a load balancer takes",
            fix="exposure: private_vpc, where callers sign their requests themselves; or a smaller payload_kb",
        )
    production = environment == answers.environments[-1]
    reached = topics.network.blocks[environment].vpc_cidr
    return {
        "balanced": True,
        "balancer_certificate_arn": answers.certificate_arns[environment],
        "balancer_caller_cidrs": [reached],
        "balancer_deletion_protection": production,
        "balancer_idle_seconds": max(IDLE_SECONDS, math.ceil(answers.p99_ms / 1000) + 10),
        "balancer_latency_p99_ms": latency_p99_ms,
        "balancer_error_percent": error_percent,
        "balancer_log_retention_days": topics.regime.log_group_days,
        **({"balancer_network_cidr": reached} if servers else {"balancer_concurrency": concurrency(answers)}),
    }
