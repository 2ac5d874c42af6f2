"""Where callers of an endpoint that captures nothing put what was asked and answered."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import request_recording
from stacks.documents.trust import service_trust
from stacks.settings import Platform

BUFFER_MIB = 64
BUFFER_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class RequestRecorderArgs:
    """Records of `variant_name` go below `capture/<endpoint_name>/` of the capture bucket, an object each 5 minutes."""

    platform: Platform
    endpoint_name: str
    variant_name: str
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int


class RequestRecorder(pulumi.ComponentResource):
    """A delivery stream that only takes, and the policy of those who may ask and record; attach it to callers."""

    stream_name: pulumi.Output[str]
    caller_policy_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RequestRecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:RequestRecorder", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, stream_name = args.platform, f"{args.endpoint_name}-records"
        group_name = names.log_group_name(platform, name)
        group = log_group(
            name,
            log_group_name=group_name,
            kms_key_arn=args.log_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        log_stream = aws.cloudwatch.LogStream(name, name="delivery", log_group_name=group.name, opts=child)
        role = self._role(name, args, stream_name, group_name, child)
        stream = aws.kinesis.FirehoseDeliveryStream(
            name,
            name=stream_name,
            destination="extended_s3",
            server_side_encryption={"enabled": True, "key_type": "CUSTOMER_MANAGED_CMK", "key_arn": args.kms_key_arn},
            extended_s3_configuration={
                "bucket_arn": args.bucket_arn,
                "role_arn": role.arn,
                "prefix": request_recording.prefix(args.endpoint_name, args.variant_name),
                "error_output_prefix": request_recording.failed_prefix(args.endpoint_name),
                "file_extension": ".jsonl",
                "buffering_size": BUFFER_MIB,
                "buffering_interval": BUFFER_SECONDS,
                "compression_format": "UNCOMPRESSED",
                "kms_key_arn": args.kms_key_arn,
                "cloudwatch_logging_options": {
                    "enabled": True,
                    "log_group_name": group.name,
                    "log_stream_name": log_stream.name,
                },
            },
            # Firehose checks at creation that the role may write.
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role])),
        )
        callers = aws.iam.Policy(
            f"{name}-callers",
            name=f"{args.endpoint_name}-callers",
            path=names.role_path(platform),
            description="Asks the endpoint and records what it said",
            policy=json.dumps(request_recording.calling(platform, args.endpoint_name, stream_name)),
            opts=child,
        )
        self.stream_name = stream.name
        self.caller_policy_arn = callers.arn
        self.register_outputs({"stream_name": self.stream_name, "caller_policy_arn": self.caller_policy_arn})

    def _role(
        self, name: str, args: RequestRecorderArgs, stream_name: str, group_name: str, child: pulumi.ResourceOptions
    ) -> ServiceRole:
        platform = args.platform
        source = names.service_arn(platform, "firehose", f"deliverystream/{stream_name}")
        return ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, name),
                path=names.role_path(platform),
                description="Delivery of recorded requests to the capture bucket",
                trust=service_trust(platform, ["firehose.amazonaws.com"], [source]),
                permissions=pulumi.Output.all(args.bucket_arn, args.kms_key_arn).apply(
                    lambda arns: request_recording.delivery(platform, arns[0], arns[1], group_name)
                ),
                boundary_arn=names.boundary_arn(platform),
            ),
            child,
        )
