"""The price table, renewed from the AWS Price List."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from modelkeel import aws
from modelkeel.catalog import price_list
from modelkeel.catalog.price_list import ListPrice
from modelkeel.catalog.renewal import Kept, Renewal
from modelkeel.tables import prices
from modelkeel.tables.price_query import price_queries

SAGEMAKER_INSTANCE = "sagemaker-instance:"
# A price that moves further than this is rather a changed unit than a changed price, so a person looks at it.
MOST_TIMES = Decimal(4)


def renew(text: str, make: aws.Clients, today: datetime.date) -> Renewal:
    """Return the price document in `text` with every row that the Price List confirms or changes.

    Raises:
        ModelkeelError: AWS refuses or does not answer (exit code 3).
    """
    document = json.loads(text)
    rows, kept, renewed = [], [], 0
    for row in document["prices"]:
        found = _listed(row, make)
        moved = _moved(row, found) if isinstance(found, ListPrice) else found
        if isinstance(found, ListPrice) and not moved:
            rows.append(_renewed(row, found, today))
            renewed += 1
        else:
            rows.append(row)
            kept.append(Kept(f"{row['sku']} {row['region']}", str(moved)))
    checked = today.isoformat() if renewed else document["checked"]
    after = prices.dumps({**document, "prices": rows, "checked": checked})
    return Renewal(file=prices.FILE, before=text, after=after, renewed=renewed, kept=tuple(kept))


def sagemaker_price(make: aws.Clients, ml_name: str, region: str) -> ListPrice | str:
    """Return what an instance type costs an hour in SageMaker: as an endpoint, else in training.

    Source: AWS Price List, AmazonSageMaker, attributes instanceName, regionCode, component.
    """
    found: ListPrice | str = ""
    for component in ("Hosting", "Training"):
        filters = [
            ("TERM_MATCH", "instanceName", ml_name),
            ("TERM_MATCH", "regionCode", region),
            ("TERM_MATCH", "component", component),
        ]
        found = price_list.find(aws.products(make, "AmazonSageMaker", filters))
        if isinstance(found, ListPrice):
            return found
    return found


def _listed(row: Mapping[str, Any], make: aws.Clients) -> ListPrice | str:
    """Return the list's price in the row's unit."""
    if row["sku"].startswith(SAGEMAKER_INSTANCE):
        return sagemaker_price(make, row["sku"].removeprefix(SAGEMAKER_INSTANCE), row["region"])
    query = price_queries().get(row["sku"])
    if query is None:
        return "no usage type is known for it (price_queries.toml): compare it with its source by hand"
    filters = [("TERM_MATCH", query.region_field, row["region"]), ("CONTAINS", "usagetype", query.usage_type)]
    found = price_list.find(aws.products(make, query.service, filters), query.usage_type)
    if isinstance(found, str):
        return found
    return ListPrice(usd=found.usd * query.per, usage_type=found.usage_type, published=found.published)


def _moved(row: Mapping[str, Any], found: ListPrice) -> str:
    """Say so where the price is implausibly far from the one before; empty where it is not."""
    before = Decimal(row["usd"])
    if found.usd <= before * MOST_TIMES and before <= found.usd * MOST_TIMES:
        return ""
    return f"the list says {_plain(found.usd)} USD, the table {row['usd']}: look whether the unit changed"


def _renewed(row: Mapping[str, Any], found: ListPrice, today: datetime.date) -> dict[str, Any]:
    """A list price is certain, so its bounds go."""
    published = f", published {found.published}" if found.published else ""
    service = "AmazonSageMaker" if row["sku"].startswith(SAGEMAKER_INSTANCE) else price_queries()[row["sku"]].service
    return {
        **{key: value for key, value in row.items() if key not in {"low", "high"}},
        "usd": row["usd"] if Decimal(row["usd"]) == found.usd else _plain(found.usd),
        "basis": "price_list",
        "source": f"AWS Price List, {service}, {found.usage_type}{published}",
        "checked": today.isoformat(),
        "verified": True,
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
