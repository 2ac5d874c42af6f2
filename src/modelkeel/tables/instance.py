"""Instance types: hardware, SageMaker uses, list price, regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from modelkeel.tables import reader

FILE = "instances.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """One EC2 instance type as SageMaker and EC2 offer it; `usd_per_hour` is the SageMaker list price in us-east-1."""

    name: str
    family: str
    vcpus: int
    memory_gib: float
    architecture: str
    gpus: int
    gpu_model: str
    gpu_memory_gib: float
    nvme_gb: int
    efa_interfaces: int
    max_enis: int
    ips_per_eni: int
    uses: frozenset[str]
    capacity_block: bool
    spot: bool
    ec2_usd_per_hour: float | None
    usd_per_hour: float | None
    price_basis: str
    ec2_quota_code: str
    ec2_quota_name: str
    regions: frozenset[str]

    @property
    def ml_name(self) -> str:
        """The name that SageMaker gives the type."""
        return f"ml.{self.name}"

    @property
    def has_local_storage(self) -> bool:
        """SageMaker refuses a volume key on a type with NVMe storage of its own."""
        return self.nvme_gb > 0


@cache
def instances() -> Mapping[str, Instance]:
    """Return the instance types by EC2 name, sorted by name."""
    rows = reader.document(FILE)["instances"]
    return MappingProxyType({row["name"]: _row(row) for row in rows})


def offered(use: str, region: str) -> list[Instance]:
    """Return the types that SageMaker takes for `use` (training, hosting, ...) and that `region` has, cheapest first.

    Types without a list price stand last. Source of the region list: see the table; it lags behind AWS.
    """
    found = [row for row in instances().values() if use in row.uses and region in row.regions]
    return sorted(found, key=lambda row: (row.usd_per_hour is None, row.usd_per_hour or 0.0, row.name))


def _row(row: Mapping[str, Any]) -> Instance:
    return Instance(**{**row, "uses": frozenset(row["uses"]), "regions": frozenset(row["regions"])})
