"""Capacity that is bought before it is used: what, for how long, how much."""

from __future__ import annotations

import math

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.training import Training

LONGEST_DAYS = 182
SINGLE_DAYS = 14
MOST_INSTANCES = 64
RESERVED = ("capacity_block", "training_plan", "reservation")


def block_days(hours: float) -> int:
    """Return the days of the shortest capacity block that holds `hours`: 1 to 14, then whole weeks, 182 at most.

    Source: Amazon EC2 User Guide, Capacity Blocks for ML.
    """
    days = max(1, math.ceil(hours / 24))
    return days if days <= SINGLE_DAYS else min(LONGEST_DAYS, 7 * math.ceil(days / 7))


def decisions(answers: Answers, training: Training, purchase: str) -> tuple[Decision, ...]:
    """Return what is to be bought outside the stacks, and the warm pool of training jobs."""
    return (*_reservation(answers, training, purchase), *_warm_pool(answers, training))


def _reservation(answers: Answers, training: Training, purchase: str) -> tuple[Decision, ...]:
    if purchase not in RESERVED:
        return ()
    count = training.instance_count * answers.concurrent_jobs
    known = answers.training_plan_arn if purchase == "training_plan" else answers.capacity_reservation_id
    days = 0 if purchase == "reservation" else block_days(answers.max_train_hours)
    value = {"kind": purchase, "instance_type": training.instance_type, "count": count, "days": days, "id": known}
    return (
        Decision(
            key="reservation",
            value=value,
            reason=(
                f"Bought already: {known}."
                if known
                else "It is bought outside the stacks, prepaid and without refund; give its id here afterwards."
                if purchase != "reservation"
                else "It is paid from the day on which it is made, used or not; give its id here afterwards."
            ),
            from_=("purchase", "capacity_reservation_id", "training_plan_arn", "max_train_hours", "concurrent_jobs"),
            formula=f"{training.instance_count} * {answers.concurrent_jobs} jobs = {count} instances"
            + (f"; {answers.max_train_hours} h a run -> {days} days" if days else "; without end"),
            source=f"Amazon EC2 User Guide, Capacity Blocks for ML: 1 to {SINGLE_DAYS} days, then weeks to"
            f" {LONGEST_DAYS}, {MOST_INSTANCES} instances a block; SageMaker Developer Guide, Flexible training plans",
            alternatives=("on_demand: nothing is prepaid, and such machines are rarely free",),
        ),
    )


def _warm_pool(answers: Answers, training: Training) -> tuple[Decision, ...]:
    if training.platform != "sagemaker_jobs":
        return ()
    minutes = answers.warm_pool_minutes
    return (
        Decision(
            key="warm_pool_minutes",
            value=minutes,
            reason="Machines wait for the next job, so that it starts in seconds; they are paid while they wait."
            if minutes
            else "Machines end with their job: nothing is paid between runs.",
            from_=("warm_pool_minutes", "train_platform"),
            source="SageMaker API Reference, ResourceConfig.KeepAlivePeriodInSeconds: up to 21,600",
        ),
    )
