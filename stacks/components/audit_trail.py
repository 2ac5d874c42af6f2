"""The account's CloudTrail trail: every region, validated, encrypted, delivered to a locked bucket and to logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.cloudtrail import TrailAdvancedEventSelectorArgsDict as EventSelector

from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.statement import Document, allow, document

TRAIL_PREFIX = "cloudtrail"


@dataclass(frozen=True, kw_only=True)
class AuditTrailArgs:
    """`data_event_arn_prefixes` are the beginnings of object ARNs whose reads and writes are logged.

    `quiet_arn_prefixes` are left out of them: a trail that logs its own deliveries never falls silent.
    `trust`, `role_name` and `role_path` are those of the role that writes to the log group.
    """

    trail_name: str
    bucket_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_group_name: str
    log_retention_days: int
    log_stream_arn: str
    trust: Document
    role_name: str
    role_path: str
    boundary_arn: pulumi.Input[str]
    data_event_arn_prefixes: Sequence[str] = ()
    quiet_arn_prefixes: Sequence[str] = ()


class AuditTrail(pulumi.ComponentResource):
    """A multi-region trail with its log group and the role that fills it."""

    arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: AuditTrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:AuditTrail", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = log_group(
            name,
            log_group_name=args.log_group_name,
            kms_key_arn=args.kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=args.role_name,
                path=args.role_path,
                description="CloudTrail writes its events to the trail's log group",
                trust=args.trust,
                permissions=document(
                    [allow("WriteEvents", ["logs:CreateLogStream", "logs:PutLogEvents"], args.log_stream_arn)]
                ),
                boundary_arn=args.boundary_arn,
            ),
            child,
        )
        trail = aws.cloudtrail.Trail(
            name,
            name=args.trail_name,
            s3_bucket_name=args.bucket_name,
            s3_key_prefix=TRAIL_PREFIX,
            kms_key_id=args.kms_key_arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            cloud_watch_logs_group_arn=pulumi.Output.concat(group.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            advanced_event_selectors=event_selectors(args.data_event_arn_prefixes, args.quiet_arn_prefixes),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        self.arn = trail.arn
        self.log_group_name = group.name
        self.register_outputs({"arn": self.arn, "log_group_name": self.log_group_name})


def event_selectors(data_event_arn_prefixes: Sequence[str], quiet_arn_prefixes: Sequence[str]) -> list[EventSelector]:
    """Return the selectors: all management events, and data events of objects below the prefixes.

    Source: "AdvancedFieldSelector" in the CloudTrail API reference, read 2026-11-23.
    """
    selectors: list[EventSelector] = [
        {"name": "Management events", "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}]}
    ]
    if data_event_arn_prefixes:
        selectors.append(
            {
                "name": "Objects of the project",
                "field_selectors": [
                    {"field": "eventCategory", "equals": ["Data"]},
                    {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                    {
                        "field": "resources.ARN",
                        "starts_withs": list(data_event_arn_prefixes),
                        "not_starts_withs": list(quiet_arn_prefixes),
                    },
                ],
            }
        )
    return selectors
