"""What a Kafka cluster, its producers and the delivery of a topic to a bucket need."""

from __future__ import annotations

from dataclasses import dataclass

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform, SettingsError


@dataclass(frozen=True, kw_only=True)
class KafkaTopic:
    """A topic of an MSK cluster; the cluster's ARN ends in `cluster/<name>/<uuid>`, and may be of another account."""

    cluster_arn: str
    name: str

    def arn(self, kind: str, suffix: str) -> str:
        """Return the ARN of a `topic` or `group` of the cluster.

        Raises:
            SettingsError: the cluster's ARN is none.
        """
        head, _, cluster = self.cluster_arn.partition(":cluster/")
        if not head.startswith("arn:") or cluster.count("/") != 1:
            raise SettingsError(
                f"data:kafka_cluster_arn is no ARN of an MSK cluster\n  got: {self.cluster_arn!r}\n"
                "  allowed: arn:PARTITION:kafka:REGION:ACCOUNT:cluster/NAME/UUID"
            )
        return f"{head}:{kind}/{cluster}/{suffix}"


def server_properties(*, replicas: int, partitions: int, retention_hours: int) -> str:
    """Return the brokers' configuration: no topic by accident, no answer to a writer before a second copy is there.

    Source: "Custom Amazon MSK configurations" and "Best practices for Apache Kafka clients", read 2026-11-26.
    """
    return "\n".join(
        (
            "auto.create.topics.enable=false",
            f"default.replication.factor={replicas}",
            f"min.insync.replicas={max(replicas - 1, 1)}",
            f"num.partitions={partitions}",
            "unclean.leader.election.enable=false",
            f"log.retention.hours={retention_hours}",
            "allow.everyone.if.no.acl.found=false",
            "",
        )
    )


def cluster_policy(cluster_arn: str) -> Document:
    """Return the cluster's own policy: Firehose may open a private connection to it; what it reads its role says.

    Source: "Controlling access with Amazon Data Firehose", a private MSK cluster as source, read 2026-11-26: the
    statement has no condition there, and Firehose is not said to send one.
    """
    return document(
        [
            {
                "Sid": "PrivateConnection",
                "Effect": "Allow",
                "Principal": {"Service": "firehose.amazonaws.com"},
                "Action": "kafka:CreateVpcConnection",
                "Resource": cluster_arn,
            }
        ]
    )


def producer_permissions(topic: KafkaTopic) -> Document:
    """Return writing to one topic, in order and once, and nothing else of the cluster.

    Source: "Semantics of IAM authorization policy actions and resources", read 2026-11-26.
    """
    write = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    return document(
        [
            allow("Connect", ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"], topic.cluster_arn),
            allow("FindBrokers", ["kafka:GetBootstrapBrokers"], topic.cluster_arn),
            allow("WriteTopic", write, topic.arn("topic", topic.name)),
        ]
    )


def delivery_permissions(platform: Platform, topic: KafkaTopic, *, bucket_arn: str, key_arn: str) -> Document:
    """Return reading of one topic and writing of one bucket with one key.

    Source: "Controlling access with Amazon Data Firehose", role of a stream with Amazon MSK as its source, read
    2026-11-25. Firehose names its consumer group itself.
    """
    write = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    log = names.service_arn(
        platform, "logs", f"log-group:{names.log_group_name(platform, 'kafka-firehose')}:log-stream:*"
    )
    via = {"kms:ViaService": [f"s3.{platform.region}.{dns_suffix(platform.partition)}"]}
    return document(
        [
            *reading(topic),
            allow("WriteObjects", write, f"{bucket_arn}/raw/*"),
            allow("FindBucket", find, bucket_arn),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn, StringEquals=via),
            allow("Log", ["logs:PutLogEvents"], log),
        ]
    )


def reading(topic: KafkaTopic) -> list[Document]:
    """Return the statements that let a delivery read one topic."""
    cluster = ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
    read = ["kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData"]
    return [
        allow("FindCluster", [*cluster, "kafka-cluster:Connect"], topic.cluster_arn),
        allow("ReadTopic", read, topic.arn("topic", topic.name)),
        allow("FindGroup", ["kafka-cluster:DescribeGroup"], topic.arn("group", "*")),
    ]
