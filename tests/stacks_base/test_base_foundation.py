from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from typing import Any

import pytest
from stacks_base.base_project import (
    ACCOUNT,
    KEY_CLASSES,
    LARGE,
    documents,
    inputs,
    listed,
    of_type,
    platform,
    program,
    recorded,
    small,
    stack,
)

from modelkeel.graph import Graph
from stacks.components.dns_guard import allowed_names
from stacks.components.log_group import RETENTION_DAYS
from stacks.components.network import NetworkArgs
from stacks.documents.key import ADMINISTRATION, USE, key_policy
from stacks.documents.network import gateway_policy, interface_policy

CASES: dict[str, Callable[[], Graph]] = {"large": recorded, "small": small}
cases = pytest.mark.parametrize("case", CASES)
INGRESS, EGRESS = (
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
ENDPOINT, KEY = "ec2/vpcEndpoint:VpcEndpoint", "kms/key:Key"
NAT = {
    "egress": "nat_per_az",
    "public_subnet_cidrs": ["10.20.240.0/24", "10.20.241.0/24", "10.20.242.0/24"],
}


@cases
def test_keys_rotate_wait_and_are_protected(case: str) -> None:
    graph = CASES[case]()

    rows = inputs(graph, KEY)

    assert rows
    assert {(row["enableKeyRotation"], row["deletionWindowInDays"]) for row in rows.values()} == {(True, 30)}
    assert {r.protect for r in of_type(graph, KEY)} == {True}


@cases
def test_every_key_has_the_alias_by_which_roles_name_it(case: str) -> None:
    graph = CASES[case]()
    classes = KEY_CLASSES if case == "large" else ["data", "models", "logs"]

    aliases = {row["name"] for row in inputs(graph, "kms/alias:Alias").values()}

    assert aliases == {f"alias/fraud-prod-{name}" for name in classes} | {"alias/fraud-shared-audit"}


@cases
def test_no_key_is_used_outside_services_or_by_foreign_accounts(case: str) -> None:
    """Who may administer a key cannot decrypt with it; who may decrypt does so through a service or for a context."""
    use = {*USE, "kms:CreateGrant"} - {"kms:DescribeKey"}
    for document in documents(CASES[case](), KEY).values():
        for statement in document["Statement"]:
            condition = json.dumps(statement.get("Condition", {}))
            assert statement["Principal"] != "*"
            if use & set(listed(statement["Action"])):
                assert any(
                    key in condition
                    for key in ("kms:ViaService", "kms:EncryptionContext", "aws:SourceAccount", "aws:SourceArn")
                )
                if "AWS" in statement["Principal"]:
                    assert '"kms:CallerAccount"' in condition


def test_administration_and_use_of_a_key_are_apart() -> None:
    assert set(ADMINISTRATION) & set(USE) == {"kms:DescribeKey"}


def test_a_key_that_stands_in_serves_the_services_of_all_its_classes() -> None:
    policy = key_policy(platform(), ["data", "features"])
    (use,) = [s for s in policy["Statement"] if s["Sid"] == "UseThroughServices"]

    services = {name.split(".")[0] for name in use["Condition"]["StringEquals"]["kms:ViaService"]}

    assert {"kinesis", "dynamodb", "s3", "sagemaker"} <= services


def test_only_the_log_key_serves_log_groups_and_alarms() -> None:
    sids = {r.name: {s["Sid"] for s in json.loads(r.inputs["policy"])["Statement"]} for r in of_type(recorded(), KEY)}

    assert [name for name, found in sids.items() if "LogGroups" in found] == ["audit", "logs"]
    assert [name for name, found in sids.items() if "Publishers" in found] == ["audit", "logs"]
    assert [name for name, found in sids.items() if "StateMachines" in found] == ["evidence", "logs"]


def test_a_class_without_a_key_exports_the_key_that_stands_in() -> None:
    exports = stack(small(), "foundation").exports

    assert exports["features_key_arn"] == exports["capture_key_arn"] == exports["data_key_arn"]
    assert exports["evidence_key_arn"] == exports["logs_key_arn"]
    assert exports["models_key_arn"] != exports["data_key_arn"]


@cases
def test_no_rule_is_open_to_the_world(case: str) -> None:
    graph = CASES[case]()
    rules = [*inputs(graph, INGRESS).values(), *inputs(graph, EGRESS).values()]

    assert rules
    assert [row for row in rules if row.get("cidrIpv4") == "0.0.0.0/0" or row.get("cidrIpv6")] == []


def test_jobs_talk_to_themselves_both_ways_and_models_do_not() -> None:
    """EFA and distributed training need the self-reference in both directions."""
    graph = recorded()
    groups = {r.name: r.id for r in of_type(graph, "ec2/securityGroup:SecurityGroup")}

    def to_itself(kind: str) -> set[str]:
        return {
            row["securityGroupId"]
            for row in inputs(graph, kind).values()
            if row.get("referencedSecurityGroupId") == row["securityGroupId"] and row["ipProtocol"] == "-1"
        }

    assert to_itself(INGRESS) == to_itself(EGRESS) == {groups["jobs"]}


@cases
def test_workloads_reach_endpoints_and_gateways_over_tls_only(case: str) -> None:
    graph = CASES[case]()
    groups = {r.name: r.id for r in of_type(graph, "ec2/securityGroup:SecurityGroup")}
    gateways = LARGE["foundation"]["gateway_endpoints"] if case == "large" else ["s3"]

    for group in groups.keys() & {"jobs", "models"}:
        outside = [
            row
            for row in inputs(graph, EGRESS).values()
            if row["securityGroupId"] == groups[group] and row.get("referencedSecurityGroupId") != groups[group]
        ]
        assert {(row["ipProtocol"], row["fromPort"], row["toPort"]) for row in outside} == {("tcp", 443, 443)}
        assert len(outside) == 1 + len(gateways)


@cases
def test_the_default_security_group_is_empty(case: str) -> None:
    row = inputs(CASES[case](), "ec2/defaultSecurityGroup:DefaultSecurityGroup")["network"]

    assert (row["ingress"], row["egress"]) == ([], [])


@cases
def test_subnets_are_private_apart_and_inside_the_network(case: str) -> None:
    rows = inputs(CASES[case](), "ec2/subnet:Subnet").values()
    network = ipaddress.ip_network("10.20.0.0/16")
    ranges = [ipaddress.ip_network(row["cidrBlock"]) for row in rows]

    assert all(not row["mapPublicIpOnLaunch"] for row in rows)
    assert all(each.subnet_of(network) for each in ranges)
    assert not any(a.overlaps(b) for a in ranges for b in ranges if a is not b)


@cases
def test_without_egress_there_is_no_way_to_the_internet(case: str) -> None:
    types = {resource.type.rpartition(":")[2] for resource in stack(CASES[case](), "foundation").resources}

    assert types & {"InternetGateway", "NatGateway", "Eip", "Route"} == set()


def test_a_nat_gateway_in_each_zone_serves_that_zone() -> None:
    graph = program("foundation", foundation=NAT)
    associations = inputs(graph, "ec2/routeTableAssociation:RouteTableAssociation")
    private = {row["routeTableId"] for name, row in associations.items() if "private" in name}

    assert len(list(of_type(graph, "ec2/natGateway:NatGateway"))) == 3
    assert len(private) == 3
    assert [row["mapPublicIpOnLaunch"] for row in inputs(graph, "ec2/subnet:Subnet").values()] == [False] * 6


def test_one_nat_gateway_serves_all_zones() -> None:
    graph = program("foundation", foundation={"egress": "nat_single", "public_subnet_cidrs": ["10.20.240.0/24"]})
    associations = inputs(graph, "ec2/routeTableAssociation:RouteTableAssociation")

    assert len(list(of_type(graph, "ec2/natGateway:NatGateway"))) == 1
    assert len({row["routeTableId"] for name, row in associations.items() if "private" in name}) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"egress": "vpn"}, "none, nat_single, nat_per_az"),
        ({"private_subnet_cidrs": ["10.20.0.0/20"]}, "private_subnet_cidrs needs one range for each of 3"),
        ({"egress": "nat_per_az"}, "public_subnet_cidrs needs 3 ranges"),
        ({"public_subnet_cidrs": ["10.20.240.0/24"]}, "public_subnet_cidrs needs 0 ranges"),
    ],
)
def test_ranges_that_do_not_match_are_named(changes: dict[str, object], said: str) -> None:
    keys = ("vpc_cidr", "availability_zones", "private_subnet_cidrs", "public_subnet_cidrs", "egress")

    with pytest.raises(ValueError, match=said):
        NetworkArgs(**{**{key: LARGE["foundation"][key] for key in keys}, **changes})


