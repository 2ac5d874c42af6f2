"""Asynchronous serving: topics, log and rollback alarms always, the endpoint once a model is approved."""

from __future__ import annotations

import json

import pulumi

from stacks.components.asynchronous_endpoint import AsynchronousEndpoint, AsynchronousEndpointArgs
from stacks.components.backlog_scaling import BacklogScaling, BacklogScalingArgs
from stacks.components.gradual_endpoint import VARIANT
from stacks.components.result_topics import ResultTopics, ResultTopicsArgs
from stacks.components.rollback_alarms import RollbackAlarms
from stacks.serving import asked
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import AsyncSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create what takes requests from S3; return the exports `async_endpoint_name`, topics and S3 prefixes.

    Callers put a request below `async_requests_uri` and name it in InvokeEndpointAsync; the answer lies below
    `capture/async-answers/` and a notice of it goes to `async_answered_topic_arn`. While no model is approved, the
    export `planned_async` (JSON) says how large the endpoint will be.
    """
    settings = load(AsyncSettings, "serving", AsyncSettings.PREFIX)
    endpoint_name = ground.endpoint_name("async")
    ground.log("async", f"/aws/sagemaker/Endpoints/{endpoint_name}")
    topics = ResultTopics(
        "async",
        ResultTopicsArgs(
            platform=ground.platform,
            component="async",
            kms_key_arn=ground.foundation.require("logs_key_arn"),
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    alarms = ground.rollback_alarms(
        "async-rollback",
        endpoint_name,
        VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
    )
    exports: Exports = {
        "async_endpoint_name": endpoint_name,
        "async_variant_name": VARIANT,
        "async_records_uri": pulumi.Output.format("{0}/{1}/{2}", ground.capture_uri, endpoint_name, VARIANT),
        "async_requests_uri": pulumi.Output.format("{0}/async-requests", ground.capture_uri),
        "async_answered_topic_arn": topics.answered_arn,
        "async_failed_topic_arn": topics.failed_arn,
    }
    if not ground.settings.model_package_arn:
        return {**exports, "planned_async": _planned(settings)}
    endpoint = _endpoint(ground, settings, endpoint_name, topics, alarms)
    return {
        **exports,
        "async_endpoint_config_name": endpoint.endpoint_config_name,
        "async_asked": asked.endpoint(
            endpoint_name,
            endpoint.endpoint_config_name,
            [
                {
                    "name": VARIANT,
                    "model_name": ground.model_name,
                    "model_package_arn": ground.settings.model_package_arn,
                    "instance_type": settings.instance_type,
                    "weight": 1,
                    "min_capacity": settings.min_capacity,
                    "max_capacity": settings.max_capacity,
                }
            ],
            capture_percent=settings.capture_percent,
            network_isolation=ground.settings.network_isolation,
        ),
    }


def _planned(settings: AsyncSettings) -> str:
    size = {
        "instance_type": settings.instance_type,
        "min_capacity": settings.min_capacity,
        "max_capacity": settings.max_capacity,
        "capture_percent": settings.capture_percent,
    }
    return json.dumps(size, sort_keys=True)


def _endpoint(
    ground: Ground, settings: AsyncSettings, endpoint_name: str, topics: ResultTopics, alarms: RollbackAlarms
) -> AsynchronousEndpoint:
    endpoint = AsynchronousEndpoint(
        "async",
        AsynchronousEndpointArgs(
            endpoint=ground.fleet(settings, endpoint_name, alarms),
            answers_uri=pulumi.Output.format("{0}/async-answers", ground.capture_uri),
            failures_uri=pulumi.Output.format("{0}/async-failures", ground.capture_uri),
            answered_topic_arn=topics.answered_arn,
            failed_topic_arn=topics.failed_arn,
            concurrent_invocations=settings.concurrent_invocations_per_instance,
        ),
        ground.opts,
    )
    BacklogScaling(
        "async-scaling",
        BacklogScalingArgs(
            endpoint_name=endpoint.endpoint_name,
            variant_name=VARIANT,
            min_capacity=settings.min_capacity,
            max_capacity=settings.max_capacity,
            backlog_per_instance=settings.backlog_per_instance,
            scale_in_cooldown_seconds=settings.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=settings.scale_out_cooldown_seconds,
        ),
        ground.opts,
    )
    return endpoint
