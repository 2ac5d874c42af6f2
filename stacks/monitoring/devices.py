"""Alarms on devices: those that are silent, those on which a version fails, and those that behave like no device."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from stacks import names, provider
from stacks.components.occurrence_alarm import occurrence_alarm
from stacks.documents import device_defense
from stacks.monitoring.ground import Ground

SILENT_PERIOD_SECONDS = 300
SILENT_PERIODS = 3
FAILED_MINUTES = 15
FAILED = ("FAILED", "REJECTED")
AUDIT_SECONDS = 86_400


def watch(ground: Ground) -> None:
    """Create the alarms of the devices that run the model; nothing where none do."""
    if not ground.settings.watched_devices:
        return
    _silent(ground)
    _failed(ground)
    _behaviour(ground)
    _audit(ground)


def _silent(ground: Ground) -> None:
    platform, settings = ground.platform, ground.settings
    most = max(1, settings.watched_devices * settings.silent_percent // 100)
    metric = aws.cloudcontrol.Resource(
        "silent-devices",
        type_name=device_defense.FLEET_METRIC,
        desired_state=json.dumps(
            device_defense.silent_devices(
                platform,
                group_name=names.resource_name(platform, "devices"),
                period_seconds=SILENT_PERIOD_SECONDS,
                tags=provider.tags(platform, "monitoring"),
            )
        ),
        opts=ground.opts,
    )
    aws.cloudwatch.MetricAlarm(
        "silent-devices",
        name=names.resource_name(platform, "silent-devices"),
        alarm_description=f"More than {most} of {settings.watched_devices} devices are not connected",
        namespace="AWS/IoTFleetMetrics",
        metric_name=device_defense.fleet_metric_name(platform),
        dimensions={"AggregationType": "count"},
        statistic="Maximum",
        period=SILENT_PERIOD_SECONDS,
        evaluation_periods=SILENT_PERIODS,
        datapoints_to_alarm=SILENT_PERIODS,
        comparison_operator="GreaterThanThreshold",
        threshold=most,
        treat_missing_data="missing",
        alarm_actions=[ground.urgent_topic_arn],
        ok_actions=[ground.urgent_topic_arn],
        opts=pulumi.ResourceOptions.merge(ground.opts, pulumi.ResourceOptions(depends_on=[metric])),
    )


def _failed(ground: Ground) -> None:
    """Count what devices tell of a version that they could not take.

    An event has no target of its own: the rule's metric says how many there were, and the devices, each with its
    reason, stand in the deployment. Greengrass sends these events as well as it can, not for sure; a ring is stopped by
    its own criteria, whatever arrives here.
    """
    called = names.resource_name(ground.platform, "failed-devices")
    rule = aws.cloudwatch.EventRule(
        "failed-devices",
        name=called,
        description="A device could not take the version of its ring",
        event_pattern=json.dumps(
            {
                "source": ["aws.greengrass"],
                "detail-type": ["Greengrass V2 Effective Deployment Status Change"],
                "detail": {"coreDeviceExecutionStatus": list(FAILED)},
            }
        ),
        opts=ground.opts,
    )
    aws.cloudwatch.MetricAlarm(
        "failed-devices",
        name=called,
        alarm_description=f"{ground.settings.failed_devices} devices or more could not take the version of their ring",
        namespace="AWS/Events",
        metric_name="MatchedEvents",
        dimensions={"RuleName": rule.name},
        statistic="Sum",
        period=60 * FAILED_MINUTES,
        evaluation_periods=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=ground.settings.failed_devices,
        treat_missing_data="notBreaching",
        alarm_actions=[ground.urgent_topic_arn],
        opts=ground.opts,
    )


def _behaviour(ground: Ground) -> None:
    platform = ground.platform
    profile = device_defense.security_profile(
        platform,
        group_arn=names.service_arn(platform, "iot", f"thinggroup/{names.resource_name(platform, 'devices')}"),
        messages_per_minute=ground.settings.device_messages_per_minute,
        tags=provider.tags(platform, "monitoring"),
    )
    aws.cloudcontrol.Resource(
        "device-behaviour",
        type_name=device_defense.SECURITY_PROFILE,
        desired_state=json.dumps(profile),
        opts=ground.opts,
    )
    occurrence_alarm(
        "device-behaviour",
        alarm_name=device_defense.profile_name(platform),
        description="A device behaves as none of ours should: refused, chatty or restless",
        namespace="AWS/IoT",
        metric_name="Violations",
        dimensions={"SecurityProfileName": device_defense.profile_name(platform)},
        statistic="Sum",
        topic_arn=ground.alert_topic_arn,
        opts=ground.opts,
    )


def _audit(ground: Ground) -> None:
    if not ground.settings.device_audit:
        return
    platform = ground.platform
    for check in device_defense.ALARMED:
        label = check.removesuffix("_CHECK").replace("_", "-").lower()
        aws.cloudwatch.MetricAlarm(
            f"device-audit-{label}",
            name=names.resource_name(platform, f"device-audit-{label}"),
            alarm_description=f"The daily audit of devices found a breach of {check}",
            namespace="AWS/IoT",
            metric_name="NonCompliantResources",
            dimensions={"CheckName": check, "ScheduledAuditName": device_defense.audit_name(platform)},
            statistic="Maximum",
            period=AUDIT_SECONDS,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[ground.alert_topic_arn],
            opts=ground.opts,
        )
