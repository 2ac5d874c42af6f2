"""How data arrives that is neither files nor a Kinesis stream: Kafka, changes of a database, devices."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.data import STREAMS
from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision


def decisions(answers: Answers) -> tuple[Decision, ...]:
    """Return what is decided about each such source."""
    made = []
    if "msk" in answers.ingestion:
        made.append(_kafka(answers))
    if "cdc" in answers.ingestion:
        made.append(_changes(answers))
    if "iot_core" in answers.ingestion:
        made.append(_devices(answers))
    return tuple(made)


def _kafka(answers: Answers) -> Decision:
    value = {name: answers.existing_kafka_arns.get(name, "none") for name in answers.environments}
    without = [name for name, cluster in value.items() if cluster == "none"]
    reason = f"Firehose reads topic {answers.kafka_topic} from each cluster that is named into the raw bucket."
    if len(without) < len(value):
        reason += (
            " First the cluster must have that topic, IAM authentication, private connectivity, and a policy with"
            " kafka:CreateVpcConnection for firehose.amazonaws.com: Firehose finds out at its creation."
        )
    if without:
        reason += f" {', '.join(without)}: without a cluster, events go into the Kinesis stream instead."
    return Decision(
        key="kafka",
        value={"topic": answers.kafka_topic, "cluster": value},
        reason=reason,
        from_=("ingestion", "kafka_topic", "existing_kafka_arns", "environments"),
        source="Amazon Data Firehose Developer Guide, Amazon MSK as a source; Amazon MSK Developer Guide, Multi-VPC"
        " private connectivity",
        alternatives=("kinesis: on demand from 29 USD a month, nothing to run",),
    )


def kafka(answers: Answers, environment: str) -> dict[str, Any]:
    """Return the data program's keys of the cluster that exists there, none without one."""
    cluster = answers.existing_kafka_arns.get(environment) if "msk" in answers.ingestion else None
    return {"kafka_cluster_arn": cluster, "kafka_topic": answers.kafka_topic} if cluster else {}


def is_kafka_alone(answers: Answers, environment: str) -> bool:
    """Tell whether a Kafka cluster is the only source of events there: no stream of ours is needed then."""
    sources = [name for name in answers.ingestion if name in STREAMS]
    return sources == ["msk"] and bool(kafka(answers, environment))


def _changes(answers: Answers) -> Decision:
    return Decision(
        key="change_capture",
        value=answers.cdc_engine,
        reason=f"Changes of {answers.cdc_engine} are read from its log and written to the raw bucket as they happen.",
        from_=("ingestion", "cdc_engine"),
        source="AWS DMS User Guide, Creating tasks for ongoing replication; Using Amazon S3 as a target",
        alternatives=("batch_s3: a nightly export, no task that runs all day",),
    )


def _devices(answers: Answers) -> Decision:
    each = 60 * answers.events_per_sec / answers.devices
    return Decision(
        key="devices",
        value=answers.devices,
        reason=f"{answers.devices:,} devices provision themselves with a claim certificate and send {each:.3g} messages"
        " a minute each.",
        from_=("ingestion", "devices", "events_per_sec"),
        formula=f"60 * {answers.events_per_sec:,} / {answers.devices:,} = {each:.3g} messages a minute and device",
        source="AWS IoT Core Developer Guide, Provisioning devices by claim; AWS IoT Core quotas",
    )
