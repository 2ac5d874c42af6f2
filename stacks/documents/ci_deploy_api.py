"""What the deploy role does for an API before the endpoint: the API, its firewall, their logs."""

from __future__ import annotations

from stacks import names
from stacks.documents.boundary import role_pattern
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

PART = "api"
CHANGES = ("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT")
# Ids of APIs, keys and plans are not chosen, so the kinds are named.
KINDS = ("/apikeys", "/apikeys/*", "/domainnames", "/domainnames/*", "/restapis", "/restapis/*", "/tags/*")
PLANS = ("/usageplans", "/usageplans/*")
FIREWALL = tuple(
    f"wafv2:{action}"
    for action in (
        *("AssociateWebACL", "CreateWebACL", "DeleteLoggingConfiguration", "DeleteWebACL", "DisassociateWebACL"),
        *("GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"),
        *("PutLoggingConfiguration", "TagResource", "UntagResource", "UpdateWebACL"),
    )
)


def api(platform: Platform) -> Document:
    """Return the management of the API, by kind, and of its firewall, by name."""
    firewalls = names.service_arn(platform, "wafv2", f"regional/webacl/{names.resource_name(platform, '*')}")
    managed = f"arn:{platform.partition}:wafv2:{platform.region}:*:regional/managedruleset/*/*"
    logs = names.service_arn(platform, "logs", f"log-group:aws-waf-logs-{names.resource_name(platform, '*')}")
    stages = [_arn(platform, "/restapis/*/stages/*")]
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    return document(
        [
            allow("Apis", CHANGES, [_arn(platform, kind) for kind in (*KINDS, *PLANS)]),
            allow("ProtectApis", ["apigateway:SetWebACL"], stages),
            allow("Firewalls", FIREWALL, [firewalls, managed, *stages]),
            allow("FirewallLogs", LOGS, [logs, f"{logs}:*"]),
            allow(
                "PassApiRole",
                ["iam:PassRole"],
                role_pattern(platform),
                StringEquals={"iam:PassedToService": "apigateway.amazonaws.com"},
            ),
            allow(
                "FirewallRole",
                ["iam:CreateServiceLinkedRole"],
                linked,
                StringEquals={"iam:AWSServiceName": "wafv2.amazonaws.com"},
            ),
        ]
    )


def reading(platform: Platform) -> Document:
    """Return what a preview looks at; the value of a key is not among it."""
    firewalls = names.service_arn(platform, "wafv2", f"regional/webacl/{names.resource_name(platform, '*')}")
    kinds = [kind for kind in (*KINDS, *PLANS) if not kind.startswith("/apikeys")]
    return document(
        [
            allow("ReadApis", ["apigateway:GET"], [_arn(platform, kind) for kind in kinds]),
            allow("ReadFirewalls", [name for name in FIREWALL if "Get" in name or "List" in name], firewalls),
        ]
    )


LOGS = (
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:DeleteRetentionPolicy",
    "logs:AssociateKmsKey",
    "logs:ListTagsForResource",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
)


def _arn(platform: Platform, kind: str) -> str:
    return f"arn:{platform.partition}:apigateway:{platform.region}::{kind}"
