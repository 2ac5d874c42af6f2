"""Networks: logged, closed inwards, named outwards, private ways to AWS."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import statements
from ..principal import is_open
from ..values import Value, at, is_set, listed
from ..view import Breach, Resource, View

VPC = "aws:ec2/vpc:Vpc"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
QUERY_LOG = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"
NAME_RULES = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
EGRESS_FIREWALL = "aws:networkfirewall/firewall:Firewall"
HTTPS = 443
ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
SERVING = "aws:sagemaker/endpoint:Endpoint"
# What a job in a VPC calls: without a private way the calls leave by the internet, or fail.
NEEDED_SERVICES = ("s3", "sagemaker.api", "ecr.api", "ecr.dkr", "logs", "sts")


def vpc_flow_logged(vpc: Resource, view: View) -> Iterator[Breach]:
    """VPC-001."""
    logs = view.referrers(vpc, FLOW_LOG, "vpcId")
    if not logs:
        yield Breach("the network's traffic is not logged")
    for log in logs:
        traffic = log["trafficType"]
        if traffic != "ALL":
            yield Breach(f"trafficType is {traffic!r}, expected 'ALL'", "trafficType", log)


def vpc_subnet_without_public_ip(subnet: Resource) -> Iterator[Breach]:
    """VPC-002."""
    if subnet["mapPublicIpOnLaunch"]:
        yield Breach("what starts in the subnet gets a public address", "mapPublicIpOnLaunch")


def vpc_ingress_closed(resource: Resource) -> Iterator[Breach]:
    """VPC-003."""
    yield from _open(resource, "ingress")


def vpc_egress_named(resource: Resource, view: View) -> Iterator[Breach]:
    """VPC-004. Data leaves by open egress: name the endpoints, prefix lists or groups that are called.

    TLS to anywhere is named where a firewall reads the names, and enough where no framework binds the project.
    """
    if _only_tls(resource) and (not view.regulated(resource) or view.within(resource.stack, EGRESS_FIREWALL)):
        return
    yield from _open(resource, "egress")


def _only_tls(resource: Resource) -> bool:
    ports = {resource["fromPort"], resource["toPort"]}
    return resource.type == EGRESS_RULE and resource["ipProtocol"] == "tcp" and ports == {HTTPS}


def _open(resource: Resource, direction: str) -> Iterator[Breach]:
    if resource.type == SECURITY_GROUP:
        for index, rule in enumerate(listed(resource[direction])):
            if _anywhere(at(rule, "cidrBlocks")) or _anywhere(at(rule, "ipv6CidrBlocks")):
                yield Breach(f"{direction} is open to the world", f"{direction}[{index}].cidrBlocks")
    elif resource["type"] in {None, direction}:
        for key in ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"):
            if _anywhere(resource[key]):
                yield Breach(f"{direction} is open to the world", key)


def _anywhere(cidrs: Value) -> bool:
    return any(cidr in ANYWHERE for cidr in listed(cidrs))


def vpc_default_group_empty(vpc: Resource, view: View) -> Iterator[Breach]:
    """VPC-005. Without a resource of its own the default group lets its members talk to each other."""
    groups = view.referrers(vpc, DEFAULT_GROUP, "vpcId")
    if not groups:
        yield Breach("the default security group keeps AWS's rules")
    for group in groups:
        for key in ("ingress", "egress"):
            if is_set(group[key]):
                yield Breach(f"the default security group has {key} rules", key, group)


def vpc_names_guarded(vpc: Resource, view: View) -> Iterator[Breach]:
    """VPC-007. A network without a gateway leaks by the names that it asks for; with one it has easier ways."""
    if not view.regulated(vpc) or view.referrers(vpc, GATEWAY, "vpcId"):
        return
    if not view.referrers(vpc, QUERY_LOG, "resourceId"):
        yield Breach("nobody sees which names the network asks for")
    if not view.referrers(vpc, NAME_RULES, "vpcId"):
        yield Breach("the network is closed, yet every name is answered: data leaves inside of names")


def vpc_private_endpoints(vpc: Resource, view: View) -> Iterator[Breach]:
    """VPC-006. Keys are called directly where a framework binds the project, endpoints where there is one."""
    endpoints = view.referrers(vpc, ENDPOINT, "vpcId")
    reached = [str(endpoint["serviceName"]) for endpoint in endpoints]
    needed = [*NEEDED_SERVICES]
    needed += ["kms"] if view.regulated(vpc) else []
    needed += ["sagemaker.runtime"] if view.within(vpc.stack, SERVING) else []
    missing = [service for service in needed if not any(name.endswith(f".{service}") for name in reached)]
    if missing:
        yield Breach(f"no private way to {', '.join(missing)}")
    for endpoint in endpoints:
        if not is_set(endpoint["policy"]):
            yield Breach("the endpoint lets any principal reach any resource: it has no policy", "policy", endpoint)
        for statement in statements(endpoint["policy"]):
            if is_open(statement) and statement.on_everything:
                path = f"policy.{statement.path}"
                yield Breach("the endpoint lets any principal reach any resource", path, endpoint)
        if endpoint["vpcEndpointType"] == "Interface" and endpoint["privateDnsEnabled"] is not True:
            yield Breach("the service's name still leads to the internet", "privateDnsEnabled", endpoint)
