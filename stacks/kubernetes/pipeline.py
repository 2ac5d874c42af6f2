"""The pipeline's training in the cluster: its queue, what its jobs are made of, and what takes its requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks import efa, settings
from stacks.components.team_namespace import TeamNamespace, TeamNamespaceArgs
from stacks.components.team_queue import LOCAL_QUEUE, TeamQueue, TeamQueueArgs
from stacks.components.training_dispatcher import TrainingDispatcher, TrainingDispatcherArgs
from stacks.documents.kubernetes_job import (
    RAY,
    RAY_API,
    RUNTIME,
    TRAINER_API,
    KubernetesJobFacts,
    job,
    runtime,
)
from stacks.settings import Platform
from stacks.upstream import Upstream

SERVICE_ACCOUNT = "pipeline"
WAIT_SECONDS = 86_400
"""How long a job may wait for its turn and its machines, beside its own run time."""


@dataclass(frozen=True, kw_only=True)
class JobSettings:
    """The pipeline's training jobs; config namespace `job`."""

    namespace: str
    """Namespace in which they run: that of the only team, or one of the pipeline's own."""
    engine: str
    """`torch`: a TrainJob that torchrun leads; `ray`: a RayJob."""
    package: str
    """Python package in the image whose modules run: `python -m <package>.cluster`."""
    image_tag: str
    """Tag of the training image."""
    instance_type: str
    """EC2 type of the machines, which stand in a pool or a node group of the cluster."""
    nodes: int
    """Machines of one job; each has one pod."""
    vcpus: int
    """vCPUs of one machine."""
    memory_gib: int
    """Memory of one machine in GiB."""
    gpus: int
    """GPUs of one machine."""
    efa: bool
    """Machines talk over EFA."""
    max_runtime_seconds: int
    """Seconds after which a job is ended, counted from its start."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the jobs stand on: upstream programs, what is left of the machines, resource options."""

    platform: Platform
    teams: list[str]
    left: Mapping[str, str]
    most: Mapping[str, str]
    borrowing: bool
    opts: pulumi.ResourceOptions


def deploy(ground: Ground, operators: list[pulumi.Resource]) -> None:
    """Create all of it, once the `operators` of queues and jobs are there; exports `pipeline_queue`."""
    given = settings.load(JobSettings, "job")
    after = pulumi.ResourceOptions.merge(ground.opts, pulumi.ResourceOptions(depends_on=operators))
    if given.namespace not in ground.teams:
        after = _own_queue(given, ground, after)
    training = Upstream(ground.platform, "training")
    image_uri = pulumi.Output.format("{0}:{1}", training.require("repository_url"), given.image_tag)
    facts = pulumi.Output.all(image_uri=image_uri, key=training.require("output_key_arn")).apply(
        lambda found: _facts(given, found["image_uri"], ground.platform.region, found["key"])
    )
    ray = given.engine == RAY
    if not ray:
        kubernetes.apiextensions.CustomResource(
            "pipeline-runtime",
            api_version=TRAINER_API,
            kind="TrainingRuntime",
            metadata={"name": RUNTIME, "namespace": given.namespace},
            spec=facts.apply(runtime),
            opts=after,
        )
    TrainingDispatcher(
        "training-requests",
        TrainingDispatcherArgs(
            image_uri=image_uri,
            package=given.package,
            region=ground.platform.region,
            requests_url=training.require("training_requests_url"),
            jobs_namespace=given.namespace,
            jobs_service_account=SERVICE_ACCOUNT,
            job=facts.apply(job),
            kind="RayJob" if ray else "TrainJob",
            api_group=(RAY_API if ray else TRAINER_API).split("/", maxsplit=1)[0],
            give_up_seconds=given.max_runtime_seconds + WAIT_SECONDS,
        ),
        after,
    )
    pulumi.export("pipeline_queue", f"{given.namespace}/{LOCAL_QUEUE}")


def _own_queue(given: JobSettings, ground: Ground, after: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Several teams share the machines: the pipeline has what is nobody's own, and borrows as they do."""
    name = given.namespace
    space = TeamNamespace(
        name,
        TeamNamespaceArgs(team=name, project=ground.platform.project, service_accounts=[], limits=ground.most),
        after,
    )
    # What may be borrowed is the group's already: none of it is promised twice.
    quota = {resource: _none_of(amount) if ground.borrowing else amount for resource, amount in ground.left.items()}
    queue = TeamQueue(
        name,
        TeamQueueArgs(team=name, quota=quota, borrowing=ground.borrowing),
        pulumi.ResourceOptions.merge(after, pulumi.ResourceOptions(depends_on=[space])),
    )
    return pulumi.ResourceOptions.merge(after, pulumi.ResourceOptions(depends_on=[space, queue]))


def _none_of(amount: str) -> str:
    return f"0{amount.lstrip('0123456789')}"


def _facts(given: JobSettings, image_uri: str, region: str, key_arn: str) -> KubernetesJobFacts:
    size: dict[str, Any] = {key: getattr(given, key) for key in ("nodes", "vcpus", "memory_gib", "gpus")}
    return KubernetesJobFacts(
        image_uri=image_uri,
        package=given.package,
        engine=given.engine,
        queue=LOCAL_QUEUE,
        service_account=SERVICE_ACCOUNT,
        efa_interfaces=efa.interfaces(given.instance_type) if given.efa else 0,
        max_runtime_seconds=given.max_runtime_seconds,
        environment={"AWS_REGION": region, "MODEL_KEY_ARN": key_arn},
        **size,
    )
