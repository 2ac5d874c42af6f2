"""A graph becomes the quotas that it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from modelkeel.graph import Graph, Resource
from modelkeel.quotas import compute, endpoints, jobs, network
from modelkeel.quotas.need import Demand, QuotaNeed
from modelkeel.tables.instance import instances
from modelkeel.tables.quota import Quota, quotas

ROOT = "pulumi:pulumi:Stack"
TOTALS = {
    "training": "training_total",
    "spot_training": "training_total",
    "processing": "processing_total",
    "transform": "transform_total",
    "endpoint": "endpoint_total",
}
UNDECIDED = "<instance type>"
NAMED_PARTS = 4

Place = tuple[str, str]


def needed(graph: Graph, *, runs_at_once: int = 1) -> tuple[QuotaNeed, ...]:
    """Return each quota that the graph takes something of, sorted by account, Region, service and name.

    Pure. A need is the busiest moment: pipelines (`runs_at_once` executions each), workflows and endpoints all at
    once, endpoints at the upper bound of autoscaling and twice as many while a blue/green update runs. A quota by
    instance type comes with the one over all types. What else runs in the account is not counted.
    """
    groups: dict[tuple[Place, str, str], list[Demand]] = defaultdict(list)
    for place, demand in _demands(graph, runs_at_once):
        groups[place, demand.use, demand.instance_type].append(demand)
        total = TOTALS.get(demand.use)
        if total:
            groups[place, total, ""].append(demand)
    found = [_need(place, use, kind, parts) for (place, use, kind), parts in groups.items()]
    return tuple(sorted(found, key=lambda need: (need.account, need.region, need.service, need.use, need.name)))


def _demands(graph: Graph, runs_at_once: int) -> Iterator[tuple[Place, Demand]]:
    by_place: dict[Place, list[Resource]] = defaultdict(list)
    for stack, resource in graph.resources():
        place = (stack.account, stack.region)
        if resource.type == ROOT:
            found = [*endpoints.planned(stack, resource.urn), *jobs.planned(stack, resource.urn)]
        elif not resource.is_aws:
            # Pools of machines are resources of Kubernetes; the machines count in the account all the same.
            found = [*compute.demands(resource)]
        else:
            by_place[place].append(resource)
            found = [
                *jobs.demands(resource, runs_at_once),
                *endpoints.demands(graph, resource),
                *network.demands(resource),
                *compute.demands(resource),
            ]
        yield from ((place, demand) for demand in found)
    for place, resources in by_place.items():
        yield from ((place, demand) for demand in network.fullest(resources))


def _need(place: Place, use: str, instance_type: str, parts: Sequence[Demand]) -> QuotaNeed:
    quota = quotas()[use]
    counts = [part.count for part in parts if part.count is not None]
    total = sum(counts) if len(counts) == len(parts) else None
    return QuotaNeed(
        use=use,
        service=quota.service,
        name=quota.name.format(type=instance_type or UNDECIDED),
        code=quota.code,
        unit=quota.unit,
        account=place[0],
        region=place[1],
        needed=total,
        default=quota.default_for(instance_type),
        formula=_formula(use, parts, counts, total),
        urns=tuple(sorted({part.urn for part in parts})),
        source=quota.source,
        lead_days=_lead_days(quota, instance_type),
    )


def _formula(use: str, parts: Sequence[Demand], counts: Sequence[int], total: int | None) -> str:
    if total is None:
        return "; ".join(part.formula for part in parts if part.count is None)
    if use in TOTALS.values():
        return " + ".join(f"{part.count} {part.instance_type}" for part in parts) + f" = {total}"
    if len(parts) == 1:
        said = parts[0].formula
        return said if said.endswith(f" {total}") else f"{said} = {total}"
    if len(parts) > NAMED_PARTS and set(counts) == {1}:
        return f"{len(parts)} of them"
    return "; ".join(part.formula for part in parts) + f"; together {' + '.join(map(str, counts))} = {total}"


def _lead_days(quota: Quota, instance_type: str) -> int:
    known = instances().get(instance_type.removeprefix("ml."))
    return quota.lead_days_accelerated if known is not None and known.gpus > 0 else quota.lead_days
