"""GPU instances for training: the cheapest machines an hour that hold the model and meet the deadline."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.errors import usage_error
from modelkeel.plan.decision import Decision
from modelkeel.plan.duration import SOURCE as DURATION_SOURCE
from modelkeel.plan.duration import devices_for_deadline, training_hours
from modelkeel.plan.memory import (
    ACTIVATION_SOURCE,
    GIB,
    MEMORY_SOURCE,
    activation_gib,
    devices_for_training,
    rounded,
    state_gib,
    usable_gib,
)
from modelkeel.tables.accelerator import accelerators
from modelkeel.tables.instance import Instance, offered
from modelkeel.tables.model_shape import shape_of

FAMILIES = ("g4dn", "g5", "g6", "g6e", "g7e", "p4d", "p4de", "p5", "p5en", "p6-b200", "p6-b300")
MAX_NODES = 64
METHODS = {
    "llm_full_ft": "Every weight of a trained model is adapted: weights, gradients and both moments are kept.",
    "llm_lora": "The weights stay as they are; small adapters beside them are trained.",
    "llm_qlora": "The weights are kept in four bits; small adapters beside them are trained.",
    "llm_pretrain": "Every weight is trained from the start: weights, gradients and both moments are kept.",
}
SMALL_NETWORK_B = 0.1
SMALL_ACTIVATION_GIB = 6.0


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One way to hold the model: machines of one type."""

    row: Instance
    nodes: int
    devices: int
    hours: float

    @property
    def usd_per_hour(self) -> float:
        """List price of all machines together, USD an hour in us-east-1."""
        return self.nodes * (self.row.usd_per_hour or 0.0)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What the model asks for: GiB of state in all, GiB of activations on each device."""

    parameters_b: float
    state: float
    activation: float


def plan(answers: Answers) -> tuple[Instance, int, tuple[Decision, ...]]:
    """Return type and number of machines with their decisions.

    Raises:
        ModelkeelError: nothing on offer in the Region holds the model, or the deadline needs too many machines.
    """
    need = need_of(answers)
    fits = sorted(
        (fit for row in candidates(answers) if (fit := fit_of(answers, need, row)) is not None),
        key=lambda fit: (fit.usd_per_hour, fit.row.name),
    )
    if not fits:
        raise _refusal(answers, need)
    return fits[0].row, fits[0].nodes, _decisions(answers, need, fits)


def need_of(answers: Answers) -> Need:
    """Return the memory that training asks for; a network of unknown size counts as 0.1 billion parameters."""
    size = answers.model_params_b or SMALL_NETWORK_B
    if answers.model_family in LLM:
        return Need(
            parameters_b=size,
            state=state_gib(answers.model_family, size),
            activation=activation_gib(shape_of(size), answers.context_tokens),
        )
    return Need(parameters_b=size, state=state_gib(answers.model_family, size), activation=SMALL_ACTIVATION_GIB)


def candidates(answers: Answers) -> list[Instance]:
    """Return the GPU types that SageMaker trains on in the Region and whose price is known."""
    language = answers.model_family in LLM
    return [
        row
        for row in offered("training", answers.region)
        if row.family in FAMILIES
        and row.usd_per_hour is not None
        and (accelerators()[row.gpu_model].bf16 or not language)
        and _allowed(answers, row)
    ]


def _allowed(answers: Answers, row: Instance) -> bool:
    """Tell whether the answer on GPUs admits the type: one device, several in one machine, several machines."""
    if answers.train_gpu == "single":
        return row.gpus == 1
    if answers.train_gpu == "multi_gpu":
        return row.gpus > 1
    return answers.train_gpu != "multi_node" or (row.gpus == 8 and row.efa_interfaces > 0)


def fit_of(answers: Answers, need: Need, row: Instance) -> Fit | None:
    """Return how many machines of `row` the model needs; none where it does not fit.

    Beyond one machine the state is exchanged at each step: that needs EFA, and on the G families it is not
    planned beyond 13 billion parameters.
    """
    by_memory = devices_for_training(need.state, need.activation, row.gpu_memory_gib)
    if by_memory is None:
        return None
    accelerator = accelerators()[row.gpu_model]
    by_deadline = devices_for_deadline(
        need.parameters_b, answers.training_tokens_b, answers.max_train_hours, accelerator
    )
    devices = rounded(max(by_memory, by_deadline))
    nodes = math.ceil(devices / row.gpus)
    nodes = max(nodes, 2) if answers.train_gpu == "multi_node" else nodes
    if nodes > 1:
        spread = row.gpus == 8 and row.efa_interfaces > 0 and (row.family[0] != "g" or need.parameters_b <= 13)
        if not spread or nodes > MAX_NODES or answers.train_gpu in {"single", "multi_gpu"}:
            return None
    used = nodes * row.gpus
    hours = training_hours(need.parameters_b, answers.training_tokens_b, used, accelerator)
    return Fit(row=row, nodes=nodes, devices=devices, hours=hours)


def _decisions(answers: Answers, need: Need, fits: list[Fit]) -> tuple[Decision, ...]:
    best = fits[0]
    row, used = best.row, best.nodes * best.row.gpus
    room = usable_gib(row.gpu_memory_gib) - need.activation
    run = f"; a run of {answers.training_tokens_b:g} B tokens takes {best.hours:.1f} h" if best.hours else ""
    return (
        Decision(
            key="training_method",
            value=answers.model_family,
            reason=METHODS.get(answers.model_family, "The whole network is trained."),
            from_=("model_family", "model_params_b"),
            formula=f"{need.parameters_b:g} B parameters, {need.state * GIB / need.parameters_b / 1e9:.2f} bytes each",
            source=MEMORY_SOURCE,
        ),
        Decision(
            key="training_instance_type",
            value=row.ml_name,
            reason=(
                f"The cheapest machines an hour that hold the model: {used} {row.gpu_model} with"
                f" {row.gpu_memory_gib:g} GiB each{run}."
            ),
            from_=("model_family", "model_params_b", "context_tokens", "train_gpu", "regions"),
            formula=(
                f"state {need.state:.1f} GiB, activations {need.activation:.1f} GiB a device;"
                f" usable 0.9 * {row.gpu_memory_gib:g} - 3 = {usable_gib(row.gpu_memory_gib):.1f} GiB;"
                f" ceil({need.state:.1f} / {room:.1f}) -> {best.devices} devices"
            ),
            source=f"{MEMORY_SOURCE}; {ACTIVATION_SOURCE}; tables/instances.json",
            alternatives=tuple(
                f"{fit.nodes} x {fit.row.ml_name}: {fit.nodes * fit.row.gpus} {fit.row.gpu_model},"
                f" {fit.usd_per_hour:.2f} USD/h" + (f", {fit.hours:.1f} h a run" if fit.hours else "")
                for fit in fits[1:4]
            ),
        ),
        Decision(
            key="training_instance_count",
            value=best.nodes,
            reason=(
                "One machine holds the model."
                if best.nodes == 1
                else f"{best.nodes} machines exchange their state over EFA, in one zone and placement group."
            ),
            from_=("model_params_b", "training_tokens_b", "max_train_hours", "train_gpu"),
            formula=f"ceil({best.devices} devices / {row.gpus} a machine) = {math.ceil(best.devices / row.gpus)}"
            + (
                f"; 6 * {need.parameters_b:g} B * {answers.training_tokens_b:g} B tokens"
                f" / ({used} * {accelerators()[row.gpu_model].tflops:g} TFLOPS *"
                f" {accelerators()[row.gpu_model].mfu:g}) = {best.hours:.1f} h <= {answers.max_train_hours} h"
                if best.hours
                else ""
            ),
            source=f"{DURATION_SOURCE}; tables/accelerators.toml",
        ),
    )


_MOST = {
    "auto": f"{MAX_NODES} machines at most",
    "none": f"{MAX_NODES} machines at most",
    "single": "a single GPU, as train_gpu asks",
    "multi_gpu": "the GPUs of one machine, as train_gpu asks",
    "multi_node": f"{MAX_NODES} machines at most",
}


def _refusal(answers: Answers, need: Need) -> Exception:
    """Return the error that names the largest model that fits, or that the Region has no GPUs."""
    rows = candidates(answers)
    if not rows:
        return usage_error(
            f"no GPU instance that fits train_gpu {answers.train_gpu} is on offer in {answers.region}",
            got=f"regions: {answers.region}, train_gpu: {answers.train_gpu}",
            allowed="a Region with one of " + ", ".join(FAMILIES),
            fix="choose another Region, or train_gpu: auto",
        )
    largest = 0.0
    for size in (1, 3, 7, 13, 30, 70, 130, 180, 405, 700, 1000, 2000):
        smaller = answers.model_copy(update={"model_params_b": float(size)})
        if any(fit_of(smaller, need_of(smaller), row) for row in rows):
            largest = float(size)
    return usage_error(
        f"no machines on offer in {answers.region} train {answers.model_family} of this size in this time",
        got=f"model_params_b={answers.model_params_b:g}, training_tokens_b={answers.training_tokens_b:g},"
        f" context_tokens={answers.context_tokens}, max_train_hours={answers.max_train_hours}",
        allowed=f"about {largest:g} billion parameters with {_MOST[answers.train_gpu]}"
        if largest
        else f"up to {_most_tokens(answers, rows):,.3g} billion tokens within {answers.max_train_hours} hours on"
        f" {MAX_NODES} machines",
        fix="train_gpu: auto; or a smaller model or context, or model_family: llm_qlora"
        if answers.train_gpu in {"single", "multi_gpu"}
        else "a smaller model or context, LoRA or QLoRA instead of full training, more max_train_hours, or fewer"
        " training_tokens_b",
    )


def _most_tokens(answers: Answers, rows: list[Instance]) -> float:
    """Return the billions of tokens that the fastest machines read within the deadline, as many as are planned."""
    size = answers.model_params_b or SMALL_NETWORK_B
    return max(
        answers.max_train_hours / training_hours(size, 1.0, MAX_NODES * row.gpus, accelerators()[row.gpu_model])
        for row in rows
    )
