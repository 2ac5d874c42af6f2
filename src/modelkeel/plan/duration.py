"""How long training takes, and how many devices a deadline needs."""

from __future__ import annotations

import math

from modelkeel.tables.accelerator import Accelerator

FLOPS_PER_PARAMETER_AND_TOKEN = 6
SOURCE = "Kaplan et al. 2020, Scaling Laws for Neural Language Models: 6 FLOPs a parameter and token"


def training_hours(parameters_b: float, tokens_b: float, devices: int, accelerator: Accelerator) -> float:
    """Return hours of one run: 6 * P * tokens / (N * peak FLOPS * MFU)."""
    flops = FLOPS_PER_PARAMETER_AND_TOKEN * parameters_b * 1e9 * tokens_b * 1e9
    return flops / (devices * accelerator.tflops * 1e12 * accelerator.mfu) / 3600


def devices_for_deadline(parameters_b: float, tokens_b: float, hours: float, accelerator: Accelerator) -> int:
    """Return the devices with which the run ends within `hours`; 1 at least."""
    return max(1, math.ceil(training_hours(parameters_b, tokens_b, 1, accelerator) / hours))
