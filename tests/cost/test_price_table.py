"""The price, usage and free tables: canonical, dated, consistent."""

import json
from decimal import Decimal
from importlib import resources

import pytest

from modelkeel.cost import PRICERS
from modelkeel.cost.range import assumed
from modelkeel.tables import prices as table
from modelkeel.tables import reader
from modelkeel.tables.instance import instances
from modelkeel.tables.usage import FREE_FILE, free_types, usages

TEXT = (resources.files("modelkeel") / "tables" / table.FILE).read_text(encoding="utf-8")


def test_the_file_is_in_its_one_canonical_form() -> None:
    """One row a line, sorted: a refresh shows exactly the prices that changed."""
    assert table.dumps(json.loads(TEXT)) == TEXT


def test_every_row_names_its_source_and_no_date_after_that_of_the_table() -> None:
    rows = [*table.prices().rows.values(), *table.prices().factors.values()]
    renewed = reader.provenance("prices.json").checked

    assert [row for row in rows if not row.source or row.checked > renewed] == []


def test_no_row_is_there_twice() -> None:
    document = json.loads(TEXT)
    keys = [(row["sku"], row["region"]) for row in document["prices"]]

    machines = [key for key in table.prices().rows if key[0].startswith("ec2-instance:")]
    assert len(keys) == len(set(keys)) == len(table.prices().rows) - len(machines)
    assert len(machines) > 100


def test_bounds_enclose_the_price_and_only_estimates_have_a_width() -> None:
    for row in table.prices().rows.values():
        assert 0 < row.low <= row.usd <= row.high, row.sku
        assert row.basis == "estimate" or row.low == row.high, row.sku
    for factor in table.prices().factors.values():
        assert 0 < factor.low <= factor.factor <= factor.high, factor


def test_each_regional_row_has_a_row_of_the_home_region_in_the_same_unit() -> None:
    rows = table.prices().rows

    assert [key for key, row in rows.items() if rows[key[0], table.HOME_REGION].unit != row.unit] == []


def test_a_regional_price_is_taken_as_it_is() -> None:
    found = table.prices().find("log-ingest", "eu-west-1")

    assert found is not None
    assert (found.usd, found.basis) == (Decimal("0.57"), "price_list")


def test_a_price_of_a_region_without_a_row_is_a_wider_estimate() -> None:
    found = table.prices().find("kinesis-in", "eu-west-1")
    home = table.prices().find("kinesis-in", "us-east-1")

    assert found is not None
    assert home is not None
    assert found.basis == "estimate"
    assert found.low < found.usd < found.high
    assert "times 1.10" in found.source


@pytest.mark.parametrize(("sku", "region"), [("kms-key", "mars-north-1"), ("no-such-sku", "us-east-1")])
def test_a_price_nobody_knows_is_none(sku: str, region: str) -> None:
    if sku == "kms-key":
        sku = "nat-gateway"  # keys cost the same everywhere, gateways do not

    assert table.prices().find(sku, region) is None


def test_the_prices_that_plan_and_bill_use_agree() -> None:
    """The planner chooses by its instance table; the bill must not contradict it by more than the list's rounding."""
    apart = {}
    for instance in instances().values():
        found = table.prices().find(f"sagemaker-instance:{instance.ml_name}", table.HOME_REGION)
        if found is not None and instance.usd_per_hour is not None:
            ratio = found.usd / Decimal(str(instance.usd_per_hour))
            if not Decimal("0.9") < ratio < Decimal("1.12"):
                apart[instance.name] = ratio

    assert apart == {}


def test_each_assumption_is_ordered_and_says_why() -> None:
    for name, row in usages().items():
        assert 0 <= row.low <= row.base <= row.high, name
        assert row.base > 0, name
        assert row.reason, name
        assert row.per, name


def test_the_assumptions_are_sorted() -> None:
    assert list(usages()) == sorted(usages())


def test_an_assumption_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        assumed("moon_phase")


def test_no_type_is_both_priced_and_free() -> None:
    assert set(PRICERS) & set(free_types()) == set()


def test_the_free_types_of_one_reason_are_sorted_and_there_once() -> None:
    groups = reader.document(FREE_FILE)["free"]
    kinds = [kind for group in groups for kind in group["types"]]

    assert [group["types"] for group in groups if group["types"] != sorted(group["types"])] == []
    assert len(kinds) == len(set(kinds))
