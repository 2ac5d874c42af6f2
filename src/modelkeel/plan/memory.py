"""Accelerator memory of neural models: pure formulas with units and sources."""

from __future__ import annotations

import math

from modelkeel.tables.model_shape import ModelShape

GIB = 2**30
# Bytes for each parameter. 18 = weights 6 (BF16 and FP32), gradients 4, Adam's moments 8.
FULL_BYTES = 18.0
FROZEN_BF16_BYTES = 2.0
FROZEN_NF4_BYTES = 0.6
ADAPTER_SHARE = 0.005
USABLE_SHARE = 0.90
RESERVED_GIB = 3.0
MEMORY_SOURCE = (
    "Hugging Face Transformers, Model training anatomy: 18 bytes a parameter for mixed-precision AdamW;"
    " Dettmers et al. 2023, QLoRA"
)
ACTIVATION_SOURCE = "Korthikanti et al. 2022, Reducing Activation Recomputation, eq. 6"
FROZEN_BYTES = {"llm_lora": FROZEN_BF16_BYTES, "llm_qlora": FROZEN_NF4_BYTES}


def state_gib(family: str, parameters_b: float) -> float:
    """Return GiB of weights, gradients and optimizer states, over all devices together.

    Full training keeps 18 bytes a parameter; LoRA keeps the frozen weights (2 bytes, QLoRA 0.6) and 18 bytes for
    each adapter parameter, half a percent of the model. Source: MEMORY_SOURCE.
    """
    per_parameter = FULL_BYTES
    if family in FROZEN_BYTES:
        per_parameter = FROZEN_BYTES[family] + FULL_BYTES * ADAPTER_SHARE
    return parameters_b * 1e9 * per_parameter / GIB


def activation_gib(shape: ModelShape, context_tokens: int, batch: int = 1) -> float:
    """Return GiB of activations on each device with full recomputation: 2 * s * b * h * L bytes.

    Source: ACTIVATION_SOURCE.
    """
    return 2.0 * context_tokens * batch * shape.hidden * shape.layers / GIB


def usable_gib(device_gib: float) -> float:
    """Return GiB of a device that a job can use: 90 % less 3 GiB for the runtime and fragments."""
    return USABLE_SHARE * device_gib - RESERVED_GIB


def devices_for_training(state: float, activation: float, device_gib: float) -> int | None:
    """Return the devices over which the state is spread, each holding its own activations; none if they do not fit.

    N is the least with state + N * activation <= N * usable, rounded up to 1, 2, 4, 8 and then to whole eights.
    """
    room = usable_gib(device_gib) - activation
    if room <= 0:
        return None
    return rounded(max(1, math.ceil(state / room)))


def rounded(devices: int) -> int:
    """Return the next of 1, 2, 4, 8, 16, 24, ...: what one machine is split into, then whole machines of eight."""
    if devices <= 8:
        return int(2 ** math.ceil(math.log2(devices)))
    return math.ceil(devices / 8) * 8


def checkpoint_gib(parameters_b: float) -> float:
    """Return GiB of a checkpoint of full training: 14 bytes a parameter (BF16 and FP32 weights, both moments)."""
    return parameters_b * 1e9 * 14 / GIB


def weights_gib(parameters_b: float, bytes_per_parameter: float = 2.0) -> float:
    """Return GiB of the weights alone: 2 bytes a parameter in BF16, 1 in FP8 or INT8, 0.5 in INT4."""
    return parameters_b * 1e9 * bytes_per_parameter / GIB


def cache_kib_per_token(shape: ModelShape, bytes_per_value: int = 2) -> float:
    """Return KiB of keys and values that one token keeps: 2 * L * n_kv * d_head * bytes.

    Llama 3 8B keeps 128 KiB, 70B keeps 320 KiB in BF16.
    """
    return 2 * shape.layers * shape.kv_heads * shape.head_size * bytes_per_value / 1024
