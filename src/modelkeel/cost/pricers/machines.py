"""Machines and file systems of training clusters, and capacity that is bought ahead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from modelkeel.cost.facts import MONTH_HOURS, Facts, exported, items, mapping, number
from modelkeel.cost.jobs import SECONDS_AN_HOUR
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

PLANNED_JOBS = "planned_jobs"
GIB_A_ROOT_VOLUME = 200
MILLION = 1_000_000


def file_system(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Storage at its throughput all month, used or not; backups hold what changed."""
    size = number(resource.inputs.get("storageCapacity"))
    rate = number(resource.inputs.get("perUnitStorageThroughput"))
    if size is None or rate is None:
        yield Gap(dimension="storage", reason="size or throughput of the file system is not in the graph")
        return
    yield Use(
        dimension=f"storage at {rate} MB/s per TiB",
        sku=f"fsx-lustre-{rate}",
        quantity=exactly(size),
        assumption=f"{size} GiB all month",
    )
    if number(resource.inputs.get("automaticBackupRetentionDays")):
        yield Use(
            dimension="backups",
            sku="fsx-backup",
            quantity=assumed("file_system_backup_share") * size,
            assumption=because("file_system_backup_share"),
        )


def planned_jobs(stack: Stack) -> Iterator[Part]:
    """Machines of the jobs that the export `planned_jobs` announces: none of them is in the graph."""
    plan = exported(stack, PLANNED_JOBS)
    if not plan:
        return
    kind, nodes, seconds = plan.get("instance_type"), number(plan.get("nodes")), number(plan.get("max_runtime_seconds"))
    if not isinstance(kind, str) or nodes is None or seconds is None:
        yield Gap(dimension="training jobs", reason="size of the planned jobs is not exported")
        return
    by_calendar = number(plan.get("runs_per_month"))
    runs = exactly(by_calendar) if by_calendar else assumed("hand_started_runs")
    said = f"{by_calendar:.4g} runs a month" if by_calendar else because("hand_started_runs")
    hours = assumed("job_runtime_share") * (seconds / SECONDS_AN_HOUR) * nodes * runs
    said = f"{said}; {because('job_runtime_share')}"
    spot = plan.get("spot") is True
    reserved = {"group": "reserved machines are paid all month", "block": "a capacity block is paid when it is bought"}
    if (bought := reserved.get(str(plan.get("reservation")))) is not None:
        yield Free(reason=f"{bought}: jobs on them cost nothing more")
        return
    yield Use(
        dimension=f"training jobs: {kind}",
        sku=f"ec2-instance:{kind}",
        quantity=hours * assumed("spot_share") if spot else hours,
        assumption=f"{said}; {because('spot_share')}" if spot else said,
    )
    yield Use(
        dimension="training jobs: root volumes",
        sku="ebs-gp3",
        quantity=hours * (Decimal(GIB_A_ROOT_VOLUME) / MONTH_HOURS),
        assumption=f"{GIB_A_ROOT_VOLUME} GiB a machine while a job runs",
    )


