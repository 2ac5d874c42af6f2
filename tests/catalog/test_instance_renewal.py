"""Instance types read from EC2 (moto's snapshot of it), the Price List (stubbed) and botocore's SageMaker model."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from catalog import price_server as server
from moto import mock_aws
from moto.ec2.models import instance_types

from modelkeel import aws
from modelkeel.catalog import instance_renewal
from modelkeel.tables import instance, reader

TODAY = datetime.date(2026, 12, 2)
ANSWERING = ("us-east-1", "eu-west-1")


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[aws.Clients]:
    """Two Regions answer, in all others the account has not opted in; they have one family: 900 types take long."""
    backend = instance_types.InstanceTypeBackend
    family = [row for row in backend.instance_types if row["InstanceType"].startswith("c5.")]
    monkeypatch.setattr(backend, "instance_types", family)

    def listed(service: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        if service == "AmazonEC2":
            return [server.product(f"BoxUsage:{asked['instanceType']}", ("0", "0.5"))]
        return [server.product(f"USE1-Host:{asked['instanceName']}", ("0", "0.75"))]

    with mock_aws():
        pricing = server.price_list(listed)
        open_regions = {region: server.client("ec2", region) for region in ANSWERING}

        closed = server.refusing("describe_instance_type_offerings", "AuthFailure")

        def client(service: str, region: str) -> Any:
            return pricing if service == "pricing" else open_regions.get(region, closed)

        yield client


def document(*names: str, **changes: Any) -> str:
    whole = json.loads((reader.FOLDER / instance.FILE).read_text(encoding="utf-8"))
    rows = [{**row, **changes} for row in whole["instances"] if row["name"] in names]
    return instance_renewal.dumps({**whole, "checked": "2026-11-23", "instances": rows})


def test_hardware_offers_uses_and_prices_are_renewed(make: aws.Clients) -> None:
    before = document("c5.xlarge", vcpus=1, max_enis=1, usd_per_hour=9.0, ec2_usd_per_hour=9.0, uses=["transform"])
    made = instance_renewal.renew(before, make, TODAY)

    after = json.loads(made.after)
    (row,) = after["instances"]
    assert (4, 8.0, 4, "x86_64") == (row["vcpus"], row["memory_gib"], row["max_enis"], row["architecture"])
    assert (0.75, 0.5, "observed") == (row["usd_per_hour"], row["ec2_usd_per_hour"], row["price_basis"])
    assert {"training", "hosting", "processing"} <= set(row["uses"])
    assert ("2026-12-02", 1) == (after["checked"], made.renewed)
    assert instance_renewal.dumps(after) == made.after


def test_a_region_that_does_not_answer_keeps_its_offers_and_is_named(make: aws.Clients) -> None:
    before = document("c5.xlarge", regions=["af-south-1", "us-gov-west-1"])
    made = instance_renewal.renew(before, make, TODAY)

    after = json.loads(made.after)
    assert ["af-south-1", "eu-west-1", "us-east-1", "us-gov-west-1"] == after["instances"][0]["regions"]
    assert "offers of Regions that were not asked are of 2026-11-23" in after["source"]
    assert "af-south-1" in {row.row for row in made.kept}


def test_a_second_renewal_names_the_silent_regions_once(make: aws.Clients) -> None:
    once = instance_renewal.renew(document("c5.xlarge"), make, TODAY)
    twice = instance_renewal.renew(once.after, make, TODAY)

    assert 1 == json.loads(twice.after)["source"].count("were not asked")


def test_a_type_that_no_region_has_stays_and_the_date_with_it(make: aws.Clients) -> None:
    text = document("c5.xlarge").replace('"name": "c5.xlarge"', '"name": "c5.gone"')
    made = instance_renewal.renew(text, make, TODAY)

    assert "2026-11-23" == json.loads(made.after)["checked"]
    assert "its hardware stays" in {row.row: row.why for row in made.kept}["c5.gone"]


def test_types_that_the_table_lacks_are_named(make: aws.Clients) -> None:
    made = instance_renewal.renew(document("c5.xlarge"), make, TODAY)

    assert "ml.c5.2xlarge" in {row.row: row.why for row in made.kept}["types that the table lacks"]


def test_the_table_is_in_the_form_that_a_renewal_writes() -> None:
    text = (reader.FOLDER / instance.FILE).read_text(encoding="utf-8")

    assert instance_renewal.dumps(json.loads(text)) == text
