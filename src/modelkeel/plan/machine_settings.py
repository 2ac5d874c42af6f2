"""Configuration keys of training clusters, by program."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import cluster_job, cluster_settings, machines
from modelkeel.plan.machines import BATCH, JOBS, SLURM
from modelkeel.plan.platform import RUNS_PER_MONTH
from modelkeel.plan.reserved_capacity import RESERVATIONS
from modelkeel.plan.settings import IMAGE_TAG, package, service_roles
from modelkeel.plan.topics import Topics

BACKUP_DAYS = 7
RETRIES = 3
CONTROLLER_VCPUS, LOGIN_VCPUS = 8, 4
CONTROLLER_AND_LOGIN = 2
ROLES = {"batch": ("cluster_job", "cluster_node"), "hyperpod": ("hyperpod",), "file_system": ()}
ROOT_VOLUME_GIB = 200
LINKED_SERVICES = {"batch": ("autoscaling", "spot"), "file_system": ("s3.data-source.lustre.fsx",)}


def config(answers: Answers, topics: Topics, program: str, environment: str) -> dict[str, Any]:
    """Return the keys, with their namespaces, that clusters add to a program's configuration there."""
    made = {
        "identity": _identity,
        "foundation": _foundation,
        "training": _training,
        "capacity": _capacity,
        "cluster": _cluster,
        "kubernetes": _kubernetes,
    }
    return made[program](answers, topics, environment) if program in made else {}


def _identity(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    found = topics.machines
    kinds = found.kinds_in(environment)
    config: dict[str, Any] = {}
    if environment == found.rehearsed_in:
        helpers = {topics.training.processing_instance_type, topics.monitoring.drift_job.instance_type}
        config["identity:training_instance_types"] = sorted({found.rehearsal.ml_name, *helpers})
    config["identity:requests_training"] = found.platform_in(environment) != JOBS
    if not kinds:
        return config
    return config | {
        "identity:machine_kinds": kinds,
        "identity:service_roles": [*service_roles(answers, topics), *(role for kind in kinds for role in ROLES[kind])],
    }


def _foundation(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    kinds = topics.machines.kinds_in(environment)
    linked = sorted({service for kind in kinds for service in LINKED_SERVICES.get(kind, ())})
    if not kinds:
        return {}
    return {"foundation:linked_services": linked, "foundation:amazon_linux_packages": "batch" in kinds}


def _training(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    found, logs = topics.machines, topics.regime.log_group_days
    where = found.platform_in(environment)
    config: dict[str, Any] = {
        "training:train_platform": where,
        "training:input_mode": found.input_mode_in(environment),
        "training:file_system": found.shares_files(environment),
        "training:warm_pool_seconds": machines.warm_pool_seconds(answers, found, environment),
        "training:checkpoints": answers.checkpoints,
    }
    if environment == found.rehearsed_in:
        config |= {"training:instance_type": found.rehearsal.ml_name, "training:instance_count": 1}
    if where == JOBS and answers.training_plan_arn and environment == found.production:
        config["training:training_plan_arn"] = answers.training_plan_arn
    if where != JOBS or found.purchase != "spot":
        config |= {"training:use_spot": False, "training:max_wait_seconds": 0}
    if found.file_system is not None and found.shares_files(environment):
        config |= {
            "lustre:storage_gib": found.file_system.storage_gib,
            "lustre:throughput_mbps_per_tib": found.file_system.throughput_mbps_per_tib,
            "lustre:efa": found.file_system.efa,
            "lustre:backup_days": BACKUP_DAYS,
            "lustre:log_retention_days": logs,
        }
    if where == BATCH:
        config |= _batch(answers, topics, environment)
    if where == SLURM:
        config |= _slurm(answers, topics, environment)
    return config


def _batch(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    found = topics.machines
    row, nodes = found.row_in(environment), found.nodes_in(environment)
    by_calendar = environment == found.production
    runs = RUNS_PER_MONTH[answers.retrain_cadence] if by_calendar else 0.0
    return {
        "batch:instance_type": row.name,
        "batch:nodes": nodes,
        "batch:vcpus": row.vcpus,
        "batch:memory_gib": row.memory_gib,
        "batch:gpus": row.gpus,
        "batch:max_vcpus": row.vcpus * nodes * answers.concurrent_jobs,
        "batch:use_spot": found.purchase == "spot",
        "batch:volume_gib": max(ROOT_VOLUME_GIB, topics.training.volume_gib if not row.nvme_gb else 0),
        "batch:retries": RETRIES,
        "batch:reservation": RESERVATIONS.get(found.purchase, "none") if by_calendar else "none",
        "batch:capacity_reservation_id": answers.capacity_reservation_id if by_calendar else "",
        "batch:log_retention_days": topics.regime.log_group_days,
        "batch:runs_per_month": runs,
    }


def _slurm(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    found = topics.machines
    workers = found.nodes * answers.concurrent_jobs
    config: dict[str, Any] = {
        "hyperpod:controller_instance_type": machines.helper(answers, vcpus=CONTROLLER_VCPUS),
        "hyperpod:login_instance_type": machines.helper(answers, vcpus=LOGIN_VCPUS),
        "hyperpod:worker_instance_type": found.row.ml_name,
        "hyperpod:workers": workers,
        "hyperpod:gpus": found.row.gpus,
        "hyperpod:nodes": found.nodes,
        "hyperpod:addresses": workers * machines.addresses_of(found.row, SLURM) + CONTROLLER_AND_LOGIN,
    }
    if answers.training_plan_arn:
        config["hyperpod:training_plan_arn"] = answers.training_plan_arn
    return config


def _cluster(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    more = cluster_job.pod_identities(answers, topics, environment)
    known = cluster_settings.cluster(answers, topics, environment)["pod_identities"]
    return {"cluster:pod_identities": [*known, *more]} if more else {}


def _kubernetes(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    return cluster_job.config(answers, topics, package(answers), IMAGE_TAG, environment)


def _capacity(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    found = topics.machines
    return {
        "capacity:kind": "capacity_block" if found.reservation == "block" else "on_demand",
        "capacity:instance_type": found.row.name,
        "capacity:instance_count": found.nodes * answers.concurrent_jobs,
        "capacity:availability_zone": topics.network.zones[0],
        "capacity:placement_group": found.nodes > 1,
    }
