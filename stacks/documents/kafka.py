"""What the delivery of a Kafka topic to a bucket needs."""

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


def delivery_permissions(platform: Platform, topic: KafkaTopic, *, bucket_arn: str, key_arn: str) -> Document:
    """Return reading of one topic and writing of one bucket with one key.

    Source: "Controlling access with Amazon Data Firehose", role of a stream with Amazon MSK as its source, read
    2026-11-25. Firehose names its consumer group itself.
    """
    cluster = ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
    read = ["kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData"]
    write = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    log = names.service_arn(
        platform, "logs", f"log-group:{names.log_group_name(platform, 'kafka-firehose')}:log-stream:*"
    )
    via = {"kms:ViaService": [f"s3.{platform.region}.{dns_suffix(platform.partition)}"]}
    return document(
        [
            allow("FindCluster", [*cluster, "kafka-cluster:Connect"], topic.cluster_arn),
            allow("ReadTopic", read, topic.arn("topic", topic.name)),
            allow("FindGroup", ["kafka-cluster:DescribeGroup"], topic.arn("group", "*")),
            allow("WriteObjects", write, f"{bucket_arn}/raw/*"),
            allow("FindBucket", find, bucket_arn),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn, StringEquals=via),
            allow("Log", ["logs:PutLogEvents"], log),
        ]
    )
