"""Which GPUs the monitoring program watches, and for how long a queue may stay filled."""

from __future__ import annotations

from typing import Any

from modelkeel.plan.topics import Topics
from modelkeel.tables.instance import instances

QUEUE_HOURS = 2


def settings(topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of what watches GPUs, EFA and queues; nothing where no machine has a GPU."""
    cluster, training = topics.cluster, topics.training
    jobs = training.platform == "sagemaker_jobs" and _has_gpu(training.instance_type)
    found: dict[str, Any] = {}
    if topics.modes.of(environment).servers is not None:
        found |= {"cluster_gpus": True}
    if cluster.gpu_instance_type:
        queues = cluster.karpenter
        found |= {"cluster_gpus": True, "cluster_efa": cluster.efa, "cluster_queues": queues}
        found |= {"queue_hours": QUEUE_HOURS} if queues else {}
    return {**found, "training_gpus": True} if jobs else found


def _has_gpu(instance_type: str) -> bool:
    row = instances().get(instance_type.removeprefix("ml."))
    return row is not None and row.gpus > 0
