"""The API before an endpoint: who calls it, how often, and which keys the programs get for it."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.topics import Topics

CALLERS = {"api_gateway_iam": "iam", "public_waf": "key"}
"""What each answer makes of the callers; an internal load balancer is not built."""
HEADROOM = 1.5
"""Requests above the answered peak that the API lets pass before callers get 429."""
SECONDS_OF_WINDOW = 300
LEAST_PER_ADDRESS = 100
ADDRESSES = {"iam": 1, "key": 20}
"""Addresses that the peak is expected from at least: a service has one, the public many."""


def stands_before(answers: Answers, topics: Topics) -> bool:
    """Tell whether an API stands before the endpoint: one that answers while callers wait."""
    return answers.exposure in CALLERS and "realtime" in topics.modes.names


def serving(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the serving program's keys; none where callers stand in the network."""
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
