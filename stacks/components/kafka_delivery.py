"""The delivery of a Kafka topic to the raw bucket: no code, no machine, and no way through the internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.raw_destination import raw_destination
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.kafka import KafkaTopic, delivery_permissions
from stacks.documents.trust import service_trust
from stacks.settings import Platform

STALE_SECONDS = 3_600
"""Age of the oldest record not yet in the bucket from which somebody looks: buffers hold it for 15 minutes at most."""


@dataclass(frozen=True, kw_only=True)
class KafkaDeliveryArgs:
    """The cluster is an MSK cluster with IAM authentication and private connectivity, and has the topic.

    Its cluster policy lets Firehose in: `kafka:CreateVpcConnection` for `firehose.amazonaws.com`. From `lag_records`
    records that wait in the topic somebody looks; 0: from none.
    """

    platform: Platform
    cluster_arn: pulumi.Input[str]
    topic_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    buffer_mib: int
    buffer_seconds: int
    log_retention_days: int
    lag_records: int
    alarm_topic_arn: str
    way_in: Sequence[pulumi.Resource] = ()
    """What lets Firehose in, where it is made beside it: Firehose connects at its creation."""


class KafkaDelivery(pulumi.ComponentResource):
    """A Firehose that reads one topic and writes it compressed, its log, and alarms on what does not arrive."""

    delivery_name: pulumi.Output[str]

    def __init__(self, name: str, args: KafkaDeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:KafkaDelivery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        full_name = names.resource_name(platform, "kafka-to-raw")
        log = log_group(
            name,
            log_group_name=names.log_group_name(platform, "kafka-firehose"),
            kms_key_arn=args.log_kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        stream = aws.cloudwatch.LogStream(name, name="raw", log_group_name=log.name, opts=child)
        role = _role(name, full_name, args, child)
        delivery = aws.kinesis.FirehoseDeliveryStream(
            name,
            name=full_name,
            destination="extended_s3",
            msk_source_configuration={
                "msk_cluster_arn": args.cluster_arn,
                "topic_name": args.topic_name,
                "authentication_configuration": {"connectivity": "PRIVATE", "role_arn": role.arn},
            },
            extended_s3_configuration=raw_destination(
                bucket_arn=args.bucket_arn,
                role_arn=role.arn,
                kms_key_arn=args.kms_key_arn,
                buffer_mib=args.buffer_mib,
                buffer_seconds=args.buffer_seconds,
                log=log,
                log_stream=stream,
            ),
            # Firehose checks at creation that the role may read and write.
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role, *args.way_in])),
        )
        _alarms(name, full_name, args, child)
        self.delivery_name = delivery.name
        self.register_outputs({"delivery_name": self.delivery_name})


def _role(name: str, full_name: str, args: KafkaDeliveryArgs, child: pulumi.ResourceOptions) -> ServiceRole:
    platform = args.platform
    permissions = pulumi.Output.all(args.cluster_arn, args.topic_name, args.bucket_arn, args.kms_key_arn).apply(
        lambda found: delivery_permissions(
            platform, KafkaTopic(cluster_arn=found[0], name=found[1]), bucket_arn=found[2], key_arn=found[3]
        )
    )
    source = names.service_arn(platform, "firehose", f"deliverystream/{full_name}")
    return ServiceRole(
        f"{name}-delivery",
        ServiceRoleArgs(
            role_name=names.resource_name(platform, "kafka-delivery"),
            path=names.role_path(platform),
            description="Delivery of a Kafka topic to the raw bucket",
            trust=service_trust(platform, ["firehose.amazonaws.com"], [source]),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )


def _alarms(name: str, full_name: str, args: KafkaDeliveryArgs, opts: pulumi.ResourceOptions) -> None:
    """Source of the metrics: Amazon Data Firehose Developer Guide, "Data ingestion from MSK", read 2026-11-26."""
    rows = [
        ("stale", "DeliveryToS3.DataFreshness", "Maximum", STALE_SECONDS, "Events of Kafka reach the bucket too late"),
        ("refused", "FailedValidation.Records", "Sum", 0, "Firehose refuses records of the topic"),
        ("behind", "DataReadFromSource.Backpressured", "Maximum", 0, "Firehose cannot keep up with the topic"),
    ]
    if args.lag_records:
        said = "More records wait in the topic than come in a quarter of an hour"
        rows.append(("lag", "KafkaOffsetLag", "Maximum", args.lag_records, said))
    for suffix, metric, statistic, threshold, description in rows:
        aws.cloudwatch.MetricAlarm(
            f"{name}-{suffix}",
            name=f"{full_name}-{suffix}",
            alarm_description=description,
            namespace="AWS/Firehose",
            metric_name=metric,
            dimensions={"DeliveryStreamName": full_name},
            statistic=statistic,
            period=300,
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=opts,
        )
