"""What a Kubernetes cluster runs: version and the way its nodes come and go."""

from __future__ import annotations

from modelkeel.answers.cluster import ON_KUBERNETES
from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.training import Training
from modelkeel.tables.kubernetes_version import kubernetes_versions, longest_supported

FIXED = ("capacity_block", "training_plan", "reservation")


def decisions(answers: Answers, training: Training, purchase: str, *, serves: bool) -> tuple[Decision, ...]:
    """Return version and node scaling of the cluster; nothing where neither training nor serving runs on Kubernetes."""
    if training.platform not in ON_KUBERNETES and not serves:
        return ()
    return _version(answers), _scaling(answers, purchase)


def version(answers: Answers) -> str:
    """Return the Kubernetes version: as answered, or the one whose standard support lasts longest."""
    return answers.kubernetes_version if answers.kubernetes_version != "auto" else longest_supported().name


def scaling(answers: Answers, purchase: str) -> str:
    """Return `karpenter` or `managed_groups`; what was bought for a time is a group of a fixed size."""
    if answers.node_scaling != "auto":
        return answers.node_scaling
    return "managed_groups" if purchase in FIXED else "karpenter"


def _version(answers: Answers) -> Decision:
    row = kubernetes_versions()[version(answers)]
    until, later = row.standard_support_until.isoformat(), row.extended_support_until.isoformat()
    return Decision(
        key="kubernetes_version",
        value=row.name,
        reason=f"Standard support lasts until {until}; plan the next version before. Extended support ends {later}"
        " and costs six times as much.",
        from_=("kubernetes_version", "train_platform", "serving_platform"),
        formula=", ".join(f"{each.name} to {each.standard_support_until}" for each in kubernetes_versions().values()),
        source=f"{row.source}; tables/kubernetes_versions.toml",
        alternatives=tuple(
            f"{name}: standard support until {each.standard_support_until.isoformat()}"
            for name, each in kubernetes_versions().items()
            if name != row.name
        ),
    )


def _scaling(answers: Answers, purchase: str) -> Decision:
    value = scaling(answers, purchase)
    return Decision(
        key="node_scaling",
        value=value,
        reason=(
            "Karpenter starts the cheapest machine that holds what is waiting, and ends it when it is empty."
            if value == "karpenter"
            else "Groups of a fixed size: what is reserved is there whether it is used or not."
        ),
        from_=("node_scaling", "purchase", "train_platform"),
        formula=f"purchase {purchase}; fixed groups for {', '.join(FIXED)}",
        source="Amazon EKS User Guide, Managed node groups with capacity blocks; Karpenter documentation, NodePools",
        alternatives=(
            ("managed_groups: fixed sizes, needed for capacity blocks and for EFA by dynamic resource allocation",)
            if value == "karpenter"
            else ("karpenter: nodes follow what is waiting",)
        ),
    )
