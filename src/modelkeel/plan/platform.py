"""Where training runs and how its capacity is bought."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.tables.instance import Instance

MONTH_HOURS = 730
BUSY_DUTY = 0.4
STEADY_DUTY = 0.7
CLUSTER_GPUS = 16
RUNS_PER_MONTH = {"manual": 2.0, "on_drift": 2.0, "monthly": 1.0, "weekly": 4.35, "daily": 30.4, "hourly": 730.0}
SOURCE = "Amazon SageMaker AI Developer Guide, Training and HyperPod; Amazon EKS and AWS Batch user guides"


def duty(answers: Answers) -> float:
    """Return the share of a month in which the largest number of training devices is busy, 0 to 1.

    duty = GPU hours a month / (730 * GPUs at the peak) = runs * hours / 730, since every run uses all of its devices.
    """
    return min(1.0, RUNS_PER_MONTH[answers.retrain_cadence] * answers.max_train_hours / MONTH_HOURS)


def platform(answers: Answers, row: Instance, nodes: int) -> Decision:
    """Return where training runs: an engine that is there already, else by the duty rule."""
    gpus, share = row.gpus * nodes * answers.concurrent_jobs, duty(answers)
    value, reason = _rule(answers, gpus, share)
    if answers.train_platform not in {"auto", value}:
        value, reason = answers.train_platform, f"As answered; by rule it would be {value}."
    return Decision(
        key="train_platform",
        value=value,
        reason=reason,
        from_=("train_platform", "existing_engine", "retrain_cadence", "max_train_hours", "concurrent_jobs", "teams"),
        formula=(
            f"duty = {RUNS_PER_MONTH[answers.retrain_cadence]:g} runs * {answers.max_train_hours} h / {MONTH_HOURS} h"
            f" = {share:.2f}; {gpus} GPUs at the peak; a cluster from {BUSY_DUTY} and {CLUSTER_GPUS} GPUs on"
        ),
        source=SOURCE,
        alternatives=(
            "sagemaker_jobs: no cluster to run, pays only while it trains",
            "hyperpod_eks: nodes repair themselves, queues for teams; pays all month",
            "eks_karpenter: your own Kubernetes, Ray or Kubeflow; you patch it",
            "aws_batch: a queue of containers that start together",
        ),
    )


def _rule(answers: Answers, gpus: int, share: float) -> tuple[str, str]:
    engine = answers.existing_engine
    if engine == "slurm":
        return "hyperpod_slurm", "The team runs Slurm already; HyperPod brings it with nodes that repair themselves."
    if engine != "none":
        return "eks_karpenter", f"The team runs {engine} on Kubernetes already: training joins it."
    if share >= BUSY_DUTY and gpus >= CLUSTER_GPUS:
        return (
            "hyperpod_eks",
            "GPUs are busy most of the month: a cluster that stays costs less than starting jobs anew.",
        )
    return "sagemaker_jobs", "Training runs now and then: jobs start their own machines and cost nothing in between."


def purchase(answers: Answers, row: Instance, nodes: int) -> Decision:
    """Return how capacity is bought; reservations are bought outside the stacks."""
    pressed = answers.retrain_cadence in {"hourly", "daily"}
    scarce = row.capacity_block and row.gpus == 8
    value = answers.purchase
    if value != "auto":
        reason = "As answered" + ("." if value in {"spot", "on_demand"} else "; it is bought outside these stacks.")
    elif scarce and duty(answers) >= STEADY_DUTY:
        value, reason = "savings_plan", "The machines run nearly all month: a commitment is cheaper than hours."
    elif scarce:
        value, reason = "training_plan", "Such machines are rarely free: a plan reserves them for the days of a run."
    elif answers.checkpoints and not pressed:
        value, reason = "spot", "Runs resume from checkpoints and may wait, so spare capacity is good enough."
    elif pressed:
        value, reason = (
            "on_demand",
            f"A run that waits for spare capacity would miss its {answers.retrain_cadence} slot.",
        )
    else:
        value, reason = "on_demand", "Without checkpoints an interruption loses the whole run."
    return Decision(
        key="purchase",
        value=value,
        reason=reason,
        from_=("purchase", "checkpoints", "retrain_cadence", "max_train_hours", "model_params_b"),
        formula=f"duty {duty(answers):.2f}; capacity blocks {'offered' if scarce else 'not needed'} for {row.ml_name}",
        source="SageMaker AI Developer Guide, Managed spot training and Flexible training plans",
        alternatives=() if value == "spot" else ("spot: up to 70 % cheaper, interrupted at two minutes' notice",),
    )
