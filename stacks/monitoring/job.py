"""What every scheduled job that watches a mode stands on, from the settings and the upstream programs."""

from __future__ import annotations

from typing import Any

import pulumi

from stacks.monitoring.ground import Ground
from stacks.monitoring.settings import JobSettings


def arguments(ground: Ground, mode: str, settings: JobSettings, schedule_expression: str) -> dict[str, Any]:
    """Return the arguments that all such jobs of `mode` share."""
    shared = ground.settings
    return {
        "platform": ground.platform,
        "package": shared.package,
        "image_uri": pulumi.Output.format("{0}:{1}", ground.training.require("repository_url"), shared.image_tag),
        "monitor_role_arn": ground.identity.require("monitor_role_arn"),
        "scheduler_role_arn": ground.identity.require("scheduler_role_arn"),
        "subnet_ids": ground.foundation.require("private_subnet_ids"),
        "security_group_id": ground.foundation.require("job_security_group_id"),
        "capture_key_arn": ground.foundation.require("capture_key_arn"),
        "workflow_key_arn": ground.foundation.require("evidence_key_arn"),
        "log_key_arn": ground.foundation.require("logs_key_arn"),
        "records_uri": ground.serving.require(f"{mode}_records_uri"),
        "model_package_arn": ground.serving.require("model_package_arn"),
        "report_bucket": ground.data.require("capture_bucket_name"),
        "report_bucket_arn": ground.data.require("capture_bucket_arn"),
        "source": ground.source(mode),
        "live": ground.live,
        "window": settings.window,
        "schedule_expression": schedule_expression,
        "schedule_timezone": settings.schedule_timezone,
        "instance_type": settings.instance_type,
        "volume_gib": settings.volume_gib,
        "max_runtime_seconds": settings.max_runtime_seconds,
        "network_isolation": shared.network_isolation,
        "windows": settings.windows,
        "windows_breaching": settings.windows_breaching,
        "log_retention_days": shared.log_retention_days,
        "alarm_topic_arn": ground.alert_topic_arn,
    }
