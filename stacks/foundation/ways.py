"""What an environment stands on: its keys, its network and its ways in and out, made here or given by others."""

from __future__ import annotations

import pulumi

from stacks.components.dns_guard import DnsGuard, DnsGuardArgs
from stacks.components.flow_logs import FlowLogs, FlowLogsArgs
from stacks.components.given_key import GivenKey, GivenKeyArgs
from stacks.components.given_network import GivenNetwork, GivenNetworkArgs
from stacks.components.key_ring import KeyRing, KeyRingArgs
from stacks.components.network import Network, NetworkArgs
from stacks.components.way_out import FilteredWayOut, FilteredWayOutArgs
from stacks.foundation.settings import FoundationSettings
from stacks.settings import Platform


def keys(platform: Platform, settings: FoundationSettings, opts: pulumi.ResourceOptions) -> KeyRing | GivenKey:
    """Return the keys by class of data; policy and rotation of one that is given belong to who gives it."""
    if settings.existing_key_arn:
        given = GivenKeyArgs(platform=platform, key_classes=settings.key_classes, key_arn=settings.existing_key_arn)
        return GivenKey("keys", given, opts)
    return KeyRing(
        "keys",
        KeyRingArgs(
            platform=platform,
            key_classes=settings.key_classes,
            deletion_window_days=settings.key_deletion_window_days,
            linked_services=settings.linked_services,
        ),
        opts,
    )


def network(
    platform: Platform, settings: FoundationSettings, log_key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> Network | GivenNetwork:
    """Return the network; what watches over one that is given, its flow logs and names, belongs to who gives it."""
    if settings.existing_vpc_id:
        return GivenNetwork(
            "network",
            GivenNetworkArgs(
                vpc_id=settings.existing_vpc_id,
                subnet_ids=settings.existing_subnet_ids,
                closed=settings.egress == "none",
            ),
            opts,
        )
    made = Network(
        "network",
        NetworkArgs(
            vpc_cidr=settings.vpc_cidr,
            availability_zones=settings.availability_zones,
            private_subnet_cidrs=settings.private_subnet_cidrs,
            public_subnet_cidrs=settings.public_subnet_cidrs,
            egress=settings.egress,
            filtered=bool(settings.firewall_subnet_cidrs),
        ),
        opts,
    )
    _watch(made, platform, settings, log_key_arn, opts)
    return made


def _watch(
    made: Network,
    platform: Platform,
    settings: FoundationSettings,
    log_key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    retention_days = settings.flow_log_retention_days
    FlowLogs(
        "flow-logs",
        FlowLogsArgs(platform=platform, vpc_id=made.vpc_id, kms_key_arn=log_key_arn, retention_days=retention_days),
        opts,
    )
    if settings.dns_guard:
        DnsGuard(
            "dns-guard",
            DnsGuardArgs(
                platform=platform,
                vpc_id=made.vpc_id,
                kms_key_arn=log_key_arn,
                retention_days=retention_days,
                domains=settings.egress_domains,
            ),
            opts,
        )
    if settings.firewall_subnet_cidrs:
        FilteredWayOut(
            "egress",
            FilteredWayOutArgs(
                platform=platform,
                vpc_id=made.vpc_id,
                firewall_subnet_cidrs=settings.firewall_subnet_cidrs,
                gateway_ids=made.gateway_ids,
                public_table_ids=made.public_table_ids,
                private_table_ids=made.route_table_ids,
                private_subnet_cidrs=settings.private_subnet_cidrs,
                domains=settings.egress_domains,
                kms_key_arn=log_key_arn,
                retention_days=retention_days,
            ),
            opts,
        )
