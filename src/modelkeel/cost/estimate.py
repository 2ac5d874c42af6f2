"""A graph and a price table become a bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from modelkeel.cost.bill import Bill, CostLine, FreeType, Unpriced
from modelkeel.cost.facts import Facts, priced_type
from modelkeel.cost.pricers import (
    capture,
    cluster,
    devices,
    idle,
    kafka,
    machines,
    network,
    observation,
    sagemaker,
    security,
    storage,
    workflow,
)
from modelkeel.cost.pricers.planned import planned
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.prices import Price, Prices, prices
from modelkeel.tables.usage import free_types

ROOT = "pulumi:pulumi:Stack"
IN_CLUSTER = "kubernetes:"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
CENT_PART = Decimal("0.0001")
QUANTITY_PART = Decimal("0.000001")

FAMILIES = (
    *(capture, cluster, devices, idle, kafka, machines, network),
    *(observation, sagemaker, security, storage, workflow),
)
PRICERS: Mapping[str, Pricer] = MappingProxyType(
    {kind: pricer for module in FAMILIES for kind, pricer in module.PRICERS.items()}
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
    for stack, urn, kind, part in _all_parts(facts):
        if isinstance(part, Free):
            free[kind, part.reason] += 1
        elif isinstance(part, Gap):
            unpriced.append(Unpriced(urn=urn, type=kind, dimension=part.dimension, reason=part.reason))
        elif (found := known.find(part.sku, stack.region)) is None:
            reason = f"no price of {part.sku} in {stack.region}"
            unpriced.append(Unpriced(urn=urn, type=kind, dimension=part.dimension, reason=reason))
        else:
            lines.append(_line(stack, urn, part, found))
    return Bill(
        project=graph.project,
        environment=graph.environment,
        priced_on=known.priced_on,
        lines=tuple(sorted(lines, key=lambda line: (-line.base, line.urn, line.dimension))),
        unpriced=tuple(sorted(set(unpriced), key=lambda row: (row.type, row.urn, row.dimension))),
        free=tuple(FreeType(type=kind, reason=reason, count=count) for (kind, reason), count in sorted(free.items())),
    )


def _all_parts(facts: Facts) -> Iterator[tuple[Stack, str, str, Part]]:
    for stack, resource in facts.graph.resources():
        if resource.type == ROOT:
            for part in planned(facts, stack):
                yield stack, resource.urn, resource.type, part
        elif _is_billed(resource):
            for part in _parts(facts, stack, resource):
                yield stack, resource.urn, priced_type(resource), part


def _is_billed(resource: Resource) -> bool:
    """Components, looked-up resources and providers are nothing that somebody sends a bill for."""
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:")


def _parts(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    kind = priced_type(resource)
    if kind in PRICERS:
        yield from PRICERS[kind](facts, stack, resource)
    elif kind in free_types():
        yield Free(reason=free_types()[kind])
    elif kind.startswith(IN_CLUSTER) and kind != CLAIM:
        yield Free(reason="it runs on the machines of the cluster, which are priced by themselves")
    else:
        yield Gap(dimension="all", reason="no price is known for this resource type")


def _line(stack: Stack, urn: str, part: Use, found: Price) -> CostLine:
    quantity = part.quantity
    estimated = " (price estimated)" if found.basis == "estimate" else ""
    return CostLine(
        urn=urn,
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
