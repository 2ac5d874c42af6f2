"""Settings of the foundation program; config namespace `foundation`.

Exports: `vpc_id`, `private_subnet_ids` with their `private_subnet_cidrs` and `availability_zones`,
`job_security_group_id` (training and processing jobs),
`endpoint_security_group_id` (model endpoints, transform jobs; that of the jobs where they share one),
`private_link_security_group_id` (interface endpoints of AWS services; workloads need not carry it), and
`<class>_key_arn` for each of data, features, models, capture, logs, evidence and backup (a class without a
key of its own exports the key that stands in for it).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class FoundationSettings:
    """Keys and network of one environment."""

    key_classes: list[str]
    """Data classes with a key of their own: data, models and logs at least; features, capture, evidence, backup."""

    key_deletion_window_days: int
    """Days between the wish to delete a key and its deletion: 7 to 30."""

    existing_key_arn: str = ""
    """A key of this account and Region that a security team gives, for all classes; it is looked up and never changed,
    and aliases lead to it. Empty: keys are made."""

    vpc_cidr: str
    """IPv4 range of the network: `10.20.0.0/16`."""

    existing_vpc_id: str = ""
    """Id of a network that a network team gives; it is looked up and never changed. Empty: one is made."""

    existing_subnet_ids: list[str] = field(default_factory=list)
    """Private subnets of the given network, in two zones or more."""

    availability_zones: list[str]
    """Zone names, one for each private subnet: `eu-west-1a`."""

    private_subnet_cidrs: list[str]
    """IPv4 ranges of the private subnets, in the order of the zones."""

    public_subnet_cidrs: list[str]
    """IPv4 ranges of the public subnets, in the order of the zones; empty unless `egress` is a NAT."""

    egress: str
    """Way to the internet: `none`, `nat_single` (one gateway) or `nat_per_az` (one in each zone)."""

    egress_domains: list[str] = field(default_factory=list)
    """Names of the internet that may be reached: `*.example.com`; empty: all, where there is a way out."""

    firewall_subnet_cidrs: list[str] = field(default_factory=list)
    """IPv4 ranges, one for each NAT gateway, of a firewall that lets only those names pass; empty: names are only
    not answered."""

    gateway_endpoints: list[str]
    """Services reached through route tables: `s3`, and `dynamodb` where it is used."""

    interface_endpoints: list[str]
    """Services reached through private addresses, as their service name ends: `sagemaker.api`, `kms`, `ecr.dkr`."""

    interface_endpoint_zones: int = 0
    """In how many of the private subnets they stand, the first ones; the others reach them through the network.
    0: in all of them."""

    model_security_group: bool
    """Give models a security group of their own; without it they stand in that of the jobs."""

    dns_guard: bool
    """Answer names of AWS, of the network and of `egress_domains` only, and keep every question."""

    linked_services: list[str] = field(default_factory=list)
    """AWS services whose own roles use the keys of data and models: `autoscaling` for machines on encrypted volumes."""

    amazon_linux_packages: bool = False
    """Machines in the network install packages of Amazon Linux, which lie in buckets of AWS."""

    flow_log_retention_days: int
    """Days for which flow logs and questions for names are kept; one of the periods CloudWatch accepts."""
