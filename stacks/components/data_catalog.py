"""The Glue database of an environment, and how jobs and queries on it encrypt what they write."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

BYTES_PER_GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class DataCatalogArgs:
    """`location` is the S3 URI below which tables lie; `scan_limit_gib` stops dearer queries."""

    platform: Platform
    location: pulumi.Input[str]
    results_location: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    scan_limit_gib: int


class DataCatalog(pulumi.ComponentResource):
    """A database, a Glue security configuration and an Athena workgroup that clients cannot override."""

    database_name: pulumi.Output[str]
    workgroup_name: pulumi.Output[str]

    def __init__(self, name: str, args: DataCatalogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:DataCatalog", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        database = aws.glue.CatalogDatabase(
            name,
            name=names.database_name(platform),
            description=f"Tables of {platform.project}, {platform.environment}",
            location_uri=args.location,
            opts=child,
        )
        aws.glue.SecurityConfiguration(
            name,
            name=names.resource_name(platform, "glue"),
            encryption_configuration={
                "cloudwatch_encryption": {"cloudwatch_encryption_mode": "SSE-KMS", "kms_key_arn": args.log_kms_key_arn},
                "job_bookmarks_encryption": {
                    "job_bookmarks_encryption_mode": "CSE-KMS",
                    "kms_key_arn": args.kms_key_arn,
                },
                "s3_encryption": {"s3_encryption_mode": "SSE-KMS", "kms_key_arn": args.kms_key_arn},
            },
            opts=child,
        )
        workgroup = aws.athena.Workgroup(
            name,
            name=names.resource_name(platform, "queries"),
            description="Queries on the lake: encrypted results, bounded scans",
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "bytes_scanned_cutoff_per_query": args.scan_limit_gib * BYTES_PER_GIB,
                "result_configuration": {
                    "output_location": args.results_location,
                    "encryption_configuration": {"encryption_option": "SSE_KMS", "kms_key_arn": args.kms_key_arn},
                },
            },
            # Queries that were run are its history, not data; with one, Athena refuses to delete it otherwise.
            force_destroy=True,
            opts=child,
        )
        self.database_name = database.name
        self.workgroup_name = workgroup.name
        self.register_outputs({"database_name": self.database_name, "workgroup_name": self.workgroup_name})
