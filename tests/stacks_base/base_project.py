"""The account, identity, foundation and data programs, recorded for a large and a small environment."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from small_repository import programs_folder

from modelkeel.graph import Graph, Resource, Stack
from modelkeel.record import project
from stacks.settings import Platform

STACKS = Path(__file__).parents[2] / "stacks"
PROGRAMS = ("account", "identity", "foundation", "data")
ACCOUNT = "111122223333"

PURPOSES = ["raw", "curated", "features", "models", "capture", "logs"]
KEY_CLASSES = ["data", "features", "models", "capture", "logs", "evidence", "backup"]
Settings = dict[str, dict[str, Any]]


def feature_group(name: str) -> dict[str, Any]:
    """Return a row of `data:feature_groups`."""
    features = [
        {"name": f"{name}_id", "type": "String"},
        {"name": "event_time", "type": "Fractional"},
        {"name": "amount_mean_1h", "type": "Fractional"},
    ]
    return {
        "name": name,
        "record_identifier": f"{name}_id",
        "event_time": "event_time",
        "online": True,
        "ttl_days": 90,
        "features": features,
    }


LARGE: Settings = {
    "platform": {
        "project": "fraud",
        "environment": "prod",
        "account_id": ACCOUNT,
        "region": "eu-west-1",
        "partition": "aws",
        "owner_email": "owner@example.com",
        "cost_center": "42",
        "data_classification": "cardholder",
        "ai_risk": "minimal",
        "compliance": ["pci_dss_4", "gdpr"],
        "use_fips": False,
    },
    "account": {
        "environments": ["prod"],
        "manage_ci_identity_provider": True,
        "ci_issuer_url": "https://token.actions.githubusercontent.com",
        "ci_audience": "sts.amazonaws.com",
        "manage_trail": True,
        "log_data_events": True,
        "trail_hot_days": 90,
        "trail_retention_days": 400,
        "log_group_retention_days": 365,
        "access_log_retention_days": 365,
        "object_lock_mode": "governance",
        "object_lock_days": 365,
        "security_alarms": True,
        "manage_config": True,
        "manage_guardduty": True,
        "guardduty_features": ["S3_DATA_EVENTS", "RUNTIME_MONITORING"],
        "manage_security_hub": True,
        "security_hub_standards": ["aws-foundational-security-best-practices/v/1.0.0", "pci-dss/v/4.0.1"],
        "manage_access_analyzer": True,
        "manage_macie": True,
        "manage_glue_catalog_encryption": True,
        "manage_account_defaults": True,
    },
    "identity": {
        "ci_issuer_url": "https://token.actions.githubusercontent.com",
        "ci_audience": "sts.amazonaws.com",
        "ci_preview_subjects": ["repo:acme/fraud:pull_request"],
        "ci_deploy_subjects": ["repo:acme/fraud:environment:prod"],
        "bootstrap_admin_role_arn": "",
        "service_roles": ["training", "processing", "pipeline", "endpoint", "monitor", "scheduler"],
        "training_instance_types": ["ml.m7i.2xlarge", "ml.m7i.4xlarge"],
        "endpoint_instance_types": ["ml.c7i.2xlarge"],
        "allowed_regions": ["eu-west-1"],
        "require_network_isolation": True,
        "require_intercontainer_encryption": True,
        "max_job_runtime_seconds": 86400,
        "buckets": PURPOSES,
        "key_classes": KEY_CLASSES,
        "feature_store_online": True,
    },
    "foundation": {
        "key_classes": KEY_CLASSES,
        "key_deletion_window_days": 30,
        "vpc_cidr": "10.20.0.0/16",
        "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        "private_subnet_cidrs": ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"],
        "public_subnet_cidrs": [],
        "egress": "none",
        "gateway_endpoints": ["s3", "dynamodb"],
        "interface_endpoints": [
            "sagemaker.api",
            "sagemaker.runtime",
            "ecr.api",
            "ecr.dkr",
            "logs",
            "monitoring",
            "kms",
        ],
        "model_security_group": True,
        "dns_guard": True,
        "flow_log_retention_days": 365,
    },
    "data": {
        "buckets": PURPOSES,
        "intelligent_tiering_after_days": 30,
        "archive_after_days": 180,
        "noncurrent_days": 30,
        "capture_retention_days": 90,
        "access_log_retention_days": 365,
        "object_lock_buckets": ["models"],
        "object_lock_mode": "governance",
        "object_lock_days": 90,
        "log_group_retention_days": 365,
        "dataset_gib": 12288,
        "query_scan_limit_gib": 1000,
        "stream_enabled": True,
        "stream_mode": "on_demand",
        "stream_shards": 0,
        "stream_retention_hours": 168,
        "firehose_buffer_mib": 128,
        "firehose_buffer_seconds": 300,
        "feature_groups": [feature_group("card"), feature_group("merchant")],
        "backup_purposes": ["curated", "models"],
        "backup_daily_days": 35,
        "backup_monthly_days": 90,
        "backup_lock": True,
        "sensitive_data_scan": True,
    },
}
SMALL_CHANGES: Settings = {
    "account": {
        "log_data_events": False,
        "object_lock_mode": "off",
        "object_lock_days": 0,
        "security_alarms": False,
        "guardduty_features": [],
        "manage_security_hub": False,
        "manage_macie": False,
        "manage_glue_catalog_encryption": False,
    },
    "identity": {
        "buckets": ["curated", "models", "logs"],
        "key_classes": ["data", "models", "logs"],
        "require_network_isolation": False,
        "feature_store_online": False,
    },
    "foundation": {
        "key_classes": ["data", "models", "logs"],
        "availability_zones": ["eu-west-1a", "eu-west-1b"],
        "private_subnet_cidrs": ["10.20.0.0/20", "10.20.16.0/20"],
        "gateway_endpoints": ["s3"],
        "interface_endpoints": ["sagemaker.api", "ecr.api", "ecr.dkr", "logs"],
        "model_security_group": False,
        "dns_guard": False,
    },
    "data": {
        "buckets": ["curated", "models", "logs"],
        "archive_after_days": 0,
        "object_lock_buckets": [],
        "object_lock_mode": "off",
        "object_lock_days": 0,
        "stream_enabled": False,
        "feature_groups": [],
        "backup_purposes": [],
        "backup_daily_days": 0,
        "backup_monthly_days": 0,
        "backup_lock": False,
        "sensitive_data_scan": False,
    },
}


def recorded(**changes: Mapping[str, Any]) -> Graph:
    """Return the graph of the large environment, its settings changed by program."""
    return _recorded(None, json.dumps(changes, sort_keys=True))


def program(name: str, **changes: Mapping[str, Any]) -> Graph:
    """Return the graph of one program of the large environment: quicker where only that one matters."""
    return _recorded(name, json.dumps(changes, sort_keys=True))


def small() -> Graph:
    """Return the graph of an environment with few buckets and keys, no stream, no regime."""
    return recorded(**SMALL_CHANGES)


def platform(**changes: Any) -> Platform:
    """Return the platform settings of the large environment."""
    return Platform(**{**LARGE["platform"], **changes})


def stack(graph: Graph, program: str) -> Stack:
    """Return the stack of `program`."""
    return next(each for each in graph.stacks if each.program == program)


def of_type(graph: Graph, suffix: str) -> Iterator[Resource]:
    """Yield the resources whose type ends in `suffix` (`s3/bucket:Bucket`)."""
    return (resource for _, resource in graph.resources() if resource.type.endswith(suffix))


def inputs(graph: Graph, suffix: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of the resources of a type by their logical names."""
    return {resource.name: dict(resource.inputs) for resource in of_type(graph, suffix)}


