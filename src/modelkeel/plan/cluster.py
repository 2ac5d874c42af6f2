"""The Kubernetes cluster: whether there is one, its machines, and how their capacity comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from modelkeel.answers.cluster import ON_KUBERNETES
from modelkeel.answers.model import Answers
from modelkeel.plan import cluster_choice
from modelkeel.plan.decision import Decision
from modelkeel.plan.training import Training, uses_gpu
from modelkeel.tables.instance import instances

# Controllers and agents ask for some six vCPUs together: two machines of four hold them while one is replaced.
SYSTEM_TYPES = ("m7i.xlarge", "m6i.xlarge", "m5.xlarge")
LEAST_SYSTEM_NODES = 2
# Addresses that a machine takes with its pods: two blocks of sixteen and its interfaces; a P5 machine takes 81.
ADDRESSES_A_NODE = 81
# Subnets for machines with GPUs are /20 at least: a subnet never grows.
LEAST_ADDRESSES = 3000
# How EKS buys what the plan names: training plans are for SageMaker's own machines, their twin is a capacity block.
PURCHASES = {"training_plan": "capacity_block", "savings_plan": "on_demand"}
ADDRESS_SOURCE = (
    "SageMaker HyperPod prerequisites: 81 addresses for a P5 machine; Amazon EKS Best Practices, Networking"
)


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Decided machines of the cluster; all is empty where no cluster is used."""

    used: bool
    karpenter: bool
    version: str
    system_instance_type: str
    system_nodes: Mapping[str, int]
    general_instance_type: str
    gpu_instance_type: str
    gpu_nodes: Mapping[str, int]
    efa: bool
    purchase: str
    kept: bool
    decisions: tuple[Decision, ...]

    @property
    def instance_types(self) -> tuple[str, ...]:
        """EC2 types that machines of the cluster may have, sorted; empty without a cluster."""
        return tuple(sorted({self.system_instance_type, self.general_instance_type, self.gpu_instance_type} - {""}))

    def addresses(self, environment: str) -> int:
        """Return the addresses that machines and pods take in a subnet."""
        if not self.used:
            return 0
        nodes = self.system_nodes[environment] + 1 + self.gpu_nodes[environment]
        return max(LEAST_ADDRESSES if self.gpu_instance_type else 0, nodes * ADDRESSES_A_NODE)


def plan(answers: Answers, trained: Training, zones: int, *, serves: bool) -> Cluster:
    """Return the cluster that training stands on, or `serves` from.

    Machines with GPUs are kept in a managed node group, or started by Karpenter when a pod waits for them, as
    all others are. HyperPod brings its own machines into the cluster.
    """
    used = serves or trained.platform in ON_KUBERNETES
    production = answers.environments[-1]
    trains = trained.platform == "eks_karpenter"
    gpu = uses_gpu(answers) and trains
    row = instances()[trained.instance_type.removeprefix("ml.")]
    kept = gpu and cluster_choice.scaling(answers, trained.purchase) == "managed_groups"
    system: dict[str, int] = {
        name: max(LEAST_SYSTEM_NODES, zones if name == production else 0) for name in answers.environments
    }
    nodes: dict[str, int] = {
        name: trained.instance_count * (answers.concurrent_jobs if name == production else 1)
        for name in answers.environments
    }
    elastic = serves or trains
    found = Cluster(
        used=used,
        karpenter=elastic,
        version=cluster_choice.version(answers),
        system_instance_type=_system_type(answers.region) if used else "",
        system_nodes=system,
        # Without GPUs the job itself runs on these machines too.
        general_instance_type=(row.name if trains and not gpu else trained.processing_instance_type.removeprefix("ml."))
        if elastic
        else "",
        gpu_instance_type=row.name if gpu else "",
        gpu_nodes={name: count if gpu else 0 for name, count in nodes.items()},
        efa=gpu and trained.instance_count > 1,
        purchase=PURCHASES.get(trained.purchase, trained.purchase) if gpu else "on_demand",
        kept=kept,
        decisions=(),
    )
    if not used:
        return found
    decisions = (_system(found, zones), *([_capacity(found, trained)] if gpu else []))
    return replace(found, decisions=decisions)


def _system_type(region: str) -> str:
    known = [name for name in SYSTEM_TYPES if region in instances()[name].regions]
    return known[0] if known else SYSTEM_TYPES[-1]


def _system(cluster: Cluster, zones: int) -> Decision:
    return Decision(
        key="cluster_system_nodes",
        value={name: f"{count} x {cluster.system_instance_type}" for name, count in cluster.system_nodes.items()},
        reason="Controllers and add-ons have machines of their own: a job that fills its machine does not stop them.",
        from_=("train_platform", "availability", "environments"),
        formula=f"max({LEAST_SYSTEM_NODES}, {zones} zones in production)",
        source="Amazon EKS Best Practices Guide, Reliability; Karpenter, Getting started",
    )


def _capacity(cluster: Cluster, trained: Training) -> Decision:
    if cluster.kept:
        value, reason = (
            "managed_node_group",
            "The machines stay whether or not they work; EKS repairs and updates them.",
        )
    else:
        value, reason = "karpenter", "Machines start when a job waits for them, and stop when nothing runs on them."
    if cluster.efa:
        reason += " They stand in one zone beside each other and talk over EFA."
    return Decision(
        key="cluster_gpu_capacity",
        value={
            "form": value,
            "instance_type": cluster.gpu_instance_type,
            "purchase": cluster.purchase,
            "most_nodes": dict(cluster.gpu_nodes),
        },
        reason=reason,
        from_=("train_platform", "node_scaling", "purchase", "concurrent_jobs", "train_gpu"),
        formula=f"{trained.instance_count} machines a job * concurrent jobs in production, one job elsewhere",
        source="Amazon EKS User Guide, Managed node groups and Capacity Blocks; Karpenter, NodePools",
    )
