"""Names that the network may ask for: those of AWS and its own; all else is refused, and every question is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.documents.key import dns_suffix
from stacks.settings import Platform

# Rule groups of Firewall Manager stand before and behind those of an account, at 99 and 10,000.
ASSOCIATION_PRIORITY = 101
ALLOW_PRIORITY = 100
BLOCK_PRIORITY = 200


@dataclass(frozen=True, kw_only=True)
class DnsGuardArgs:
    """`retention_days` is a period that CloudWatch Logs accepts."""

    platform: Platform
    vpc_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    retention_days: int
    domains: Sequence[str] = ()
    """Names of the internet that are answered too: `packages.example.com`, `*.example.org`."""


class DnsGuard(pulumi.ComponentResource):
    """Resolver's query log and firewall: a network without a way out leaks by the names that it asks for.

    An answer that leads on to another name is trusted, as AWS's own names do; a name that is refused has no address.
    Source: Route 53 Developer Guide, "How DNS Firewall works" and "Resolver query logging", read 2026-11-23.
    """

    def __init__(self, name: str, args: DnsGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:DnsGuard", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        called = names.resource_name(platform, name)
        group = aws.route53.ResolverFirewallRuleGroup(name, name=called, opts=child)
        allowed = _list(f"{name}-allowed", f"{called}-allowed", [*allowed_names(platform), *args.domains], child)
        others = _list(f"{name}-others", f"{called}-others", ["*"], child)
        allow = aws.route53.ResolverFirewallRule(
            f"{name}-allow",
            name=f"{called}-allow",
            firewall_rule_group_id=group.id,
            firewall_domain_list_id=allowed.id,
            firewall_domain_redirection_action="TRUST_REDIRECTION_DOMAIN",
            priority=ALLOW_PRIORITY,
            action="ALLOW",
            opts=child,
        )
        aws.route53.ResolverFirewallRule(
            f"{name}-block",
            name=f"{called}-block",
            firewall_rule_group_id=group.id,
            firewall_domain_list_id=others.id,
            priority=BLOCK_PRIORITY,
            action="BLOCK",
            block_response="NODATA",
            # Blocking alone would cut the network off until the other rule stands.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allow]),
        )
        aws.route53.ResolverFirewallRuleGroupAssociation(
            name,
            name=called,
            firewall_rule_group_id=group.id,
            vpc_id=args.vpc_id,
            priority=ASSOCIATION_PRIORITY,
            opts=child,
        )
        _log_queries(name, args, child)
        self.register_outputs({})


def allowed_names(platform: Platform) -> list[str]:
    """Return the names that are answered: AWS's services, the network's own, and addresses looked up backwards.

    Every name below `.aws` is Amazon's, and nobody else's name servers answer below the services' domain.
    """
    return [f"*.{dns_suffix(platform.partition)}", "*.aws", "*.in-addr.arpa", "*.internal"]


def _list(
    name: str, called: str, domains: list[str], child: pulumi.ResourceOptions
) -> aws.route53.ResolverFirewallDomainList:
    return aws.route53.ResolverFirewallDomainList(name, name=called, domains=domains, opts=child)


def _log_queries(name: str, args: DnsGuardArgs, child: pulumi.ResourceOptions) -> None:
    platform = args.platform
    group = log_group(
        f"{name}-queries",
        log_group_name=names.log_group_name(platform, "dns-queries"),
        kms_key_arn=args.kms_key_arn,
        retention_days=args.retention_days,
        opts=child,
    )
    config = aws.route53.ResolverQueryLogConfig(
        name, name=names.resource_name(platform, name), destination_arn=group.arn, opts=child
    )
    aws.route53.ResolverQueryLogConfigAssociation(
        name, resolver_query_log_config_id=config.id, resource_id=args.vpc_id, opts=child
    )
