"""Where training runs and how its capacity is bought."""

from __future__ import annotations

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.tables.instance import Instance
from modelkeel.tables.region import regions

MONTH_HOURS = 730
BUSY_DUTY = 0.4
STEADY_DUTY = 0.7
CLUSTER_GPUS = 16
MANY_TEAMS = 3
SHARED_GPUS = 8
CONTROL_PLANE_USD = 0.10 * MONTH_HOURS
PEFT = ("llm_lora", "llm_qlora")
ON_EC2 = ("eks_karpenter", "aws_batch")
PLATFORMS = {
    "sagemaker_jobs": "no cluster to run, pays only while it trains",
    "hyperpod_eks": "nodes repair themselves, queues for teams; pays all month",
    "hyperpod_slurm": "the same under Slurm; pays all month",
    "eks_karpenter": "your own Kubernetes, Ray or Kubeflow; you patch it",
    "aws_batch": "a queue of containers that start together",
    "serverless_customization": "adapters of a catalogue model; SageMaker runs it all",
}
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
        from_=(
            "train_platform",
            "existing_engine",
            "foundation_model",
            "model_family",
            "retrain_cadence",
            "max_train_hours",
            "concurrent_jobs",
            "teams",
            "regions",
        ),
        formula=(
            f"duty = {RUNS_PER_MONTH[answers.retrain_cadence]:g} runs * {answers.max_train_hours} h / {MONTH_HOURS} h"
            f" = {share:.2f}; {gpus} GPUs at the peak; a cluster from {BUSY_DUTY} and {CLUSTER_GPUS} GPUs on"
        ),
        source=SOURCE,
        alternatives=tuple(
            f"{name}: {text}{_usd(name, answers, row, nodes)}"
            for name, text in PLATFORMS.items()
            if name != value and (name != "serverless_customization" or answers.model_family in PEFT)
        ),
    )


def usd_per_month(name: str, row: Instance, machines: int, hours: float) -> float | None:
    """Return what the machines of a platform cost a month, USD in us-east-1; none where a price is not known.

    Jobs pay `hours` of SageMaker's price, Batch and Karpenter `hours` of EC2's (and 73 USD for a control plane),
    HyperPod the whole month of SageMaker's.
    """
    sagemaker, ec2 = row.usd_per_hour, row.ec2_usd_per_hour
    if name == "sagemaker_jobs" and sagemaker is not None:
        return hours * machines * sagemaker
    if name.startswith("hyperpod") and sagemaker is not None:
        return MONTH_HOURS * machines * sagemaker + (CONTROL_PLANE_USD if name == "hyperpod_eks" else 0.0)
    if name == "eks_karpenter" and ec2 is not None:
        return hours * machines * ec2 + CONTROL_PLANE_USD
    if name == "aws_batch" and ec2 is not None:
        return hours * machines * ec2
    return None


def _usd(name: str, answers: Answers, row: Instance, nodes: int) -> str:
    hours = duty(answers) * MONTH_HOURS
    usd = usd_per_month(name, row, nodes * answers.concurrent_jobs, hours)
    return "" if usd is None else f"; machines {usd:,.0f} USD a month at most"


def _rule(answers: Answers, gpus: int, share: float) -> tuple[str, str]:
    engine = answers.existing_engine
    if engine == "slurm":
        return "hyperpod_slurm", "The team runs Slurm already; HyperPod brings it with nodes that repair themselves."
    if engine == "hpc_batch":
        return "aws_batch", "Containers that start together need a queue, and neither Slurm nor Kubernetes."
    if engine != "none":
        return "eks_karpenter", f"The team runs {engine} on Kubernetes already: training joins it."
    if answers.foundation_model and answers.model_family in PEFT:
        return (
            "serverless_customization",
            f"Adapters of {answers.foundation_model} are trained by SageMaker itself: no machines to choose or run.",
        )
    if share >= BUSY_DUTY and gpus >= CLUSTER_GPUS and "hyperpod" in regions()[answers.region].lacks:
        return "eks_karpenter", f"GPUs are busy most of the month, and {answers.region} has no HyperPod."
    if share >= BUSY_DUTY and gpus >= CLUSTER_GPUS:
        return (
            "hyperpod_eks",
            "GPUs are busy most of the month: a cluster that stays costs less than starting jobs anew.",
        )
    if len(answers.teams) >= MANY_TEAMS and gpus >= SHARED_GPUS:
        return (
            "eks_karpenter",
            f"{len(answers.teams)} teams share GPUs: queues with quotas of their own stand on one cluster.",
        )
    return "sagemaker_jobs", "Training runs now and then: jobs start their own machines and cost nothing in between."


