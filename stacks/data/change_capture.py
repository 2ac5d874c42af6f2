"""The capture of a database's changes, once its secret and its place are known."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks import alerts, placement
from stacks.components.change_capture import ChangeCapture, ChangeCaptureArgs
from stacks.components.lake import Lake
from stacks.data.settings import DataSettings
from stacks.documents.change_capture import engine_of
from stacks.settings import Platform, SettingsError
from stacks.upstream import Upstream


def capture(
    platform: Platform,
    settings: DataSettings,
    foundation: Upstream,
    keys: Mapping[str, pulumi.Output[str]],
    lake: Lake,
    opts: pulumi.ResourceOptions,
) -> ChangeCapture | None:
    """Capture the changes where the database is named; none where it is not.

    Raises:
        SettingsError: it is named by half.
    """
    if not settings.change_secret_arn:
        return None
    if not settings.change_source_cidr:
        raise SettingsError("data:change_source_cidr is empty: name the range of addresses of the database")
    bucket = placement.bucket_of("raw", settings.buckets)
    return ChangeCapture(
        "changes",
        ChangeCaptureArgs(
            platform=platform,
            engine=engine_of(settings.change_engine, settings.change_certificate_arn),
            secret_arn=settings.change_secret_arn,
            secret_key_arn=settings.change_secret_key_arn,
            certificate_arn=settings.change_certificate_arn,
            database_name=settings.change_database,
            tables=settings.change_tables,
            source_cidr=settings.change_source_cidr,
            vpc_id=foundation.require("vpc_id"),
            subnet_ids=foundation.require("private_subnet_ids"),
            security_group_id=foundation.require("job_security_group_id"),
            instance_class=settings.change_instance_class,
            storage_gib=settings.change_storage_gib,
            multi_az=settings.change_multi_az,
            bucket_name=lake.bucket_names[bucket],
            bucket_arn=lake.bucket_arns[bucket],
            kms_key_arn=keys["data"],
            log_kms_key_arn=keys["logs"],
            log_retention_days=settings.log_group_retention_days,
            alarm_topic_arn=alerts.topic_arn(platform),
        ),
        opts,
    )
