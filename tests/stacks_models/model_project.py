"""A generated repository in small: the real model programs over upstream programs that only export."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import small_repository

from modelkeel.graph import Graph, Stack

ACCOUNT = "111122223333"
REGION = "eu-west-1"
PACKAGE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/3"

PLATFORM: dict[str, Any] = {
    "project": "fraud",
    "environment": "prod",
    "account_id": ACCOUNT,
    "region": REGION,
    "partition": "aws",
    "owner_email": "owner@example.com",
    "cost_center": "42",
    "data_classification": "cardholder",
    "ai_risk": "minimal",
    "compliance": ["pci_dss_4"],
    "use_fips": False,
}
TRAINING: dict[str, Any] = {
    "package": "fraud",
    "image_tag": "1.0.0",
    "untagged_image_days": 7,
    "instance_type": "ml.m7i.4xlarge",
    "instance_count": 1,
    "volume_gib": 100,
    "max_runtime_seconds": 14400,
    "use_spot": False,
    "processing_instance_type": "ml.m7i.2xlarge",
    "processing_volume_gib": 50,
    "processing_max_runtime_seconds": 3600,
    "network_isolation": True,
    "intercontainer_encryption": True,
    "schedule_expression": "cron(0 3 * * ? *)",
    "quality_metric": "average_precision",
    "quality_minimum": 0.6,
    "fairness_maximum_gap": 0.1,
    "tracking": "mlflow_app",
    "model_package_group": "scores",
    "inference_instance_types": ["ml.c7i.2xlarge"],
}
SERVING: dict[str, Any] = {
    "modes": ["realtime"],
    "model_package_arn": PACKAGE,
    "network_isolation": True,
    "log_retention_days": 365,
    "realtime_instance_type": "ml.c7i.2xlarge",
    "realtime_instance_count": 4,
    "realtime_min_capacity": 4,
    "realtime_max_capacity": 20,
}
BATCH: dict[str, Any] = {
    "modes": ["batch"],
    "batch_instance_type": "ml.m5.xlarge",
    "batch_instance_count": 1,
    "batch_schedule_expression": "cron(0 1 * * ? *)",
}
MONITORING: dict[str, Any] = {
    "serving_modes": ["realtime"],
    "alert_email": "owner@example.com",
    "monthly_budget_usd": 18000,
    "budget_thresholds_percent": [50, 80, 100],
    "log_retention_days": 365,
    "dashboard": True,
    "package": "fraud",
    "image_tag": "1.0.0",
    "drift_schedule_expression": "cron(0 2 * * ? *)",
    "network_isolation": True,
}
GOVERNANCE: dict[str, Any] = {
    "evidence_object_lock_mode": "compliance",
    "evidence_object_lock_days": 365,
    "approver_role_arns": [f"arn:aws:iam::{ACCOUNT}:role/ModelApprover"],
    "model_purpose": "Scores card payments",
    "human_review": True,
    "retraining_proposal": True,
    "kill_switch": True,
    "backup": True,
    "log_retention_days": 365,
}
ERASURE: dict[str, Any] = {
    "erasure": True,
    "erasure_copies_days": 90,
    "package": "fraud",
    "image_tag": "1.0.0",
    "schedule_timezone": "Europe/Dublin",
}
SETTINGS: dict[str, dict[str, Any]] = {
    "training": TRAINING,
    "serving": SERVING,
    "monitoring": MONITORING,
    "governance": GOVERNANCE,
}
ROLES = ("training", "processing", "pipeline", "endpoint", "multi_model", "monitor", "scheduler")
PURPOSES = ("raw", "curated", "features", "models", "capture", "logs")
KEYS = ("data", "features", "models", "capture", "logs", "evidence", "backup")
EXPORTS: dict[str, dict[str, Any]] = {
    "identity": {f"{role}_role_arn": f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/fraud-prod-{role}" for role in ROLES},
    "foundation": {
        "private_subnet_ids": ["subnet-0a", "subnet-0b"],
        "vpc_id": "vpc-0a",
        "job_security_group_id": "sg-0a",
        "endpoint_security_group_id": "sg-0b",
        **{f"{key}_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}" for key in KEYS},
    },
    "data": {
        **{f"{purpose}_bucket_name": f"fraud-prod-{purpose}-{ACCOUNT}" for purpose in PURPOSES},
        **{f"{purpose}_bucket_arn": f"arn:aws:s3:::fraud-prod-{purpose}-{ACCOUNT}" for purpose in PURPOSES},
        "query_workgroup_name": "fraud-prod-queries",
        "online_feature_groups": [
            {"name": "fraud-prod-card", "record_identifier": "card_token", "event_time_type": "String"}
        ],
        "backup_plan_id": "0f4c0f4c-plan",
        "backup_role_arn": f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/fraud-prod-backup",
    },
}


def recorded(fidelity: str = "simulate", **changes: Mapping[str, Any]) -> Graph:
    """Return the graph of the environment; `changes` are settings by program or `platform`; None leaves a key out."""
    return _recorded(fidelity, json.dumps(changes, sort_keys=True))[0]


def said(**changes: Mapping[str, Any]) -> list[str]:
    """Return what the programs logged while the same environment was recorded."""
    return _recorded("simulate", json.dumps(changes, sort_keys=True))[1]


def waiting() -> Graph:
    """Return the graph of the environment before any model is approved."""
    return recorded(serving={"model_package_arn": None})


def batch() -> Graph:
    """Return the graph of an environment that scores nightly and has no governance of its own to speak of."""
    return recorded(
        training={"tracking": "none", "fairness_maximum_gap": None},
        serving=BATCH,
        monitoring={"serving_modes": ["batch"], "dashboard": False},
        governance=dict.fromkeys(("human_review", "retraining_proposal", "kill_switch", "backup", "erasure"), False),
    )


def stack(graph: Graph, program: str) -> Stack:
    """Return the stack of `program`."""
    return next(each for each in graph.stacks if each.program == program)


@functools.cache
def _recorded(fidelity: str, changes: str) -> tuple[Graph, list[str]]:
    changed = json.loads(changes)
    programs = {name: {**settings, **changed.get(name, {})} for name, settings in SETTINGS.items()}
    platform = {**PLATFORM, **changed.get("platform", {})}
    return small_repository.recorded(platform, programs, EXPORTS, fidelity=fidelity)
