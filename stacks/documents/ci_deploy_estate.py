"""What the deploy role may do where a firewall filters, devices send data, Kafka runs, or people can be erased."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents import slack
from stacks.documents.boundary import role_pattern
from stacks.documents.change_capture import instance_id, log_group_of
from stacks.documents.ci_deploy import LOG_GROUP_ACTIONS
from stacks.documents.ci_deploy_devices import ring_statements
from stacks.documents.ci_deploy_machines import BATCH_ACTIONS
from stacks.documents.key import dns_suffix
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
KAFKA_ACTIONS = tuple(
    f"kafka:{action}"
    for action in (
        *("CreateCluster", "CreateConfiguration", "CreateTopic", "DeleteCluster", "DeleteClusterPolicy"),
        *("DeleteConfiguration", "DeleteTopic", "PutClusterPolicy", "TagResource", "UntagResource"),
        *("UpdateBrokerCount", "UpdateBrokerStorage", "UpdateBrokerType", "UpdateClusterConfiguration"),
        *("UpdateClusterKafkaVersion", "UpdateConfiguration", "UpdateConnectivity", "UpdateMonitoring"),
        *("UpdateSecurity", "UpdateTopic"),
    )
)
TOPIC_ACTIONS = tuple(
    f"kafka-cluster:{action}"
    for action in (
        *("AlterTopic", "AlterTopicDynamicConfiguration", "Connect", "CreateTopic", "DeleteTopic", "DescribeTopic"),
        "DescribeTopicDynamicConfiguration",
    )
)
TABLE_ACTIONS = tuple(
    f"glue:{action}"
    for action in (
        *("CreateTableOptimizer", "DeleteTable", "DeleteTableOptimizer", "GetTableOptimizer", "UpdateTable"),
        "UpdateTableOptimizer",
    )
)
GRANT_ACTIONS = tuple(
    f"lakeformation:{action}" for action in ("GrantPermissions", "ListPermissions", "RevokePermissions")
)
CAPTURE_ACTIONS = tuple(
    f"dms:{action}"
    for action in (
        *("AddTagsToResource", "CreateEndpoint", "CreateReplicationInstance", "CreateReplicationSubnetGroup"),
        *("CreateReplicationTask", "DeleteEndpoint", "DeleteReplicationInstance", "DeleteReplicationSubnetGroup"),
        *("DeleteReplicationTask", "ModifyEndpoint", "ModifyReplicationInstance", "ModifyReplicationSubnetGroup"),
        *("ModifyReplicationTask", "RemoveTagsFromResource", "StartReplicationTask", "StopReplicationTask"),
    )
)
PARTS = ("change_capture", "devices", "device_rings", "egress_firewall", "erasure", "event_table", "kafka", "slack")


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
    if "device_rings" in parts:
        statements += ring_statements(platform)
    if "slack" in parts:
        statements += _slack(platform)
    if "erasure" in parts:
        statements += _erasure(platform)
    if "change_capture" in parts:
        statements += _change_capture(platform)
    if "event_table" in parts:
        statements += _event_table(platform)
    if "kafka" in parts:
        statements += _kafka(platform)
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


def _change_capture(platform: Platform) -> list[Statement]:
    """Endpoints, instances and tasks have ids in their ARNs that are not chosen; their log has the instance's name."""
    kinds = ("cert", "endpoint", "rep", "subgrp", "task")
    log = names.service_arn(platform, "logs", f"log-group:{log_group_of(instance_id(platform))}*")
    passed = {"iam:PassedToService": ["dms.amazonaws.com", f"dms.{platform.region}.{dns_suffix(platform.partition)}"]}
    return [
        allow("Capture", CAPTURE_ACTIONS, [names.service_arn(platform, "dms", f"{kind}:*") for kind in kinds]),
        allow("CaptureLog", LOG_GROUP_ACTIONS, log),
        allow("PassCaptureRoles", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
    ]


def _event_table(platform: Platform) -> list[Statement]:
    """Tables of the environment's database, and who may write them.

    Lake Formation lets who made a table grant what is on it; its actions take no resource.
    """
    database = names.database_name(platform)
    tables = [
        names.service_arn(platform, "glue", suffix)
        for suffix in ("catalog", f"database/{database}", f"table/{database}/*")
    ]
    passed = {"iam:PassedToService": "glue.amazonaws.com"}
    return [
        allow("Tables", TABLE_ACTIONS, tables),
        allow("TableGrants", GRANT_ACTIONS, "*"),
        allow("PassOptimizerRoles", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
    ]


def _kafka(platform: Platform) -> list[Statement]:
    """Clusters and their topics by name. Topics are made through the API of MSK, which asks for the actions on both.

    Source: Amazon MSK Developer Guide, "Topic operations", IAM permissions, read 2026-11-26.
    """
    own = names.resource_name(platform, "*")
    clusters = [names.service_arn(platform, "kafka", f"{kind}/{own}/*") for kind in ("cluster", "topic")]
    configurations = names.service_arn(platform, "kafka", f"configuration/{own}/*")
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    services = {"iam:AWSServiceName": ["kafka.amazonaws.com", "kafka.application-autoscaling.amazonaws.com"]}
    return [
        allow("Kafka", KAFKA_ACTIONS, [*clusters, configurations]),
        allow("KafkaTopics", TOPIC_ACTIONS, clusters),
        allow("KafkaLinkedRoles", ["iam:CreateServiceLinkedRole"], linked, StringEquals=services),
    ]


def _slack(platform: Platform) -> list[Statement]:
    # What is listed and what is new has no resource yet; the workspace itself is a person's to allow.
    unnamed = ("CreateSlackChannelConfiguration", "DescribeSlackChannelConfigurations", "DescribeSlackWorkspaces")
    named = ("DeleteSlackChannelConfiguration", "TagResource", "UntagResource", "UpdateSlackChannelConfiguration")
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    service = {"iam:AWSServiceName": "management.chatbot.amazonaws.com"}
    passed = {"iam:PassedToService": slack.SERVICE}
    return [
        allow("FindSlack", [f"chatbot:{action}" for action in (*unnamed, "ListTagsForResource")], "*"),
        allow("Slack", [f"chatbot:{action}" for action in named], slack.arn(platform)),
        allow("SlackLinkedRole", ["iam:CreateServiceLinkedRole"], linked, StringEquals=service),
        allow(
            "PassSlackRole",
            ["iam:PassRole"],
            role_pattern(platform),
            StringEquals=passed,
        ),
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
