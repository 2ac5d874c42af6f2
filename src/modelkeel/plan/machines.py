"""Training beyond jobs that come and go: which cluster stands where, how many addresses it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan import cluster_choice, file_system, reserved_capacity
from modelkeel.plan.decision import Decision
from modelkeel.plan.file_system import FileSystem
from modelkeel.plan.size import training_gib
from modelkeel.plan.training import Training
from modelkeel.tables.instance import Instance, instances, offered

JOBS, BATCH, SLURM, HYPERPOD_EKS = "sagemaker_jobs", "aws_batch", "hyperpod_slurm", "hyperpod_eks"
KARPENTER = "eks_karpenter"
BUILT = frozenset({JOBS, BATCH, SLURM, KARPENTER})
SHARING_FILES = BUILT - {KARPENTER}
"""Where jobs read by a shared file system; pods stream from S3 onto the disks of their machine."""
HYPERPOD = frozenset({SLURM, HYPERPOD_EKS})
PIPELINE_JOBS = 2
REHEARSAL_FAMILIES = ("g6e", "g6", "g5", "g7e")
REHEARSAL_GPUS = 4
HELPER_FAMILIES = ("m7i", "m6i", "m5")
# SageMaker AI Developer Guide, "Prerequisites for using SageMaker HyperPod": a P5 takes 32 addresses with Slurm, 81
# with EKS. Others are counted by their network cards.
P5_ADDRESSES = {SLURM: 32, HYPERPOD_EKS: 81}


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What training stands on; `reservation` is `none`, `group` or `block`."""

    platform: str
    purchase: str
    row: Instance
    nodes: int
    rehearsal: Instance
    rehearsed_in: str
    input_mode: str
    file_system: FileSystem | None
    reservation: str
    environments: tuple[str, ...]
    production: str
    decisions: tuple[Decision, ...]

    def platform_in(self, environment: str) -> str:
        """Return where training runs in an environment: a cluster that costs all month stands in the last one only."""
        return self.platform if environment in self.environments else JOBS

    def row_in(self, environment: str) -> Instance:
        """Return the machine that trains there."""
        return self.rehearsal if environment == self.rehearsed_in else self.row

    def nodes_in(self, environment: str) -> int:
        """Return how many machines one job takes there."""
        return 1 if environment == self.rehearsed_in else self.nodes

    def kinds_in(self, environment: str) -> list[str]:
        """Return the kinds of cluster that CI deploys there."""
        kinds = {BATCH: "batch", SLURM: "hyperpod", HYPERPOD_EKS: "hyperpod"}
        found = [kinds[where]] if (where := self.platform_in(environment)) in kinds else []
        return found + (["file_system"] if self.shares_files(environment) else [])

    def shares_files(self, environment: str) -> bool:
        """Tell whether the shared file system stands there."""
        return self.file_system is not None and environment == self.production

    def input_mode_in(self, environment: str) -> str:
        """Return how jobs read their data there: without the file system they stream from S3."""
        shared = self.input_mode == "fsx_lustre" and not self.shares_files(environment)
        return "fast_file" if shared else self.input_mode

    def instances_in(self, environment: str, concurrent_jobs: int) -> int:
        """Return addresses that training takes in one subnet of the environment."""
        where, row, nodes = self.platform_in(environment), self.row_in(environment), self.nodes_in(environment)
        if where == KARPENTER:
            # Machines of the Kubernetes cluster are counted with it.
            return PIPELINE_JOBS * concurrent_jobs
        alone = 1 if nodes == 1 else max(1, row.efa_interfaces)
        each = addresses_of(row, where) if where in HYPERPOD else alone
        jobs = PIPELINE_JOBS * concurrent_jobs
        servers = 2 + self.file_system.servers if self.file_system and self.shares_files(environment) else 0
        return nodes * each * (1 if where in HYPERPOD else concurrent_jobs) + jobs + servers


def addresses_of(row: Instance, platform: str) -> int:
    """Return the addresses that one machine of a HyperPod cluster takes."""
    if row.family.startswith("p5"):
        return P5_ADDRESSES[platform]
    return max(1, row.efa_interfaces) if platform == SLURM else row.ips_per_eni + max(1, row.efa_interfaces)


