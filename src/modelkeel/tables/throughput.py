"""What one instance is assumed to answer, by model family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "throughput.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Throughput:
    """Assumed rates of one model family; 0 means that the family is not served on that kind of instance."""

    family: str
    requests_per_second_per_vcpu: int
    requests_per_second_per_gpu: int
    batch_gib_per_vcpu_hour: int
    cpu_families: tuple[str, ...]
    gpu_families: tuple[str, ...]


@cache
def throughputs() -> Mapping[str, Throughput]:
    """Return the assumptions by model family."""
    rows = {
        name: Throughput(
            family=name,
            **{**row, "cpu_families": tuple(row["cpu_families"]), "gpu_families": tuple(row["gpu_families"])},
        )
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
