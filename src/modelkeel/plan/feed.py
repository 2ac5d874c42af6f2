"""How data arrives that is neither files nor a Kinesis stream: Kafka, changes of a database, devices."""

from __future__ import annotations

from modelkeel.answers.data import STREAMS
from modelkeel.answers.model import Answers
from modelkeel.plan import change_capture, kafka
from modelkeel.plan.decision import Decision


def decisions(answers: Answers, retention_hours: int) -> tuple[Decision, ...]:
    """Return what is decided about each such source; events can be read again for `retention_hours`."""
    made = []
    if "msk" in answers.ingestion:
        made.append(kafka.decision(answers, retention_hours))
    if "cdc" in answers.ingestion:
        made.append(change_capture.decision(answers))
    if "iot_core" in answers.ingestion:
        made.append(_devices(answers))
    return tuple(made)


def is_kafka_alone(answers: Answers, environment: str, retention_hours: int) -> bool:
    """Tell whether a Kafka cluster is the only source of events there: no stream of ours is needed then."""
    sources = [name for name in answers.ingestion if name in STREAMS]
    return sources == ["msk"] and kafka.is_used(answers, environment, retention_hours)


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
