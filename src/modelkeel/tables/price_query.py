"""Where a price stands in the AWS Price List."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "price_queries.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceQuery:
    """One price: `per` of AWS's units are one of ours; `usage_type` lacks the prefix of the Region."""

    sku: str
    service: str
    usage_type: str
    per: int = 1
    region_field: str = "regionCode"


@cache
def price_queries() -> Mapping[str, PriceQuery]:
    """Return the queries by SKU, sorted."""
    rows = {name: PriceQuery(sku=name, **row) for name, row in reader.document(FILE).items() if isinstance(row, dict)}
    return MappingProxyType(rows)
