"""Twins of the controls over keys, identities and networks."""

from __future__ import annotations

from typing import Any

from policy_twins.build import ACCOUNT, KEY_ARN, Twin, changed, policy, resource, statement, twin, without

from modelkeel.graph import Resource

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ADMIN = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}
BY_ROOT = policy(statement("Allow", ["kms:PutKeyPolicy", "kms:Decrypt"], Principal=ROOT))
KEY = {
    "key": resource(
        "kms/key:Key",
        "data",
        program="foundation",
        policy=BY_ROOT,
        enableKeyRotation=True,
        deletionWindowInDays=30,
        protect=True,
    )
}
TRUST = policy(
    {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
)
BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/shop-boundary"
ISSUER = "token.actions.githubusercontent.com"


def identity(*granted: dict[str, Any], denied: tuple[dict[str, Any], ...] = ()) -> dict[str, Resource]:
    """Return a role with one policy that grants, under a boundary that allows everything but `denied`."""
    place = {"program": "identity"}
    boundary = resource(
        "iam/policy:Policy",
        "boundary",
        **place,
        name="shop-boundary",
        path="/mlops/prod/",
        policy=policy(statement("Allow", "*"), *denied),
    )
    role = resource(
        "iam/role:Role",
        "training",
        **place,
        name="shop-training",
        permissionsBoundary=BOUNDARY_ARN,
        assumeRolePolicy=TRUST,
    )
    granting = resource("iam/policy:Policy", "training", **place, name="shop-training", policy=policy(*granted))
    attachment = resource(
        "iam/rolePolicyAttachment:RolePolicyAttachment", "training", **place, refs={"role": role, "policyArn": granting}
    )
    return {"boundary": boundary, "role": role, "policy": granting, "attachment": attachment}


def ci_trust(**claims: dict[str, str]) -> str:
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
    return policy(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": provider},
            "Condition": {op: {f"{ISSUER}:{claim}": text for claim, text in of.items()} for op, of in claims.items()},
        }
    )


READ_RAW = statement("Allow", "s3:GetObject", "arn:aws:s3:::raw/*")
IT = identity(READ_RAW)
CI_EXACT = ci_trust(StringEquals={"aud": "sts.amazonaws.com", "sub": "repo:shop/ml:environment:prod"})
CI_LOOSE = ci_trust(StringEquals={"aud": "sts.amazonaws.com"}, StringLike={"sub": "repo:shop/*"})
CI_NO_AUDIENCE = ci_trust(StringEquals={"sub": "repo:shop/ml:environment:prod"})
SERVICES = ("s3", "sagemaker.api", "sagemaker.runtime", "kms", "ecr.api", "ecr.dkr", "logs", "sts")
LOCAL_POLICY = policy(
    statement("Allow", "*", Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
)


def pass_role(resources: Any, *services: str) -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"iam:PassedToService": list(services)}}} if services else {}
    return statement("Allow", "iam:PassRole", resources, **condition)


def network() -> dict[str, Resource]:
    place = {"program": "foundation"}
    vpc = resource("ec2/vpc:Vpc", "main", **place, cidrBlock="10.20.0.0/16")
    group = resource("ec2/securityGroup:SecurityGroup", "jobs", **place, refs={"vpcId": vpc})
    return {
        "vpc": vpc,
        "flow": resource("ec2/flowLog:FlowLog", "main", **place, refs={"vpcId": vpc}, trafficType="ALL"),
        "default": resource("ec2/defaultSecurityGroup:DefaultSecurityGroup", "main", **place, refs={"vpcId": vpc}),
        "queries": resource(
            "route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
            "main",
            **place,
            refs={"resourceId": vpc},
        ),
        "names": resource(
            "route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
            "main",
            **place,
            refs={"vpcId": vpc},
            priority=101,
        ),
        "subnet": resource("ec2/subnet:Subnet", "a", **place, refs={"vpcId": vpc}, mapPublicIpOnLaunch=False),
        "group": group,
        "in": resource(
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "jobs",
            **place,
            refs={"securityGroupId": group, "referencedSecurityGroupId": group},
            ipProtocol="-1",
        ),
        "out": resource(
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "jobs",
            **place,
            refs={"securityGroupId": group},
            ipProtocol="tcp",
            cidrIpv4="10.20.0.0/16",
        ),
        **{
            service: resource(
                "ec2/vpcEndpoint:VpcEndpoint",
                service,
                **place,
                refs={"vpcId": vpc},
                serviceName=f"com.amazonaws.eu-west-1.{service}",
                policy=LOCAL_POLICY,
            )
            for service in SERVICES
        },
    }