def compute_environment(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Nothing runs without a job, unless machines are kept."""
    compute = mapping(resource.inputs.get("computeResources"))
    if compute.get("type") == "FARGATE":
        yield from _fargate(facts, resource)
        return
    if number(compute.get("minVcpus")):
        yield Gap(dimension="machines", reason="machines are kept without a job: minVcpus is not 0")
    else:
        yield Free(reason="machines exist while jobs run; planned jobs are priced with their program")


def _fargate(facts: Facts, resource: Resource) -> Iterator[Part]:
    """The containers of its jobs while they run: what each may ask for stands in the job's definition."""
    sizes = [
        {str(row.get("type")): number(row.get("value")) for row in map(mapping, items(asked))}
        for _, job in facts.of_type("aws:batch/jobDefinition:JobDefinition")
        if job.parent == resource.parent
        for asked in [_properties(job).get("resourceRequirements")]
    ]
    if not sizes:
        yield Gap(dimension="containers", reason="the jobs that run there are not in the graph")
    for size in sizes:
        for kind, sku, unit in (("VCPU", "fargate-vcpu", 1), ("MEMORY", "fargate-gb", 1024)):
            asked = size.get(kind)
            if asked is None:
                yield Gap(dimension=f"containers: {kind}", reason="the size of the job is not in the graph")
                continue
            yield Use(
                dimension=f"containers: {kind}",
                sku=sku,
                quantity=assumed("erasure_hours") * (asked / unit),
                assumption=because("erasure_hours"),
            )


def _properties(job: Resource) -> Mapping[str, Any]:
    text = job.inputs.get("containerProperties")
    try:
        return mapping(json.loads(text)) if isinstance(text, str) else mapping(text)
    except ValueError:
        return {}


def pipe(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests, one for each run."""
    quantity = assumed("hand_started_runs") * (Decimal(1) / MILLION)
    yield Use(dimension="requests", sku="pipe-requests", quantity=quantity, assumption=because("hand_started_runs"))


def reservation(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Reserved machines are paid all month, used or not."""
    kind, count = resource.inputs.get("instanceType"), number(resource.inputs.get("instanceCount"))
    if not isinstance(kind, str) or count is None:
        yield Gap(dimension="reserved machines", reason="type or number of the machines is not in the graph")
        return
    yield Use(
        dimension=f"reserved machines: {kind}",
        sku=f"ec2-instance:{kind}",
        quantity=exactly(count * MONTH_HOURS),
        assumption=f"{count} machines all month, idle or not, without a savings plan",
    )


def capacity_block(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Paid once, when it is bought."""
    yield Gap(dimension="purchase", reason="paid once at the price of its offering, which AWS sets day by day")


def hyperpod(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Machines of each group all month; those of a training plan are paid with the plan."""
    groups = items(_desired(resource).get("InstanceGroups"))
    if not groups:
        yield Gap(dimension="machines", reason="the groups of the cluster are not in the graph")
    for group in map(mapping, groups):
        kind, count = group.get("InstanceType"), number(group.get("InstanceCount"))
        name = group.get("InstanceGroupName")
        if not isinstance(kind, str) or count is None:
            yield Gap(dimension=f"group {name}", reason="type or number of the machines is not in the graph")
            continue
        if group.get("TrainingPlanArn"):
            yield Gap(dimension=f"group {name}: {kind}", reason="paid when the training plan is bought")
        else:
            yield Use(
                dimension=f"group {name}: {kind}",
                sku=f"sagemaker-instance:{kind}",
                quantity=exactly(count * MONTH_HOURS),
                assumption=f"{count} machines all month",
            )
        for disk in map(mapping, items(group.get("InstanceStorageConfigs"))):
            gib = number(mapping(disk.get("EbsVolumeConfig")).get("VolumeSizeInGB"))
            if gib:
                yield Use(
                    dimension=f"group {name}: disks",
                    sku="sagemaker-volume",
                    quantity=exactly(gib * count),
                    assumption=f"{gib} GiB a machine all month",
                )


def _desired(resource: Resource) -> Mapping[str, Any]:
    text = resource.inputs.get("desiredState")
    try:
        return mapping(json.loads(text)) if isinstance(text, str) else mapping(text)
    except ValueError:
        return {}


PRICERS: Mapping[str, Pricer] = {
    "aws:fsx/lustreFileSystem:LustreFileSystem": file_system,
    "aws:batch/computeEnvironment:ComputeEnvironment": compute_environment,
    "aws:pipes/pipe:Pipe": pipe,
    "aws:ec2/capacityReservation:CapacityReservation": reservation,
    "aws:ec2/capacityBlockReservation:CapacityBlockReservation": capacity_block,
    "AWS::SageMaker::Cluster": hyperpod,
}
