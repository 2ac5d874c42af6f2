"""What the scheduled jobs that watch a model share: the state machine around the job, and its schedule."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

from stacks import alerts, names
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.monitor_job import JobFacts
from stacks.documents.statement import Statement, allow
from stacks.documents.workflow_role import sagemaker_job_statements
from stacks.settings import Platform

Facts = TypeVar("Facts", bound=JobFacts)


@dataclass(frozen=True, kw_only=True)
class MonitoringJobArgs:
    """Records of a window lie below `records_uri`/yyyy/mm/dd[/hh] (UTC).

    `live` says whether a model answers: before that the schedule sleeps and silence is no alarm. `window` is `hour` or
    `day`; of `windows`, `windows_breaching` raise an alarm.
    """

    platform: Platform
    package: str
    image_uri: pulumi.Input[str]
    monitor_role_arn: pulumi.Input[str]
    scheduler_role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    capture_key_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    records_uri: pulumi.Input[str]
    model_package_arn: pulumi.Input[str]
    report_bucket: pulumi.Input[str]
    report_bucket_arn: pulumi.Input[str]
    source: str
    live: pulumi.Input[bool]
    window: str
    schedule_expression: str
    schedule_timezone: str
    instance_type: str
    volume_gib: int
    max_runtime_seconds: int
    network_isolation: bool
    windows: int
    windows_breaching: int
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


def facts(
    name: str, args: MonitoringJobArgs, make: Callable[..., Facts], **more: pulumi.Input[Any]
) -> pulumi.Output[Facts]:
    """Return what the state machine is made of, resolved; `more` are the facts that `make` wants beside the common."""
    resolved = pulumi.Output.all(
        image_uri=args.image_uri,
        role_arn=args.monitor_role_arn,
        subnet_ids=args.subnet_ids,
        security_group_id=args.security_group_id,
        kms_key_arn=args.capture_key_arn,
        records_uri=args.records_uri,
        model_package_arn=args.model_package_arn,
        report_bucket=args.report_bucket,
        **more,
    )

    def merge(given: dict[str, Any]) -> Facts:
        return make(
            partition=args.platform.partition,
            job_prefix=names.resource_name(args.platform, name),
            package=args.package,
            window=args.window,
            instance_type=args.instance_type,
            volume_gib=args.volume_gib,
            max_runtime_seconds=args.max_runtime_seconds,
            network_isolation=args.network_isolation,
            metric_namespace=alerts.metric_namespace(args.platform),
            source=args.source,
            **given,
        )

    return resolved.apply(merge)


def workflow(
    name: str,
    args: MonitoringJobArgs,
    opts: pulumi.ResourceOptions,
    *,
    description: str,
    definition: pulumi.Output[dict[str, Any]],
    reports: str,
    permissions: pulumi.Input[Sequence[Statement]] = (),
) -> Workflow:
    """Create the state machine `name`, which runs one job, reads its report below `reports` and publishes metrics.

    `permissions` are those that it needs beside.
    """
    own = _permissions(names.resource_name(args.platform, name), args, reports)
    return Workflow(
        name,
        WorkflowArgs(
            platform=args.platform,
            component=name,
            description=description,
            definition=definition.apply(json.dumps),
            permissions=pulumi.Output.all(own, permissions).apply(lambda both: [*both[0], *both[1]]),
            kms_key_arn=args.workflow_key_arn,
            log_kms_key_arn=args.log_key_arn,
            log_retention_days=args.log_retention_days,
            alarm_topic_arn=args.alarm_topic_arn,
        ),
        opts,
    )


def start(
    name: str, args: MonitoringJobArgs, target_arn: pulumi.Input[str], opts: pulumi.ResourceOptions, description: str
) -> None:
    """Create the schedule that starts the state machine `name`."""
    Schedule(
        f"{name}-start",
        ScheduleArgs(
            platform=args.platform,
            component=f"{name}-start",
            description=description,
            expression=args.schedule_expression,
            timezone=args.schedule_timezone,
            enabled=args.live,
            target_arn=target_arn,
            role_arn=args.scheduler_role_arn,
            kms_key_arn=args.log_key_arn,
            alarm_topic_arn=args.alarm_topic_arn,
            input="{}",
        ),
        opts,
    )


def _permissions(prefix: str, args: MonitoringJobArgs, reports: str) -> pulumi.Output[list[Statement]]:
    packages = names.service_arn(args.platform, "sagemaker", f"model-package/{names.resource_name(args.platform, '*')}")
    namespace = {"cloudwatch:namespace": alerts.metric_namespace(args.platform)}

    def statements(given: dict[str, str]) -> list[Statement]:
        return [
            *sagemaker_job_statements(args.platform, "processing", prefix, given["key"], given["role"]),
            allow("FindModel", ["sagemaker:DescribeModelPackage"], packages),
            allow("ReadSummary", ["s3:GetObject"], f"{given['bucket']}/capture/{reports}/*"),
            allow("DecryptSummary", ["kms:Decrypt"], given["key"]),
            # PutMetricData knows no resource; the namespace is what can be pinned.
            allow("PublishMetrics", ["cloudwatch:PutMetricData"], "*", StringEquals=namespace),
        ]

    return pulumi.Output.all(role=args.monitor_role_arn, bucket=args.report_bucket_arn, key=args.capture_key_arn).apply(
        statements
    )
