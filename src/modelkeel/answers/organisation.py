"""Questions about accounts, Regions and the network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StrictInt, StringConstraints

from modelkeel.answers.kind import AccountId, AnAccountId, Cidr, DomainName, RoleName, SnakeName, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

Environment = Literal["dev", "staging", "prod"]
ENVIRONMENTS = ("dev", "staging", "prod")
PolicyTarget = Annotated[
    str, StringConstraints(strict=True, pattern=r"^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|[0-9]{12})$")
]


class OrganisationAnswers(Section):
    """Where the project lives."""

    teams: tuple[SnakeName, ...] = question(
        (),
        help="Names of the teams that share the platform; none means one team.",
        changes="Queues, quotas and tags by team.",
    )
    environments: Annotated[tuple[Environment, ...], in_order_of(Environment)] = question(
        ("dev", "staging", "prod"),
        help="Stages that a change passes on its way; each has its own stacks and costs.",
        changes="Stacks, CI jobs, the size of what is not production.",
        min_length=1,
        quick=True,
    )
    account_model: Literal["single", "per_env", "per_env_plus_tooling", "per_team_per_env"] = question(
        "per_env",
        help="One AWS account for everything, or one for each environment.",
        changes="Which account stack stands under which environment.",
        quick=True,
    )
    account_ids: dict[str, AccountId] = question(
        help="The 12-digit AWS account of each environment; the same one may appear several times.",
        changes="The accounts that the providers are pinned to, role and bucket names.",
        example={"prod": "111111111111"},
        quick=True,
    )
    tooling_account_id: AnAccountId = question(
        "",
        help="The 12-digit account of registry, images and CI, where it stands apart; empty where it does not.",
        changes="Where models are registered, images are kept and CI roles stand.",
        when={"account_model": ("per_env_plus_tooling",)},
        example="444444444444",
    )
    log_account_id: AnAccountId = question(
        "",
        help="The 12-digit account that keeps the organization's logs and watches over security; empty without one.",
        changes="Where trails are written to, and who administers GuardDuty and Security Hub.",
        example="555555555555",
    )
    regions: tuple[str, ...] = question(
        ("us-east-1",),
        help="The AWS Region that everything runs in, and optionally a second for recovery.",
        changes="Zones, instance types on offer, prices, where data lies.",
        min_length=1,
        max_length=2,
        quick=True,
    )
    org_id: Annotated[str, StringConstraints(strict=True, pattern=r"^$|^o-[a-z0-9]{10,32}$")] = question(
        "",
        help="Id of the AWS Organization, if there is one: o- and ten or more characters.",
        changes="Conditions that keep foreign principals out.",
    )
    management_account_id: AnAccountId = question(
        "",
        help="Account that holds the organization's policies: its management account or a delegated administrator.",
        changes="Whether the organization program makes service control and resource control policies.",
    )
    policy_target_ids: tuple[PolicyTarget, ...] = question(
        (),
        help="Roots, organizational units or accounts that guardrails are attached to: ou-, r- or 12 digits.",
        changes="Service control policies and resource control policies, and what they are attached to.",
    )
    management: Literal["none", "control_tower", "lza", "own"] = question(
        "none",
        help="Who manages trails, GuardDuty and Security Hub: none means that this project does.",
        changes="Whether the account program creates an account's singletons or leaves them alone.",
    )
    network: Literal["create", "existing"] = question(
        "create",
        help="Create a network, or use one that a network team gives.",
        changes="The VPC, its subnets and endpoints.",
    )
    network_cidr: Cidr = question(
        "10.20.0.0/16",
        help="Range from which each environment gets its own block; /8 to /24.",
        changes="The address ranges of the networks.",
        when={"network": ("create",)},
    )
    reserved_cidrs: tuple[Cidr, ...] = question(
        (),
        help="Ranges that are in use elsewhere: offices, data centres, networks to be joined later.",
        changes="Which ranges the networks may not overlap.",
        when={"network": ("create",)},
    )
    egress: Literal["auto", "none", "allowlist", "nat"] = question(
        "auto",
        help="Way to the internet: a NAT gateway costs from 33 USD a month, none is safest.",
        changes="Public subnets and NAT gateways, which private endpoints are needed.",
    )
    egress_domains: tuple[DomainName, ...] = question(
        (),
        help="Names that jobs may reach on the internet: a package index, a model hub; *. stands for all below a name.",
        changes="The list of names of the firewall.",
        example=["packages.example.com"],
        when={"egress": ("allowlist",)},
    )
    ide: Literal["none", "studio", "unified_studio", "code_server"] = question(
        "none",
        help="Where people write code in the cloud; none leaves them on their own machines.",
        changes="The workspace that is planned for them.",
    )
    ide_auth: Literal["iam", "identity_center"] = question(
        "identity_center",
        help="How people sign in to it.",
        changes="Sign-in of the workspace.",
        when={"ide": ("studio", "unified_studio", "code_server")},
    )
    idle_minutes: StrictInt = question(
        60,
        help="Minutes without work after which a workspace is shut down, 60 to 525,600.",
        changes="Idle shut-down of workspaces.",
        when={"ide": ("studio", "unified_studio", "code_server")},
        ge=60,
        le=525_600,
    )
    admin_role: RoleName = question(
        "",
        help="Name of the human admin role that deploys for the first time, before CI takes over.",
        changes="Who else may assume the CI roles; take it away after the first deployment.",
    )
