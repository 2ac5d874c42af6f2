"""What AWS services leave in a VPC: with any of it in there, subnets and the VPC stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from operations.services import Services

# GuardDuty's agents reach it by an endpoint and a group of its own; Studio makes two groups for its file system.
# Where AWS tells it: the GuardDuty User Guide and, on domains, the SageMaker Developer Guide. The names below were not
# compared with an account yet: what they miss stays, and the deletion of the VPC names it.
GUARDDUTY = {"Name": "tag:GuardDutyManaged", "Values": ["true"]}
GROUPS = ("GuardDutyManagedSecurityGroup-", "security-group-for-inbound-nfs-", "security-group-for-outbound-nfs-")


def empty(services: Services, vpc: str) -> None:
    """Delete endpoints, interfaces and security groups that services made; wait for what they delete themselves."""
    ec2 = services["ec2"]
    here = {"Name": "vpc-id", "Values": [vpc]}
    waited = 0.0
    while endpoints := _rows(ec2, "describe_vpc_endpoints", "VpcEndpoints", here, GUARDDUTY):
        idle = [row["VpcEndpointId"] for row in endpoints if row["State"] != "deleting"]
        if idle:
            ec2.delete_vpc_endpoints(VpcEndpointIds=idle)
        waited = services.wait(waited, f"endpoints of GuardDuty in {vpc}")
    waited = 0.0
    while interfaces := list(_interfaces(ec2, here)):
        for row in interfaces:
            if row["Status"] == "available":
                ec2.delete_network_interface(NetworkInterfaceId=row["NetworkInterfaceId"])
        if any(row["Status"] != "available" for row in interfaces):
            waited = services.wait(waited, f"network interfaces in {vpc}")
    _groups(ec2, here)


def _interfaces(ec2: Any, here: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the interfaces of jobs, endpoints and functions; those of VPC endpoints and gateways are Pulumi's."""
    for row in _rows(ec2, "describe_network_interfaces", "NetworkInterfaces", here):
        kind = row.get("InterfaceType", "interface")
        if kind in {"interface", "lambda"} and not row.get("Description", "").startswith("VPC Endpoint"):
            yield row


def _groups(ec2: Any, here: dict[str, Any]) -> None:
    groups = _rows(ec2, "describe_security_groups", "SecurityGroups", here)
    groups = [row for row in groups if row["GroupName"].startswith(GROUPS)]
    for row in groups:  # They name each other, so the rules go first.
        if row["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=row["GroupId"], IpPermissions=row["IpPermissions"])
        if row["IpPermissionsEgress"]:
            ec2.revoke_security_group_egress(GroupId=row["GroupId"], IpPermissions=row["IpPermissionsEgress"])
    for row in groups:
        ec2.delete_security_group(GroupId=row["GroupId"])


def _rows(ec2: Any, operation: str, key: str, *filters: dict[str, Any]) -> list[dict[str, Any]]:
    pages = ec2.get_paginator(operation).paginate(Filters=list(filters))
    return [row for page in pages for row in page[key]]
