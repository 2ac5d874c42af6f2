"""Private endpoints: who calls them, where they stand, and what sharing them would cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan
from modelkeel.plan.model import Plan
from modelkeel.plan.private_links import CALLERS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SOURCES = Path(plan.__file__).parent
ONE = "account_ids=dev=111111111111,staging=111111111111,prod=111111111111"


def planned(example: str, *data: str) -> Plan:
    return plan.build(answers.load(EXAMPLES / example / "answers.yml", preset=None, data=data))


def foundation(made: Plan) -> dict[str, Any]:
    """Return the settings of the foundation program by environment."""
    return {stack.environment: dict(stack.config) for stack in made.stacks if stack.program == "foundation"}


def decision(made: Plan, key: str) -> Any:
    return next(row for row in made.decisions if row.key == key)


def test_every_service_that_is_ever_asked_for_has_a_caller() -> None:
    machines = (
        (SOURCES / "machines.py").read_text(encoding="utf-8").partition("def endpoints(")[2].partition("\ndef ")[0]
    )
    sets = re.findall(r"\{([^{}]*)\}", (SOURCES / "services.py").read_text(encoding="utf-8") + machines)
    asked = {name for row in sets for name in re.findall(r'"([a-z0-9.-]+)"', row)}

    assert {"sts", "states", "ecs-agent", "ssmmessages"} <= asked
    assert asked == set(CALLERS)


def test_dev_has_its_endpoints_in_one_zone_beside_production() -> None:
    made = planned("fraud_realtime")

    zones = {name: row["foundation:interface_endpoint_zones"] for name, row in foundation(made).items()}
    assert {"dev": 1, "staging": 3, "prod": 3} == zones == made.value("interface_endpoint_zones")


@pytest.mark.parametrize("only", ["dev", "prod"])
def test_the_only_environment_is_production(only: str) -> None:
    made = planned(
        "tabular_batch", f"environments=[{only}]", f"account_ids={only}=111111111111", f"monthly_budget_usd={only}=600"
    )

    assert {only: 2} == made.value("interface_endpoint_zones")
    assert () == decision(made, "interface_endpoint_zones").alternatives


def test_a_given_network_has_them_in_the_subnets_that_are_given() -> None:
    subnets = ",".join(f"subnet-0a1b2c3d4e5f6071{number}" for number in range(4))
    made = planned(
        "tabular_batch",
        "network=existing",
        "existing_vpc_ids=prod=vpc-0a1b2c3d4e5f60718",
        f"existing_subnet_ids={{prod: [{subnets}]}}",
    )

    assert {"prod": 4} == made.value("interface_endpoint_zones")


def test_what_sharing_would_cost_hangs_on_the_accounts() -> None:
    apart = decision(planned("fraud_realtime"), "interface_endpoint_zones").alternatives[0]
    together = decision(
        planned("fraud_realtime", "account_model=single", ONE), "interface_endpoint_zones"
    ).alternatives[0]

    # 18 endpoints in 3 zones, 18 hosted zones; three attachments where the accounts are apart.
    assert "a transit gateway" in apart
    assert "about 513 USD a month" in apart
    assert "VPC peering" in together
    assert "about 403 USD a month, 517 USD a month less" in together


def test_the_floor_counts_the_zones_of_each_environment() -> None:
    least = planned("fraud_realtime").value("least_usd_per_month")

    assert least["staging"] - least["dev"] >= 18 * 2 * 7.3
