"""A Kubernetes control plane with a private API, encrypted secrets, full logs, and no creator's rights."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi_aws.eks import AccessPolicyAssociationAccessScopeArgsDict as AccessScope

from stacks import names
from stacks.components.log_group import log_group
from stacks.settings import Platform

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
HTTPS = 443
ANYWHERE = ("0.0.0.0/0", "::/0")


@cache
def versions() -> Mapping[str, Mapping[str, object]]:
    """Return the Kubernetes versions in standard support, with the day on which it ends."""
    path = Path(__file__).parents[1] / "cluster" / "versions.toml"
    found: Mapping[str, Mapping[str, object]] = tomllib.loads(path.read_text(encoding="utf-8"))["versions"]
    return found


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """`public_cidrs` may reach the API from the internet, `private_cidrs` through the network; both may be empty.

    Raises:
        ValueError: the Kubernetes version is out of standard support, or the API would be open to everyone.
    """

    platform: Platform
    kubernetes_version: str
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    kms_key_arn: pulumi.Input[str]
    log_retention_days: int
    public_cidrs: Sequence[str]
    private_cidrs: Sequence[str]
    deletion_protection: bool
    admin_role_arns: Sequence[str]
    team_role_arns: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a version without patches and an API for all."""
        if self.kubernetes_version not in versions():
            raise ValueError(
                f"cluster:kubernetes_version is {self.kubernetes_version!r}, which is not in standard support; "
                f"allowed: {', '.join(sorted(versions()))} (stacks/cluster/versions.toml)"
            )
        open_to_all = [cidr for cidr in self.public_cidrs if cidr in ANYWHERE]
        if open_to_all:
            raise ValueError(
                f"cluster:api_public_cidrs has {open_to_all[0]}, which lets everyone try the Kubernetes API; "
                "name the addresses that need it, or leave the list empty for a private API"
            )


class EksCluster(pulumi.ComponentResource):
    """The control plane. Stateful: protected, and EKS refuses to delete it where `deletion_protection` is set."""

    cluster_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    oidc_issuer_url: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:EksCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.cluster_name(args.platform)
        # EKS makes this group itself, without a key or an end, unless it is there before the cluster.
        logs = log_group(
            name,
            log_group_name=f"/aws/eks/{full_name}/cluster",
            kms_key_arn=args.kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        cluster = aws.eks.Cluster(
            name,
            name=full_name,
            version=args.kubernetes_version,
            role_arn=args.role_arn,
            access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
            bootstrap_self_managed_addons=False,
            deletion_protection=args.deletion_protection,
            enabled_cluster_log_types=list(LOG_TYPES),
            encryption_config={"provider": {"key_arn": args.kms_key_arn}, "resources": ["secrets"]},
            upgrade_policy={"support_type": "STANDARD"},
            vpc_config={
                "subnet_ids": args.subnet_ids,
                "endpoint_private_access": True,
                "endpoint_public_access": bool(args.public_cidrs),
                "public_access_cidrs": list(args.public_cidrs) or None,
            },
            zonal_shift_config={"enabled": True},
            opts=pulumi.ResourceOptions(parent=self, protect=True, depends_on=[logs]),
        )
        self.cluster_name = cluster.name
        self.arn = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda authority: str(authority.data))
        self.oidc_issuer_url = cluster.identities.apply(_issuer)
        self.security_group_id = cluster.vpc_config.apply(lambda config: str(config.cluster_security_group_id))
        _callers(name, self.security_group_id, args, child)
        _access(cluster, args, child)
        self.register_outputs({"cluster_name": self.cluster_name, "arn": self.arn, "endpoint": self.endpoint})


def _issuer(identities: Sequence[aws.eks.outputs.ClusterIdentity]) -> str:
    oidcs = identities[0].oidcs or []
    return str(oidcs[0].issuer)


def _callers(name: str, group_id: pulumi.Output[str], args: EksClusterArgs, child: pulumi.ResourceOptions) -> None:
    for index, cidr in enumerate(args.private_cidrs):
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-api-{index}",
            security_group_id=group_id,
            description="Kubernetes API from the network",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=cidr,
            opts=child,
        )


def _access(cluster: aws.eks.Cluster, args: EksClusterArgs, child: pulumi.ResourceOptions) -> None:
    """Who may act in the cluster: administrators everywhere, a team in its own namespace."""
    policies = f"arn:{args.platform.partition}:eks::aws:cluster-access-policy"
    for role_arn in args.admin_role_arns:
        label = f"admin-{role_arn.rsplit('/', 1)[-1]}"
        _entry(label, cluster, role_arn, f"{policies}/AmazonEKSClusterAdminPolicy", {"type": "cluster"}, child)
    for team, role_arn in sorted(args.team_role_arns.items()):
        scope: AccessScope = {"type": "namespace", "namespaces": [team]}
        _entry(f"team-{team}", cluster, role_arn, f"{policies}/AmazonEKSEditPolicy", scope, child)


def _entry(
    label: str,
    cluster: aws.eks.Cluster,
    role_arn: str,
    policy_arn: str,
    scope: AccessScope,
    child: pulumi.ResourceOptions,
) -> None:
    entry = aws.eks.AccessEntry(label, cluster_name=cluster.name, principal_arn=role_arn, type="STANDARD", opts=child)
    aws.eks.AccessPolicyAssociation(
        label,
        cluster_name=cluster.name,
        principal_arn=entry.principal_arn,
        policy_arn=policy_arn,
        access_scope=scope,
        opts=child,
    )
