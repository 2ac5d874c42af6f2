"""Capacity that is bought before it is used: what goes with which platform, and what is sold how."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.decision import Decision
from modelkeel.tables.instance import Instance, instances

BLOCK_MACHINES = 64
SOURCE = "Amazon EC2 User Guide, Capacity Blocks for ML and On-Demand Capacity Reservations"
# What each platform can use. EC2 sells blocks, SageMaker plans; a plan is bound to jobs or to a HyperPod cluster.
PURCHASES = {
    "sagemaker_jobs": ("on_demand", "spot", "training_plan", "savings_plan"),
    "hyperpod_slurm": ("on_demand", "training_plan", "savings_plan"),
    "hyperpod_eks": ("on_demand", "training_plan", "savings_plan"),
    "aws_batch": ("on_demand", "spot", "capacity_block", "reservation", "savings_plan"),
    "eks_karpenter": ("on_demand", "spot", "capacity_block", "reservation", "savings_plan"),
}
IN_PLACE_OF = {"training_plan": "capacity_block", "capacity_block": "training_plan", "reservation": "savings_plan"}
RESERVATIONS = {"capacity_block": "block", "reservation": "group"}


def plan(answers: Answers, platform: str, purchase: str, row: Instance, nodes: int) -> tuple[str, tuple[Decision, ...]]:
    """Return the kind of reservation that the capacity program buys (`none`, `group`, `block`), and the decision.

    Nothing is bought where an id says that it was bought already.

    Raises:
        ModelkeelError: the answers exclude each other (exit code 2).
    """
    if platform not in PURCHASES:
        return "none", ()
    allowed = [each for each in PURCHASES[platform] if not (each == "spot" and platform == "aws_batch" and nodes > 1)]
    if answers.purchase != "auto" and purchase not in allowed:
        raise _refusal(platform, purchase, allowed, row, nodes)
    if answers.purchase != "auto" and purchase in {"capacity_block", "training_plan"} and platform != "eks_karpenter":
        _sold(answers, purchase, row, nodes)
    reservation = RESERVATIONS.get(purchase, "none") if purchase in allowed else "none"
    if answers.capacity_reservation_id or (reservation == "block" and not row.capacity_block):
        reservation = "none"
    wanted = reservation != "none" or purchase in {"training_plan", "savings_plan"}
    return reservation, (_decision(platform, purchase, reservation, row, nodes),) if wanted else ()


def _refusal(platform: str, purchase: str, allowed: list[str], row: Instance, nodes: int) -> Exception:
    if platform == "aws_batch" and purchase == "spot":
        return usage_error(
            f"AWS Batch runs no job of {nodes} machines on Spot",
            got=f"train_platform: aws_batch, purchase: spot, {nodes} x {row.ml_name}",
            allowed=", ".join(allowed),
            fix="purchase: on_demand, or train_platform: sagemaker_jobs",
        )
    better = IN_PLACE_OF.get(purchase)
    fix = f"purchase: {better}" if better in allowed else f"purchase: {allowed[0]}"
    return usage_error(
        f"{platform} cannot use capacity that is bought as {purchase}",
        got=f"train_platform: {platform}, purchase: {purchase}",
        allowed=", ".join(allowed),
        fix=fix,
    )


def _sold(answers: Answers, purchase: str, row: Instance, nodes: int) -> None:
    block = purchase == "capacity_block"
    if not (row.capacity_block if block else "training_plan" in row.uses):
        names = sorted(
            each.ml_name
            for each in instances().values()
            if (each.capacity_block if block else "training_plan" in each.uses) and answers.region in each.regions
        )
        raise usage_error(
            f"{row.ml_name} is not sold as a {purchase.replace('_', ' ')}",
            got=f"purchase: {purchase}, training on {nodes} x {row.ml_name} in {answers.region}",
            allowed=", ".join(names) or f"none in {answers.region}",
            fix="purchase: on_demand, or a model that needs one of these machines",
        )
    if block and nodes * answers.concurrent_jobs > BLOCK_MACHINES:
        raise usage_error(
            "a capacity block holds fewer machines",
            got=f"{nodes} machines * {answers.concurrent_jobs} jobs at once",
            allowed=f"{BLOCK_MACHINES} machines",
            fix="fewer concurrent_jobs, or purchase: savings_plan",
        )


def _decision(platform: str, purchase: str, reservation: str, row: Instance, nodes: int) -> Decision:
    machines = f"{nodes} x {row.ml_name}"
    buys = f"{machines} are bought by the capacity program: a person applies it with `make capacity`"
    reasons = {
        "block": f"{buys}, for the days of a run; docs/capacity-block.md says how.",
        "group": f"{buys}, and they are paid all month.",
        "training_plan": f"{machines} are bought for the days of a run; docs/training-plan.md has the commands.",
        "savings_plan": "A commitment makes the hours cheaper; docs/savings-plan.md has the commands.",
    }
    return Decision(
        key="capacity",
        value={"purchase": purchase, "reservation": reservation},
        reason=reasons[purchase if reservation == "none" else reservation],
        from_=("purchase", "train_platform"),
        formula=f"{platform} uses {', '.join(PURCHASES[platform])}",
        source=SOURCE,
    )