@cases
def test_every_endpoint_lets_only_the_account_pass(case: str) -> None:
    for document in documents(CASES[case](), ENDPOINT).values():
        for statement in document["Statement"]:
            if statement["Sid"] == "ImageLayers":
                assert statement["Action"] == "s3:GetObject"
                assert "starport" in statement["Resource"]
            else:
                assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == ACCOUNT


@pytest.mark.parametrize(
    ("endpoint", "action"),
    [
        ("sagemaker.api", "sagemaker:*"),
        ("sagemaker.featurestore-runtime", "sagemaker:*"),
        ("ecr.dkr", "ecr:*"),
        ("monitoring", "cloudwatch:*"),
        ("kinesis-streams", "kinesis:*"),
        ("kms", "kms:*"),
        ("sts", "sts:*"),
    ],
)
def test_an_endpoints_policy_speaks_of_its_service_as_iam_does(endpoint: str, action: str) -> None:
    (statement,) = interface_policy(platform(), endpoint)["Statement"]

    assert statement["Action"] == action


def test_the_way_to_dynamodb_lets_no_image_layers_through() -> None:
    assert len(gateway_policy(platform(), "dynamodb")["Statement"]) == 1


@cases
def test_interface_endpoints_stand_in_every_zone_with_private_names(case: str) -> None:
    graph = CASES[case]()
    subnets = stack(graph, "foundation").exports["private_subnet_ids"]
    rows = [row for row in inputs(graph, ENDPOINT).values() if row["vpcEndpointType"] == "Interface"]

    assert rows
    assert all(row["subnetIds"] == subnets and row["privateDnsEnabled"] for row in rows)


