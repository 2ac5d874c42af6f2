"""What stands beside the pipeline where training wants more than jobs: a file system, a queue, machines."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names, settings
from stacks.components.lustre_file_system import LustreFileSystem, LustreFileSystemArgs, Repository
from stacks.components.training_requests import TrainingRequests, TrainingRequestsArgs
from stacks.documents.training_facts import JOBS
from stacks.training import batch, hyperpod
from stacks.training.cluster_settings import FileSystemSettings
from stacks.training.ground import Ground

IN_THE_CLUSTER = ("eks_karpenter",)
"""There the kubernetes program makes what takes the requests: it is where the jobs run."""
PLATFORMS = (JOBS, "aws_batch", "hyperpod_slurm", *IN_THE_CLUSTER)


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """What the pipeline needs to know of them."""

    file_system_id: pulumi.Input[str | None] = None
    file_system_mount_name: pulumi.Input[str | None] = None
    request_queue_url: pulumi.Input[str | None] = None


def deploy(ground: Ground) -> Clusters:
    """Create what the settings ask for; exports what people and other programs need of it.

    Raises:
        ValueError: a platform that there is not.
    """
    platform = ground.settings.train_platform
    if platform not in PLATFORMS:
        raise ValueError(f"training:train_platform is {platform!r}, allowed: {', '.join(PLATFORMS)}")
    system = _file_system(ground) if ground.settings.file_system else None
    shared = Clusters(
        file_system_id=system.file_system_id if system else None,
        file_system_mount_name=system.mount_name if system else None,
    )
    if platform == JOBS:
        return shared
    requests = TrainingRequests(
        names.TRAINING_REQUESTS,
        TrainingRequestsArgs(
            platform=ground.platform,
            kms_key_arn=ground.foundation.require("logs_key_arn"),
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    pulumi.export("training_requests_url", requests.url)
    if platform not in IN_THE_CLUSTER:
        {"aws_batch": batch.deploy, "hyperpod_slurm": hyperpod.deploy}[platform](ground, system, requests)
    return Clusters(
        file_system_id=shared.file_system_id,
        file_system_mount_name=shared.file_system_mount_name,
        request_queue_url=requests.url,
    )


def _file_system(ground: Ground) -> LustreFileSystem:
    given = settings.load(FileSystemSettings, "lustre")
    features = ground.data.require("features_bucket_name")
    models = ground.data.require("models_bucket_name")
    repositories = [
        Repository(name="features", folder="features", uri=pulumi.Output.format("s3://{0}/features/", features)),
        Repository(name="runs", folder="runs", uri=pulumi.Output.format("s3://{0}/models/runs/", models), exports=True),
    ]
    system = LustreFileSystem(
        "shared-files",
        LustreFileSystemArgs(
            platform=ground.platform,
            vpc_id=ground.foundation.require("vpc_id"),
            subnet_id=ground.first_subnet(),
            client_security_group_id=ground.foundation.require("job_security_group_id"),
            kms_key_arn=ground.foundation.require("data_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=given.log_retention_days,
            storage_gib=given.storage_gib,
            throughput_mbps_per_tib=given.throughput_mbps_per_tib,
            efa=given.efa,
            backup_days=given.backup_days,
            repositories=repositories,
        ),
        ground.opts,
    )
    pulumi.export("file_system_id", system.file_system_id)
    return system