def purchase(answers: Answers, row: Instance, nodes: int, where: str) -> Decision:
    """Return how the capacity of the platform `where` is bought; reservations are bought outside the stacks."""
    value, reason = _form(answers, row, nodes, where)
    run = nodes * answers.max_train_hours
    prices = (row.usd_per_hour, row.ec2_usd_per_hour)
    usd = prices[1] if where in ON_EC2 else prices[0]
    return Decision(
        key="purchase",
        value=value,
        reason=reason,
        from_=(
            "purchase",
            "checkpoints",
            "retrain_cadence",
            "max_train_hours",
            "model_params_b",
            "train_platform",
            "warm_pool_minutes",
        ),
        formula=f"duty {duty(answers):.2f}; capacity blocks {'offered' if _scarce(row) else 'not needed'} for"
        f" {row.ml_name}"
        + (f"; a run costs {nodes} * {answers.max_train_hours} h * {usd:.3f} = {run * usd:,.2f} USD" if usd else ""),
        source="SageMaker AI Developer Guide, Managed spot training and Flexible training plans; Amazon EC2 User"
        " Guide, Capacity Blocks for ML and On-Demand Capacity Reservations",
        alternatives=_forms(value, run, usd, scarce=_scarce(row)),
    )


def _scarce(row: Instance) -> bool:
    return row.capacity_block and row.gpus == 8


def _form(answers: Answers, row: Instance, nodes: int, where: str) -> tuple[str, str]:
    if answers.purchase != "auto":
        own = answers.purchase in {"spot", "on_demand"}
        return answers.purchase, "As answered" + ("." if own else "; it is bought outside these stacks.")
    if where == "serverless_customization":
        return "on_demand", "SageMaker brings the machines and bills what a run uses."
    if _scarce(row):
        return _scarce_form(steady=duty(answers) >= STEADY_DUTY, on_ec2=where in ON_EC2)
    hindrance = _hindrance(answers, nodes, where)
    if hindrance:
        return "on_demand", hindrance
    return "spot", "Runs resume from checkpoints and may wait, so spare capacity is good enough."


def _scarce_form(*, steady: bool, on_ec2: bool) -> tuple[str, str]:
    if steady and on_ec2:
        return "reservation", "The machines run nearly all month: a reservation with a savings plan keeps them."
    if steady:
        return "savings_plan", "The machines run nearly all month: a commitment is cheaper than hours."
    if on_ec2:
        return "capacity_block", "Such machines are rarely free: a block keeps them for the days of a run."
    return "training_plan", "Such machines are rarely free: a plan reserves them for the days of a run."


def _hindrance(answers: Answers, nodes: int, where: str) -> str:
    """Return why spare capacity will not do; empty where it will."""
    if answers.warm_pool_minutes and where == "sagemaker_jobs":
        return "Machines that wait for the next job are never spare ones: AWS has no warm pool of those."
    if where.startswith("hyperpod"):
        return "Machines of a cluster stay, and are replaced when they fail: spare ones would be taken away."
    if where == "aws_batch" and nodes > 1:
        return "Jobs of several nodes do not run on spare capacity in AWS Batch."
    if answers.retrain_cadence in {"hourly", "daily"}:
        return f"A run that waits for spare capacity would miss its {answers.retrain_cadence} slot."
    return "" if answers.checkpoints else "Without checkpoints an interruption loses the whole run."


def _forms(value: str, hours: float, usd: float | None, *, scarce: bool) -> tuple[str, ...]:
    def cost(share: float) -> str:
        return "" if usd is None else f", {hours * usd * share:,.2f} USD a run"

    rows = {
        "on_demand": f"nothing is promised and nothing is prepaid{cost(1.0)}",
        "spot": f"up to 70 % cheaper, interrupted at two minutes' notice; from{cost(0.3).removeprefix(',')}"
        if usd
        else "up to 70 % cheaper, interrupted at two minutes' notice",
        "capacity_block": "machines for fixed days, prepaid, without refund; EKS and Batch",
        "training_plan": "machines for fixed days, prepaid, without refund; SageMaker jobs and HyperPod",
        "savings_plan": "a commitment of one or three years, up to 64 % cheaper; promises no capacity",
    }
    wanted = rows if scarce else {name: rows[name] for name in ("on_demand", "spot", "savings_plan")}
    return tuple(f"{name}: {text}" for name, text in wanted.items() if name != value)
