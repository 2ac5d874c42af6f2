"""Prices of EC2 machines, from the table of instance types."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from modelkeel.tables import reader
from modelkeel.tables.instance import FILE, instances

PREFIX = "ec2-instance:"
REGION = "us-east-1"
SERVICE = "AmazonEC2"
SOURCE = "EC2 on-demand list price of 2026-07-20, Linux, shared tenancy; tables/instances.json"


def machine_prices() -> Iterator[tuple[str, Decimal, datetime.date]]:
    """Yield SKU, USD an hour in us-east-1 and date of each EC2 type whose price is known."""
    checked = reader.provenance(FILE).checked
    for row in instances().values():
        if row.ec2_usd_per_hour is not None:
            yield f"{PREFIX}{row.name}", Decimal(str(row.ec2_usd_per_hour)), checked
