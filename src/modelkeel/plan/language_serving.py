"""How fast a language model answers: weights, cache, tensor parallelism, tokens a second."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.plan.memory import USABLE_SHARE, cache_kib_per_token, weights_gib
from modelkeel.tables.accelerator import Accelerator, accelerators
from modelkeel.tables.instance import Instance
from modelkeel.tables.model_shape import ModelShape, shape_of

WEIGHT_ROOM = 1.1
RUNTIME_GIB = 2.0
OUTPUT_TOKENS = 256
FEWEST_SEQUENCES = 4
MOST_SEQUENCES = 256
COMPUTE_SHARE = 0.5
STEP_OVERHEAD_SECONDS = 0.004
"""An assumption: what launching kernels, sampling and exchanging activations adds to each step of one answer."""
GB_PER_GIB = 2**30 / 1e9
SOURCE = (
    "vLLM documentation, Optimization; Pope et al. 2022, Efficiently Scaling Transformer Inference;"
    " tables/accelerators.toml: load-test before buying"
)


@dataclass(frozen=True, kw_only=True)
class Replica:
    """One copy of the model on `tensor_parallel` devices of a machine; it has `room` for more than it may take."""

    row: Instance
    tensor_parallel: int
    room: int
    sequences: int
    tokens_per_second: float

    @property
    def replicas(self) -> int:
        """Copies that one machine holds."""
        return self.row.gpus // self.tensor_parallel

    @property
    def requests_per_second(self) -> float:
        """Answers of 256 tokens that one machine gives a second."""
        return self.replicas * self.tokens_per_second / OUTPUT_TOKENS


def concurrent_sequences(device_gib: float, devices: int, weights: float, cache_kib: float, context: int) -> int:
    """Return requests that fit at once: floor((0.90 * M * TP - 1.1 * W - 2 GiB) / (cache * context))."""
    room = USABLE_SHARE * device_gib * devices - WEIGHT_ROOM * weights - RUNTIME_GIB
    return max(0, math.floor(room * 2**20 / (cache_kib * context)))


def tokens_per_second(
    accelerator: Accelerator, devices: int, parameters_b: float, sequences: int, cache_gib: float
) -> float:
    """Return tokens a second of one replica.

    Decoding reads all weights and caches for each step: batch * bandwidth / (W + batch * cache), and computes no
    faster than half of the peak: 0.5 * FLOPS / (2 * P). `cache_gib` is that of one sequence.
    """
    step_gb = (weights_gib(parameters_b) + sequences * cache_gib) * GB_PER_GIB
    by_memory = sequences * accelerator.memory_tb_per_second * 1000 * devices / step_gb
    by_compute = COMPUTE_SHARE * accelerator.tflops * 1e12 * devices / (2 * parameters_b * 1e9)
    return min(by_memory, by_compute)


def sequences_within(
    accelerator: Accelerator, devices: int, parameters_b: float, cache_gib: float, seconds: float
) -> float:
    """Return how many answers of 256 tokens one replica writes at once so that each is done in `seconds`.

    A step must not take longer than seconds / 256, neither to read weights and caches nor to compute: the inverse of
    `tokens_per_second`. Below one, a single answer takes longer.
    """
    step = seconds / OUTPUT_TOKENS - STEP_OVERHEAD_SECONDS
    read_gb = step * accelerator.memory_tb_per_second * 1000 * devices - weights_gib(parameters_b) * GB_PER_GIB
    by_memory = read_gb / (cache_gib * GB_PER_GIB)
    by_compute = step * COMPUTE_SHARE * accelerator.tflops * 1e12 * devices / (2 * parameters_b * 1e9)
    return min(by_memory, by_compute)


def least_seconds(row: Instance, parameters_b: float, context: int) -> float:
    """Return the seconds that all devices of the machine together take for one answer of 256 tokens."""
    cache_gib = cache_kib_per_token(shape_of(parameters_b)) * context / 2**20
    speed = tokens_per_second(accelerators()[row.gpu_model], row.gpus, parameters_b, 1, cache_gib)
    return OUTPUT_TOKENS * (1 / speed + STEP_OVERHEAD_SECONDS)


def replica_of(row: Instance, parameters_b: float, context: int, seconds: float = math.inf) -> Replica | None:
    """Return the split of the machine that answers most; none where no split holds the model and four requests.

    More devices for each copy leave more room for requests, fewer devices leave more copies. An answer of 256 tokens
    is written within `seconds`: the more are written at once, the longer each takes.
    """
    accelerator = accelerators().get(row.gpu_model)
    if accelerator is None or not accelerator.bf16 or row.gpus == 0:
        return None
    shape: ModelShape = shape_of(parameters_b)
    cache_kib, weights = cache_kib_per_token(shape), weights_gib(parameters_b)
    cache_gib = cache_kib * context / 2**20
    fits = []
    for devices in (1, 2, 4, 8):
        sequences = concurrent_sequences(row.gpu_memory_gib, devices, weights, cache_kib, context)
        if devices <= row.gpus and sequences >= FEWEST_SEQUENCES:
            room = min(sequences, MOST_SEQUENCES)
            batch = math.floor(min(room, sequences_within(accelerator, devices, parameters_b, cache_gib, seconds)))
            if batch < 1:
                continue
            speed = tokens_per_second(accelerator, devices, parameters_b, batch, cache_gib)
            fits.append(Replica(row=row, tensor_parallel=devices, room=room, sequences=batch, tokens_per_second=speed))
    return max(fits, key=lambda fit: fit.requests_per_second, default=None)


def formula(replica: Replica, parameters_b: float, context: int) -> str:
    """Return the sizing with its numbers put in."""
    cache = cache_kib_per_token(shape_of(parameters_b))
    row, devices = replica.row, replica.tensor_parallel
    return (
        f"weights 2 * {parameters_b:g} B = {weights_gib(parameters_b):.1f} GiB; cache {cache:g} KiB a token;"
        f" floor((0.9 * {row.gpu_memory_gib:g} * {devices} - 1.1 * {weights_gib(parameters_b):.1f} - 2)"
        f" / ({cache:g} KiB * {context})) -> {replica.room} sequences at once"
        + (f", {replica.sequences} of them as fast as p99_ms asks;" if replica.sequences < replica.room else ";")
        + f" {replica.tokens_per_second:.0f} tokens/s on {devices} device{'s' * (devices > 1)},"
        f" {replica.replicas} replica{'s' * (replica.replicas > 1)} a machine;"
        f" {replica.requests_per_second:.2f} answers/s of {OUTPUT_TOKENS} tokens"
    )
