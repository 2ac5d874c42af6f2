"""Settings of the kubernetes program; config namespace `kubernetes`.

Exports: `queues` (the local queue of each team, by namespace), `pipeline_queue` (namespace and local queue of the
pipeline's training, where it trains here) and `planned_nodes` (machines that Karpenter may start, for the estimate of
costs).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stacks.settings import SettingsError


@dataclass(frozen=True, kw_only=True)
class KubernetesSettings:
    """What runs inside the cluster, and who shares it."""

    pools: list[dict[str, Any]] = field(default_factory=list)
    """Machines that Karpenter starts: name, instance_type, vcpus, memory_gib, gpus, most_nodes, spot, efa,
    serves (they are for model servers, not for jobs), least_nodes (what always runs, for the estimate of costs),
    reservation_id (a capacity reservation or block that was bought for them), busy_hours_per_month (for the estimate
    of costs)."""

    kept: list[dict[str, Any]] = field(default_factory=list)
    """Machines with GPUs that stay, in the same form: their capacity counts towards the quotas."""

    teams: list[dict[str, Any]] | None = None
    """Who shares the machines: name (the namespace), gpus (what is always the team's)."""

    teams_folder: str = ""
    """Folder of the team files, relative to Pulumi.yaml: who shares the machines beside `teams`. Empty: none."""

    borrowing: bool
    """A team may use what others leave idle, and gives it back when they ask."""

    kube_ray: bool
    """Install KubeRay, for Ray jobs and clusters."""

    trainer: bool
    """Install Kubeflow Trainer, for distributed PyTorch."""

    trains_pipeline: bool = False
    """The pipeline trains in this cluster, with the jobs that `job:*` describes; they name the queue as a team's do."""

    balancer_targets: bool = False
    """The AWS Load Balancer Controller registers pods as targets of a load balancer that the serving program makes."""

    service_account: str
    """Service account of the teams' pods; the cluster program gives it an identity in AWS."""

    image_registry: str = ""
    """Registry that holds copies of the charts' images, for a network without a way out; empty: their own."""

    def __post_init__(self) -> None:
        """Refuse a cluster that nobody shares because nothing says who does.

        Raises:
            SettingsError: neither the teams are named nor a folder of their files.
        """
        if self.teams is None and not self.teams_folder:
            raise SettingsError("kubernetes:teams is missing: name the teams, or their folder in teams_folder")
