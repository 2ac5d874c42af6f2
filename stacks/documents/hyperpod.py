"""The desired state of a SageMaker HyperPod cluster, as CloudFormation describes AWS::SageMaker::Cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOUNT_FOLDER = "/fsx"
PARTITION = "train"
SCRIPTS = Path(__file__).parent.parent / "scripts" / "hyperpod"
ON_CONTROLLER = "controller.sh"
DEEP_CHECKS = ("InstanceStress", "InstanceConnectivity")
DISK_GIB = 500
ADDRESSES_KEPT_BY_AWS = 5


@dataclass(frozen=True, kw_only=True)
class HyperPodFacts:
    """Everything that the cluster is made of; the file system and the scripts are resolved."""

    name: str
    controller_instance_type: str
    login_instance_type: str
    worker_instance_type: str
    workers: int
    accelerated: bool
    role_arn: str
    scripts_uri: str
    subnet_id: str
    security_group_id: str
    kms_key_arn: str
    file_system_dns: str
    file_system_mount_name: str
    training_plan_arn: str | None
    tags: Mapping[str, str]


def desired_state(facts: HyperPodFacts) -> dict[str, Any]:
    """Return the cluster: a controller, a login machine, and workers that are tested before they join.

    Slurm's node types, its partition and the file system are told to the API, so that no configuration file lies in
    a bucket. Faulty machines are replaced by themselves. Source: SageMaker AI Developer Guide, "SageMaker HyperPod
    Slurm configuration", and the CloudFormation schema of the resource, read 2026-11-25.
    """
    return {
        "ClusterName": facts.name,
        "InstanceGroups": [
            _group(facts, "controller", facts.controller_instance_type, 1, {"NodeType": "Controller"}),
            _group(facts, "login", facts.login_instance_type, 1, {"NodeType": "Login"}),
            _workers(facts),
        ],
        "Orchestrator": {"Slurm": {"SlurmConfigStrategy": "Managed"}},
        "NodeRecovery": "Automatic",
        "VpcConfig": {"SecurityGroupIds": [facts.security_group_id], "Subnets": [facts.subnet_id]},
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(facts.tags.items())],
    }


def _workers(facts: HyperPodFacts) -> dict[str, Any]:
    slurm = {"NodeType": "Compute", "PartitionNames": [PARTITION]}
    group = _group(facts, "workers", facts.worker_instance_type, facts.workers, slurm)
    if facts.accelerated:
        group["OnStartDeepHealthChecks"] = list(DEEP_CHECKS)
    if facts.training_plan_arn:
        group["TrainingPlanArn"] = facts.training_plan_arn
    return group


def _group(facts: HyperPodFacts, name: str, instance_type: str, count: int, slurm: Mapping[str, Any]) -> dict[str, Any]:
    mount = {"DnsName": facts.file_system_dns, "MountName": facts.file_system_mount_name, "MountPath": MOUNT_FOLDER}
    group: dict[str, Any] = {
        "InstanceGroupName": name,
        "InstanceType": instance_type,
        "InstanceCount": count,
        "ExecutionRole": facts.role_arn,
        # NCCL's threads pin one to a core; HyperPod's own default.
        "ThreadsPerCore": 1,
        "SlurmConfig": dict(slurm),
        "InstanceStorageConfigs": [
            {"EbsVolumeConfig": {"VolumeSizeInGB": DISK_GIB, "VolumeKmsKeyId": facts.kms_key_arn}},
            {"FsxLustreConfig": mount},
        ],
    }
    if name == "controller":
        group["LifeCycleConfig"] = {"SourceS3Uri": facts.scripts_uri, "OnInitComplete": ON_CONTROLLER}
    return group


def addresses_problem(cidr: str, prefix_length: int, needed: int) -> str:
    """Return why a cluster does not fit its subnet; empty where it does. `needed` are the addresses of all machines."""
    free = 2 ** (32 - prefix_length) - ADDRESSES_KEPT_BY_AWS
    if needed <= free:
        return ""
    return f"the cluster takes {needed:,} addresses, its subnet {cidr} has {free:,}: fewer workers, or a wider network"


def scripts() -> Sequence[Path]:
    """Return the scripts that the machines run, sorted by name."""
    return sorted(SCRIPTS.glob("*.sh"))


def environment(values: Mapping[str, str]) -> str:
    """Return the settings of the scripts as a file that systemd and shells read.

    Raises:
        ValueError: a value would not stay one value.
    """
    for name, value in values.items():
        if any(character.isspace() or character in "\"'$`\\" for character in value):
            raise ValueError(f"{name} is {value!r}: no spaces, quotes or dollars in the settings of the scripts")
    return "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
