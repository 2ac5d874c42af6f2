"""Flow logs of a VPC: who spoke to whom, accepted and rejected."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.statement import allow, document
from stacks.documents.trust import service_trust
from stacks.settings import Platform

# Seconds: the shorter of the two intervals that flow logs know.
AGGREGATION_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """`retention_days` is a period that CloudWatch Logs accepts."""

    platform: Platform
    vpc_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    retention_days: int


class FlowLogs(pulumi.ComponentResource):
    """All traffic of the VPC, minute by minute, into an encrypted log group."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:FlowLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        group_name = names.log_group_name(platform, "vpc-flow")
        group = log_group(
            name,
            log_group_name=group_name,
            kms_key_arn=args.kms_key_arn,
            retention_days=args.retention_days,
            opts=child,
        )
        write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        source = names.service_arn(platform, "ec2", "vpc-flow-log/*")
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, "flow-logs"),
                path=names.role_path(platform),
                description="Delivery of VPC flow logs",
                trust=service_trust(platform, ["vpc-flow-logs.amazonaws.com"], [source]),
                permissions=document(
                    [allow("DeliverFlows", write, names.service_arn(platform, "logs", f"log-group:{group_name}:*"))]
                ),
                boundary_arn=names.boundary_arn(platform),
            ),
            child,
        )
        aws.ec2.FlowLog(
            name,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        self.register_outputs({})
