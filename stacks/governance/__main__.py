"""Evidence, human review, the registry policy, erasure and the kill switch."""

import pulumi

from stacks import alerts, provider, settings
from stacks.components.backup_selection import BackupSelection, BackupSelectionArgs
from stacks.components.evidence_store import EvidenceStore, EvidenceStoreArgs
from stacks.components.governance_log import GovernanceLog, GovernanceLogArgs
from stacks.components.human_review import HumanReview, HumanReviewArgs
from stacks.components.kill_switch import KillSwitch, KillSwitchArgs, parameter_path
from stacks.components.model_governance import ModelGovernance, ModelGovernanceArgs
from stacks.components.retraining_proposal import RetrainingProposal, RetrainingProposalArgs
from stacks.governance import erasure
from stacks.governance.settings import GovernanceSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

platform = settings.load(Platform, "platform")
governance = settings.load(GovernanceSettings, "governance")
opts = provider.options(platform, "governance")

foundation = Upstream(platform, "foundation")
data = Upstream(platform, "data")
training = Upstream(platform, "training")
alert_topic = alerts.topic_arn(platform)

evidence = EvidenceStore(
    "evidence",
    EvidenceStoreArgs(
        platform=platform,
        kms_key_arn=foundation.require("evidence_key_arn"),
        access_log_bucket=data.require("logs_bucket_name"),
        lock_mode=governance.evidence_object_lock_mode,
        lock_days=governance.evidence_object_lock_days,
    ),
    opts,
)
ModelGovernance(
    "registry",
    ModelGovernanceArgs(
        platform=platform,
        model_package_group=training.require("model_package_group_name"),
        model_package_group_arn=training.require("model_package_group_arn"),
        approver_role_arns=governance.approver_role_arns,
        purpose=governance.model_purpose,
        keeps_registry=not platform.tooling_account_id,
        kms_key_arn=foundation.require("models_key_arn"),
    ),
    opts,
)
review = (
    HumanReview(
        "review",
        HumanReviewArgs(
            platform=platform,
            evidence_bucket=evidence.bucket_name,
            evidence_bucket_arn=evidence.arn,
            evidence_key_arn=foundation.require("evidence_key_arn"),
            log_key_arn=foundation.require("logs_key_arn"),
            pipeline_name=training.require("pipeline_name"),
            pipeline_arn=training.require("pipeline_arn"),
            timeout_seconds=governance.review_timeout_seconds,
            log_retention_days=governance.log_retention_days,
            alarm_topic_arn=alert_topic,
        ),
        opts,
    )
    if governance.human_review
    else None
)
if review and governance.retraining_proposal:
    RetrainingProposal(
        "retraining",
        RetrainingProposalArgs(
            platform=platform,
            alarm_names=[alerts.drift_alarm_name(platform), alerts.quality_alarm_name(platform)],
            review_workflow_arn=review.workflow_arn,
        ),
        opts,
    )
switch = (
    KillSwitch("switch", KillSwitchArgs(platform=platform, alarm_topic_arn=alert_topic), opts)
    if governance.kill_switch
    else None
)
register = (
    erasure.watch(
        erasure.Ground(
            platform=platform,
            settings=governance,
            identity=Upstream(platform, "identity"),
            foundation=foundation,
            data=data,
            training=training,
            evidence=evidence,
            alarm_topic_arn=alert_topic,
            opts=opts,
        )
    )
    if governance.erasure
    else None
)
if governance.backup:
    BackupSelection(
        "governance-copies",
        BackupSelectionArgs(
            platform=platform,
            plan_id=data.require("backup_plan_id"),
            role_arn=data.require("backup_role_arn"),
            resource_arns=[evidence.arn, *(kept.table_arn for kept in (review, register) if kept)],
        ),
        opts,
    )
log = GovernanceLog(
    "governance",
    GovernanceLogArgs(
        platform=platform,
        kms_key_arn=foundation.require("logs_key_arn"),
        retention_days=governance.log_retention_days,
        model_package_group=training.require("model_package_group_name"),
        pipeline_arn=training.require("pipeline_arn"),
        review_workflow_arn=review.workflow_arn if review else None,
        kill_switch=parameter_path(platform) if switch else None,
    ),
    opts,
)

pulumi.export("evidence_bucket_name", evidence.bucket_name)
pulumi.export("evidence_bucket_arn", evidence.arn)
pulumi.export("governance_log_group_name", log.log_group_name)
if review:
    pulumi.export("review_workflow_arn", review.workflow_arn)
    pulumi.export("review_queue_url", review.queue_url)
    pulumi.export("review_table_name", review.table_name)
if switch:
    pulumi.export("kill_switch_name", switch.parameter_name)
if register:
    pulumi.export("erasure_table_name", register.table_name)
    pulumi.export("erasure_stuck_queue_url", register.stuck_queue_url)
