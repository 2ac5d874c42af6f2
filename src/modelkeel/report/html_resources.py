"""Resources of the report: one row each, with its place in the source and what it costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from modelkeel.cost import Bill
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.kind import kinds

ROOT = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a resource stands in the report, and what it is called."""

    anchor: str
    name: str
    label: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource of the list."""

    place: Place
    type: str
    protect: bool
    cost: Decimal | None
    results: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One stack with its resources."""

    title: str
    account: str
    region: str
    rows: tuple[Row, ...]
    cost: Decimal


def places(graph: Graph) -> dict[str, Place]:
    """Return the place of each managed resource by URN; anchors are numbers, names never reach an attribute."""
    managed = [resource for _, resource in graph.resources() if _is_listed(resource)]
    return {resource.urn: _place(resource, f"r{index}") for index, resource in enumerate(managed)}


def programs(graph: Graph, findings: Mapping[str, Any], bill: Bill) -> list[Program]:
    """Return the stacks in deployment order with their resources, their costs and their results."""
    where = places(graph)
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for line in bill.lines:
        costs[line.urn] += line.base
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings["findings"]:
        if finding["urn"] is not None:
            results[finding["urn"]][finding["result"]] += 1
    return [_program(stack, where, costs, results) for stack in graph.stacks]


def _program(
    stack: Stack, where: Mapping[str, Place], costs: Mapping[str, Decimal], results: Mapping[str, Counter[str]]
) -> Program:
    rows = tuple(
        Row(
            place=where[resource.urn],
            type=resource.type,
            protect=resource.protect,
            cost=costs.get(resource.urn),
            results=dict(sorted(results.get(resource.urn, Counter()).items())),
        )
        for resource in stack.resources
        if resource.urn in where
    )
    total = sum((costs.get(resource.urn, Decimal(0)) for resource in stack.resources), Decimal(0))
    return Program(
        title=f"{stack.program} · {stack.stack}", account=stack.account, region=stack.region, rows=rows, cost=total
    )


def label_of(kind: str) -> str:
    """Return the plain name of a resource type, or the last part of its token.

    What a program announces for later is priced with the stack itself.
    """
    if kind == ROOT:
        return "planned"
    known = kinds().get(kind)
    return known.label if known is not None else kind.rsplit(":", 1)[-1]


def _is_listed(resource: Resource) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:")


def _place(resource: Resource, anchor: str) -> Place:
    source = resource.source
    return Place(
        anchor=anchor,
        name=resource.name,
        label=label_of(resource.type),
        source="" if source is None else f"{source.file}:{source.line}",
    )
