"""The table that events fill, from the topic or from the stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks import alerts
from stacks.components.data_catalog import DataCatalog
from stacks.components.event_stream import EventStream
from stacks.components.event_table import EventTable, EventTableArgs
from stacks.components.kafka_cluster import KafkaCluster
from stacks.components.lake import Lake
from stacks.data.settings import DataSettings
from stacks.documents import kafka, stream
from stacks.settings import Platform, SettingsError


@dataclass(frozen=True)
class Ground:
    """Where the rows lie, where they are listed, and what encrypts them."""

    lake: Lake
    catalog: DataCatalog
    keys: Mapping[str, pulumi.Output[str]]


def filled(
    platform: Platform,
    settings: DataSettings,
    ground: Ground,
    events: EventStream | None,
    cluster: KafkaCluster | None,
    opts: pulumi.ResourceOptions,
) -> EventTable:
    """Create the table and fill it from the Kafka topic, else from the stream.

    Raises:
        SettingsError: there is neither.
    """
    return EventTable(
        "event-table",
        EventTableArgs(
            platform=platform,
            database_name=ground.catalog.database_name,
            bucket_name=ground.lake.bucket_names["curated"],
            bucket_arn=ground.lake.bucket_arns["curated"],
            kms_key_arn=ground.keys["data"],
            log_kms_key_arn=ground.keys["logs"],
            columns=settings.event_columns,
            buffer_mib=settings.firehose_buffer_mib,
            buffer_seconds=settings.firehose_buffer_seconds,
            log_retention_days=settings.log_group_retention_days,
            alarm_topic_arn=alerts.topic_arn(platform),
            **_source(settings, events, cluster),
        ),
        opts,
    )


def _source(settings: DataSettings, events: EventStream | None, cluster: KafkaCluster | None) -> dict[str, Any]:
    if settings.kafka_topic:
        arn = pulumi.Output.from_input(cluster.arn if cluster else settings.kafka_cluster_arn)
        topic = cluster.topic_name if cluster else settings.kafka_topic
        reading = arn.apply(lambda found: kafka.reading(kafka.KafkaTopic(cluster_arn=found, name=settings.kafka_topic)))
        way_in = [cluster.policy] if cluster else []
        return {"cluster_arn": arn, "topic_name": topic, "reading": reading, "way_in": way_in}
    if events:
        return {"stream_arn": events.arn, "reading": events.arn.apply(lambda arn: [stream.reading(arn)])}
    raise SettingsError(
        "data:event_columns has columns, and no events come: set data:stream_enabled or data:kafka_topic"
    )
