"""A small platform written by hand: the shapes of real recordings, without running a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from modelkeel.graph import Graph, Resource, Source, Stack

ACCOUNT = "111122223333"
REGION = "eu-west-1"
PROJECT = "fraud"


def urn(program: str, kind: str, name: str, stack: str = "prod") -> str:
    return f"urn:pulumi:{stack}::{PROJECT}-{program}::{kind}::{name}"


def resource(
    program: str,
    kind: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    outputs: Mapping[str, Any] | None = None,
    on: Sequence[str] = (),
    parent: str | None = None,
    custom: bool = True,
    read: bool = False,
    line: int = 1,
) -> Resource:
    return Resource(
        urn=urn(program, kind, name),
        type=kind,
        name=name,
        id=f"{name}-id" if custom else None,
        inputs=dict(inputs or {}),
        outputs=dict(outputs or inputs or {}),
        dependencies=tuple(on),
        parent=parent,
        custom=custom,
        read=read,
        source=Source(f"stacks/{program}/__main__.py", line),
    )


def stack(program: str, *resources: Resource, region: str = REGION, **more: Any) -> Stack:
    return Stack(program=program, stack="prod", account=ACCOUNT, region=region, resources=resources, **more)


def graph(*stacks: Stack) -> Graph:
    return Graph(project=PROJECT, environment="prod", fidelity="simulate", stacks=stacks, tool_version="0.1.0")


def component(program: str, kind: str, name: str, parent: str | None = None) -> Resource:
    return resource(program, kind, name, custom=False, parent=parent)


def foundation() -> Stack:
    key = component("foundation", "modelkeel:foundation:EncryptionKey", "data")
    net = component("foundation", "modelkeel:foundation:Network", "network")
    vpc = resource("foundation", "aws:ec2/vpc:Vpc", "network", {"cidrBlock": "10.20.0.0/16"}, parent=net.urn)
    subnets = [
        resource(
            "foundation", "aws:ec2/subnet:Subnet", f"private-{zone}", {"vpcId": "vpc-1"}, parent=net.urn, on=[vpc.urn]
        )
        for zone in "abc"
    ]
    ends = [
        resource(
            "foundation",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            name,
            {"vpcEndpointType": "Interface", "subnetIds": ["s-1", "s-2", "s-3"], "serviceName": name},
            parent=net.urn,
            on=[vpc.urn, *(subnet.urn for subnet in subnets)],
        )
        for name in ("sagemaker.api", "kms", "logs", "ecr.dkr")
    ]
    s3 = resource("foundation", "aws:ec2/vpcEndpoint:VpcEndpoint", "s3", {"vpcEndpointType": "Gateway"}, parent=net.urn)
    kms = resource("foundation", "aws:kms/key:Key", "data", {"enableKeyRotation": True}, parent=key.urn)
    alias = resource("foundation", "aws:kms/alias:Alias", "data", parent=key.urn, on=[kms.urn])
    group = resource("foundation", "aws:cloudwatch/logGroup:LogGroup", "flow", {"retentionInDays": 365}, on=[kms.urn])
    flow = resource("foundation", "aws:ec2/flowLog:FlowLog", "flow", {"vpcId": "vpc-1"}, on=[vpc.urn, group.urn])
    return stack("foundation", key, net, vpc, *subnets, *ends, s3, kms, alias, group, flow)


def data() -> Stack:
    home = component("data", "modelkeel:data:PrivateBucket", "raw")
    bucket = resource("data", "aws:s3/bucket:Bucket", "raw", {"bucket": "fraud-prod-raw"}, parent=home.urn)
    versions = resource(
        "data",
        "aws:s3/bucketVersioning:BucketVersioning",
        "raw",
        {"versioningConfiguration": {"status": "Enabled"}},
        parent=home.urn,
        on=[bucket.urn],
    )
    block = resource(
        "data", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "raw", parent=home.urn, on=[bucket.urn]
    )
    events = resource(
        "data",
        "aws:kinesis/stream:Stream",
        "events",
        {"streamModeDetails": {"streamMode": "ON_DEMAND"}, "retentionPeriod": 48},
    )
    delivery = resource(
        "data",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "events",
        {"destination": "extended_s3"},
        on=[events.urn, bucket.urn],
    )
    cards = resource(
        "data",
        "aws:sagemaker/featureGroup:FeatureGroup",
        "cards",
        {"featureGroupName": "cards", "onlineStoreConfig": {"enableOnlineStore": True}},
        on=[bucket.urn],
    )
    return stack("data", home, bucket, versions, block, events, delivery, cards, exports={"dataset_gib": 12288})


def pipeline_definition(instance_type: str = "ml.m7i.4xlarge", seconds: int = 7200) -> str:
    steps = [
        {
            "Name": "train",
            "Type": "Training",
            "Arguments": {
                "ResourceConfig": {"InstanceType": instance_type, "InstanceCount": 1, "VolumeSizeInGB": 100},
                "StoppingCondition": {"MaxRuntimeInSeconds": seconds},
            },
        },
        {
            "Name": "evaluate",
            "Type": "Processing",
            "Arguments": {
                "ProcessingResources": {
                    "ClusterConfig": {"InstanceType": "ml.m7i.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
                },
                "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
            },
        },
    ]
    return json.dumps({"Version": "2020-12-01", "Steps": steps})


def training() -> Stack:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/fraud-prod-training"
    pipeline = resource(
        "training",
        "aws:sagemaker/pipeline:Pipeline",
        "training",
        {"pipelineDefinition": pipeline_definition()},
        outputs={"arn": arn},
        on=[urn("data", "aws:s3/bucket:Bucket", "raw")],
    )
    daily = resource(
        "training",
        "aws:scheduler/schedule:Schedule",
        "daily",
        {"scheduleExpression": "cron(0 3 * * ? *)", "target": {"arn": arn}},
        on=[pipeline.urn],
    )
    group = resource("training", "aws:sagemaker/modelPackageGroup:ModelPackageGroup", "models")
    images = resource("training", "aws:ecr/repository:Repository", "images", {"imageTagMutability": "IMMUTABLE"})
    role = resource("training", "aws:iam/role:Role", "training")
    return stack("training", role, images, group, pipeline, daily)


def serving(instance_type: str = "ml.c7i.2xlarge", fewest: int = 3, most: int = 12, started: int = 3) -> Stack:
    model = resource("serving", "aws:sagemaker/model:Model", "scorer")
    configuration = resource(
        "serving",
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "scorer",
        {
            "productionVariants": [
                {"variantName": "live", "instanceType": instance_type, "initialInstanceCount": started}
            ],
            "dataCaptureConfig": {"enableCapture": True, "initialSamplingPercentage": 100},
        },
        outputs={"name": "scorer-config"},
        on=[model.urn],
    )
    endpoint = resource(
        "serving",
        "aws:sagemaker/endpoint:Endpoint",
        "scorer",
        {"name": "fraud-prod-scorer", "endpointConfigName": "scorer-config"},
        on=[configuration.urn],
    )
    target = resource(
        "serving",
        "aws:appautoscaling/target:Target",
        "scorer",
        {
            "serviceNamespace": "sagemaker",
            "resourceId": "endpoint/fraud-prod-scorer/variant/live",
            "minCapacity": fewest,
            "maxCapacity": most,
        },
        on=[endpoint.urn],
    )
    policy = resource(
        "serving",
        "aws:appautoscaling/policy:Policy",
        "scorer",
        {
            "resourceId": "endpoint/fraud-prod-scorer/variant/live",
            "targetTrackingScalingPolicyConfiguration": {
                "targetValue": 6000,
                "predefinedMetricSpecification": {"predefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
            },
        },
        on=[target.urn],
    )
    return stack("serving", model, configuration, endpoint, target, policy)


def monitoring() -> Stack:
    topic = resource("monitoring", "aws:sns/topic:Topic", "alerts")
    mail = resource(
        "monitoring", "aws:sns/topicSubscription:TopicSubscription", "owner", {"protocol": "email"}, on=[topic.urn]
    )
    alarm = resource(
        "monitoring",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "latency",
        {"period": 60},
        on=[topic.urn, urn("serving", "aws:sagemaker/endpoint:Endpoint", "scorer")],
    )
    board = resource("monitoring", "aws:cloudwatch/dashboard:Dashboard", "service")
    budget = resource("monitoring", "aws:budgets/budget:Budget", "month")
    return stack("monitoring", topic, mail, alarm, board, budget)


def platform() -> Graph:
    return graph(foundation(), data(), training(), serving(), monitoring())
