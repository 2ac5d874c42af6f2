"""Training on AWS Batch: the queue of requests becomes a queue of jobs."""

from __future__ import annotations

import json
from typing import Any

import pulumi

from stacks import names, settings
from stacks.components.batch_cluster import BatchCluster, BatchClusterArgs, Reservation
from stacks.components.batch_training import BatchTraining, BatchTrainingArgs
from stacks.components.lustre_file_system import LustreFileSystem
from stacks.components.training_requests import TrainingRequests
from stacks.training.cluster_settings import BatchSettings
from stacks.training.ground import Ground
from stacks.upstream import Upstream

RESERVATIONS = ("none", "group", "block")


def deploy(ground: Ground, system: LustreFileSystem | None, requests: TrainingRequests) -> None:
    """Create machines, queue, job and the state machine between pipeline and job.

    Exports `job_queue_arn`, and `planned_jobs` (JSON): how large a job is and how often it runs, so that its cost is
    known before.
    """
    given = settings.load(BatchSettings, "batch")
    reservation, subnets = _place(ground, given)
    cluster = BatchCluster(
        "training",
        BatchClusterArgs(
            platform=ground.platform,
            instance_type=given.instance_type,
            nodes=given.nodes,
            vcpus=given.vcpus,
            memory_gib=given.memory_gib,
            gpus=given.gpus,
            max_vcpus=given.max_vcpus,
            use_spot=given.use_spot,
            volume_gib=given.volume_gib,
            max_runtime_seconds=ground.settings.max_runtime_seconds,
            retries=given.retries,
            subnet_ids=subnets,
            security_group_id=ground.foundation.require("job_security_group_id"),
            kms_key_arn=ground.foundation.require("data_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=given.log_retention_days,
            node_role_name=names.resource_name(ground.platform, "cluster-node"),
            job_role_arn=ground.identity.require("cluster_job_role_arn"),
            image_uri=ground.image_uri,
            package=ground.settings.package,
            environment={"MODEL_KEY_ARN": ground.output_key_arn},
            file_system_dns=system.dns_name if system else None,
            file_system_mount_name=system.mount_name if system else None,
            reservation=reservation,
        ),
        ground.opts,
    )
    BatchTraining(
        "train",
        BatchTrainingArgs(
            platform=ground.platform,
            requests_arn=requests.arn,
            queue_arn=cluster.queue_arn,
            definition_arn=cluster.definition_arn,
            nodes=given.nodes,
            max_runtime_seconds=ground.settings.max_runtime_seconds,
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=given.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    pulumi.export("job_queue_arn", cluster.queue_arn)
    pulumi.export("planned_jobs", json.dumps(_planned(ground, given), sort_keys=True))


def _place(ground: Ground, given: BatchSettings) -> tuple[Reservation | None, pulumi.Output[list[str]]]:
    if given.reservation not in RESERVATIONS:
        raise ValueError(f"batch:reservation is {given.reservation!r}, allowed: {', '.join(RESERVATIONS)}")
    if given.capacity_reservation_id:
        known = given.capacity_reservation_id
        found = Reservation(block_id=known) if given.reservation == "block" else Reservation(reservation_id=known)
        return found, ground.first_subnet().apply(lambda subnet: [subnet])
    if given.reservation == "none":
        everywhere = ground.foundation.require("private_subnet_ids")
        # Machines that train together stand in one zone; single ones wherever there are some.
        return None, ground.first_subnet().apply(lambda subnet: [subnet]) if given.nodes > 1 else everywhere
    capacity = Upstream(ground.platform, "capacity")
    subnet = ground.subnet_in(capacity.require("availability_zone")).apply(lambda found: [found])
    if given.reservation == "block":
        return Reservation(block_id=capacity.require("capacity_block_id")), subnet
    return (
        Reservation(
            group_arn=capacity.require("reservation_group_arn"),
            placement_group_name=capacity.require("placement_group_name") if given.nodes > 1 else None,
        ),
        subnet,
    )


def _planned(ground: Ground, given: BatchSettings) -> dict[str, Any]:
    return {
        "instance_type": given.instance_type,
        "nodes": given.nodes,
        "max_runtime_seconds": ground.settings.max_runtime_seconds,
        "runs_per_month": given.runs_per_month,
        "spot": given.use_spot,
        "reservation": given.reservation,
    }
