"""What is watched, as far as the settings ask for it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import alerts, names
from stacks.components.drift_monitor import DriftMonitor, DriftMonitorArgs
from stacks.components.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
from stacks.components.notification import Notification, NotificationArgs
from stacks.documents.dashboard import DashboardFacts, body
from stacks.monitoring.settings import MonitoringSettings
from stacks.settings import Platform
from stacks.upstream import Upstream


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Settings, upstream programs, topic and resource options of the monitoring program."""

    platform: Platform
    settings: MonitoringSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    training: Upstream
    serving: Upstream
    alert_topic_arn: pulumi.Output[str]
    opts: pulumi.ResourceOptions

    @property
    def realtime(self) -> bool:
        """An endpoint answers, not a nightly job."""
        return self.settings.serving_mode == "realtime"

    @property
    def source(self) -> str:
        """Metric dimension of the model that is watched: the name of what serves it."""
        return names.resource_name(self.platform, "endpoint" if self.realtime else "scoring")


def break_glass(ground: Ground) -> Notification:
    """Tell people whenever somebody takes on the break-glass role, or is refused it."""
    role = names.person_arn(ground.platform, "break-glass")
    args = NotificationArgs(
        platform=ground.platform,
        component="break-glass",
        description="Somebody took on the break-glass role, or tried to",
        pattern={
            "source": ["aws.sts"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [role]}},
        },
        message="Break-glass: <caller> asked for the role from <address>, error <error>.",
        fields={
            "caller": "$.detail.userIdentity.arn",
            "address": "$.detail.sourceIPAddress",
            "error": "$.detail.errorCode",
        },
        topic_arn=ground.alert_topic_arn,
        reads_too=True,
    )
    return Notification("break-glass", args, ground.opts)


def endpoint(ground: Ground) -> EndpointAlarms | None:
    """Create the alarms of the endpoint; None where scoring is a batch."""
    if not ground.realtime:
        return None
    settings = ground.settings
    return EndpointAlarms(
        "endpoint",
        EndpointAlarmsArgs(
            name_prefix=ground.source,
            endpoint_name=ground.serving.require("endpoint_name"),
            variant_name=ground.serving.require("variant_name"),
            latency_p99_ms=settings.latency_p99_ms,
            error_percent=settings.error_percent,
            client_error_percent=settings.client_error_percent,
            saturation_percent=settings.saturation_percent,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )


def drift(ground: Ground) -> DriftMonitor | None:
    """Create the drift job; None where no schedule asks for one."""
    settings = ground.settings
    if settings.drift_schedule_expression is None:
        return None
    return DriftMonitor(
        "drift",
        DriftMonitorArgs(
            platform=ground.platform,
            package=settings.package,
            image_uri=pulumi.Output.format("{0}:{1}", ground.training.require("repository_url"), settings.image_tag),
            monitor_role_arn=ground.identity.require("monitor_role_arn"),
            scheduler_role_arn=ground.identity.require("scheduler_role_arn"),
            subnet_ids=ground.foundation.require("private_subnet_ids"),
            security_group_id=ground.foundation.require("job_security_group_id"),
            capture_key_arn=ground.foundation.require("capture_key_arn"),
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            records_uri=ground.serving.require("records_uri"),
            model_package_arn=ground.serving.require("model_package_arn"),
            report_bucket=ground.data.require("capture_bucket_name"),
            report_bucket_arn=ground.data.require("capture_bucket_arn"),
            source=ground.source,
            live=ground.serving.require("status").apply(lambda status: status == "live"),
            window=settings.drift_window,
            schedule_expression=settings.drift_schedule_expression,
            schedule_timezone=settings.drift_schedule_timezone,
            instance_type=settings.drift_instance_type,
            volume_gib=settings.drift_volume_gib,
            max_runtime_seconds=settings.drift_max_runtime_seconds,
            network_isolation=settings.network_isolation,
            share_threshold=settings.drift_share_threshold,
            windows=settings.drift_windows,
            windows_breaching=settings.drift_windows_breaching,
            log_retention_days=settings.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )


def dashboard(ground: Ground) -> aws.cloudwatch.Dashboard | None:
    """Create the operations dashboard; None where the settings want none."""
    if not ground.settings.dashboard:
        return None
    endpoint_name = ground.serving.require("endpoint_name") if ground.realtime else None
    variant_name = ground.serving.require("variant_name") if ground.realtime else None
    facts = pulumi.Output.all(
        endpoint_name=endpoint_name, variant_name=variant_name, pipeline_name=ground.training.require("pipeline_name")
    ).apply(
        lambda given: DashboardFacts(
            region=ground.platform.region,
            title=f"{ground.platform.project} in {ground.platform.environment}",
            metric_namespace=alerts.metric_namespace(ground.platform),
            source=ground.source,
            **given,
        )
    )
    return aws.cloudwatch.Dashboard(
        "operations",
        dashboard_name=names.resource_name(ground.platform, "operations"),
        dashboard_body=facts.apply(lambda known: json.dumps(body(known))),
        opts=ground.opts,
    )
