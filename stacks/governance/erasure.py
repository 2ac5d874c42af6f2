"""The erasure of people, where a regulation grants it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from stacks.components.erasure_job import ErasureJob, ErasureJobArgs
from stacks.components.erasure_register import ErasureRegister, ErasureRegisterArgs
from stacks.components.evidence_store import EvidenceStore
from stacks.documents.erasure import ErasureGround, ErasurePlace, job_permissions
from stacks.governance.settings import GovernanceSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

NAME = "erasure"
PURPOSES = ("raw", "curated", "features", "capture")
KEYS = ("data", "features", "capture", "evidence")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the erasure stands on."""

    platform: Platform
    settings: GovernanceSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    training: Upstream
    evidence: EvidenceStore
    alarm_topic_arn: str
    opts: pulumi.ResourceOptions


def watch(ground: Ground) -> ErasureRegister:
    """Create the register and the job; return the register."""
    settings, evidence_key = ground.settings, ground.foundation.require("evidence_key_arn")
    register = ErasureRegister(
        f"{NAME}-requests",
        ErasureRegisterArgs(platform=ground.platform, kms_key_arn=evidence_key, alarm_topic_arn=ground.alarm_topic_arn),
        ground.opts,
    )
    ErasureJob(
        NAME,
        ErasureJobArgs(
            platform=ground.platform,
            package=settings.package,
            image_uri=pulumi.Output.format("{0}:{1}", ground.training.require("repository_url"), settings.image_tag),
            place=_place(ground, register),
            permissions=_permissions(ground, register),
            subnet_ids=ground.foundation.require("private_subnet_ids"),
            security_group_id=ground.foundation.require("job_security_group_id"),
            scheduler_role_arn=ground.identity.require("scheduler_role_arn"),
            workflow_key_arn=evidence_key,
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=settings.log_retention_days,
            schedule_timezone=settings.schedule_timezone,
            alarm_topic_arn=ground.alarm_topic_arn,
        ),
        ground.opts,
    )
    return register


def _place(ground: Ground, register: ErasureRegister) -> pulumi.Output[str]:
    resolved = pulumi.Output.all(
        buckets={purpose: ground.data.require(f"{purpose}_bucket_name") for purpose in PURPOSES},
        table_name=register.table_name,
        stuck_queue_url=register.stuck_queue_url,
        workgroup=ground.data.require("query_workgroup_name"),
        feature_groups=ground.data.require("online_feature_groups"),
        model_package_group=ground.training.require("model_package_group_name"),
        evidence_bucket=ground.evidence.bucket_name,
    )

    def merge(given: dict[str, Any]) -> str:
        copies = ground.settings.erasure_copies_days
        return ErasurePlace(platform=ground.platform, copies_days=copies, **given).told()

    return resolved.apply(merge)


def _permissions(ground: Ground, register: ErasureRegister) -> pulumi.Output[dict[str, Any]]:
    groups = ground.data.require("online_feature_groups")
    resolved = pulumi.Output.all(
        bucket_arns={purpose: ground.data.require(f"{purpose}_bucket_arn") for purpose in PURPOSES},
        key_arns=[ground.foundation.require(f"{key}_key_arn") for key in KEYS],
        table_arn=register.table_arn,
        stuck_queue_arn=register.stuck_queue_arn,
        evidence_bucket_arn=ground.evidence.arn,
        workgroup=ground.data.require("query_workgroup_name"),
        feature_groups=groups.apply(lambda rows: [row["name"] for row in rows]),
        model_package_group_arn=ground.training.require("model_package_group_arn"),
    )
    return resolved.apply(lambda given: job_permissions(ground.platform, ErasureGround(**given)))
