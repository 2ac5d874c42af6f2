"""Roles of the machines and jobs of training clusters."""

from __future__ import annotations

from stacks import names
from stacks.documents.grant import Grants
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.documents.trust import service_trust
from stacks.settings import Platform


def job_trust(platform: Platform) -> Document:
    """Return the trust of a container's role: ECS, for tasks of this account."""
    return service_trust(platform, ["ecs-tasks.amazonaws.com"], [names.service_arn(platform, "ecs", "*")])


def machine_trust(platform: Platform) -> Document:
    """Return the trust of a machine's role: EC2, which names no source."""
    service = {"Service": f"ec2.{dns_suffix(platform.partition)}"}
    return document([{"Sid": "AssumedByMachines", "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}])


def node(grants: Grants, online: bool) -> Document:
    """Return what a machine of AWS Batch may do: join its cluster, pull images, write the logs of its jobs.

    Source: Amazon ECS Developer Guide, "Amazon ECS container instance IAM role", read 2026-11-25. The names of the
    clusters are AWS Batch's own.
    """
    platform = grants.platform
    clusters = names.service_arn(platform, "ecs", "cluster/*")
    instances = names.service_arn(platform, "ecs", "container-instance/*")
    join = ["ecs:DeregisterContainerInstance", "ecs:RegisterContainerInstance"]
    act = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"]
    tell = ["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"]
    log = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return document(
        [
            allow("JoinCluster", [*join, *tell], clusters),
            allow("Act", act, instances),
            allow("FindEndpoint", ["ecs:DiscoverPollEndpoint"], "*"),
            *_images(grants),
            allow("Logs", log, names.service_arn(platform, "logs", f"log-group:{names.log_group_name(platform, '*')}")),
        ]
    )


def hyperpod(grants: Grants, online: bool) -> Document:
    """Return what a machine of HyperPod may do: what a training job may, read its scripts, take and answer requests.

    Source: SageMaker AI Developer Guide, "IAM role for SageMaker HyperPod" (AmazonSageMakerClusterInstanceRolePolicy),
    read 2026-11-25, narrowed to this environment.
    """
    platform = grants.platform
    log_groups = names.service_arn(platform, "logs", "log-group:/aws/sagemaker/Clusters/*")
    log = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    channels = [f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")]
    answers = [f"sagemaker:SendPipelineExecutionStep{outcome}" for outcome in ("Failure", "Success")]
    take = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"]
    metrics = {"cloudwatch:namespace": ["/aws/sagemaker/Clusters", f"{platform.project}/{platform.environment}*"]}
    return document(
        [
            *grants.read(["curated", "features", "models"]),
            grants.write(["models"]),
            *grants.keys(["data", "features", "models"]),
            _queue_key(grants),
            allow("ClusterLogs", log, log_groups),
            allow("ClusterMetrics", ["cloudwatch:PutMetricData"], "*", StringEquals=metrics),
            allow("Sessions", [*channels, "ssm:UpdateInstanceInformation"], "*"),
            allow("Requests", take, grants.own("sqs", "")),
            allow("AnswerPipelines", answers, "*"),
            *_images(grants),
            *grants.interfaces(),
        ]
    )


def request_training(grants: Grants) -> list[Statement]:
    """Return what the pipeline needs to ask a cluster for training by queue."""
    return [
        allow("RequestTraining", ["sqs:SendMessage"], grants.own("sqs", "")),
        _queue_key(grants),
    ]


def _queue_key(grants: Grants) -> Statement:
    return {**grants.use_keys(["logs"], ("sqs",)), "Sid": "UseQueueKey"}


def _images(grants: Grants) -> list[Statement]:
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        allow("PullImages", pull, grants.own("ecr", "repository/")),
        allow("RegistryToken", ["ecr:GetAuthorizationToken"], "*"),
    ]
