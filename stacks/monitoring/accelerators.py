"""GPUs that train or serve in the environment: alarms of those in the cluster, and a dashboard of all."""

from __future__ import annotations

import json

import pulumi_aws as aws

from stacks import alerts, names
from stacks.components.accelerator_alarms import GPU_ERRORS, AcceleratorAlarms, AcceleratorAlarmsArgs
from stacks.documents.accelerator_dashboard import AcceleratorFacts, body
from stacks.monitoring.ground import Ground


def watch(ground: Ground) -> None:
    """Create what watches GPUs; nothing where neither the cluster nor a training job has any."""
    platform, settings = ground.platform, ground.settings
    cluster = names.cluster_name(platform)
    namespace = alerts.metric_namespace(platform)
    if settings.cluster_gpus:
        args = AcceleratorAlarmsArgs(
            platform=platform,
            cluster_name=cluster,
            log_group_name=f"/aws/eks/{cluster}/cluster",
            metric_namespace=namespace,
            efa=settings.cluster_efa,
            queues=settings.cluster_queues,
            queue_hours=settings.queue_hours,
            alarm_topic_arn=ground.alert_topic_arn,
        )
        AcceleratorAlarms("gpus", args, ground.opts)
    if settings.dashboard and (settings.cluster_gpus or settings.training_gpus):
        facts = AcceleratorFacts(
            region=platform.region,
            title=f"GPUs of {platform.project} in {platform.environment}",
            cluster_name=cluster if settings.cluster_gpus else "",
            efa=settings.cluster_efa,
            queues=settings.cluster_queues,
            jobs=settings.training_gpus,
            metric_namespace=namespace,
            errors_metric=GPU_ERRORS,
        )
        aws.cloudwatch.Dashboard(
            "gpus",
            dashboard_name=names.resource_name(platform, "gpus"),
            dashboard_body=json.dumps(body(facts)),
            opts=ground.opts,
        )
