"""Questions about training."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictBool, StrictFloat, StrictInt, StringConstraints

from modelkeel.answers.question import question
from modelkeel.answers.section import Section

ModelFamily = Literal[
    "gbdt",
    "sklearn",
    "deep_tabular",
    "two_tower",
    "vision",
    "llm_full_ft",
    "llm_lora",
    "llm_qlora",
    "llm_pretrain",
    "byo",
]
LLM = ("llm_full_ft", "llm_lora", "llm_qlora", "llm_pretrain")
DEEP = ("deep_tabular", "two_tower", "vision", "byo", *LLM)
TABULAR = ("gbdt", "sklearn")


class TrainingAnswers(Section):
    """What is trained, how often, on what."""

    model_family: ModelFamily = question(
        "gbdt",
        help="The kind of model; gradient-boosted trees train on processors, most others want GPUs.",
        changes="Training and serving instances, the image, the least quality.",
        quick=True,
    )
    model_params_b: StrictFloat = question(
        0.0,
        help="Size of a neural model in billions of parameters; 0 for trees and small networks.",
        changes="GPU memory, number of GPUs and nodes, the serving instance.",
        when={"model_family": DEEP},
        ge=0,
        le=2000,
    )
    training_data_gib: StrictInt = question(
        0,
        help="GiB of features that one training run reads, after joins and sampling; 0 takes a tenth of the lake.",
        changes="Memory and disk of the training instance, how the data reaches it.",
        quick=True,
        ge=0,
        le=100_000,
    )
    training_tokens_b: StrictFloat = question(
        0.0,
        help="Billions of tokens that one language-model training run reads: a GiB of plain text has about 0.25; 0 if"
        " nobody knows, then its time is not planned.",
        changes="How long training takes, and so how many GPUs it needs.",
        when={"model_family": LLM},
        quick=True,
        ge=0,
        le=100_000,
    )
    context_tokens: StrictInt = question(
        4096,
        help="Longest input and output of a language model together, in tokens.",
        changes="Activation memory in training, cache memory in serving.",
        when={"model_family": LLM},
        ge=128,
        le=1_048_576,
    )
    train_gpu: Literal["auto", "none", "single", "multi_gpu", "multi_node"] = question(
        "auto",
        help="GPUs for training: auto sizes them from the model; a GPU costs from 0.74 USD an hour.",
        changes="The training instance and how many run together.",
    )
    train_platform: Literal[
        "auto",
        "sagemaker_jobs",
        "hyperpod_eks",
        "hyperpod_slurm",
        "eks_karpenter",
        "aws_batch",
        "serverless_customization",
    ] = question(
        "auto",
        help="Where training runs: auto takes SageMaker jobs unless GPUs are busy most of the month.",
        changes="The cluster, or that there is none.",
    )
    existing_engine: Literal["none", "ray", "torchrun", "kubeflow", "slurm", "hpc_batch"] = question(
        "none",
        help="A training engine that the team already runs; hpc_batch is containers that start together, without one.",
        changes="The training platform.",
    )
    foundation_model: Annotated[str, StringConstraints(strict=True, pattern=r"^$|^[A-Za-z0-9._:/-]{3,128}$")] = (
        question(
            "",
            help="Id of the model in the SageMaker catalogue that is adapted; empty means weights of your own.",
            changes="Whether adapters are trained without any machines of your own.",
            when={"model_family": ("llm_full_ft", "llm_lora", "llm_qlora")},
        )
    )
    purchase: Literal["auto", "on_demand", "spot", "capacity_block", "training_plan", "reservation", "savings_plan"] = (
        question(
            "auto",
            help="How training capacity is bought: spot costs up to 70 % less and may be interrupted.",
            changes="Spot and its waiting time, reservations to buy outside the stacks.",
        )
    )
    checkpoints: StrictBool = question(
        True,
        help="Training writes checkpoints and resumes from them.",
        changes="Whether spot capacity may be used.",
    )
    retrain_cadence: Literal["manual", "monthly", "weekly", "daily", "hourly", "on_drift"] = question(
        "weekly",
        help="How often a new model is trained; on_drift waits for a proposal that a person accepts.",
        changes="The schedule of the training pipeline and the GPU hours of a month.",
        quick=True,
    )
    max_train_hours: StrictInt = question(
        4,
        help="Hours after which a training job is stopped, 1 to 672.",
        changes="The stopping condition and the most that one run can cost.",
        ge=1,
        le=672,
    )
    concurrent_jobs: StrictInt = question(
        1,
        help="Training jobs that run at the same time.",
        changes="The quota that is needed, the addresses of the network.",
        ge=1,
        le=100,
    )
