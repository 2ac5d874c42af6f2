"""A daily search of buckets for card numbers and personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class SensitiveDataScanArgs:
    """`sampling_percent` of the new objects of each day are read: Macie bills by the byte."""

    platform: Platform
    bucket_names: Sequence[pulumi.Input[str]]
    sampling_percent: int = 10


class SensitiveDataScan(pulumi.ComponentResource):
    """A Macie job over the lake; the account program turns Macie on."""

    def __init__(self, name: str, args: SensitiveDataScanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:SensitiveDataScan", name, None, opts)
        aws.macie2.ClassificationJob(
            name,
            name=names.resource_name(args.platform, "sensitive-data"),
            description="Card and personal data where none should be",
            job_type="SCHEDULED",
            schedule_frequency={"daily_schedule": True},
            initial_run=False,
            sampling_percentage=args.sampling_percent,
            s3_job_definition={
                "bucket_definitions": [
                    {"account_id": args.platform.account_id, "buckets": list(args.bucket_names)},
                ]
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
