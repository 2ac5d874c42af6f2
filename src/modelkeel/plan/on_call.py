"""Which alarms call somebody at any hour, and which wait for working hours."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.serving_modes import ServingModes

URGENT = {
    "realtime": ("latency", "errors"),
    "multi_model": ("latency", "errors"),
    "inference_components": ("latency", "errors"),
    "async": ("latency", "errors", "backlog"),
    "serverless": ("latency", "errors"),
    "eks": ("latency", "errors", "silence"),
}


def environments(answers: Answers, modes: ServingModes) -> tuple[str, ...]:
    """Return the environments whose urgent alarms call somebody."""
    if answers.on_call == "none" or not modes.has_endpoint:
        return ()
    return answers.environments if answers.on_call == "every_environment" else answers.environments[-1:]


def settings(answers: Answers, modes: ServingModes, environment: str) -> dict[str, Any]:
    """Return the keys of the monitoring program; nothing is joined where nothing is asked for."""
    called = environment in environments(answers, modes)
    # Where only some environments call, the others are none of PagerDuty's business.
    joined = "pagerduty" in answers.alert_to and (called or answers.on_call == "none")
    return {"pagerduty": joined, "paging": called}


def decisions(answers: Answers, modes: ServingModes) -> tuple[Decision, ...]:
    """Return who is called by what, where PagerDuty is named."""
    if "pagerduty" not in answers.alert_to:
        return ()
    called = environments(answers, modes)
    urgent = list(dict.fromkeys(name for mode in modes.names for name in URGENT.get(mode, ())))
    return (
        Decision(
            key="on_call",
            value={"called_in": list(called), "urgent": urgent if called else []},
            reason=f"Alarms of what callers feel ({', '.join(urgent)}) call somebody in {', '.join(called)} at any"
            " hour; drift, what runs low, cost and failed jobs wait for working hours."
            if called
            else "One topic for all: PagerDuty gets every alarm, and its own rules say what is urgent.",
            from_=("on_call", "alert_to", "serving_mode", "environments"),
            source="PagerDuty, Amazon CloudWatch integration: an HTTPS subscription of an SNS topic, confirmed by"
            " itself; Google, Site Reliability Engineering, ch. 6: page on symptoms",
            alternatives=("none: one topic, nobody is woken", "every_environment: dev calls somebody too")
            if called
            else ("production: what callers feel calls somebody at any hour",),
        ),
    )
