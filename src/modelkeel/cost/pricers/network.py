"""Gateways, private endpoints, addresses, flow logs, firewalls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, Facts, items, number
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
DAYS_A_MONTH = 30


def nat_gateway(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Hours and processed data."""
    yield Use(dimension="gateway", sku="nat-gateway", quantity=exactly(MONTH_HOURS), assumption="all month")
    yield Use(dimension="data", sku="nat-data", quantity=assumed("nat_gb"), assumption=because("nat_gb"))


def firewall(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """An endpoint in each firewall subnet, and what passes it; a NAT gateway behind it is then free of charge."""
    count = len(items(resource.inputs.get("subnetMappings")))
    yield Use(
        dimension="endpoint hours",
        sku="network-firewall",
        quantity=exactly(count * MONTH_HOURS),
        assumption=f"{count} zones all month",
    )
    yield Use(dimension="data", sku="network-firewall-data", quantity=assumed("nat_gb"), assumption=because("nat_gb"))


def address(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A public IPv4 address costs the same in use and idle."""
    yield Use(dimension="address", sku="public-ipv4", quantity=exactly(MONTH_HOURS), assumption="all month")


def endpoint(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """An interface endpoint costs an hour in each zone, and its data; a gateway endpoint is free."""
    if resource.inputs.get("vpcEndpointType", "Gateway") == "Gateway":
        yield Free(reason="gateway endpoints are free")
        return
    subnets = resource.inputs.get("subnetIds")
    if not isinstance(subnets, list | tuple):
        yield Gap(dimension="zones", reason="the endpoint's subnets are unknown until deployment")
        return
    yield from _zones(len(items(subnets)))


def endpoint_subnet(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """One more zone of an interface endpoint."""
    yield from _zones(1)


def _zones(count: int) -> Iterator[Part]:
    yield Use(
        dimension="endpoint hours",
        sku="interface-endpoint",
        quantity=exactly(count * MONTH_HOURS),
        assumption=f"{count} zones all month",
    )
    yield Use(
        dimension="data",
        sku="interface-endpoint-data",
        quantity=assumed("endpoint_data_gb"),
        assumption=because("endpoint_data_gb"),
    )


def flow_log(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Delivered flow logs, and their storage while the log group keeps them."""
    said = because("flow_log_gb")
    gigabytes = assumed("flow_log_gb")
    kind = resource.inputs.get("logDestinationType", "cloud-watch-logs")
    if kind != "cloud-watch-logs":
        yield Use(dimension="delivery", sku="log-vended-s3", quantity=gigabytes, assumption=said)
        return
    yield Use(dimension="delivery", sku="log-vended", quantity=gigabytes, assumption=said)
    group = facts.referred(resource, "logDestination", LOG_GROUP)
    days = number(group.inputs.get("retentionInDays")) if group else None
    months = max(Decimal(1), (days or Decimal(0)) / DAYS_A_MONTH)
    yield Use(
        dimension="storage",
        sku="log-storage",
        quantity=gigabytes * assumed("log_compression") * months,
        assumption=f"{said}; {because('log_compression')}",
    )


def load_balancer(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Hours, and one capacity unit all month."""
    yield Use(dimension="hours", sku="load-balancer", quantity=exactly(MONTH_HOURS), assumption="all month")
    yield Use(dimension="capacity", sku="load-balancer-units", quantity=exactly(MONTH_HOURS), assumption="one unit")


def web_acl(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """The list, its rules, its requests."""
    rules = len(items(resource.inputs.get("rules")))
    yield Use(dimension="list", sku="web-acl", quantity=exactly(1), assumption="all month")
    yield Use(dimension="rules", sku="web-acl-rule", quantity=exactly(rules), assumption=f"{rules} rules")
    name = "waf_requests_millions"
    yield Use(dimension="requests", sku="web-acl-requests", quantity=assumed(name), assumption=because(name))


def rest_api(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests: what the endpoint behind it answers, or an assumption while no model is approved."""
    known = facts.predictions_millions(stack)
    if known.base:
        yield Use(dimension="requests", sku="api-requests", quantity=known, assumption="every prediction is a request")
        return
    name = "waf_requests_millions"
    yield Use(dimension="requests", sku="api-requests", quantity=assumed(name), assumption=because(name))


def hosted_zone(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A DNS zone."""
    yield Use(dimension="zone", sku="hosted-zone", quantity=exactly(1), assumption="all month")


def dns_firewall(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Queries that the firewall looks at."""
    name = "dns_queries_millions"
    yield Use(dimension="queries", sku="dns-firewall-queries", quantity=assumed(name), assumption=because(name))


def dns_domains(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Names that a list of the firewall holds."""
    count = len(items(resource.inputs.get("domains")))
    yield Use(dimension="names", sku="dns-firewall-domain", quantity=exactly(count), assumption=f"{count} names")


PRICERS: Mapping[str, Pricer] = {
    "aws:apigateway/restApi:RestApi": rest_api,
    "aws:ec2/eip:Eip": address,
    "aws:ec2/flowLog:FlowLog": flow_log,
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:networkfirewall/firewall:Firewall": firewall,
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": endpoint_subnet,
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": dns_domains,
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation": dns_firewall,
    "aws:route53/zone:Zone": hosted_zone,
    "aws:wafv2/webAcl:WebAcl": web_acl,
}
