"""The memory and duration formulas give what is known of real models."""

from __future__ import annotations

import pytest

from modelkeel.plan import duration, memory
from modelkeel.tables.accelerator import accelerators
from modelkeel.tables.instance import instances
from modelkeel.tables.model_shape import shape_of


def devices(family: str, billions: float, instance: str, context: int = 4096) -> int | None:
    state = memory.state_gib(family, billions)
    activation = memory.activation_gib(shape_of(billions), context)
    return memory.devices_for_training(state, activation, instances()[instance].gpu_memory_gib)


def gigabytes(gib: float) -> float:
    return gib * 2**30 / 1e9


@pytest.mark.parametrize(
    ("family", "billions", "low", "high"),
    [
        ("llm_full_ft", 7, 126, 126),
        ("llm_lora", 7, 14, 20),
        ("llm_full_ft", 70, 1260, 1260),
        ("llm_lora", 70, 145, 170),
    ],
)
def test_memory_of_well_known_models(family: str, billions: float, low: float, high: float) -> None:
    """7B in full takes 126 GB, with LoRA 15 to 20; 70B in full 1.26 TB, with LoRA 150 to 170."""
    assert low <= round(gigabytes(memory.state_gib(family, billions)), 6) <= high


@pytest.mark.parametrize(
    ("family", "billions", "instance", "expected"),
    [
        ("llm_full_ft", 7, "g7e.12xlarge", 2),
        ("llm_full_ft", 7, "p4d.24xlarge", 4),
        ("llm_full_ft", 7, "p5.48xlarge", 2),
        ("llm_lora", 7, "g6e.xlarge", 1),
        ("llm_qlora", 7, "g6.xlarge", 1),
        ("llm_qlora", 7, "g5.xlarge", 1),
        ("llm_full_ft", 70, "p5en.48xlarge", 16),
        ("llm_full_ft", 70, "p5.48xlarge", 24),
        ("llm_lora", 70, "g7e.12xlarge", 2),
        ("llm_lora", 70, "p5.48xlarge", 4),
        ("llm_full_ft", 7, "g4dn.xlarge", 16),
    ],
)
def test_devices_that_hold_well_known_models(family: str, billions: float, instance: str, expected: int) -> None:
    """70B in full: two machines with H200, three with H100; with LoRA two devices of 96 GiB."""
    assert devices(family, billions, instance) == expected


def test_a_context_whose_activations_fill_a_device_does_not_fit() -> None:
    assert devices("llm_lora", 70, "g6.xlarge", context=131_072) is None


@pytest.mark.parametrize(("asked", "given"), [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8), (9, 16), (17, 24)])
def test_devices_come_in_machines(asked: int, given: int) -> None:
    assert memory.rounded(asked) == given


@pytest.mark.parametrize(("billions", "kib"), [(8, 128), (70, 320)])
def test_cache_of_llama_3(billions: float, kib: float) -> None:
    assert memory.cache_kib_per_token(shape_of(billions)) == kib


def test_a_checkpoint_is_fourteen_bytes_a_parameter() -> None:
    assert gigabytes(memory.checkpoint_gib(7)) == pytest.approx(98)


def test_training_time_falls_with_the_devices() -> None:
    """7B on a billion tokens: 6 * 7e9 * 1e9 FLOPs at 989 TFLOPS and 40 % are 29.5 device hours."""
    h100 = accelerators()["H100"]

    assert duration.training_hours(7, 1, 1, h100) == pytest.approx(29.5, abs=0.05)
    assert duration.training_hours(7, 1, 8, h100) == pytest.approx(29.5 / 8, abs=0.01)
    assert duration.devices_for_deadline(7, 1, 4, h100) == 8
    assert duration.devices_for_deadline(7, 0, 4, h100) == 1
