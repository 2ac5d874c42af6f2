"""Questions about clusters that stay: Kubernetes, teams that share GPUs, capacity that was bought."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from modelkeel.answers.kind import Percent, SnakeName
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

ON_KUBERNETES = ("hyperpod_eks", "eks_karpenter")
TeamGpus = Annotated[int, Field(strict=True, ge=1, le=100_000)]
ReservationId = Annotated[str, StringConstraints(strict=True, pattern=r"^$|^cr-[0-9a-f]{8,17}$")]
PlanArn = Annotated[
    str,
    StringConstraints(
        strict=True, pattern=r"^$|^arn:aws(-us-gov|-cn)?:sagemaker:[a-z0-9-]+:[0-9]{12}:training-plan/[A-Za-z0-9-]+$"
    ),
]


class ClusterAnswers(Section):
    """What a cluster runs, who shares it, what was bought for it."""

    kubernetes_version: Annotated[Literal["auto", "1.34", "1.35"], Percent] = question(
        "auto",
        help="Kubernetes version of a cluster: auto takes the one whose standard support lasts longest.",
        changes="The version of the EKS cluster and of its nodes' images.",
        when={"train_platform": ("auto", *ON_KUBERNETES)},
    )
    node_scaling: Literal["auto", "karpenter", "managed_groups"] = question(
        "auto",
        help="How nodes come and go: Karpenter starts what pods ask for, managed groups have fixed sizes.",
        changes="Node pools or node groups of the cluster.",
        when={"train_platform": ("auto", *ON_KUBERNETES)},
    )
    team_gpus: dict[SnakeName, TeamGpus] = question(
        {},
        help="GPUs that each team may use at the same time; a team that is left out shares the rest equally.",
        changes="Queues and quotas by team.",
        example={"pricing": 8},
        each="team",
    )
    team_borrowing: StrictBool = question(
        True,
        help="Teams may borrow GPUs that others leave idle, and give them back when those ask.",
        changes="Borrowing limits of the queues.",
    )
    capacity_reservation_id: ReservationId = question(
        "",
        help="Id of an EC2 capacity reservation or capacity block that was bought: cr- and 8 to 17 digits.",
        changes="The reservation that nodes are placed in.",
        when={"purchase": ("auto", "capacity_block", "reservation")},
    )
    training_plan_arn: PlanArn = question(
        "",
        help="ARN of a SageMaker training plan that was bought.",
        changes="The plan that training jobs or a HyperPod cluster draw on.",
        when={"purchase": ("auto", "training_plan")},
    )
    warm_pool_minutes: StrictInt = question(
        0,
        help="Minutes that a training job's machines are kept for the next one, 0 to 360; they are paid meanwhile.",
        changes="The warm pool of training jobs, and a quota of its own.",
        when={"train_platform": ("auto", "sagemaker_jobs")},
        ge=0,
        le=360,
    )
