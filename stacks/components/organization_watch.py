"""What the log account does for the organization: gather Config's records, turn detection on in every member."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.boundary import FIND_ACCOUNTS
from stacks.documents.statement import allow, document
from stacks.documents.trust import service_trust
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class OrganizationWatchArgs:
    """`detector_id` is the account's own GuardDuty detector; Security Hub is on in the account."""

    platform: Platform
    detector_id: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]


class OrganizationWatch(pulumi.ComponentResource):
    """The organization program has named this account as the administrator before."""

    def __init__(self, name: str, args: OrganizationWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:OrganizationWatch", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, "aggregator"),
                path=names.role_path(platform),
                description="AWS Config finds the accounts of the organization",
                trust=service_trust(platform, ["config.amazonaws.com"]),
                permissions=document([allow("FindAccounts", FIND_ACCOUNTS, "*")]),
                boundary_arn=args.boundary_arn,
            ),
            child,
        )
        aws.cfg.ConfigurationAggregator(
            name,
            name=names.resource_name(platform, "organization"),
            organization_aggregation_source={"all_regions": True, "role_arn": role.arn},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        aws.guardduty.OrganizationConfiguration(
            name, detector_id=args.detector_id, auto_enable_organization_members="ALL", opts=child
        )
        aws.securityhub.OrganizationConfiguration(name, auto_enable=True, auto_enable_standards="NONE", opts=child)
        self.register_outputs({})
