"""What the deploy role does for an internal load balancer: the balancer, its listener and targets, its function."""

from __future__ import annotations

from stacks import names
from stacks.documents.boundary import role_pattern
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

PART = "balancer"
BALANCER = tuple(
    f"elasticloadbalancing:{action}"
    for action in (
        *("AddTags", "CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup", "DeleteListener"),
        *("DeleteLoadBalancer", "DeleteRule", "DeleteTargetGroup", "DeregisterTargets", "ModifyListener"),
        *("ModifyListenerAttributes", "ModifyLoadBalancerAttributes", "ModifyRule", "ModifyTargetGroup"),
        *("ModifyTargetGroupAttributes", "RegisterTargets", "RemoveTags", "SetSecurityGroups", "SetSubnets"),
    )
)
LOOKS = ("elasticloadbalancing:Describe*",)
FUNCTION = tuple(
    f"lambda:{action}"
    for action in (
        *("AddPermission", "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency"),
        *("PutFunctionConcurrency", "RemovePermission", "TagResource", "UntagResource"),
        *("UpdateFunctionCode", "UpdateFunctionConfiguration"),
    )
)
FUNCTION_READS = tuple(
    f"lambda:{action}"
    for action in (
        *("GetFunction", "GetFunctionCodeSigningConfig", "GetFunctionConcurrency", "GetFunctionConfiguration"),
        *("GetPolicy", "ListTags", "ListVersionsByFunction"),
    )
)
PASSED_TO = "lambda.amazonaws.com"
LINKED = "elasticloadbalancing.amazonaws.com"


def balancer(platform: Platform) -> Document:
    """Return the management of the environment's load balancers and of the function behind them, by name."""
    own = names.balancer_name(platform, "*")
    kinds = ("loadbalancer/app", "listener/app", "listener-rule/app", "targetgroup")
    arns = [names.service_arn(platform, "elasticloadbalancing", f"{kind}/{own}/*") for kind in kinds]
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    return document(
        [
            allow("Balancers", BALANCER, arns),
            allow("LookAtBalancers", LOOKS, "*"),
            allow("Functions", [*FUNCTION, *FUNCTION_READS], _functions(platform)),
            allow(
                "PassFunctionRole",
                ["iam:PassRole"],
                role_pattern(platform),
                StringEquals={"iam:PassedToService": PASSED_TO},
            ),
            allow(
                "BalancerRole",
                ["iam:CreateServiceLinkedRole"],
                linked,
                StringEquals={"iam:AWSServiceName": LINKED},
            ),
        ]
    )


def reading(platform: Platform) -> Document:
    """Return what a preview looks at."""
    return document(
        [
            allow("LookAtBalancers", LOOKS, "*"),
            allow("LookAtFunctions", FUNCTION_READS, _functions(platform)),
        ]
    )


def _functions(platform: Platform) -> str:
    return names.service_arn(platform, "lambda", f"function:{names.resource_name(platform, '*')}")
