"""Decisions turned into the configuration keys that the programs read."""

from __future__ import annotations

import math
from typing import Any

from modelkeel.answers.ai_act import risk_class
from modelkeel.answers.model import Answers
from modelkeel.plan import (
    brought,
    change_capture,
    conformance,
    edge,
    erasure,
    estate_settings,
    event_table,
    exposure,
    feed,
    kafka,
    monitoring_settings,
    platform_teams,
    serving_settings,
    size,
    slack,
)
from modelkeel.plan.accounts import deploy_subjects, log_archive_id, tooling_account_id
from modelkeel.plan.cluster_settings import cluster
from modelkeel.plan.kubernetes_settings import kubernetes
from modelkeel.plan.operations import tracker
from modelkeel.plan.topics import Topics
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.region import regions

IMAGE_TAG = "0.1.0"
KEY_DELETION_DAYS = 30
UNTAGGED_IMAGE_DAYS = 14
PEOPLE = ("mlops-manager", "data-engineer", "data-scientist", "devops-engineer", "business-analyst")
SMALL_TEAM = ("mlops-manager", "data-scientist", "devops-engineer")
SERVICE_ROLES = ("training", "processing", "pipeline", "endpoint", "monitor", "scheduler")
MANY_MODELS_ROLE = "multi_model"


def package(answers: Answers) -> str:
    """Return the name of the generated Python package."""
    return answers.project_name.replace("-", "_")


def platform(answers: Answers, topics: Topics, environment: str | None, account_id: str) -> dict[str, Any]:
    """Return what every program knows; an account stack belongs to the environment `shared`."""
    return {
        "project": answers.project_name,
        "environment": environment or "shared",
        "account_id": account_id,
        "region": answers.region,
        "partition": regions()[answers.region].partition,
        "owner_email": answers.owner_email,
        "cost_center": answers.cost_center,
        "data_classification": topics.regime.data_classification,
        "ai_risk": _ai_risk(answers),
        "compliance": list(answers.frameworks),
        "use_fips": topics.regime.has("fips"),
        **({"tooling_account_id": apart} if environment and (apart := tooling_account_id(answers)) else {}),
    }


def account(answers: Answers, topics: Topics, environments: tuple[str, ...], account_id: str) -> dict[str, Any]:
    """Return the settings of the account program; CI comes in by the tooling account where there is one."""
    regime, accounts = topics.regime, topics.accounts
    tooling = tooling_account_id(answers)
    entered = account_id == tooling if tooling else bool(environments)
    manages = accounts.manages_singletons
    lock = regime.lock_mode
    return {
        # What all environments share carries the name of no environment.
        "environments": list(environments) or ["shared"],
        "manage_ci_identity_provider": bool(accounts.ci_issuer_url) and entered,
        "ci_issuer_url": accounts.ci_issuer_url,
        "ci_audience": accounts.ci_audience,
        "manage_trail": manages,
        "log_data_events": regime.has("data_events"),
        "trail_hot_days": regime.hot_days,
        "trail_retention_days": regime.retention_days,
        "log_group_retention_days": regime.log_group_days,
        "access_log_retention_days": regime.retention_days,
        "object_lock_mode": lock,
        "object_lock_days": regime.retention_days if lock != "off" else 0,
        "manage_config": manages,
        "manage_guardduty": manages,
        "guardduty_features": list(accounts.guardduty_features),
        "manage_security_hub": manages,
        "security_hub_standards": list(accounts.security_hub_standards),
        "manage_access_analyzer": manages,
        "manage_macie": manages and regime.has("sensitive_data_scan"),
        "manage_glue_catalog_encryption": manages,
        "manage_account_defaults": True,
        "security_alarms": manages and regime.regulated,
        **conformance.rules(answers, topics),
        **({"manage_api_logs": True} if environments and exposure.stands_before(answers, topics) else {}),
        **({"manage_capture_roles": True} if environments and change_capture.is_asked(answers) else {}),
        **({"organization_watch": True} if account_id == log_archive_id(answers) else {}),
        "key_deletion_window_days": KEY_DELETION_DAYS,
    }


