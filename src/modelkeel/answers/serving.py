"""Questions about serving."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictBool, StrictInt

from modelkeel.answers.kind import CertificateArn, Off, Percent, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

ServingMode = Literal["batch", "realtime", "async", "serverless", "streaming", "edge", "none"]
ONLINE = ("realtime", "async", "serverless", "streaming")


class ServingAnswers(Section):
    """How the model answers, how fast, how reliably."""

    serving_mode: Annotated[tuple[ServingMode, ...], in_order_of(ServingMode)] = question(
        ("batch",),
        help="How models answer requests: batch costs only while it runs, realtime runs all day.",
        changes="Endpoint or scheduled scoring, alarms, autoscaling.",
        min_length=1,
        quick=True,
    )
    peak_rps: StrictInt = question(
        10,
        help="Requests a second at the busiest minute.",
        changes="Serving instance, count, autoscaling limits and targets.",
        when={"serving_mode": ONLINE},
        ge=1,
        le=1_000_000_000,
        quick=True,
    )
    p99_ms: StrictInt = question(
        500,
        help="Milliseconds within which 99 of 100 requests must be answered, end to end.",
        changes="Endpoint type, machines of a language model, online features, latency alarms, limit of a rollout.",
        when={"serving_mode": ONLINE},
        ge=1,
        le=3_600_000,
        quick=True,
    )
    payload_kb: StrictInt = question(
        16,
        help="Largest request in kB; above 6,144 kB only asynchronous endpoints take it.",
        changes="Endpoint type, how much a capture stores.",
        when={"serving_mode": ONLINE},
        ge=1,
        le=1_048_576,
    )
    served_models: StrictInt = question(
        1,
        help="Models that are served side by side, 1 to 10,000.",
        changes="Endpoint type: many small ones share machines, several large ones share a GPU.",
        when={"serving_mode": ONLINE},
        ge=1,
        le=10_000,
    )
    serving_platform: Literal["auto", "sagemaker", "eks"] = question(
        "auto",
        help="Who runs the model servers: SageMaker, or vLLM on a Kubernetes cluster of your own.",
        changes="Endpoint type of language models.",
        when={"serving_mode": ONLINE},
    )
    availability: Annotated[Literal["dev", "99.0", "99.9", "99.95"], Percent] = question(
        "99.9",
        help="Percent of time the service must answer: from 99.9 on, the loss of a zone is survived at full load.",
        changes="Least number of instances, zones, and at 99.95 a second Region on standby.",
    )
    rollout: Literal["all_at_once", "canary", "linear", "rolling", "shadow_then_canary"] = question(
        "canary",
        help="How a new model takes over; all but all_at_once run both for a while.",
        changes="Traffic shifting, its alarms, the quota of a doubled fleet.",
        when={"serving_mode": ("realtime", "async")},
    )
    shadow_days: StrictInt = question(
        7,
        help="Days for which a new model gets a copy of the requests before any caller sees its answers, 1 to 30.",
        changes="How long the shadow fleet runs, and is paid.",
        when={"rollout": ("shadow_then_canary",)},
        ge=1,
        le=30,
    )
    capture: Annotated[Literal["auto", "off", "sample", "all"], Off] = question(
        "auto",
        help="How many requests and answers are kept for monitoring; auto keeps all that weigh on people.",
        changes="The share of requests that the endpoint captures.",
        when={"serving_mode": ONLINE},
    )
    redaction: StrictBool = question(
        True,
        help="Fields with personal, health or card data are replaced before anything is captured.",
        changes="Whether captures of sensitive data are allowed.",
        when={"serving_mode": ONLINE},
    )
    endpoint_quota: StrictInt = question(
        0,
        help="Endpoint instances of one type that the account may run, if you know it; 0 leaves it open.",
        changes="Whether a fleet, doubled while it is updated, is refused at once.",
        when={"serving_mode": ("realtime",)},
        ge=0,
        le=100_000,
    )
    edge_signing: StrictBool = question(
        True,
        help="Artefacts for devices are signed, and devices verify them.",
        changes="Whether models may be sent to devices.",
        when={"serving_mode": ("edge",)},
    )
    scale_to_zero: StrictBool = question(
        True,
        help="Let endpoints of dev shrink to their least; saves most of their cost.",
        changes="Least number of instances in dev.",
        when={"serving_mode": ("realtime", "async")},
    )
    dev_hours: Literal["always", "workdays"] = question(
        "always",
        help="When endpoints and workspaces of dev run: always, or workdays from 8 to 18 o'clock.",
        changes="Schedules that stop and start what costs money in dev.",
        when={"environments": ("dev",)},
    )
    edge_architecture: Literal["arm64", "x86_64"] = question(
        "arm64",
        help="Processors of the devices that models are sent to.",
        changes="The build of the component for devices.",
        when={"serving_mode": ("edge",)},
    )
    exposure: Literal["private_vpc", "internal_alb", "api_gateway_iam", "public_waf"] = question(
        "private_vpc",
        help="Who can reach the service: only callers in the network, or more.",
        changes="How callers reach the endpoint.",
        when={"serving_mode": ONLINE},
    )
    certificate_arns: dict[str, CertificateArn] = question(
        {},
        help="An ACM certificate for the address of each environment, where callers come over TLS to an address.",
        changes="The listener of the load balancer or of the API's own domain.",
        example={"prod": "arn:aws:acm:us-east-1:111111111111:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"},
        when={"exposure": ("internal_alb", "public_waf")},
    )
