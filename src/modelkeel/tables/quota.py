"""Quotas by the name that Service Quotas shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "quotas.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """A quota of one use; `{type}` in `name` stands for an instance type. Lead times are in days.

    `code` is empty where each instance type has its own, `default` none where AWS sets it account by account.
    """

    use: str
    service: str
    name: str
    code: str = ""
    unit: str = "instances"
    default: int | None = None
    lead_days: int
    lead_days_accelerated: int
    source: str = ""

    def default_for(self, instance_type: str) -> int | None:
        """Return what an account starts with for an instance type (`ml.p5.48xlarge`, or empty for none), if known."""
        family = instance_type.removeprefix("ml.").partition(".")[0]
        return 0 if family in zero_families() else self.default


@cache
def quotas() -> Mapping[str, Quota]:
    """Return the quotas by use: training, endpoint, ec2_p_spot, vpcs and so on."""
    document = reader.document(FILE)
    rows = {
        use: Quota(use=use, **{"source": document["source"], **row})
        for use, row in document.items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)


@cache
def zero_families() -> frozenset[str]:
    """Return the instance families of which SageMaker gives a new account none."""
    return frozenset(reader.document(FILE)["zero_families"])
