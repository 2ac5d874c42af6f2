"""AWS clients whose answers are stubbed: moto has no Price List, and of Service Quotas it has almost nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import boto3
from botocore.stub import Stubber

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def client(service: str, region: str = "us-east-1") -> Any:
    """Return a client that needs no configuration of this machine."""
    return boto3.client(service, region_name=region, **KEYS)


def product(usage_type: str, *tiers: tuple[str, str], published: str = "2026-12-01T00:00:00Z") -> dict[str, Any]:
    """Return a product as the Price List spells it; each tier is (begin, USD)."""
    dimensions = {
        f"T.{place}": {"beginRange": begin, "unit": "Hrs", "pricePerUnit": {"USD": usd}}
        for place, (begin, usd) in enumerate(tiers)
    }
    return {
        "product": {"sku": "X", "attributes": {"usagetype": usage_type}},
        "terms": {"OnDemand": {"X.T": {"priceDimensions": dimensions}}},
        "publicationDate": published,
    }


def price_list(answers: Callable[[str, Mapping[str, str]], Iterable[Mapping[str, Any]]]) -> Any:
    """Return a pricing client that answers each GetProducts with what `answers(service, filters)` gives."""
    pricing = client("pricing")
    stub = Stubber(pricing)
    stub.activate()

    def answer(params: dict[str, Any], **_: object) -> None:
        asked = {row["Field"]: row["Value"] for row in params["Filters"]}
        found = [json.dumps(row) for row in answers(params["ServiceCode"], asked)]
        stub.add_response("get_products", {"FormatVersion": "aws_v1", "PriceList": found})

    pricing.meta.events.register_first("provide-client-params.pricing.GetProducts", answer)
    return pricing


def refusing(method: str, code: str) -> Any:
    """Return an EC2 client of which `method` is refused, however often it is called."""
    closed = client("ec2", "af-south-1")
    stub = Stubber(closed)
    stub.activate()

    def refuse(**_: object) -> None:
        stub.add_client_error(method, code, "not opted in")

    operation = closed.meta.method_to_api_mapping[method]
    closed.meta.events.register_first(f"provide-client-params.ec2.{operation}", refuse)
    return closed