def identity(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the identity program."""
    regime, training = topics.regime, topics.training
    preview, deploy = deploy_subjects(answers, topics.accounts.repository, environment)
    watching = {topics.monitoring.drift_job.instance_type, topics.monitoring.quality_job.instance_type}
    jobs = {training.instance_type, training.processing_instance_type, *watching}
    return {
        "ci_issuer_url": topics.accounts.ci_issuer_url,
        "ci_audience": topics.accounts.ci_audience,
        "ci_preview_subjects": preview,
        "ci_deploy_subjects": deploy,
        "bootstrap_admin_role_arn": role_arn(answers, answers.account_ids[environment], answers.admin_role),
        "service_roles": service_roles(answers, topics),
        "training_instance_types": sorted(jobs),
        "endpoint_instance_types": sorted(topics.modes.of(environment).endpoint_instance_types),
        "allowed_regions": list(regime.regions),
        "require_network_isolation": regime.has("network_isolation"),
        "require_intercontainer_encryption": regime.has("intercontainer_encryption"),
        "max_job_runtime_seconds": max(training.max_runtime_seconds, 3600),
        "buckets": brought.buckets(answers, topics.storage.buckets, environment),
        **brought.key(answers, environment),
        **brought.raw_bucket(answers, environment),
        "key_classes": [*topics.storage.key_classes, *topics.backup.key_classes(environment)],
        "feature_store_online": topics.storage.online_features,
        "deploy_parts": [
            *estate_settings.deploy_parts(answers, topics.network, environment, topics.storage.stream_retention_hours),
            *erasure.deploy_parts(regime),
            *(["device_rings"] if edge.has_rings(answers, regime) else []),
            *(["slack"] if slack.joined(answers) else []),
            *(["change_capture"] if change_capture.is_asked(answers) else []),
            *(["event_table"] if event_table.is_made(answers, regime) else []),
        ],
        # In one small environment the scientist brings the data in too, and everybody reads the figures.
        "people": list(PEOPLE if regime.regulated or len(answers.environments) > 1 else SMALL_TEAM),
        "people_sign_in": "mfa" if answers.ide_auth == "iam" else "identity_center",
        "teams": [] if platform_teams.on_platform(answers) else list(answers.teams),
        **platform_teams.settings(answers),
        **({"cluster_instance_types": _cluster_types(topics, environment)} if topics.cluster.used else {}),
        "serving_modes": list(topics.modes.names),
        **({"serves_api": True} if exposure.stands_before(answers, topics) else {}),
        **({"serves_balancer": True} if exposure.is_balanced(answers, topics, environment) else {}),
    }


def _cluster_types(topics: Topics, environment: str) -> list[str]:
    """Return what machines of the cluster may be; where code is tried, also what it is tried on."""
    tried = {topics.machines.rehearsal.name} if environment == topics.machines.rehearsed_in else set[str]()
    servers = topics.modes.of(environment).servers
    serves = {servers.instance_type} if servers is not None else set[str]()
    return sorted({*topics.cluster.instance_types, *tried, *serves})


def foundation(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the foundation program."""
    network = topics.network
    block = network.blocks[environment]
    return {
        "key_classes": [*topics.storage.key_classes, *topics.backup.key_classes(environment)],
        "key_deletion_window_days": KEY_DELETION_DAYS,
        **brought.key(answers, environment),
        "vpc_cidr": block.vpc_cidr,
        "availability_zones": list(network.zones),
        "private_subnet_cidrs": list(block.private),
        "public_subnet_cidrs": list(block.public),
        **brought.network(answers, environment),
        "firewall_subnet_cidrs": list(block.firewall),
        "egress_domains": list(answers.egress_domains) if answers.egress == "allowlist" else [],
        "egress": network.egress[environment],
        "gateway_endpoints": list(network.gateway_endpoints),
        "interface_endpoints": list(network.interface_endpoints),
        "interface_endpoint_zones": network.endpoint_zones[environment],
        # A nightly job and a nightly training are one trust zone, unless a framework keeps duties apart.
        "model_security_group": topics.modes.names != ("batch",) or topics.regime.regulated,
        "dns_guard": network.dns_guard,
        "flow_log_retention_days": topics.regime.log_group_days,
    }


def data(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the data program."""
    storage, regime = topics.storage, topics.regime
    lock = regime.lock_mode
    production = environment == answers.environments[-1]
    return {
        # Below production lives what one training run reads, not the whole lake.
        "dataset_gib": math.ceil(size.data_gib(answers) if production else size.training_gib(answers)),
        "buckets": brought.buckets(answers, storage.buckets, environment),
        **brought.raw_bucket(answers, environment),
        "intelligent_tiering_after_days": storage.intelligent_tiering_after_days,
        "archive_after_days": storage.archive_after_days,
        "noncurrent_days": storage.noncurrent_days,
        "capture_retention_days": regime.capture_days,
        "access_log_retention_days": regime.retention_days,
        "object_lock_buckets": ["models"] if lock != "off" else [],
        "object_lock_mode": lock,
        "object_lock_days": regime.hot_days if lock != "off" else 0,
        **({"releases_models": True} if topics.modes.many else {}),
        "log_group_retention_days": regime.log_group_days,
        "query_scan_limit_gib": storage.query_scan_limit_gib,
        **({"balancer_logs": True} if exposure.is_balanced(answers, topics, environment) else {}),
        "stream_enabled": storage.stream
        and not feed.is_kafka_alone(answers, environment, storage.stream_retention_hours),
        **kafka.settings(answers, environment, storage.stream_retention_hours),
        **event_table.settings(answers, regime),
        **change_capture.settings(answers, environment),
        **estate_settings.devices(answers, environment),
        **edge.data(answers, regime, environment),
        "stream_mode": storage.stream_mode,
        "stream_shards": storage.stream_shards,
        "stream_retention_hours": storage.stream_retention_hours,
        "firehose_buffer_mib": storage.firehose_buffer_mib,
        "firehose_buffer_seconds": storage.firehose_buffer_seconds,
        "feature_groups": [dict(group) for group in storage.feature_groups],
        "backup_purposes": topics.backup.purposes(environment),
        "backup_daily_days": topics.backup.daily_days if topics.backup.of(environment) else 0,
        "backup_monthly_days": topics.backup.monthly_days if topics.backup.of(environment) else 0,
        "backup_continuous": topics.backup.continuous and topics.backup.of(environment),
        "backup_lock": topics.backup.lock and topics.backup.of(environment),
        "sensitive_data_scan": topics.accounts.manages_singletons and regime.has("sensitive_data_scan"),
    }


def training(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the training program; only the last environment trains by the calendar."""
    sizes, regime, archetype = topics.training, topics.regime, archetypes()[answers.archetype]
    settings: dict[str, Any] = {
        "package": package(answers),
        "image_tag": IMAGE_TAG,
        "untagged_image_days": UNTAGGED_IMAGE_DAYS,
        "instance_type": sizes.instance_type,
        "instance_count": sizes.instance_count,
        "volume_gib": sizes.volume_gib,
        "max_runtime_seconds": sizes.max_runtime_seconds,
        "use_spot": sizes.use_spot,
        "max_wait_seconds": 2 * sizes.max_runtime_seconds if sizes.use_spot else 0,
        "processing_instance_type": sizes.processing_instance_type,
        "processing_volume_gib": sizes.processing_volume_gib,
        "processing_max_runtime_seconds": sizes.max_runtime_seconds,
        "network_isolation": regime.has("network_isolation"),
        "intercontainer_encryption": regime.has("intercontainer_encryption"),
        "schedule_timezone": answers.timezone,
        "quality_metric": archetype.quality_metric,
        "quality_minimum": archetype.quality_minimum,
        "tracking": "mlflow_app" if tracker(answers) == "mlflow_app" else "none",
        "model_package_group": archetype.model_package_group,
        "inference_instance_types": sorted(
            topics.modes.endpoint_instance_types | topics.modes.of(environment).endpoint_instance_types
        ),
    }
    if sizes.schedule_expression and environment == answers.environments[-1]:
        settings["schedule_expression"] = sizes.schedule_expression
    if answers.protected_attributes and regime.fairness_metric != "none":
        settings["fairness_maximum_gap"] = answers.max_gap
    return settings


def service_roles(answers: Answers, topics: Topics) -> list[str]:
    """Return the roles that the environment's services assume, those of training clusters left out."""
    edge_roles = ["edge_release"] if edge.has_rings(answers, topics.regime) else []
    return [*SERVICE_ROLES, *([MANY_MODELS_ROLE] if topics.modes.many else []), *edge_roles]


def serving(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the serving program: endpoints and jobs, and devices that the model reaches."""
    made_of = {"package": package(answers), "image_tag": IMAGE_TAG}
    instance_type = topics.monitoring.drift_job.instance_type
    return {
        **serving_settings.serving(answers, topics, environment, **made_of),
        **edge.serving(answers, topics.regime, instance_type=instance_type, **made_of),
    }


def monitoring(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the monitoring program."""
    return monitoring_settings.monitoring(answers, topics, environment, package(answers), IMAGE_TAG)


def governance(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the governance program."""
    regime = topics.regime
    account_id = answers.account_ids[environment]
    partition = regions()[answers.region].partition
    reserved = f"arn:{partition}:iam::{account_id}:role/aws-reserved/sso.amazonaws.com"
    sso = f"{reserved}/*/AWSReservedSSO_{answers.approver_role}_*"
    path = f"mlops/{environment}/people/{answers.project_name}-{environment}-mlops-manager"
    approvers = [role_arn(answers, account_id, path), role_arn(answers, account_id, answers.approver_role), sso]
    approvers = approvers if answers.approver_role else approvers[:1]
    return {
        "evidence_object_lock_mode": "compliance" if regime.lock_mode == "compliance" else "governance",
        "evidence_object_lock_days": regime.retention_days,
        "approver_role_arns": approvers,
        "model_purpose": archetypes()[answers.archetype].purpose,
        "human_review": regime.human_review != "none",
        "review_timeout_seconds": 259_200,
        # Without a drift job there is no alarm that could open a case.
        "retraining_proposal": topics.monitoring.retraining_proposal
        and monitoring_settings.has_drift_job(answers, topics, environment),
        "kill_switch": topics.monitoring.kill_switch,
        "backup": topics.backup.of(environment),
        "log_retention_days": regime.log_group_days,
        **erasure.settings(answers, topics, environment, package(answers), IMAGE_TAG),
    }


def role_arn(answers: Answers, account_id: str, name: str) -> str:
    """Return the ARN of a role without a path, empty where it has no name."""
    return f"arn:{regions()[answers.region].partition}:iam::{account_id}:role/{name}" if name else ""


def _ai_risk(answers: Answers) -> str:
    return "none" if answers.ai_act_role == "not_applicable" else risk_class(answers).replace("_", "-")


PROGRAMS = {
    "identity": identity,
    "foundation": foundation,
    "data": data,
    "cluster": cluster,
    "kubernetes": kubernetes,
    "training": training,
    "serving": serving,
    "monitoring": monitoring,
    "governance": governance,
}
