"""Private endpoints of AWS services: who calls each, in how many zones they stand, and why nobody shares them."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

ENDPOINT_USD_PER_HOUR = 0.01
HOSTED_ZONE_USD_PER_MONTH = 0.5
MONTH_HOURS = 730
TRANSIT_ATTACHMENT_USD_PER_HOUR = 0.05

# Every service that plan/services.py or plan/machines.py asks for; a test holds the two together.
CALLERS: Mapping[str, str] = {
    "appconfigdata": "models read the kill switch",
    "athena": "jobs query the lake",
    "ec2": "nodes and volumes of the cluster",
    "ec2messages": "sessions on cluster machines",
    "ecr.api": "images of jobs and models",
    "ecr.dkr": "images of jobs and models",
    "ecs": "machines of Batch",
    "ecs-agent": "machines of Batch",
    "ecs-telemetry": "machines of Batch",
    "eks": "nodes of the cluster",
    "eks-auth": "identities of pods",
    "elasticloadbalancing": "servers of the cluster as targets of the load balancer",
    "events": "steps report what happened",
    "glue": "tables of the lake",
    "kinesis-firehose": "events on their way to the lake",
    "kinesis-streams": "events as they come",
    "kms": "keys of data and volumes",
    "logs": "logs of jobs and models",
    "monitoring": "metrics and alarms",
    "sagemaker.api": "jobs, registry and endpoints",
    "sagemaker.featurestore-runtime": "features while a request waits",
    "sagemaker.runtime": "requests to models",
    "secretsmanager": "secrets of jobs and of a database whose changes are captured",
    "sqs": "queues of reviews and of node events",
    "ssm": "parameters and sessions",
    "ssmmessages": "sessions on cluster machines",
    "states": "workflows that wait for people",
    "sts": "identities of jobs",
}


def zones_of(answers: Answers, zones: int) -> dict[str, int]:
    """Return in how many zones the endpoints of each environment stand.

    dev has them in one, where another environment is production: its other zones reach them through the network, and
    the loss of that zone stops dev alone. staging rehearses that loss, so it has what production has.
    """
    production = answers.environments[-1]
    return {
        name: 1 if name == "dev" and name != production else _all(answers, name, zones) for name in answers.environments
    }


def usd_per_month(services: int, zones: int) -> float:
    """Return the list price of `services` endpoints in `zones` zones, in us-east-1 and without their data."""
    return services * zones * MONTH_HOURS * ENDPOINT_USD_PER_HOUR


def decisions(answers: Answers, services: tuple[str, ...], zones: Mapping[str, int]) -> tuple[Decision, ...]:
    """Return which endpoints there are, and that each environment has its own, with what sharing would cost."""
    return _which(answers, services, zones), _whose(answers, len(services), zones)


def _all(answers: Answers, environment: str, zones: int) -> int:
    given = answers.existing_subnet_ids.get(environment, ())
    return len(given) if answers.network == "existing" and given else zones


def _which(answers: Answers, services: tuple[str, ...], zones: Mapping[str, int]) -> Decision:
    production = answers.environments[-1]
    monthly = usd_per_month(len(services), zones[production])
    callers = "; ".join(f"{name}: {CALLERS.get(name, 'jobs')}" for name in services)
    return Decision(
        key="interface_endpoints",
        value=list(services),
        reason=(
            "What code in the network calls, kept off the internet; what nothing calls has none. They cost about"
            f" {monthly:.0f} USD a month in {production}, before data. {callers}."
        ),
        from_=("serving_mode", "ingestion", "feature_store", "frameworks", "availability"),
        formula=(
            f"{len(services)} * {zones[production]} zones * {MONTH_HOURS} h * {ENDPOINT_USD_PER_HOUR} = {monthly:.2f}"
        ),
        source="AWS PrivateLink pricing, us-east-1",
    )


def _whose(answers: Answers, count: int, zones: Mapping[str, int]) -> Decision:
    production = answers.environments[-1]
    own = sum(usd_per_month(count, number) for number in zones.values())
    everywhere = sum(usd_per_month(count, _all(answers, name, zones[production])) for name in zones)
    return Decision(
        key="interface_endpoint_zones",
        value=dict(zones),
        reason=(
            f"Each environment has endpoints of its own, about {own:.0f} USD a month for all"
            + (f" instead of {everywhere:.0f}: one zone is enough for dev" if own < everywhere else "")
            + ". A shared set needs a way from one environment's network into another's, and one that is taken down"
            " takes the services of the others with it."
        ),
        from_=("environments", "account_model", "account_ids", "availability", "frameworks"),
        formula=" + ".join(
            f"{name} {count} * {number} * {MONTH_HOURS} h * {ENDPOINT_USD_PER_HOUR}" for name, number in zones.items()
        )
        + f" = {own:.2f}",
        source=(
            "AWS whitepaper Building a Scalable and Secure Multi-VPC Network, Centralized access to VPC private"
            " endpoints; AWS PrivateLink, Transit Gateway and Route 53 pricing, us-east-1"
        ),
        alternatives=_shared(answers, count, zones, own),
    )


def _shared(answers: Answers, count: int, zones: Mapping[str, int], own: float) -> tuple[str, ...]:
    """Return what one set for all would cost: nothing to share with a single environment."""
    if len(zones) == 1:
        return ()
    accounts = {answers.account_ids[name] for name in zones}
    central = usd_per_month(count, zones[answers.environments[-1]]) + count * HOSTED_ZONE_USD_PER_MONTH
    if len(accounts) == 1:
        way = "VPC peering"
    else:
        way = "a transit gateway shared between the accounts"
        central += len(zones) * TRANSIT_ATTACHMENT_USD_PER_HOUR * MONTH_HOURS
    saved = own - central
    verdict = f"{saved:.0f} USD a month less" if saved > 0 else f"{-saved:.0f} USD a month more"
    return (
        f"One set in the network of {answers.environments[-1]}, reached through {way}, with a private hosted zone for"
        f" each service: about {central:.0f} USD a month, {verdict}, before what crosses the networks.",
    )
