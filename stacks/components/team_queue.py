"""A team's queue: what is always the team's, and whether it may use what others leave idle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

API = "kueue.x-k8s.io/v1beta2"
FLAVOR = "machines"
COHORT = "training"
LOCAL_QUEUE = "training"


@dataclass(frozen=True, kw_only=True)
class TeamQueueArgs:
    """`quota` is the team's own, by resource."""

    team: str
    quota: Mapping[str, str]
    borrowing: bool


class TeamQueue(pulumi.ComponentResource):
    """A cluster queue for the team's namespace only, and the local queue that jobs name."""

    def __init__(self, name: str, args: TeamQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:TeamQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        queue = kubernetes.apiextensions.CustomResource(
            name, api_version=API, kind="ClusterQueue", metadata={"name": args.team}, spec=_spec(args), opts=child
        )
        kubernetes.apiextensions.CustomResource(
            f"{name}-local",
            api_version=API,
            kind="LocalQueue",
            metadata={"name": LOCAL_QUEUE, "namespace": args.team},
            spec={"clusterQueue": args.team},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[queue]),
        )
        self.register_outputs({})


def flavor(labels: Mapping[str, str], *, gpu: bool, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Return the flavor that all queues share: machines with these labels, their taint tolerated."""
    spec: dict[str, Any] = {"nodeLabels": dict(labels)}
    if gpu:
        spec["tolerations"] = [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    return kubernetes.apiextensions.CustomResource(
        FLAVOR, api_version=API, kind="ResourceFlavor", metadata={"name": FLAVOR}, spec=spec, opts=opts
    )


def cohort(rest: Mapping[str, str], opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Return the group whose queues lend to each other; `rest` is what is no team's own and anyone's to borrow."""
    resources = [{"name": name, "nominalQuota": amount} for name, amount in rest.items()]
    group = {"coveredResources": list(rest), "flavors": [{"name": FLAVOR, "resources": resources}]}
    return kubernetes.apiextensions.CustomResource(
        COHORT,
        api_version=API,
        kind="Cohort",
        metadata={"name": COHORT},
        spec={"resourceGroups": [group]},
        opts=opts,
    )


def _spec(args: TeamQueueArgs) -> dict[str, Any]:
    resources = [{"name": name, "nominalQuota": amount} for name, amount in args.quota.items()]
    spec: dict[str, Any] = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": args.team}},
        "queueingStrategy": "BestEffortFIFO",
        "resourceGroups": [
            {"coveredResources": list(args.quota), "flavors": [{"name": FLAVOR, "resources": resources}]}
        ],
        "preemption": {"withinClusterQueue": "LowerPriority"},
    }
    if args.borrowing:
        # Whoever lent gets it back at once, whatever the borrower's job is worth.
        spec |= {"cohortName": COHORT, "preemption": {**spec["preemption"], "reclaimWithinCohort": "Any"}}
    return spec
