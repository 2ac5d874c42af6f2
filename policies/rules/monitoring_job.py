"""Jobs that a state machine starts on its own: drift, bias, scoring. In the network, isolated, under our keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..instance import stores_locally
from ..values import Value, at, is_set, listed
from ..view import Breach, Resource
from ..workflow import StartedJob, started_jobs


def workflow_job_isolated(machine: Resource) -> Iterator[Breach]:
    """SM-052. A transform job runs where its model does: the model's controls judge it.

    A job whose only input is a model reads what nobody sent: in the network, it may ask AWS, for a signature say.
    """
    for job in started_jobs(machine):
        if job.kind == "Transform":
            continue
        network = job.request if job.kind == "Training" else at(job.request, "NetworkConfig") or {}
        if not is_set(at(network, "VpcConfig", "Subnets")):
            yield Breach("the job runs outside the network", f"{job.path}.VpcConfig")
        if at(network, "EnableNetworkIsolation") is not True and not _reads_models_alone(job):
            yield Breach("the job's container can reach the network", f"{job.path}.EnableNetworkIsolation")


def workflow_job_own_keys(machine: Resource) -> Iterator[Breach]:
    """SM-053. Instances with NVMe disks encrypt them in hardware and refuse a volume key."""
    for job in started_jobs(machine):
        cluster, output = _parts(job)
        instance_type = at(cluster, "InstanceType")
        local = isinstance(instance_type, str) and stores_locally(instance_type)
        if not local and not is_set(at(cluster, "VolumeKmsKeyId")):
            yield Breach("the job's volume is not encrypted with a key of ours", f"{job.path}.VolumeKmsKeyId")
        if not is_set(at(output, "KmsKeyId")):
            yield Breach("the job's output is not encrypted with a key of ours", f"{job.path}.KmsKeyId")


def _reads_models_alone(job: StartedJob) -> bool:
    inputs = [at(given, "InputName") for given in listed(at(job.request, "ProcessingInputs"))]
    return job.kind == "Processing" and inputs == ["model"]


def _parts(job: StartedJob) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    if job.kind == "Processing":
        cluster = at(job.request, "ProcessingResources", "ClusterConfig")
        return cluster or {}, at(job.request, "ProcessingOutputConfig") or {}
    if job.kind == "Training":
        return at(job.request, "ResourceConfig") or {}, at(job.request, "OutputDataConfig") or {}
    return at(job.request, "TransformResources") or {}, at(job.request, "TransformOutput") or {}
