"""Events by Kafka: a cluster of our own or one that exists, and the delivery of its topic."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks import alerts
from stacks.components.kafka_cluster import KafkaCluster, KafkaClusterArgs
from stacks.components.kafka_delivery import KafkaDelivery, KafkaDeliveryArgs
from stacks.data.settings import DataSettings
from stacks.settings import Platform
from stacks.upstream import Upstream


def ingestion(
    platform: Platform,
    settings: DataSettings,
    foundation: Upstream,
    keys: Mapping[str, pulumi.Output[str]],
    bucket_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> KafkaCluster | None:
    """Deliver the topic where there is one, and return the cluster where this program makes it."""
    if not settings.kafka_topic:
        return None
    made = cluster(platform, settings, foundation, keys, opts) if settings.kafka_brokers else None
    KafkaDelivery(
        "kafka",
        KafkaDeliveryArgs(
            platform=platform,
            cluster_arn=made.arn if made else settings.kafka_cluster_arn,
            topic_name=made.topic_name if made else settings.kafka_topic,
            bucket_arn=bucket_arn,
            kms_key_arn=keys["data"],
            log_kms_key_arn=keys["logs"],
            buffer_mib=settings.firehose_buffer_mib,
            buffer_seconds=settings.firehose_buffer_seconds,
            log_retention_days=settings.log_group_retention_days,
            lag_records=settings.kafka_lag_records,
            alarm_topic_arn=alerts.topic_arn(platform),
            way_in=[made.policy] if made else [],
        ),
        opts,
    )
    return made


def cluster(
    platform: Platform,
    settings: DataSettings,
    foundation: Upstream,
    keys: Mapping[str, pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> KafkaCluster:
    """Create the cluster in the first private subnets of the network, one a zone."""
    subnets = foundation.require("private_subnet_ids")
    return KafkaCluster(
        "kafka",
        KafkaClusterArgs(
            platform=platform,
            vpc_id=foundation.require("vpc_id"),
            subnet_ids=[subnets[index] for index in range(settings.kafka_zones)],
            kms_key_arn=keys["data"],
            log_kms_key_arn=keys["logs"],
            kafka_version=settings.kafka_version,
            broker_type=settings.kafka_broker_type,
            brokers=settings.kafka_brokers,
            volume_gib=settings.kafka_volume_gib,
            volume_max_gib=settings.kafka_volume_max_gib,
            topic_name=settings.kafka_topic,
            topic_partitions=settings.kafka_partitions,
            topic_replicas=settings.kafka_replicas,
            retention_hours=settings.kafka_retention_hours,
            log_retention_days=settings.log_group_retention_days,
            alarm_topic_arn=alerts.topic_arn(platform),
        ),
        opts,
    )
