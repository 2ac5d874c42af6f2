"""The servers of a language model in the cluster: alarms and a dashboard."""

from __future__ import annotations

import json

import pulumi_aws as aws

from stacks import alerts, names
from stacks.components.server_alarms import ServerAlarms, ServerAlarmsArgs
from stacks.documents.server_signals import ServerLimits, dashboard
from stacks.monitoring.ground import CLUSTER_MODE, Ground

COMPONENT = "language-server"


def watch(ground: Ground) -> None:
    """Create what watches the servers; nothing where the cluster serves nothing."""
    platform, settings = ground.platform, ground.settings
    if CLUSTER_MODE not in settings.serving_modes:
        return
    server = names.resource_name(platform, COMPONENT)
    namespace = alerts.metric_namespace(platform)
    ServerAlarms(
        COMPONENT,
        ServerAlarmsArgs(
            server=server,
            metric_namespace=namespace,
            limits=ServerLimits(
                latency_p99_ms=settings.latency_p99_ms,
                error_percent=settings.error_percent,
                client_error_percent=settings.client_error_percent,
                waiting_requests=settings.server_waiting_requests,
                rests=settings.server_rests,
            ),
            live=ground.live,
            alarm_topic_arn=ground.alert_topic_arn,
            urgent_topic_arn=ground.urgent_topic_arn,
        ),
        ground.opts,
    )
    if settings.dashboard:
        title = f"Language model of {platform.project} in {platform.environment}"
        aws.cloudwatch.Dashboard(
            COMPONENT,
            dashboard_name=server,
            dashboard_body=json.dumps(dashboard(namespace, server, platform.region, title)),
            opts=ground.opts,
        )
