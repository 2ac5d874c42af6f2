"""Demand of the network: VPCs, addresses and private endpoints, which have small defaults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from modelkeel.graph import Resource
from modelkeel.quotas.need import Demand
from modelkeel.quotas.value import text

VPC = "aws:ec2/vpc:Vpc"
ELASTIC_IP = "aws:ec2/eip:Eip"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
COUNTED = {VPC: ("vpcs", "VPC"), ELASTIC_IP: ("elastic_ips", "Elastic IP")}
SHARED_TYPES = {"Interface", "GatewayLoadBalancer"}


def demands(resource: Resource) -> Iterator[Demand]:
    """Yield one of the quota that each VPC, address and gateway endpoint counts towards."""
    use, noun = COUNTED.get(resource.type, ("", ""))
    if resource.type == ENDPOINT and _kind(resource) == "Gateway":
        use, noun = "gateway_endpoints", "gateway endpoint"
    if use:
        yield Demand(use=use, instance_type="", count=1, urn=resource.urn, formula=f"{noun} {resource.name}: 1")


def fullest(resources: Sequence[Resource]) -> Iterator[Demand]:
    """Yield the interface endpoints of the VPC that has most of them: this quota is counted VPC by VPC."""
    found = [each for each in resources if each.type == ENDPOINT and _kind(each) in SHARED_TYPES]
    if not found:
        return
    sizes = Counter(_vpc(each) for each in found)
    vpc, _ = min(sizes.items(), key=lambda item: (-item[1], item[0]))
    for each in found:
        if _vpc(each) == vpc:
            yield Demand(use="interface_endpoints", instance_type="", count=1, urn=each.urn, formula=f"{each.name}: 1")


def _kind(endpoint: Resource) -> str:
    return text(endpoint.inputs.get("vpcEndpointType")) or "Gateway"


def _vpc(endpoint: Resource) -> str:
    """The VPC by its id, or by the resource it comes from where the id is unknown."""
    return text(endpoint.inputs.get("vpcId")) or ",".join(endpoint.property_dependencies.get("vpcId", ()))
