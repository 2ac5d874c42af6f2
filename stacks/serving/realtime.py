"""Real-time serving: log and rollback alarms always, the endpoint once a model is approved."""

from __future__ import annotations

import pulumi

from stacks.components.gradual_endpoint import VARIANT
from stacks.components.realtime_endpoint import SHADOW_VARIANT, RealtimeEndpoint, Shadow
from stacks.components.shadow_review import ShadowReview, ShadowReviewArgs
from stacks.serving import asked, sizing
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import RealtimeSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create what answers requests; return the exports `realtime_endpoint_name`, `_variant_name`, `_records_uri`.

    Captured requests of an hour lie below `realtime_records_uri`/yyyy/mm/dd/hh, in UTC. While no model is
    approved, the export `planned_endpoint` (JSON) says how large the endpoint will be, so that its cost is known
    before.
    """
    settings = load(RealtimeSettings, "serving", RealtimeSettings.PREFIX)
    endpoint_name = ground.endpoint_name("endpoint")
    ground.log("endpoint", f"/aws/sagemaker/Endpoints/{endpoint_name}")
    alarms = ground.rollback_alarms(
        "rollback",
        endpoint_name,
        VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
    )
    exports: Exports = {
        "realtime_endpoint_name": endpoint_name,
        "realtime_variant_name": VARIANT,
        "realtime_records_uri": pulumi.Output.format("{0}/{1}/{2}", ground.capture_uri, endpoint_name, VARIANT),
    }
    if not ground.settings.model_package_arn:
        return {**exports, "planned_endpoint": sizing.planned(ground, settings)}
    endpoint = RealtimeEndpoint(
        "endpoint",
        ground.fleet(settings, endpoint_name, alarms),
        ground.opts,
        shadow=_shadow(ground, settings, endpoint_name),
    )
    config_name = endpoint.endpoint_config_name
    sizing.size(ground, "endpoint", settings, endpoint.endpoint_name, config_name)
    return {
        **exports,
        "realtime_endpoint_config_name": config_name,
        "realtime_asked": _asked(ground, settings, endpoint_name, config_name),
    }


def _asked(
    ground: Ground, settings: RealtimeSettings, endpoint_name: str, endpoint_config_name: pulumi.Output[str]
) -> pulumi.Output[str]:
    has_hours = sizing.has_hours(ground)
    live = {
        "name": VARIANT,
        "model_name": ground.model_name,
        "model_package_arn": ground.settings.model_package_arn,
        "instance_type": settings.instance_type,
        "weight": 1,
        "min_capacity": None if has_hours else settings.min_capacity,
        "max_capacity": None if has_hours else settings.max_capacity,
    }
    shadow = {
        "name": SHADOW_VARIANT,
        "shadow": True,
        "model_package_arn": settings.shadow_model_package_arn,
        "instance_type": settings.instance_type,
        "weight": settings.shadow_percent / 100,
    }
    return asked.endpoint(
        endpoint_name,
        endpoint_config_name,
        [live, shadow] if settings.shadow_model_package_arn else [live],
        capture_percent=settings.capture_percent,
        network_isolation=ground.settings.network_isolation,
        has_hours=has_hours,
    )


def _shadow(ground: Ground, settings: RealtimeSettings, endpoint_name: str) -> Shadow | None:
    if settings.shadow_model_package_arn is None:
        return None
    # Nobody waits for the candidate's answers, so these alarms tell people and roll nothing back.
    ground.rollback_alarms(
        "shadow",
        endpoint_name,
        SHADOW_VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
        purpose="candidate",
    )
    candidate = ground.model("candidate", settings.shadow_model_package_arn)
    ShadowReview(
        "shadow-review",
        ShadowReviewArgs(
            platform=ground.platform,
            endpoint_name=endpoint_name,
            live_variant=VARIANT,
            candidate_variant=SHADOW_VARIANT,
            model_name=candidate.model_name,
            package_arn=settings.shadow_model_package_arn,
            days=settings.shadow_days,
            records_uri=pulumi.Output.format("{0}/{1}", ground.capture_uri, endpoint_name),
            scheduler_role_arn=ground.identity.require("scheduler_role_arn"),
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=ground.settings.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    return Shadow(model_name=candidate.model_name, percent=settings.shadow_percent)
