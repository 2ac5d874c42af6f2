"""How data arrives that is neither files nor a Kinesis stream: Kafka, changes of a database, devices."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision

KAFKA_USD_PER_MONTH = 547.5


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
    value = {
        name: answers.existing_kafka_arns.get(name, "serverless cluster of its own") for name in answers.environments
    }
    own = [name for name in answers.environments if name not in answers.existing_kafka_arns]
    return Decision(
        key="kafka",
        value={"topic": answers.kafka_topic, "cluster": value},
        reason=f"Events of topic {answers.kafka_topic} are delivered to the raw bucket"
        + (f"; {', '.join(own)} get a cluster, which is paid all month." if own else " from the clusters that exist."),
        from_=("ingestion", "kafka_topic", "existing_kafka_arns", "environments"),
        formula=f"{len(own)} * {KAFKA_USD_PER_MONTH:.2f} USD a month before partitions and traffic" if own else "",
        source="Amazon MSK pricing (serverless cluster hours, us-east-1); Amazon Data Firehose, Amazon MSK as a source",
        alternatives=("kinesis: on demand from 29 USD a month, nothing to run",),
    )


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
