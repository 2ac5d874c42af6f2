"""The way to the internet: none, by NAT, by a list of names; and networks that somebody else gives."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from stacks_estate.estate import recorded

from modelkeel.graph import Graph, Resource

pytestmark = pytest.mark.slow
ANYWHERE = "0.0.0.0/0"
ROUTE = "aws:ec2/route:Route"
ONE = {
    "environments": ["prod"],
    "account_model": "single",
    "account_ids": {"prod": "1" * 12},
    "monthly_budget_usd": {"prod": 100_000},
}
GIVEN = {
    **ONE,
    "network": "existing",
    "existing_vpc_ids": {"prod": "vpc-0123456789abcdef0"},
    "existing_subnet_ids": {"prod": ["subnet-0a23456789abcdef0", "subnet-0b23456789abcdef0"]},
}


@functools.cache
def foundation(**egress: Any) -> Graph:
    return recorded({**ONE, **{key: json.loads(value) for key, value in egress.items()}}, "prod")


def of(graph: Graph, kind: str) -> list[Resource]:
    return [
        row for stack in graph.stacks if stack.program == "foundation" for row in stack.resources if row.type == kind
    ]


def way_out(graph: Graph) -> list[Resource]:
    """What leads to the internet, or lets traffic go there."""
    gates = ("aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip")
    found = [row for kind in gates for row in of(graph, kind)]
    found += [row for row in of(graph, ROUTE) if row.inputs["destinationCidrBlock"] == ANYWHERE]
    rules = of(graph, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    return found + [row for row in rules if row.inputs.get("cidrIpv4") == ANYWHERE]


def test_nothing_leads_out_of_a_closed_network() -> None:
    assert way_out(foundation(egress='"none"')) == []


def test_nothing_is_made_of_a_given_network_and_nothing_leads_out_of_it() -> None:
    graph = recorded({**GIVEN, "egress": "none"}, "prod")

    made = {row.type for stack in graph.stacks if stack.program == "foundation" for row in stack.resources}
    assert way_out(graph) == []
    assert {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable"} & made == set()
    exports = next(stack.exports for stack in graph.stacks if stack.program == "foundation")
    assert ("vpc-0123456789abcdef0", list(GIVEN["existing_subnet_ids"]["prod"])) == (
        exports["vpc_id"],
        exports["private_subnet_ids"],
    )


def test_jobs_reach_what_nat_leads_to_over_tls_only() -> None:
    rules = [row.inputs for row in way_out(foundation(egress='"nat"')) if "ipProtocol" in row.inputs]

    assert {(row["ipProtocol"], row["fromPort"], row["toPort"]) for row in rules} == {("tcp", 443, 443)}


def test_a_framework_brings_a_firewall_between_the_subnets_and_the_gateways() -> None:
    """Out by the firewall, and back by the firewall of the same zone."""
    graph = foundation(egress='"allowlist"', egress_domains='["packages.example.org", "*.example.com"]')

    (rules,) = of(graph, "aws:networkfirewall/ruleGroup:RuleGroup")
    source = rules.inputs["ruleGroup"]["rulesSource"]["rulesSourceList"]
    routes = of(graph, ROUTE)
    out = {row.inputs["vpcEndpointId"] for row in routes if row.name.startswith("egress-out-")}
    back = {row.inputs["vpcEndpointId"] for row in routes if row.name.startswith("egress-back-")}
    assert [".example.com", "packages.example.org"] == source["targets"]
    assert out == back
    assert 3 == len(out)
    assert [] == [row.name for row in routes if row.name.startswith("network-private") and "natGatewayId" in row.inputs]


def test_without_a_framework_only_listed_names_are_answered() -> None:
    graph = foundation(
        egress='"allowlist"', egress_domains='["packages.example.org"]', frameworks="[]", decision_impact='"advisory"'
    )

    lists = of(graph, "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList")
    assert of(graph, "aws:networkfirewall/firewall:Firewall") == []
    assert "packages.example.org" in {name for row in lists for name in row.inputs["domains"]}
