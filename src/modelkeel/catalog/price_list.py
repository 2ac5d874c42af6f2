"""One price out of the products that the Price List returns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_REGION_PREFIX = r"(?:[A-Z]{2,4}[0-9]?-)?"


@dataclass(frozen=True, kw_only=True)
class ListPrice:
    """What the list says: USD for one unit of AWS, the usage type, and the day on which the list was published."""

    usd: Decimal
    usage_type: str
    published: str


def find(products: Sequence[Mapping[str, Any]], usage_type: str = "") -> ListPrice | str:
    """Return the on-demand price of the only product of `usage_type`, or in words why there is none.

    `usage_type` lacks the prefix of the Region; empty takes every product. Of several tiers the first one that costs
    something counts: free tiers are never deducted. Products that differ in nothing but their operation are one.
    """
    found = []
    for product in products:
        name = str(product["product"]["attributes"].get("usagetype", ""))
        if not usage_type or re.fullmatch(_REGION_PREFIX + re.escape(usage_type), name):
            usd = _first_tier(product)
            if usd is not None:
                published = str(product.get("publicationDate", ""))[:10]
                found.append(ListPrice(usd=usd, usage_type=name, published=published))
    values = sorted({price.usd for price in found})
    if not values:
        return "the Price List has no on-demand price for it"
    if len(values) > 1:
        return f"the Price List has several prices for it: {', '.join(str(value) for value in values)} USD"
    return found[0]


def _first_tier(product: Mapping[str, Any]) -> Decimal | None:
    """Source: AWS Price List Query API, terms.OnDemand.*.priceDimensions.*.pricePerUnit.USD and beginRange."""
    tiers = []
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            usd = dimension.get("pricePerUnit", {}).get("USD")
            if usd is not None and Decimal(usd) > 0:
                tiers.append((Decimal(dimension.get("beginRange", "0")), Decimal(usd)))
    return min(tiers)[1] if tiers else None
