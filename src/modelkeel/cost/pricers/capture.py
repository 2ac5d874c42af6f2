"""The capture of a database's changes: its machine by the hour, and the disk beyond what comes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, Facts, number
from modelkeel.cost.range import exactly
from modelkeel.cost.use import Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

INCLUDED_GIB = {"t": Decimal(50), "c": Decimal(100), "r": Decimal(100)}
"""AWS DMS pricing, storage that comes with an instance: 50 GB with T3, 100 GB with the others."""


def replication_instance(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Twice the machine and its disk where a second one stands by in another zone."""
    kind = str(resource.inputs.get("replicationInstanceClass") or "").removeprefix("dms.")
    disk = number(resource.inputs.get("allocatedStorage"))
    if not kind:
        yield Gap(dimension="machine", reason="the class of the instance is unknown until deployment")
        return
    machines = 2 if resource.inputs.get("multiAz") is True else 1
    said = f"{machines} dms.{kind} all month"
    yield Use(
        dimension="machine", sku=f"dms-{kind}", quantity=exactly(Decimal(machines) * MONTH_HOURS), assumption=said
    )
    beyond = max((disk or Decimal(0)) - INCLUDED_GIB.get(kind[0], Decimal(0)), Decimal(0))
    if beyond:
        said = f"{disk} GiB on {machines} machines, less what comes with them"
        yield Use(dimension="disk", sku="dms-storage", quantity=exactly(beyond * machines), assumption=said)


PRICERS: Mapping[str, Pricer] = {"aws:dms/replicationInstance:ReplicationInstance": replication_instance}