@cases
def test_flow_logs_take_all_traffic_into_an_encrypted_group(case: str) -> None:
    graph = CASES[case]()
    row = inputs(graph, "ec2/flowLog:FlowLog")["flow-logs"]
    groups = {r.outputs["arn"]: r.inputs for r in of_type(graph, "cloudwatch/logGroup:LogGroup")}

    assert (row["trafficType"], row["maxAggregationInterval"]) == ("ALL", 60)
    assert groups[row["logDestination"]]["kmsKeyId"]


@cases
def test_every_log_group_is_encrypted_and_forgets(case: str) -> None:
    groups = inputs(CASES[case](), "cloudwatch/logGroup:LogGroup")

    assert groups
    assert all(row["kmsKeyId"] and row["retentionInDays"] in RETENTION_DAYS for row in groups.values())


def test_a_retention_that_cloudwatch_does_not_know_is_refused() -> None:
    with pytest.raises(Exception, match="364 days, CloudWatch accepts"):
        program("foundation", foundation={"flow_log_retention_days": 364})


def _dns(graph: Graph, kind: str) -> dict[str, dict[str, Any]]:
    return inputs(graph, f"route53/{kind[0].lower()}{kind[1:]}:{kind}")


def test_only_names_of_aws_and_of_the_network_are_answered() -> None:
    graph = program("foundation")
    lists = {r.id: r.inputs["domains"] for r in of_type(graph, "resolverFirewallDomainList:ResolverFirewallDomainList")}
    rules = sorted(_dns(graph, "ResolverFirewallRule").values(), key=lambda row: row["priority"])

    assert [(row["action"], lists[row["firewallDomainListId"]]) for row in rules] == [
        ("ALLOW", ["*.amazonaws.com", "*.aws", "*.in-addr.arpa", "*.internal"]),
        ("BLOCK", ["*"]),
    ]


def test_the_firewall_and_the_log_of_names_stand_at_the_network() -> None:
    graph = program("foundation")
    vpc = stack(graph, "foundation").exports["vpc_id"]
    groups = {r.outputs["arn"]: r.inputs for r in of_type(graph, "cloudwatch/logGroup:LogGroup")}

    (firewall,) = _dns(graph, "ResolverFirewallRuleGroupAssociation").values()
    (log,) = _dns(graph, "ResolverQueryLogConfigAssociation").values()
    (target,) = _dns(graph, "ResolverQueryLogConfig").values()

    assert firewall["vpcId"] == log["resourceId"] == vpc
    assert groups[target["destinationArn"]]["kmsKeyId"]


def test_names_of_services_are_those_of_the_partition() -> None:
    assert "*.amazonaws.com.cn" in allowed_names(platform(partition="aws-cn"))


def test_without_the_guard_every_name_is_answered() -> None:
    assert _dns(small(), "ResolverFirewallRule") == {}


def test_models_stand_in_the_group_of_the_jobs_where_they_have_none() -> None:
    exports = [stack(graph, "foundation").exports for graph in (recorded(), small())]

    assert [row["job_security_group_id"] == row["endpoint_security_group_id"] for row in exports] == [False, True]