def plan(answers: Answers, trained: Training) -> Machines:
    """Return what follows from where training runs and how its capacity is bought.

    Raises:
        ModelkeelError: the purchase and the platform exclude each other, or the machines are not sold that way.
    """
    where = trained.platform if trained.platform in BUILT else JOBS
    _offered(answers, where, trained.instance_type)
    row, nodes = instances()[trained.instance_type.removeprefix("ml.")], trained.instance_count
    reservation, bought = reserved_capacity.plan(answers, trained.platform, trained.purchase, row, nodes)
    mode = next(str(decision.value) for decision in trained.decisions if decision.key == "training_input_mode")
    shared = where in HYPERPOD or (mode == "fsx_lustre" and trained.platform in SHARING_FILES)
    system = file_system.plan(answers, row, nodes, training_gib(answers)) if shared else None
    production = answers.environments[-1]
    dev = "dev" if "dev" in answers.environments[:-1] and row.family.startswith(("p", "trn")) else ""
    tried, rehearsed = _rehearsal(answers, row) if dev else (row, ())
    return Machines(
        platform=where,
        purchase=trained.purchase,
        row=row,
        nodes=nodes,
        rehearsal=tried,
        rehearsed_in=dev,
        input_mode=mode,
        file_system=system,
        reservation=reservation,
        environments=(production,) if _stays(answers, where, trained.purchase) else tuple(answers.environments),
        production=production,
        decisions=(*(system.decisions if system else ()), *bought, *rehearsed),
    )


def _stays(answers: Answers, where: str, purchase: str) -> bool:
    """Tell whether machines stand all month: such machines are bought for production only."""
    return where in HYPERPOD or (where == KARPENTER and cluster_choice.scaling(answers, purchase) == "managed_groups")


def _offered(answers: Answers, where: str, instance_type: str) -> None:
    row = instances()[instance_type.removeprefix("ml.")]
    if where in HYPERPOD and "cluster" not in row.uses:
        raise usage_error(
            f"{row.ml_name} is not on offer for HyperPod",
            got=f"train_platform: {where}, training on {row.ml_name} in {answers.region}",
            allowed="instances of SageMaker's list for clusters",
            fix="train_platform: sagemaker_jobs, or another train_gpu",
        )


def _rehearsal(answers: Answers, row: Instance) -> tuple[Instance, tuple[Decision, ...]]:
    """Return the machine on which dev finds out whether the code runs."""
    small = [
        each
        for each in offered("training", answers.region)
        if each.family in REHEARSAL_FAMILIES and each.gpus >= REHEARSAL_GPUS and each.usd_per_hour is not None
    ]
    if not small:
        return row, ()
    found = small[0]
    decision = Decision(
        key="rehearsal_instance_type",
        value=found.ml_name,
        reason=(
            f"In dev the code is tried on one machine, with a model small enough for it: {row.ml_name} is for the"
            " environments that follow."
        ),
        from_=("environments", "model_params_b", "regions"),
        formula=f"the cheapest of {', '.join(REHEARSAL_FAMILIES)} with {REHEARSAL_GPUS} GPUs or more",
        source="policies/accelerators.toml: dev has no P and no large Trainium machines",
    )
    return found, (decision,)


def warm_pool_seconds(answers: Answers, machines: Machines, environment: str) -> int:
    """Return for how long the machines of a job are kept; Spot machines and those of a training plan are not."""
    kept = machines.platform_in(environment) == JOBS and machines.purchase not in {"spot", "training_plan"}
    return 60 * answers.warm_pool_minutes if kept else 0


def helper(answers: Answers, vcpus: int) -> str:
    """Return the SageMaker instance without GPUs that a cluster's controller or login machine is.

    Raises:
        ModelkeelError: the machines that train, or this one, are not on offer for clusters.
    """
    found = [
        row
        for row in offered("cluster", answers.region)
        if row.family in HELPER_FAMILIES and row.vcpus == vcpus and row.usd_per_hour is not None
    ]
    if not found:
        raise usage_error(
            f"no machine with {vcpus} vCPUs is on offer for HyperPod in {answers.region}",
            got=f"regions: {answers.region}",
            allowed="a Region with one of " + ", ".join(HELPER_FAMILIES),
            fix="another Region, or train_platform: sagemaker_jobs",
        )
    return found[0].ml_name


def endpoints(machines: Machines) -> set[str]:
    """Return the services that machines of the cluster call, as their endpoint service names end."""
    if machines.platform == BATCH:
        return {"ecs", "ecs-agent", "ecs-telemetry", "kms"}
    if machines.platform == KARPENTER:
        return {"kms", "sqs"}
    if machines.platform in HYPERPOD:
        return {"kms", "sqs", "ssm", "ssmmessages", "ec2messages"}
    return set()


def values(machines: Machines) -> dict[str, Any]:
    """Return the words of the template: what stands beside the pipeline."""
    return {
        "uses_batch_cluster": machines.platform == BATCH,
        "uses_dispatcher": machines.platform == KARPENTER,
        "uses_capacity": machines.reservation != "none",
        "uses_capacity_block": machines.reservation == "block",
        "uses_training_plan": machines.purchase == "training_plan",
        "uses_savings_plan": machines.purchase == "savings_plan",
    }
