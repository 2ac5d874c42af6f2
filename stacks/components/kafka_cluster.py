"""A Kafka cluster of our own: brokers over zones, a topic, who may write, disks that grow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.msk import (
    ClusterBrokerNodeGroupInfoArgsDict as Brokers,
)
from pulumi_aws.msk import (
    ClusterClientAuthenticationArgsDict as Authentication,
)
from pulumi_aws.msk import (
    ClusterEncryptionInfoArgsDict as Encryption,
)

from stacks import names
from stacks.components.kafka_alarms import kafka_alarms
from stacks.components.kafka_network import KafkaNetwork, KafkaNetworkArgs
from stacks.components.log_group import log_group
from stacks.documents.kafka import KafkaTopic, cluster_policy, producer_permissions, server_properties
from stacks.documents.statement import managed
from stacks.settings import Platform, SettingsError

DISK_TARGET_PERCENT = 60
"""Amazon MSK Developer Guide, "Automatic scaling for Amazon MSK clusters": 50 to 60 is recommended."""
MILLISECONDS_AN_HOUR = 3_600_000


@dataclass(frozen=True, kw_only=True)
class KafkaClusterArgs:
    """`brokers` is a multiple of the subnets, one a zone.

    Disks start at `volume_gib` each, and grow to `volume_max_gib` where that is more;
    `topic_replicas` copies of each record lie on as many brokers, `retention_hours` long.
    """

    platform: Platform
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    kafka_version: str
    broker_type: str
    brokers: int
    volume_gib: int
    volume_max_gib: int
    topic_name: str
    topic_partitions: int
    topic_replicas: int
    retention_hours: int
    log_retention_days: int
    alarm_topic_arn: str


class KafkaCluster(pulumi.ComponentResource):
    """Brokers that only IAM opens, over TLS, encrypted with our key; Firehose comes in by a private connection.

    Raises:
        SettingsError: the brokers cannot be spread evenly over the zones, or are fewer than the copies of a record.
    """

    arn: pulumi.Output[str]
    topic_name: pulumi.Output[str]
    bootstrap_brokers: pulumi.Output[str]
    client_security_group_id: pulumi.Output[str]
    producer_policy_arn: pulumi.Output[str]
    policy: aws.msk.ClusterPolicy

    def __init__(self, name: str, args: KafkaClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:KafkaCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        zones = len(args.subnet_ids)
        if args.brokers % zones or args.brokers < args.topic_replicas:
            raise SettingsError(
                f"data:kafka_brokers is {args.brokers}, allowed: a multiple of {zones} (zones),"
                f" {args.topic_replicas} or more (copies)"
            )
        network = KafkaNetwork(name, KafkaNetworkArgs(platform=args.platform, vpc_id=args.vpc_id), child)
        cluster = _cluster(name, args, network.broker_security_group_id, child)
        self.policy = aws.msk.ClusterPolicy(
            name,
            cluster_arn=cluster.arn,
            policy=cluster.arn.apply(lambda arn: json.dumps(cluster_policy(arn))),
            opts=child,
        )
        topic = aws.msk.Topic(
            name,
            name=args.topic_name,
            cluster_arn=cluster.arn,
            partition_count=args.topic_partitions,
            replication_factor=args.topic_replicas,
            configs=json.dumps({"retention.ms": str(args.retention_hours * MILLISECONDS_AN_HOUR)}),
            # What Firehose has not read yet is nowhere else.
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        if args.volume_max_gib > args.volume_gib:
            _grow(name, cluster, args, child)
        kafka_alarms(name, args.platform, cluster.cluster_name, args.alarm_topic_arn, child)
        self.arn = cluster.arn
        self.topic_name = topic.name
        self.bootstrap_brokers = cluster.bootstrap_brokers_sasl_iam
        self.client_security_group_id = network.client_security_group_id
        self.producer_policy_arn = _producers(name, cluster, args, child).arn
        self.register_outputs({"arn": self.arn, "bootstrap_brokers": self.bootstrap_brokers})


def _cluster(
    name: str, args: KafkaClusterArgs, security_group_id: pulumi.Output[str], child: pulumi.ResourceOptions
) -> aws.msk.Cluster:
    platform = args.platform
    configuration = aws.msk.Configuration(
        name,
        name=names.resource_name(platform, "kafka"),
        kafka_versions=[args.kafka_version],
        server_properties=server_properties(
            replicas=args.topic_replicas, partitions=args.topic_partitions, retention_hours=args.retention_hours
        ),
        opts=child,
    )
    log = log_group(
        f"{name}-brokers",
        log_group_name=names.log_group_name(platform, "kafka-brokers"),
        kms_key_arn=args.log_kms_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    by_iam: Authentication = {"sasl": {"iam": True}, "unauthenticated": False}
    encryption: Encryption = {
        "encryption_at_rest_kms_key_arn": args.kms_key_arn,
        "encryption_in_transit": {"client_broker": "TLS", "in_cluster": True},
    }
    brokers: Brokers = {
        "instance_type": args.broker_type,
        "client_subnets": list(args.subnet_ids),
        "security_groups": [security_group_id],
        "storage_info": {"ebs_storage_info": {"volume_size": args.volume_gib}},
        "connectivity_info": {
            "public_access": {"type": "DISABLED"},
            "vpc_connectivity": {"client_authentication": {"sasl": {"iam": True}}},
        },
    }
    return aws.msk.Cluster(
        name,
        cluster_name=names.resource_name(platform, "kafka"),
        kafka_version=args.kafka_version,
        number_of_broker_nodes=args.brokers,
        broker_node_group_info=brokers,
        client_authentication=by_iam,
        encryption_info=encryption,
        configuration_info={"arn": configuration.arn, "revision": configuration.latest_revision},
        enhanced_monitoring="DEFAULT",
        logging_info={"broker_logs": {"cloudwatch_logs": {"enabled": True, "log_group": log.name}}},
        # Disks grow by themselves and never shrink: the size they have is not taken back.
        opts=pulumi.ResourceOptions.merge(
            child,
            pulumi.ResourceOptions(
                protect=True, ignore_changes=["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"]
            ),
        ),
    )


def _grow(name: str, cluster: aws.msk.Cluster, args: KafkaClusterArgs, child: pulumi.ResourceOptions) -> None:
    target = aws.appautoscaling.Target(
        f"{name}-disks",
        service_namespace="kafka",
        scalable_dimension="kafka:broker-storage:VolumeSize",
        resource_id=cluster.arn,
        min_capacity=1,
        max_capacity=args.volume_max_gib,
        opts=child,
    )
    aws.appautoscaling.Policy(
        f"{name}-disks",
        name=names.resource_name(args.platform, "kafka-disks"),
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": DISK_TARGET_PERCENT,
            "disable_scale_in": True,
            "predefined_metric_specification": {"predefined_metric_type": "KafkaBrokerStorageUtilization"},
        },
        opts=child,
    )


def _producers(
    name: str, cluster: aws.msk.Cluster, args: KafkaClusterArgs, child: pulumi.ResourceOptions
) -> aws.iam.Policy:
    """Return the policy that the roles of producers are given; they are others' roles, so nothing is attached here."""
    policy_name = names.resource_name(args.platform, "kafka-producer")
    return aws.iam.Policy(
        f"{name}-producer",
        name=policy_name,
        path=names.role_path(args.platform),
        description=f"Writing to the Kafka topic {args.topic_name}",
        policy=cluster.arn.apply(
            lambda arn: managed(producer_permissions(KafkaTopic(cluster_arn=arn, name=args.topic_name)), policy_name)
        ),
        opts=child,
    )
