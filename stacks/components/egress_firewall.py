"""The way out through a firewall that lets listed names pass, by the name in the TLS handshake, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.settings import Platform

CAPACITY_PER_DOMAIN = 2
LEAST_CAPACITY = 100


@dataclass(frozen=True, kw_only=True)
class EgressFirewallArgs:
    """`subnet_ids` are the firewall's own subnets by zone; `domains` as DNS writes them, `*.example.com` for all below.

    A rule group's capacity cannot be changed later: it holds several times the names of today.
    """

    platform: Platform
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    domains: Sequence[str]
    kms_key_arn: pulumi.Input[str]
    retention_days: int


class EgressFirewall(pulumi.ComponentResource):
    """AWS Network Firewall that drops whatever no rule passes; what it drops is logged.

    Source: AWS Network Firewall Developer Guide, "Stateful domain list rule groups" and "Strict evaluation order",
    not opened, to be checked.
    """

    endpoint_ids: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: EgressFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:EgressFirewall", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        called = names.resource_name(args.platform, name)
        policy = _policy(name, called, _allowed(name, called, args.domains, child), child)
        firewall = aws.networkfirewall.Firewall(
            name,
            name=called,
            vpc_id=args.vpc_id,
            firewall_policy_arn=policy.arn,
            subnet_mappings=[{"subnet_id": subnet_id} for subnet_id in args.subnet_ids.values()],
            delete_protection=True,
            opts=child,
        )
        _log(name, firewall, args, child)
        self.endpoint_ids = {zone: _endpoint_id(firewall, zone) for zone in args.subnet_ids}
        self.register_outputs({})


def targets(domains: Sequence[str]) -> list[str]:
    """Return names as the firewall writes them: `.example.com` stands for everything below."""
    return sorted({domain.removeprefix("*") for domain in domains})


def _endpoint_id(firewall: aws.networkfirewall.Firewall, zone: str) -> pulumi.Output[str]:
    return firewall.firewall_statuses.apply(lambda statuses: endpoint_of(statuses, zone))


def endpoint_of(statuses: Sequence[aws.networkfirewall.outputs.FirewallFirewallStatus], zone: str) -> str:
    """Return the id of the firewall's endpoint in a zone.

    Raises:
        LookupError: the firewall has none there.
    """
    for status in statuses:
        for state in status.sync_states or ():
            if state.availability_zone == zone and state.attachments:
                return str(state.attachments[0].endpoint_id)
    raise LookupError(f"the firewall has no endpoint in {zone}: each zone with a gateway needs a firewall subnet")


def _allowed(
    name: str, called: str, domains: Sequence[str], child: pulumi.ResourceOptions
) -> aws.networkfirewall.RuleGroup:
    return aws.networkfirewall.RuleGroup(
        f"{name}-allowed",
        name=f"{called}-allowed",
        type="STATEFUL",
        capacity=max(LEAST_CAPACITY, 4 * CAPACITY_PER_DOMAIN * len(domains)),
        rule_group={
            "stateful_rule_options": {"rule_order": "STRICT_ORDER"},
            "rules_source": {
                "rules_source_list": {
                    "generated_rules_type": "ALLOWLIST",
                    "target_types": ["TLS_SNI"],
                    "targets": targets(domains),
                }
            },
        },
        opts=child,
    )


def _policy(
    name: str, called: str, allowed: aws.networkfirewall.RuleGroup, child: pulumi.ResourceOptions
) -> aws.networkfirewall.FirewallPolicy:
    return aws.networkfirewall.FirewallPolicy(
        name,
        name=called,
        firewall_policy={
            "stateless_default_actions": ["aws:forward_to_sfe"],
            "stateless_fragment_default_actions": ["aws:forward_to_sfe"],
            "stateful_engine_options": {"rule_order": "STRICT_ORDER", "stream_exception_policy": "REJECT"},
            # The handshake must pass before the name in it can be read; what is then not listed is dropped.
            "stateful_default_actions": ["aws:drop_established", "aws:alert_established"],
            "stateful_rule_group_references": [{"priority": 1, "resource_arn": allowed.arn}],
        },
        opts=child,
    )


def _log(
    name: str, firewall: aws.networkfirewall.Firewall, args: EgressFirewallArgs, child: pulumi.ResourceOptions
) -> None:
    group = log_group(
        name,
        log_group_name=names.log_group_name(args.platform, "egress-firewall"),
        kms_key_arn=args.kms_key_arn,
        retention_days=args.retention_days,
        opts=child,
    )
    aws.networkfirewall.LoggingConfiguration(
        name,
        firewall_arn=firewall.arn,
        logging_configuration={
            "log_destination_configs": [
                {
                    "log_destination": {"logGroup": group.name},
                    "log_destination_type": "CloudWatchLogs",
                    "log_type": "ALERT",
                }
            ]
        },
        opts=child,
    )
