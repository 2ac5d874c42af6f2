"""Questions about the data and the features."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictInt, StringConstraints

from modelkeel.answers.kind import DataSize, KafkaArn, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

Ingestion = Literal["batch_s3", "cdc", "kinesis", "msk", "iot_core"]
Sensitivity = Literal["public", "internal", "pii", "phi", "cardholder", "credentials_adjacent"]
STREAMS = ("kinesis", "msk", "iot_core")


class DataAnswers(Section):
    """How much data there is, how it arrives, how careful one must be with it."""

    data_volume: DataSize = question(
        "<1TB",
        help="How much data the lake holds: <10GB, <1TB, <50TB, >=50TB, or a size such as 12TB.",
        changes="Storage classes, the archive rule, how much a query may scan.",
        quick=True,
    )
    ingestion: Annotated[tuple[Ingestion, ...], in_order_of(Ingestion)] = question(
        ("batch_s3",),
        help="How data arrives; a stream costs from 30 USD a month, files cost nothing to receive.",
        changes="The event stream and its delivery, change capture, device rules.",
        min_length=1,
        quick=True,
    )
    events_per_sec: StrictInt = question(
        0,
        help="Events a second at the busiest hour, where data arrives as a stream.",
        changes="Stream capacity and the buffers of its delivery.",
        when={"ingestion": STREAMS},
        ge=0,
        le=10_000_000,
    )
    kafka_topic: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9._-]{1,249}$")] = question(
        "events",
        help="Name of the Kafka topic that events arrive on.",
        changes="What is delivered from Kafka to the lake.",
        when={"ingestion": ("msk",)},
    )
    existing_kafka_arns: dict[str, KafkaArn] = question(
        {},
        help="An MSK cluster that exists in each environment, with its topic; without one, a cluster is made.",
        changes="Whether a Kafka cluster is made, or one that exists is read.",
        example={"prod": "arn:aws:kafka:us-east-1:111111111111:cluster/events/1234abcd-12ab-34cd-56ef-1234567890ab-1"},
        when={"ingestion": ("msk",)},
    )
    cdc_engine: Literal["postgresql", "mysql", "aurora_postgresql", "aurora_mysql", "oracle", "sqlserver"] = question(
        "postgresql",
        help="The database that changes are captured from.",
        changes="The source of the change capture.",
        when={"ingestion": ("cdc",)},
    )
    devices: StrictInt = question(
        100,
        help="Devices in the fleet.",
        changes="Provisioning of devices, the rings of a rollout to them.",
        when={"ingestion": ("iot_core",)},
        ge=1,
        le=100_000_000,
    )
    feature_store: Literal["auto", "none", "offline", "offline_online", "online_inmemory"] = question(
        "auto",
        help="Where features are kept: auto takes the online store when answers must come within 100 ms.",
        changes="Feature groups, and whether features can be read while a request waits.",
    )
    data_sensitivity: Annotated[tuple[Sensitivity, ...], in_order_of(Sensitivity)] = question(
        ("internal",),
        help="What the data holds; personal, health and card data bring keys of their own and a daily scan.",
        changes="Keys by data class, the search for personal data, what a capture may hold.",
        min_length=1,
        quick=True,
    )
    data_residency: tuple[str, ...] = question(
        (),
        help="Regions that data may lie in; none means the primary Region only.",
        changes="The Regions in which roles may act.",
    )
