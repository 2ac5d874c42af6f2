"""What accelerators compute and read a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "accelerators.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Accelerator:
    """Peak rates of one device, and the share of the peak that training reaches (`mfu`)."""

    model: str
    tflops: float
    memory_tb_per_second: float
    mfu: float
    bf16: bool


@cache
def accelerators() -> Mapping[str, Accelerator]:
    """Return the devices by the name that the instance table gives them."""
    rows = {
        name: Accelerator(model=name, **row) for name, row in reader.document(FILE).items() if isinstance(row, dict)
    }
    return MappingProxyType(rows)
