"""Names, ARNs and principals hold where they are hardest to hold, in every partition."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from stacks_estate.estate import PLACES, documents, hardest

from modelkeel import graph as graphs
from modelkeel.graph import Graph

pytestmark = pytest.mark.slow
everywhere = pytest.mark.parametrize("partition", PLACES)
# The property that names a resource in AWS, where it is not `name`, and the longest name that AWS takes.
# Sources: the name constraints of each service's API Reference, as botocore 1.44.5 holds them.
NAMES = {
    "aws:s3/bucket:Bucket": ("bucket", 63),
    "aws:iam/role:Role": ("name", 64),
    "aws:iam/policy:Policy": ("name", 128),
    "aws:kms/alias:Alias": ("name", 256),
    "aws:sns/topic:Topic": ("name", 256),
    "aws:sqs/queue:Queue": ("name", 80),
    "aws:kinesis/stream:Stream": ("name", 128),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("name", 64),
    "aws:dynamodb/table:Table": ("name", 255),
    "aws:ecr/repository:Repository": ("name", 256),
    "aws:sfn/stateMachine:StateMachine": ("name", 80),
    "aws:scheduler/schedule:Schedule": ("name", 64),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", 255),
    "aws:cloudwatch/logGroup:LogGroup": ("name", 512),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName", 255),
    "aws:cloudwatch/eventRule:EventRule": ("name", 64),
    "aws:athena/workgroup:Workgroup": ("name", 128),
    "aws:glue/catalogDatabase:CatalogDatabase": ("name", 255),
    "aws:glue/securityConfiguration:SecurityConfiguration": ("name", 255),
    "aws:sagemaker/endpoint:Endpoint": ("name", 63),
    "aws:sagemaker/model:Model": ("name", 63),
    "aws:sagemaker/pipeline:Pipeline": ("pipelineName", 256),
    "aws:sagemaker/featureGroup:FeatureGroup": ("featureGroupName", 64),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": ("modelPackageGroupName", 63),
    "aws:iot/provisioningTemplate:ProvisioningTemplate": ("name", 36),
    "aws:iot/policy:Policy": ("name", 128),
    "aws:iot/thingGroup:ThingGroup": ("name", 128),
    "aws:iot/thingType:ThingType": ("name", 128),
    "aws:iot/topicRule:TopicRule": ("name", 128),
    "aws:budgets/budget:Budget": ("name", 100),
    "aws:backup/vault:Vault": ("name", 50),
    "aws:cloudtrail/trail:Trail": ("name", 128),
    "aws:accessanalyzer/analyzer:Analyzer": ("analyzerName", 255),
}
GLOBAL = {"aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:iam/policy:Policy", "aws:budgets/budget:Budget"}


def named(graph: Graph) -> list[tuple[str, str, str]]:
    """Type, Region (empty where the name is global) and name of each resource that has a name of ours."""
    found = []
    for stack, resource in graph.resources():
        key = NAMES.get(resource.type, ("name", 0))[0]
        name = resource.inputs.get(key)
        if resource.is_aws and not resource.read and resource.type in NAMES and isinstance(name, str):
            region = "" if resource.type in GLOBAL else str(resource.inputs.get("region", stack.region))
            found.append((resource.type, region, name))
    return found


@everywhere
def test_no_two_resources_of_the_account_have_one_name(partition: str) -> None:
    found = named(hardest(partition))

    assert len(found) > 200
    assert [each for each, times in Counter(found).items() if times > 1] == []


@everywhere
def test_no_name_is_longer_than_aws_takes(partition: str) -> None:
    too_long = [(kind, name) for kind, _, name in named(hardest(partition)) if len(name) > NAMES[kind][1]]

    assert too_long == []


@everywhere
def test_every_arn_is_of_the_partition(partition: str) -> None:
    text = graphs.dumps(hardest(partition))

    assert set(re.findall(r"arn:(aws[a-z-]*):", text)) == {partition}


@everywhere
def test_no_statement_names_a_principal_twice(partition: str) -> None:
    """AWS keeps a principal once, so a second naming shows as a change in every preview."""
    twice = []
    for resource, document in documents(hardest(partition)):
        for statement in document["Statement"]:
            who = statement.get("Principal", {})
            for value in who.values() if isinstance(who, dict) else ():
                if isinstance(value, list) and len(set(value)) != len(value):
                    twice.append((resource.urn, value))

    assert twice == []


@everywhere
def test_private_endpoints_are_called_as_the_partition_calls_them(partition: str) -> None:
    region = PLACES[partition][0]
    found = {
        str(row.inputs["serviceName"])
        for _, row in hardest(partition).resources()
        if row.type == "aws:ec2/vpcEndpoint:VpcEndpoint"
    }

    china = partition == "aws-cn"
    assert f"{'cn.' if china else ''}com.amazonaws.{region}.sagemaker.api" in found
    assert {f"com.amazonaws.{region}.s3", f"com.amazonaws.{region}.logs"} <= found
