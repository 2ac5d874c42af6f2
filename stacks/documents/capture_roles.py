"""What DMS may do in the network of an account, and with its logs."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

NETWORK_ROLE = "dms-vpc-role"
LOGS_ROLE = "dms-cloudwatch-logs-role"
LOG_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams")
LOOK = (
    *("ec2:DescribeAvailabilityZones", "ec2:DescribeDhcpOptions", "ec2:DescribeInternetGateways"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
)
CHANGE = ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute")


def network_permissions(platform: Platform) -> Document:
    """Return the making of network interfaces, in the account's own networks.

    Source: AWS managed policy AmazonDMSVPCManagementRole, read 2026-11-26; its actions on interfaces are narrowed
    to the account and Region.
    """
    return document(
        [
            allow("LookAtNetworks", LOOK, "*"),
            allow("Interfaces", CHANGE, names.service_arn(platform, "ec2", "*")),
        ]
    )


def logging_permissions(platform: Platform) -> Document:
    """Return writing to the logs of replication tasks.

    Source: AWS managed policy AmazonDMSCloudWatchLogsRole, read 2026-11-26.
    """
    groups = names.service_arn(platform, "logs", "log-group:dms-tasks-*")
    return document([allow("Logs", [*LOG_ACTIONS, "logs:PutLogEvents"], [groups, f"{groups}:*"])])
