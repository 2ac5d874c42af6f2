"""A web application firewall before an API: AWS's lists of what is bad, and a limit for each address."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.model_api import firewall_rules, visibility
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class WebFirewallArgs:
    """`log_group_arn` is that of a group whose name begins with `aws-waf-logs-`: WAF takes no other."""

    platform: Platform
    protected_arn: pulumi.Input[str]
    requests_per_address: int
    log_group_arn: pulumi.Input[str]


class WebFirewall(pulumi.ComponentResource):
    """Everything passes that no rule refuses; every decision is logged, without what proves who calls."""

    def __init__(self, name: str, args: WebFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:WebFirewall", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        acl = aws.wafv2.WebAcl(
            name,
            name=full_name,
            description="Before the API of the endpoint",
            scope="REGIONAL",
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=firewall_rules(args.requests_per_address, full_name),
            visibility_config=visibility(full_name),
            opts=child,
        )
        aws.wafv2.WebAclAssociation(name, resource_arn=args.protected_arn, web_acl_arn=acl.arn, opts=child)
        aws.wafv2.WebAclLoggingConfiguration(
            name,
            resource_arn=acl.arn,
            log_destination_configs=[args.log_group_arn],
            redacted_fields=[{"single_header": {"name": header}} for header in ("authorization", "x-api-key")],
            opts=child,
        )
        self.register_outputs({})
