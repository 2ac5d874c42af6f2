"""What the deploy role may do where a firewall filters the way out, devices send data, or people can be erased."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.boundary import role_pattern
from stacks.documents.ci_deploy_machines import BATCH_ACTIONS
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

FIREWALL_ACTIONS = tuple(
    f"network-firewall:{action}"
    for action in (
        *("CreateFirewall", "CreateFirewallPolicy", "CreateRuleGroup", "DeleteFirewall", "DeleteFirewallPolicy"),
        *("DeleteRuleGroup", "DescribeFirewall", "DescribeFirewallPolicy", "DescribeLoggingConfiguration"),
        *("DescribeRuleGroup", "TagResource", "UntagResource", "UpdateFirewallDeleteProtection"),
        *("UpdateFirewallPolicy", "UpdateLoggingConfiguration", "UpdateRuleGroup"),
    )
)
DEVICE_ACTIONS = tuple(
    f"iot:{action}"
    for action in (
        *("CreatePolicy", "CreatePolicyVersion", "CreateProvisioningTemplate", "CreateProvisioningTemplateVersion"),
        *("CreateThingGroup", "CreateThingType", "CreateTopicRule", "DeletePolicy", "DeletePolicyVersion"),
        *("DeleteProvisioningTemplate", "DeleteThingGroup", "DeleteThingType", "DeleteTopicRule", "DeprecateThingType"),
        *("DescribeProvisioningTemplate", "DescribeThingGroup", "DescribeThingType", "GetPolicy", "GetTopicRule"),
        *("ListPolicyVersions", "ListProvisioningTemplateVersions", "ListTagsForResource", "ReplaceTopicRule"),
        *("TagResource", "UntagResource", "UpdateProvisioningTemplate", "UpdateThingGroup"),
    )
)
DEVICE_KINDS = ("policy", "provisioningtemplate", "thinggroup", "thingtype")
PARTS = ("devices", "egress_firewall", "erasure")


def estate(platform: Platform, parts: Sequence[str]) -> Document:
    """Return the management of the parts that the environment has, by the project's names.

    Raises:
        ValueError: there is no such part; the message names those there are.
    """
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise ValueError(f"identity:deploy_parts names {unknown[0]!r}, allowed: {', '.join(PARTS)}")
    statements: list[Statement] = []
    if "egress_firewall" in parts:
        statements += _firewall(platform)
    if "devices" in parts:
        statements += _devices(platform)
    if "erasure" in parts:
        statements += _erasure(platform)
    return document(statements)


def _erasure(platform: Platform) -> list[Statement]:
    own = names.resource_name(platform, "*")
    kinds = ("compute-environment", "job-definition", "job-queue")
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    services = {"iam:AWSServiceName": ["batch.amazonaws.com", "ecs.amazonaws.com"]}
    passed = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    return [
        allow("ErasureJob", BATCH_ACTIONS, [names.service_arn(platform, "batch", f"{kind}/{own}") for kind in kinds]),
        allow("ErasureLinkedRoles", ["iam:CreateServiceLinkedRole"], linked, StringEquals=services),
        allow("PassErasureRoles", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
    ]


def _firewall(platform: Platform) -> list[Statement]:
    own = names.resource_name(platform, "*")
    kinds = ("firewall", "firewall-policy", "stateful-rulegroup")
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    service = {"iam:AWSServiceName": "network-firewall.amazonaws.com"}
    return [
        allow(
            "Firewalls",
            FIREWALL_ACTIONS,
            [names.service_arn(platform, "network-firewall", f"{kind}/{own}") for kind in kinds],
        ),
        allow("FirewallRole", ["iam:CreateServiceLinkedRole"], linked, StringEquals=service),
    ]


def _devices(platform: Platform) -> list[Statement]:
    own = names.resource_name(platform, "*")
    rules = f"rule/{own.replace('-', '_')}"
    arns = [
        names.service_arn(platform, "iot", suffix) for suffix in (*(f"{kind}/{own}" for kind in DEVICE_KINDS), rules)
    ]
    passed = {"iam:PassedToService": "iot.amazonaws.com"}
    return [
        allow("Devices", DEVICE_ACTIONS, arns),
        allow("PassDeviceRoles", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
    ]
