"""Training on SageMaker HyperPod with Slurm: the controller takes the requests."""

from __future__ import annotations

import pulumi

from stacks import provider, settings
from stacks.components.hyperpod_cluster import HyperPodCluster, HyperPodClusterArgs
from stacks.components.lustre_file_system import LustreFileSystem
from stacks.components.training_requests import TrainingRequests
from stacks.documents.hyperpod import MOUNT_FOLDER, PARTITION, addresses_problem
from stacks.training.cluster_settings import HyperPodSettings
from stacks.training.ground import Ground


def deploy(ground: Ground, system: LustreFileSystem | None, requests: TrainingRequests) -> None:
    """Create the cluster; export `hyperpod_cluster_name`.

    Raises:
        ValueError: there is no shared file system, or a job wants more machines than the cluster has.
    """
    given = settings.load(HyperPodSettings, "hyperpod")
    if system is None:
        raise ValueError("a Slurm cluster shares files: set training:file_system to true")
    if given.nodes > given.workers:
        raise ValueError(f"hyperpod:nodes is {given.nodes}, the cluster has {given.workers} workers")
    cluster = HyperPodCluster(
        "slurm",
        HyperPodClusterArgs(
            platform=ground.platform,
            controller_instance_type=given.controller_instance_type,
            login_instance_type=given.login_instance_type,
            worker_instance_type=given.worker_instance_type,
            workers=given.workers,
            accelerated=given.gpus > 0,
            subnet_id=_subnet(ground, given.addresses),
            security_group_id=ground.foundation.require("job_security_group_id"),
            role_arn=ground.identity.require("hyperpod_role_arn"),
            kms_key_arn=ground.foundation.require("data_key_arn"),
            bucket_name=ground.data.require("models_bucket_name"),
            bucket_key_arn=ground.foundation.require("models_key_arn"),
            file_system_dns=system.dns_name,
            file_system_mount_name=system.mount_name,
            settings={
                "AWS_REGION": ground.platform.region,
                "GPUS": str(given.gpus),
                "IMAGE_URI": ground.image_uri,
                "MAX_RUNTIME_SECONDS": str(ground.settings.max_runtime_seconds),
                "MODEL_KEY_ARN": ground.output_key_arn,
                "NODES": str(given.nodes),
                "PACKAGE": ground.settings.package,
                "PARTITION": PARTITION,
                "REQUESTS_URL": requests.url,
                "SHARED_FOLDER": MOUNT_FOLDER,
            },
            training_plan_arn=given.training_plan_arn,
            tags=provider.tags(ground.platform, "training"),
        ),
        ground.opts,
    )
    pulumi.export("hyperpod_cluster_name", cluster.cluster_name)


def _subnet(ground: Ground, needed: int) -> pulumi.Output[str]:
    """The first subnet, where all machines have to find addresses: it cannot be changed later."""
    cidrs = ground.foundation.require("private_subnet_cidrs")
    return pulumi.Output.all(subnet=ground.first_subnet(), cidrs=cidrs).apply(
        lambda given: _checked(given["subnet"], given["cidrs"][0], needed)
    )


def _checked(subnet_id: str, cidr: str, needed: int) -> str:
    problem = addresses_problem(cidr, int(cidr.rsplit("/", maxsplit=1)[-1]), needed)
    if problem:
        raise ValueError(f"hyperpod:addresses: {problem}")
    return subnet_id
