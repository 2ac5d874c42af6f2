"""AWS Config: what every resource of the account looked like, and when it changed."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

CONFIG_PREFIX = "config"


@dataclass(frozen=True, kw_only=True)
class ConfigRecorderArgs:
    """The bucket and key that snapshots are delivered to; Config refuses a bucket with Object Lock."""

    recorder_name: str
    bucket_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]


class ConfigRecorder(pulumi.ComponentResource):
    """A recorder of all resource types, global ones included, under Config's own service-linked role.

    Security Hub's control Config.1 asks for the service-linked role (control page, read 2026-11-23).
    """

    def __init__(self, name: str, args: ConfigRecorderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:ConfigRecorder", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.ServiceLinkedRole(name, aws_service_name="config.amazonaws.com", opts=child)
        recorder = aws.cfg.Recorder(
            name,
            name=args.recorder_name,
            role_arn=role.arn,
            recording_group={"all_supported": True, "include_global_resource_types": True},
            recording_mode={"recording_frequency": "CONTINUOUS"},
            opts=child,
        )
        channel = aws.cfg.DeliveryChannel(
            name,
            name=args.recorder_name,
            s3_bucket_name=args.bucket_name,
            s3_key_prefix=CONFIG_PREFIX,
            s3_kms_key_arn=args.kms_key_arn,
            snapshot_delivery_properties={"delivery_frequency": "TwentyFour_Hours"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[recorder]),
        )
        # Recording starts only where there is a channel to deliver to.
        aws.cfg.RecorderStatus(
            name,
            name=recorder.name,
            is_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[channel]),
        )
        self.register_outputs({})
