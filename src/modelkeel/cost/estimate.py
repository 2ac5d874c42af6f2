"""A graph and a price table become a bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from modelkeel.cost.bill import Bill, CostLine, FreeType, Unpriced
from modelkeel.cost.facts import Facts, priced_type
from modelkeel.cost.pricers import network, observation, sagemaker, security, storage, workflow
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.prices import Price, Prices, prices
from modelkeel.tables.usage import free_types

CENT_PART = Decimal("0.0001")
QUANTITY_PART = Decimal("0.000001")

PRICERS: Mapping[str, Pricer] = MappingProxyType(
    {
        kind: pricer
        for module in (network, observation, sagemaker, security, storage, workflow)
        for kind, pricer in module.PRICERS.items()
    }
)


def price(graph: Graph, table: Prices | None = None) -> Bill:
    """Return what a month (730 hours) of the graph costs in USD list prices, without tax, discount or free tier.

    Pure: the same graph and table give the same bill. Each resource is priced, or its type is listed as
    free, or it is named in `unpriced`; an unknown price is in no total. A resource added to the graph
    never lowers a total.
    """
    known = prices() if table is None else table
    facts = Facts(graph)
    lines: list[CostLine] = []
    unpriced: list[Unpriced] = []
    free: Counter[tuple[str, str]] = Counter()
    for stack, resource in graph.resources():
        if not _is_billed(resource):
            continue
        for part in _parts(facts, stack, resource):
            if isinstance(part, Free):
                free[priced_type(resource), part.reason] += 1
            elif isinstance(part, Gap):
                unpriced.append(_gap(resource, part.dimension, part.reason))
            else:
                found = known.find(part.sku, stack.region)
                if found is None:
                    unpriced.append(_gap(resource, part.dimension, _no_price(part, stack)))
                else:
                    lines.append(_line(stack, resource, part, found))
    return Bill(
        project=graph.project,
        environment=graph.environment,
        priced_on=known.priced_on,
        lines=tuple(sorted(lines, key=lambda line: (-line.base, line.urn, line.dimension))),
        unpriced=tuple(sorted(set(unpriced), key=lambda row: (row.type, row.urn, row.dimension))),
        free=tuple(FreeType(type=kind, reason=reason, count=count) for (kind, reason), count in sorted(free.items())),
    )


def _is_billed(resource: Resource) -> bool:
    """Components, looked-up resources and providers are nothing that somebody sends a bill for."""
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:")


def _parts(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    kind = priced_type(resource)
    if kind in PRICERS:
        yield from PRICERS[kind](facts, stack, resource)
    elif kind in free_types():
        yield Free(reason=free_types()[kind])
    else:
        yield Gap(dimension="all", reason="no price is known for this resource type")


def _no_price(part: Use, stack: Stack) -> str:
    return f"no price of {part.sku} in {stack.region}"


def _gap(resource: Resource, dimension: str, reason: str) -> Unpriced:
    return Unpriced(urn=resource.urn, type=priced_type(resource), dimension=dimension, reason=reason)


def _line(stack: Stack, resource: Resource, part: Use, found: Price) -> CostLine:
    quantity = part.quantity
    estimated = " (price estimated)" if found.basis == "estimate" else ""
    return CostLine(
        urn=resource.urn,
        program=stack.program,
        dimension=part.dimension,
        quantity=quantity.base.quantize(QUANTITY_PART, ROUND_HALF_UP),
        unit=found.unit,
        unit_price=found.usd,
        low=_money(quantity.low * found.low),
        base=_money(quantity.base * found.usd),
        high=_money(quantity.high * found.high),
        assumption=f"{part.assumption}{estimated}".strip(),
        basis=found.basis,
        priced_on=found.checked,
    )


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT_PART, ROUND_HALF_UP)
