"""Devices: what packs and signs an approved version, and the version that each ring runs."""

from __future__ import annotations

import json

import pulumi

from stacks.components.edge_release import EdgeRelease, EdgeReleaseArgs
from stacks.components.ring_deployment import RingDeployments, RingDeploymentsArgs
from stacks.serving.edge_settings import EdgeSettings
from stacks.serving.ground import Exports, Ground
from stacks.settings import load
from stacks.upstream import Upstream


def deploy(ground: Ground, training: Upstream) -> Exports:
    """Create the release job, and a deployment for each ring that `serving:edge_rings` gives a version.

    Exports `edge_signing_key_arn`, whose public half devices hold, `edge_release_workflow_arn` and `edge_rings` (JSON).
    """
    settings = load(EdgeSettings, "serving", EdgeSettings.PREFIX)
    bucket = ground.data.require("models_bucket_name")
    release = EdgeRelease(
        "edge",
        EdgeReleaseArgs(
            platform=ground.platform,
            package=settings.package,
            image_uri=pulumi.Output.format("{0}:{1}", training.require("repository_url"), settings.image_tag),
            role_arn=ground.identity.require("edge_release_role_arn"),
            model_package_group=training.require("model_package_group_name"),
            models_bucket=bucket,
            models_key_arn=ground.foundation.require("models_key_arn"),
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            subnet_ids=ground.foundation.require("private_subnet_ids"),
            security_group_id=ground.foundation.require("job_security_group_id"),
            instance_type=settings.instance_type,
            volume_gib=settings.volume_gib,
            max_runtime_seconds=settings.max_runtime_seconds,
            log_retention_days=ground.settings.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    RingDeployments(
        "ring",
        RingDeploymentsArgs(
            platform=ground.platform,
            component=settings.component,
            package=settings.package,
            architecture=settings.architecture,
            models_bucket=bucket,
            rings=settings.rings,
            caution=settings.caution,
        ),
        ground.opts,
    )
    if not settings.rings:
        pulumi.log.info(
            "no ring runs a version yet: once one is approved and signed, set serving:edge_rings (docs/edge-release.md)"
        )
    return {
        "edge_signing_key_arn": release.signing_key_arn,
        "edge_release_workflow_arn": release.workflow_arn,
        "edge_rings": json.dumps(settings.rings, sort_keys=True),
    }
