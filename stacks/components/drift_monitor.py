"""The scheduled drift job, the metrics it feeds and the alarms on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks import alerts, names
from stacks.components.drift_alarms import DriftAlarms, DriftAlarmsArgs
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.drift_workflow import REPORTS, DriftFacts, definition
from stacks.documents.statement import Statement, allow
from stacks.documents.workflow_role import sagemaker_job_statements
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class DriftMonitorArgs:
    """Records of a window lie below `records_uri`/yyyy/mm/dd[/hh] (UTC); the baseline is in the live model.

    `live` says whether a model answers: before that the schedule sleeps and silence is no alarm.
    `window` is `hour` or `day`; thresholds are shares from 0 to 1, counts are windows.
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
    share_threshold: float
    windows: int
    windows_breaching: int
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class DriftMonitor(pulumi.ComponentResource):
    """A job of our own: the managed monitoring services are closed to new customers since 2026-07-30."""

    drift_alarm_name: pulumi.Output[str]
    alarm_names: list[pulumi.Output[str]]
    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: DriftMonitorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:DriftMonitor", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        prefix = names.resource_name(args.platform, name)
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=args.platform,
                component=name,
                description="Compares the last window with the baseline",
                definition=_facts(prefix, args).apply(lambda facts: json.dumps(definition(facts))),
                permissions=_permissions(prefix, args),
                kms_key_arn=args.workflow_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        Schedule(
            f"{name}-start",
            ScheduleArgs(
                platform=args.platform,
                component=f"{name}-start",
                description="Starts the drift job",
                expression=args.schedule_expression,
                timezone=args.schedule_timezone,
                enabled=args.live,
                target_arn=workflow.arn,
                role_arn=args.scheduler_role_arn,
                kms_key_arn=args.log_key_arn,
                alarm_topic_arn=args.alarm_topic_arn,
                input="{}",
            ),
            child,
        )
        alarms = DriftAlarms(
            name,
            DriftAlarmsArgs(
                name_prefix=prefix,
                metric_namespace=alerts.metric_namespace(args.platform),
                source=args.source,
                live=args.live,
                window=args.window,
                share_threshold=args.share_threshold,
                windows=args.windows,
                windows_breaching=args.windows_breaching,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self.drift_alarm_name = alarms.drift_alarm_name
        self.alarm_names = alarms.alarm_names
        self.workflow_arn = workflow.arn
        self.register_outputs({"drift_alarm_name": self.drift_alarm_name, "workflow_arn": self.workflow_arn})


def _facts(prefix: str, args: DriftMonitorArgs) -> pulumi.Output[DriftFacts]:
    resolved = pulumi.Output.all(
        image_uri=args.image_uri,
        role_arn=args.monitor_role_arn,
        subnet_ids=args.subnet_ids,
        security_group_id=args.security_group_id,
        kms_key_arn=args.capture_key_arn,
        records_uri=args.records_uri,
        model_package_arn=args.model_package_arn,
        report_bucket=args.report_bucket,
    )

    def merge(given: dict[str, Any]) -> DriftFacts:
        return DriftFacts(
            partition=args.platform.partition,
            job_prefix=prefix,
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


def _permissions(prefix: str, args: DriftMonitorArgs) -> pulumi.Output[list[Statement]]:
    packages = names.service_arn(args.platform, "sagemaker", f"model-package/{names.resource_name(args.platform, '*')}")
    namespace = {"cloudwatch:namespace": alerts.metric_namespace(args.platform)}

    def statements(given: dict[str, str]) -> list[Statement]:
        return [
            *sagemaker_job_statements(args.platform, "processing", prefix, given["key"], given["role"]),
            allow("FindModel", ["sagemaker:DescribeModelPackage"], packages),
            allow("ReadSummary", ["s3:GetObject"], f"{given['bucket']}/capture/{REPORTS}/*"),
            allow("DecryptSummary", ["kms:Decrypt"], given["key"]),
            # PutMetricData knows no resource; the namespace is what can be pinned.
            allow("PublishMetrics", ["cloudwatch:PutMetricData"], "*", StringEquals=namespace),
        ]

    return pulumi.Output.all(role=args.monitor_role_arn, bucket=args.report_bucket_arn, key=args.capture_key_arn).apply(
        statements
    )
