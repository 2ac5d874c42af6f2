"""Documents of the internal load balancer: its names, its logs, the function that signs for it.

Sources, read 2026-11-26: Elastic Load Balancing User Guides, "Use Lambda functions as targets of an Application Load
Balancer" (1 MB each way), "Security policies for your Application Load Balancer", "Access logs for your Application
Load Balancer" (server-side encryption with S3's own keys only).
"""

from __future__ import annotations

from stacks import names
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

PATH = "/predictions"
LOG_PREFIX = "balancer"
TLS_POLICY, TLS_POLICY_FIPS = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04"
LONGEST_SECONDS = 60
"""A real-time endpoint answers within 60 seconds."""


def log_delivery(platform: Platform, bucket_arn: str) -> Document:
    """Return the statement that lets load balancers of this account and Region write their logs."""
    return {
        "Sid": "BalancerLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/{LOG_PREFIX}/AWSLogs/{platform.account_id}/*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": names.service_arn(platform, "elasticloadbalancing", "loadbalancer/*")},
        },
    }


def function_trust() -> Document:
    """Return the trust of the function's role: Lambda, which sends no source; a role is passed in its own account."""
    return document(
        [
            {
                "Sid": "AssumedByFunction",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]
    )


def function_permissions(grants: Grants, endpoint_name: str, component_name: str, log_group: str) -> Document:
    """Return what the function may do: invoke one endpoint, write its log, stand in the network."""
    platform = grants.platform
    logs = names.service_arn(platform, "logs", f"log-group:{log_group}:*")
    invoked = [f"endpoint/{endpoint_name}", *([f"inference-component/{component_name}"] if component_name else [])]
    arns = [names.service_arn(platform, "sagemaker", each) for each in invoked]
    return document(
        [
            allow("InvokeEndpoint", ["sagemaker:InvokeEndpoint"], arns),
            allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs),
            *grants.interfaces(),
        ]
    )
