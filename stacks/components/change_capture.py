"""The capture of a database's changes: read from its log, written to the raw bucket as they happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.change_capture import (
    CHANGES,
    Engine,
    capture_trust,
    instance_id,
    log_group_of,
    secret_permissions,
    table_mappings,
    task_settings,
    writing_permissions,
)
from stacks.documents.statement import Document
from stacks.settings import Platform

LATE_SECONDS = 900
FILE_KB = 32_000
FILE_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class ChangeCaptureArgs:
    """The secret holds host, port, username and password of a user who may read the database's log.

    `source_cidr` is where the database stands; `tables` are `schema.table`, with % for any text. `security_group_id` is
    the group by which machines reach AWS services.
    """

    platform: Platform
    engine: Engine
    secret_arn: str
    secret_key_arn: str
    certificate_arn: str
    database_name: str
    tables: Sequence[str]
    source_cidr: str
    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_id: pulumi.Input[str]
    instance_class: str
    storage_gib: int
    multi_az: bool
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: str


class ChangeCapture(pulumi.ComponentResource):
    """A replication instance in the private subnets, both ends, the task, its log, and alarms on how far it is behind.

    The database's own firewall lets `security_group_id` in; who owns it sets that.
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: ChangeCaptureArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:ChangeCapture", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = _security_group(name, args, child)
        instance = _instance(name, args, group, child)
        task = aws.dms.ReplicationTask(
            name,
            replication_task_id=names.resource_name(args.platform, "changes"),
            migration_type="full-load-and-cdc",
            replication_instance_arn=instance.replication_instance_arn,
            source_endpoint_arn=_source(name, args, child).endpoint_arn,
            target_endpoint_arn=_target(name, args, child).endpoint_arn,
            table_mappings=table_mappings(args.tables),
            replication_task_settings=task_settings(),
            start_replication_task=True,
            opts=child,
        )
        _alarms(name, args, instance, task, child)
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})


def _security_group(name: str, args: ChangeCaptureArgs, child: pulumi.ResourceOptions) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=args.vpc_id,
        description="Reads the changes of a database",
        tags={"Name": names.resource_name(args.platform, "changes")},
        opts=child,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-database",
        security_group_id=group.id,
        description="The database",
        ip_protocol="tcp",
        from_port=args.engine.port,
        to_port=args.engine.port,
        cidr_ipv4=args.source_cidr,
        opts=child,
    )
    return group


def _instance(
    name: str, args: ChangeCaptureArgs, group: aws.ec2.SecurityGroup, child: pulumi.ResourceOptions
) -> aws.dms.ReplicationInstance:
    identifier = instance_id(args.platform)
    log = log_group(
        name,
        log_group_name=log_group_of(identifier),
        kms_key_arn=args.log_kms_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    subnets = aws.dms.ReplicationSubnetGroup(
        name,
        replication_subnet_group_id=identifier,
        replication_subnet_group_description="Private subnets of the capture of changes",
        subnet_ids=args.subnet_ids,
        opts=child,
    )
    return aws.dms.ReplicationInstance(
        name,
        replication_instance_id=identifier,
        replication_instance_class=args.instance_class,
        allocated_storage=args.storage_gib,
        multi_az=args.multi_az,
        publicly_accessible=False,
        kms_key_arn=args.kms_key_arn,
        auto_minor_version_upgrade=True,
        replication_subnet_group_id=subnets.replication_subnet_group_id,
        vpc_security_group_ids=[group.id, args.security_group_id],
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[log])),
    )


def _source(name: str, args: ChangeCaptureArgs, child: pulumi.ResourceOptions) -> aws.dms.Endpoint:
    permissions = secret_permissions(args.platform, args.secret_arn, args.secret_key_arn)
    role = _role(name, "secret", "Reads the secret of a captured database", args, permissions, child)
    return aws.dms.Endpoint(
        f"{name}-source",
        endpoint_id=names.resource_name(args.platform, "changes-source"),
        endpoint_type="source",
        engine_name=args.engine.name,
        database_name=args.database_name or None,
        secrets_manager_arn=args.secret_arn,
        secrets_manager_access_role_arn=role.arn,
        ssl_mode=args.engine.ssl_mode,
        certificate_arn=args.certificate_arn or None,
        kms_key_arn=args.kms_key_arn,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role])),
    )


def _target(name: str, args: ChangeCaptureArgs, child: pulumi.ResourceOptions) -> aws.dms.S3Endpoint:
    permissions = pulumi.Output.all(args.bucket_arn, args.kms_key_arn).apply(
        lambda arns: writing_permissions(args.platform, bucket_arn=arns[0], key_arn=arns[1])
    )
    role = _role(name, "target", "Writes changes of a database to the raw bucket", args, permissions, child)
    return aws.dms.S3Endpoint(
        f"{name}-target",
        endpoint_id=names.resource_name(args.platform, "changes-target"),
        endpoint_type="target",
        bucket_name=args.bucket_name,
        bucket_folder=CHANGES,
        expected_bucket_owner=args.platform.account_id,
        service_access_role_arn=role.arn,
        data_format="parquet",
        parquet_version="parquet-2-0",
        compression_type="GZIP",
        # Each row says what happened to it and when, a first copy too.
        include_op_for_full_load=True,
        timestamp_column_name="changed_at",
        date_partition_enabled=True,
        cdc_min_file_size=FILE_KB,
        cdc_max_batch_interval=FILE_SECONDS,
        encryption_mode="SSE_KMS",
        server_side_encryption_kms_key_id=args.kms_key_arn,
        kms_key_arn=args.kms_key_arn,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role])),
    )


def _role(
    name: str,
    part: str,
    description: str,
    args: ChangeCaptureArgs,
    permissions: pulumi.Input[Document],
    child: pulumi.ResourceOptions,
) -> ServiceRole:
    platform = args.platform
    return ServiceRole(
        f"{name}-{part}",
        ServiceRoleArgs(
            role_name=names.resource_name(platform, f"changes-{part}"),
            path=names.role_path(platform),
            description=description,
            trust=capture_trust(platform),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )


def _alarms(
    name: str,
    args: ChangeCaptureArgs,
    instance: aws.dms.ReplicationInstance,
    task: aws.dms.ReplicationTask,
    child: pulumi.ResourceOptions,
) -> None:
    """A task is known to CloudWatch by the end of its ARN; one that stopped says nothing, so silence rings.

    Source: AWS DMS User Guide, "Monitoring AWS DMS tasks", replication task metrics, read 2026-11-26.
    """
    for suffix, metric, description in (
        ("source", "CDCLatencySource", "Changes of the database are read too late, or not at all"),
        ("target", "CDCLatencyTarget", "Changes of the database reach the raw bucket too late, or not at all"),
    ):
        aws.cloudwatch.MetricAlarm(
            f"{name}-late-{suffix}",
            name=names.resource_name(args.platform, f"changes-late-{suffix}"),
            alarm_description=description,
            namespace="AWS/DMS",
            metric_name=metric,
            dimensions={
                "ReplicationInstanceIdentifier": instance.replication_instance_id,
                "ReplicationTaskIdentifier": task.replication_task_arn.apply(lambda arn: arn.rsplit(":", 1)[-1]),
            },
            statistic="Maximum",
            period=300,
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=LATE_SECONDS,
            treat_missing_data="breaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=child,
        )