def documents(graph: Graph, suffix: str, key: str = "policy") -> dict[str, dict[str, Any]]:
    """Return the policy documents in `key` of the resources of a type, by their logical names."""
    return {resource.urn: json.loads(resource.inputs[key]) for resource in of_type(graph, suffix)}


def statements(graph: Graph, suffix: str, key: str = "policy") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each statement of those documents with the resource's URN."""
    for urn, document in documents(graph, suffix, key).items():
        for statement in document["Statement"]:
            yield urn, statement


def listed(value: str | list[str]) -> list[str]:
    """Return an IAM element as a list, as IAM reads it."""
    return [value] if isinstance(value, str) else value


@functools.cache
def _recorded(only: str | None, changes: str) -> Graph:
    directory = programs_folder("base")
    shutil.rmtree(directory / "config", ignore_errors=True)
    for name in PROGRAMS:
        _configure(directory, name, json.loads(changes))
    return project(directory, environment="prod", program=only, isolation="shared", talk=lambda _: None)


def _configure(directory: Path, name: str, changes: Settings) -> None:
    folder = directory / "config" / name
    folder.mkdir(parents=True)
    shared = {**LARGE["platform"], **changes.get("platform", {})}
    if name == "account":
        shared["environment"] = "shared"
    own = {**LARGE[name], **changes.get(name, {})}
    values = {f"platform:{key}": value for key, value in shared.items()}
    values |= {f"{name}:{key}": value for key, value in own.items()}
    head = {"name": f"{shared['project']}-{name}", "runtime": "python", "main": f"../../stacks/{name}"}
    stack_name = shared["account_id"] if name == "account" else shared["environment"]
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(head), encoding="utf-8")
    if "offline" in changes:
        (folder / "offline.yaml").write_text(yaml.safe_dump({"invokes": changes["offline"]}), encoding="utf-8")
    (folder / f"Pulumi.{stack_name}.yaml").write_text(yaml.safe_dump({"config": values}), encoding="utf-8")