NET = network()
OWN_ROLES = f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/*"
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/training"

TWINS: dict[str, Twin] = {
    "kms-key-rotated": twin(KEY.values(), changed(KEY, "key", enableKeyRotation=False)),
    "kms-key-policy-closed": twin(
        KEY.values(), changed(KEY, "key", policy=policy(statement("Allow", "kms:DescribeKey", Principal={"AWS": "*"})))
    ),
    "kms-key-deletion-slow": twin(KEY.values(), changed(KEY, "key", deletionWindowInDays=7)),
    "kms-key-duties-split": twin(
        KEY.values(), changed(KEY, "key", policy=policy(statement("Allow", "kms:*", Principal=ADMIN)))
    ),
    "iam-policy-not-administrator": twin(IT.values(), identity(statement("Allow", "*")).values()),
    "iam-policy-without-escalation": twin(
        identity(
            statement(
                "Allow",
                "iam:CreateRole",
                f"arn:aws:iam::{ACCOUNT}:role/*",
                Condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}},
            )
        ).values(),
        identity(statement("Allow", "iam:CreatePolicyVersion")).values(),
    ),
    "iam-role-bounded": twin(IT.values(), changed(IT, "role", permissionsBoundary=None)[1:]),
    "iam-pass-role-scoped": twin(
        identity(pass_role(OWN_ROLE, "sagemaker.amazonaws.com")).values(), identity(pass_role(OWN_ROLE)).values()
    ),
    "iam-role-trust-named": twin(
        IT.values(),
        changed(
            IT,
            "role",
            assumeRolePolicy=policy(
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
            ),
        ),
    ),
    "iam-ci-role-pinned": twin(
        changed(IT, "role", assumeRolePolicy=CI_EXACT), changed(IT, "role", assumeRolePolicy=CI_LOOSE)
    ),
    "iam-role-without-full-access": twin(
        IT.values(), changed(IT, "role", managedPolicyArns=["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"])
    ),
    "iam-policy-data-scoped": twin(IT.values(), identity(statement("Allow", ["s3:Get*", "s3:List*"])).values()),
    "vpc-flow-logged": twin(NET.values(), changed(NET, "flow", trafficType="REJECT")),
    "vpc-subnet-without-public-ip": twin(NET.values(), changed(NET, "subnet", mapPublicIpOnLaunch=True)),
    "vpc-ingress-closed": twin(NET.values(), changed(NET, "in", cidrIpv4="0.0.0.0/0")),
    "vpc-egress-named": twin(NET.values(), changed(NET, "out", cidrIpv4="0.0.0.0/0")),
    "vpc-default-group-empty": twin(NET.values(), changed(NET, "default", ingress=[{"protocol": "-1", "self": True}])),
    "vpc-names-guarded": twin(NET.values(), without(NET, "names")),
    "vpc-private-endpoints": twin(NET.values(), changed(NET, "kms", policy=None)),
}

MORE_VIOLATIONS = [
    ("vpc-egress-named", changed(NET, "out", cidrIpv4="0.0.0.0/0", ipProtocol="-1")),
    (
        "kms-key-policy-closed",
        changed(
            KEY,
            "key",
            policy=policy(statement("Allow", "kms:Decrypt", Principal={"Service": "logs.eu-west-1.amazonaws.com"})),
        ),
    ),
    ("vpc-private-endpoints", changed(NET, "kms", policy=policy(statement("Allow", "*", Principal="*")))),
    ("vpc-private-endpoints", changed(NET, "kms", vpcEndpointType="Interface", privateDnsEnabled=False)),
    ("iam-policy-without-escalation", list(identity(statement("Allow", "iam:CreateRole", OWN_ROLES)).values())),
    ("kms-key-duties-split", list(identity(statement("Allow", "kms:Decrypt")).values())),
    ("kms-key-duties-split", list(identity(statement("Allow", "kms:Decrypt", f"{KEY_ARN[:-4]}*")).values())),
    ("iam-policy-without-escalation", list(identity(statement("Allow", "iam:Put*")).values())),
    ("iam-pass-role-scoped", list(identity(pass_role("*", "sagemaker.amazonaws.com")).values())),
    ("iam-ci-role-pinned", changed(IT, "role", assumeRolePolicy=CI_NO_AUDIENCE)),
    ("iam-ci-role-pinned", [resource("iam/accessKey:AccessKey", "robot", program="identity", user="robot")]),
    ("vpc-flow-logged", without(NET, "flow")),
    ("vpc-default-group-empty", without(NET, "default")),
    ("vpc-names-guarded", without(NET, "queries")),
    ("vpc-private-endpoints", without(NET, "sts")),
    (
        "vpc-ingress-closed",
        changed(NET, "group", ingress=[{"protocol": "tcp", "cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"]}]),
    ),
    ("vpc-egress-named", changed(NET, "group", egress=[{"protocol": "-1", "ipv6CidrBlocks": ["::/0"]}])),
]
