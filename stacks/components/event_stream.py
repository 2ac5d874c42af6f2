"""A stream of events, and its delivery to the raw bucket."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.kinesis import StreamStreamModeDetailsArgsDict as StreamMode

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.raw_destination import raw_destination
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.stream import delivery_permissions
from stacks.documents.trust import service_trust
from stacks.settings import Platform, SettingsError

MODES = ("on_demand", "provisioned")


@dataclass(frozen=True, kw_only=True)
class EventStreamArgs:
    """`shards` counts only for a provisioned stream; the buffer is whichever of size and age fills first."""

    platform: Platform
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    mode: str
    shards: int
    retention_hours: int
    buffer_mib: int
    buffer_seconds: int
    log_retention_days: int


class EventStream(pulumi.ComponentResource):
    """A Kinesis stream encrypted with our key, a Firehose that writes it compressed, and Firehose's log.

    Raises:
        SettingsError: the mode is unknown, or a provisioned stream has no shards.
    """

    arn: pulumi.Output[str]
    stream_name: pulumi.Output[str]

    def __init__(self, name: str, args: EventStreamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:EventStream", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        provisioned = args.mode == "provisioned"
        if args.mode not in MODES:
            raise SettingsError(f"data:stream_mode is {args.mode!r}, allowed: {', '.join(MODES)}")
        if provisioned and args.shards < 1:
            raise SettingsError("data:stream_shards must be at least 1 for a provisioned stream")
        mode: StreamMode = {"stream_mode": args.mode.upper()}
        stream = aws.kinesis.Stream(
            name,
            name=names.resource_name(args.platform, "events"),
            stream_mode_details=mode,
            shard_count=args.shards if provisioned else None,
            retention_period=args.retention_hours,
            encryption_type="KMS",
            kms_key_id=args.kms_key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        _delivery(name, stream, args, child)
        self.arn = stream.arn
        self.stream_name = stream.name
        self.register_outputs({"arn": self.arn, "stream_name": self.stream_name})


def _delivery(name: str, stream: aws.kinesis.Stream, args: EventStreamArgs, child: pulumi.ResourceOptions) -> None:
    platform = args.platform
    group_name = names.log_group_name(platform, "firehose")
    group = log_group(
        name,
        log_group_name=group_name,
        kms_key_arn=args.log_kms_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    log_stream = aws.cloudwatch.LogStream(name, name="raw", log_group_name=group.name, opts=child)
    delivery_name = names.resource_name(platform, "events-to-raw")
    role = _delivery_role(name, stream, args, delivery_name, child)
    aws.kinesis.FirehoseDeliveryStream(
        name,
        name=delivery_name,
        destination="extended_s3",
        kinesis_source_configuration={"kinesis_stream_arn": stream.arn, "role_arn": role.arn},
        extended_s3_configuration=raw_destination(
            bucket_arn=args.bucket_arn,
            role_arn=role.arn,
            kms_key_arn=args.kms_key_arn,
            buffer_mib=args.buffer_mib,
            buffer_seconds=args.buffer_seconds,
            log=group,
            log_stream=log_stream,
        ),
        # Firehose checks at creation that the role may read and write.
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role])),
    )


def _delivery_role(
    name: str,
    stream: aws.kinesis.Stream,
    args: EventStreamArgs,
    delivery_name: str,
    child: pulumi.ResourceOptions,
) -> ServiceRole:
    platform = args.platform
    source = names.service_arn(platform, "firehose", f"deliverystream/{delivery_name}")
    permissions = pulumi.Output.all(args.bucket_arn, stream.arn, args.kms_key_arn).apply(
        lambda arns: delivery_permissions(platform, bucket_arn=arns[0], stream_arn=arns[1], key_arn=arns[2])
    )
    return ServiceRole(
        f"{name}-delivery",
        ServiceRoleArgs(
            role_name=names.resource_name(platform, "event-delivery"),
            path=names.role_path(platform),
            description="Delivery of events to the raw bucket",
            trust=service_trust(platform, ["firehose.amazonaws.com"], [source]),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )
