"""Policies of VPC endpoints: only the account's principals pass, and only to where they have business."""

from __future__ import annotations

from stacks.documents.statement import Document, document
from stacks.settings import Platform

# IAM prefix of the services whose endpoint name differs from it.
# https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html, read 2026-11-23
IAM_PREFIX_OF_ENDPOINT = {
    "ecr.api": "ecr",
    "ecr.dkr": "ecr",
    "ecs-agent": "ecs",
    "ecs-telemetry": "ecs",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "monitoring": "cloudwatch",
    "sagemaker.api": "sagemaker",
    "sagemaker.featurestore-runtime": "sagemaker",
    "sagemaker.metrics": "sagemaker",
    "sagemaker.runtime": "sagemaker",
    "ssmmessages": "ssmmessages",
}

# Services whose endpoints in China stand under a name of their own; all others are called as everywhere.
# Source: aws-cdk-lib, InterfaceVpcEndpointAwsService (names of `ec2 describe-vpc-endpoint-services`), read 2026-11-25
CHINA_PREFIX = "cn.com.amazonaws"
CHINA_ENDPOINTS = frozenset(
    {
        "athena",
        "batch",
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "eks",
        "elasticfilesystem",
        "execute-api",
        "fsx",
        "iot.data",
        "kinesis-streams",
        "lambda",
        "monitoring",
        "sagemaker.api",
        "sagemaker.featurestore-runtime",
        "sagemaker.runtime",
        "sqs",
        "states",
        "sts",
        "sync-states",
        "xray",
    }
)


def interface_service(platform: Platform, endpoint: str) -> str:
    """Return the full name of the service behind an interface endpoint: `com.amazonaws.eu-west-1.sagemaker.api`."""
    china = platform.partition == "aws-cn" and endpoint in CHINA_ENDPOINTS
    return f"{CHINA_PREFIX if china else 'com.amazonaws'}.{platform.region}.{endpoint}"


def interface_policy(platform: Platform, endpoint: str) -> Document:
    """Return the policy of an interface endpoint: its own service, for principals of this account.

    `endpoint` is the service name's end, `sagemaker.api`.
    """
    prefix = IAM_PREFIX_OF_ENDPOINT.get(endpoint, endpoint.split(".", maxsplit=1)[0])
    return document([_for_account(platform, f"{prefix}:*")])


def gateway_policy(platform: Platform, service: str, *, packages: bool = False) -> Document:
    """Return the policy of a gateway endpoint: resources of this account, for its principals.

    The way to S3 also lets image layers through: ECR keeps them in a bucket of its own. So does Amazon Linux with its
    packages, which only networks with machines of ours need.
    Sources: "Amazon ECR interface VPC endpoints", minimum S3 permissions, read 2026-11-23; Amazon Linux 2023 User
    Guide, "Getting updates for instances without internet access", read 2026-11-25.
    """
    own = _for_account(platform, f"{service}:*")
    tooling = platform.tooling_account_id
    own["Condition"]["StringEquals"]["aws:ResourceAccount"] = (
        [platform.account_id, tooling] if tooling and service == "s3" else platform.account_id
    )
    if service != "s3":
        return document([own])
    layers = f"arn:{platform.partition}:s3:::prod-{platform.region}-starport-layer-bucket/*"
    shared = {"ImageLayers": layers}
    if packages:
        shared["Packages"] = f"arn:{platform.partition}:s3:::al2023-repos-{platform.region}-de612dc2/*"
    reading = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    return document([own, *({"Sid": sid, **reading, "Resource": arn} for sid, arn in shared.items())])


def _for_account(platform: Platform, action: str) -> Document:
    return {
        "Sid": "OwnAccount",
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": platform.account_id}},
    }
