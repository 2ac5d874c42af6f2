"""Quotas read from Service Quotas: names, defaults, and the families that start at zero."""

from __future__ import annotations

import datetime
import tomllib
from typing import Any

from botocore.stub import Stubber
from catalog import price_server as server

from modelkeel.catalog import quota_renewal
from modelkeel.catalog.renewal import Renewal

TODAY = datetime.date(2026, 12, 2)
TABLE = """\
# A comment that stays.
source = "Service Quotas"
checked = 2026-11-23
zero_families = ["p4d", "p9"]

[training]
service = "sagemaker"
name = "{type} for training job usage"
lead_days = 2

[ec2_p]
service = "ec2"
code = "L-417A185B"
name = "Running On-Demand P instances"
default = 0
lead_days = 14
"""
SAGEMAKER = [
    ("L-00000001", "ml.p5.48xlarge for training job usage", 0.0),
    ("L-00000002", "ml.c5.large for training job usage", 4.0),
]
EC2 = [("L-417A185B", "Running On-Demand P and more instances", 8.0)]


def renewed(text: str = TABLE, *, ec2: Any = EC2, sagemaker: Any = SAGEMAKER) -> Renewal:
    client = server.client("service-quotas")
    with Stubber(client) as stub:
        for service, rows in (("ec2", ec2), ("sagemaker", sagemaker)):
            quotas = [{"QuotaCode": code, "QuotaName": name, "Value": value} for code, name, value in rows]
            stub.add_response(
                "list_aws_default_service_quotas", {"Quotas": quotas}, {"ServiceCode": service, "MaxResults": 100}
            )
        return quota_renewal.renew(text, lambda service, region: client, TODAY)


def test_names_and_defaults_are_those_of_aws_and_comments_stay() -> None:
    made = renewed()

    found = tomllib.loads(made.after)
    assert ("Running On-Demand P and more instances", 8) == (found["ec2_p"]["name"], found["ec2_p"]["default"])
    assert datetime.date(2026, 12, 2) == found["checked"]
    assert made.after.startswith("# A comment that stays.\n")
    assert (2, ()) == (made.renewed, made.kept)


def test_families_start_at_zero_where_aws_says_so_and_unlisted_ones_stay() -> None:
    sagemaker = [*SAGEMAKER, ("L-00000003", "ml.p4d.24xlarge for training job usage", 1.0)]

    assert ["p5", "p9"] == tomllib.loads(renewed(sagemaker=sagemaker).after)["zero_families"]


def test_a_quota_that_aws_does_not_list_stays_and_the_date_with_it() -> None:
    made = renewed(ec2=[])

    found = tomllib.loads(made.after)
    assert datetime.date(2026, 11, 23) == found["checked"]
    assert 0 == found["ec2_p"]["default"]
    assert ["ec2_p"] == [row.row for row in made.kept]


def test_a_name_that_no_quota_has_any_more_is_told() -> None:
    made = renewed(sagemaker=[("L-00000009", "ml.c5.large for learning", 4.0)])

    assert ["training"] == [row.row for row in made.kept]


def test_a_table_that_says_what_aws_says_changes_in_its_date_only() -> None:
    once = renewed()
    again = renewed(once.after)

    assert "" == again.diff()
