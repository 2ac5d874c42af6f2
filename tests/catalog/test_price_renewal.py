"""Prices read from the Price List: what is taken, what stays, and why."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from botocore.stub import Stubber
from catalog import price_server as server

from modelkeel.catalog import price_list, price_renewal
from modelkeel.catalog.price_list import ListPrice
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.tables import price_query, prices, reader

TODAY = datetime.date(2026, 12, 2)


def document(*rows: dict[str, Any]) -> str:
    whole = [
        {"basis": "list", "checked": "2026-11-23", "region": "eu-west-1", "service": "S", "source": "a page",
         "unit": "hour", "verified": False, **row} for row in rows
    ]  # fmt: skip
    return prices.dumps({"checked": "2026-11-23", "currency": "USD", "source": "s", "factors": [], "prices": whole})


def renewed(
    text: str, listed: Mapping[str, Iterable[Mapping[str, Any]]]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Renew against a list that holds products by usage type or instance name."""

    def answers(_: str, asked: Mapping[str, str]) -> Iterable[Mapping[str, Any]]:
        if asked.get("component") == "Training":
            return listed.get(f"{asked['instanceName']} in training", [])
        return listed.get(asked.get("usagetype") or asked["instanceName"], [])

    pricing = server.price_list(answers)
    made = price_renewal.renew(text, lambda service, region: pricing, TODAY)
    found = json.loads(made.after)
    assert prices.dumps(found) == made.after
    return found["prices"], {row.row: row.why for row in made.kept}


def test_a_listed_price_is_taken_with_its_usage_type_and_dates() -> None:
    rows, kept = renewed(
        document({"sku": "nat-gateway", "usd": "0.045", "low": "0.04", "high": "0.05"}),
        {"NatGateway-Hours": [server.product("EU-NatGateway-Hours", ("0", "0.0480000000"))]},
    )

    (row,) = rows
    assert {} == kept
    assert ("0.048", "price_list", "2026-12-02", True) == (row["usd"], row["basis"], row["checked"], row["verified"])
    assert "AWS Price List, AmazonEC2, EU-NatGateway-Hours, published 2026-12-01" == row["source"]
    assert "low" not in row


def test_our_unit_holds_many_of_theirs() -> None:
    rows, _ = renewed(
        document({"sku": "s3-put", "usd": "5.00"}),
        {"Requests-Tier1": [server.product("EU-Requests-Tier1", ("0", "0.0000054"))]},
    )

    assert "5.4" == rows[0]["usd"]


def test_the_same_price_keeps_its_digits() -> None:
    rows, _ = renewed(
        document({"sku": "s3-put", "usd": "5.00"}),
        {"Requests-Tier1": [server.product("EU-Requests-Tier1", ("0", "0.000005"))]},
    )

    assert ("5.00", True) == (rows[0]["usd"], rows[0]["verified"])


def test_an_instance_is_priced_as_an_endpoint_else_in_training() -> None:
    rows, kept = renewed(
        document({"sku": "sagemaker-instance:ml.a", "usd": "1"}, {"sku": "sagemaker-instance:ml.b", "usd": "1"}),
        {
            "ml.a": [server.product("EU-Host:ml.a", ("0", "1.5"))],
            "ml.b in training": [server.product("EU-Train:ml.b", ("0", "2"))],
        },
    )

    assert {} == kept
    assert ["1.5", "2"] == [row["usd"] for row in rows]


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ([], "no on-demand price"),
        ([server.product("EU-Other-NatGateway-Hours", ("0", "0.05"))], "no on-demand price"),
        ([server.product("EU-NatGateway-Hours", ("0", "0.05")), server.product("EU-NatGateway-Hours", ("0", "0.06"))],
         "several prices"),
        ([server.product("EU-NatGateway-Hours", ("0", "48"))], "unit changed"),
        ([server.product("EU-NatGateway-Hours", ("0", "0.001"))], "unit changed"),
    ],
)  # fmt: skip
def test_a_price_in_doubt_stays_and_says_why(listed: list[dict[str, Any]], why: str) -> None:
    rows, kept = renewed(document({"sku": "nat-gateway", "usd": "0.045"}), {"NatGateway-Hours": listed})

    assert ("0.045", "2026-11-23", False) == (rows[0]["usd"], rows[0]["checked"], rows[0]["verified"])
    assert why in kept["nat-gateway eu-west-1"]


def test_a_price_without_a_known_usage_type_is_left_to_a_person() -> None:
    _, kept = renewed(document({"sku": "config-evaluation", "usd": "0.001"}), {})

    assert "by hand" in kept["config-evaluation eu-west-1"]


def test_free_tiers_are_never_deducted() -> None:
    product = server.product("EU-TimedStorage-ByteHrs", ("25", "0.283"), ("0", "0"), ("1000", "0.2"))

    found = price_list.find([product], "TimedStorage-ByteHrs")
    assert isinstance(found, ListPrice)
    assert Decimal("0.283") == found.usd


def test_a_refusal_names_the_permission() -> None:
    pricing = server.client("pricing")
    with Stubber(pricing) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "no")
        with pytest.raises(ModelkeelError) as caught:
            price_renewal.renew(document({"sku": "nat-gateway", "usd": "1"}), lambda service, region: pricing, TODAY)

    assert ExitCode.ENVIRONMENT == caught.value.exit_code
    assert "pricing:GetProducts" in caught.value.problems[0].fix


def test_every_query_belongs_to_a_price_and_the_queries_are_sorted() -> None:
    queries = list(price_query.price_queries())

    assert queries == sorted(queries)
    assert set(queries) <= {sku for sku, _ in prices.prices().rows}
    for row in price_query.price_queries().values():
        units = {price.unit.split()[0] for key, price in prices.prices().rows.items() if key[0] == row.sku}
        assert {{1_000_000: "million", 1000: "thousand"}.get(row.per, "")} & units or row.per == 1, row.sku


def test_the_table_is_in_the_form_that_a_renewal_writes() -> None:
    text = (reader.FOLDER / prices.FILE).read_text(encoding="utf-8")

    assert prices.dumps(json.loads(text)) == text
