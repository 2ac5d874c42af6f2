"""Between the pipeline and AWS Batch: each request becomes a job, each job an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.cluster_training import ClusterTrainingFacts, definition, statements
from stacks.documents.queue import receive
from stacks.documents.statement import allow, document
from stacks.documents.workflow_role import trust
from stacks.settings import Platform

# A pipeline that is stopped says so in the same queue; the job then ends by its own limit.
NEW_REQUESTS = {"body": {"status": ["Executing"]}}
REQUEST = '{"token": <$.body.token>, "arguments": <$.body.arguments>}'


@dataclass(frozen=True, kw_only=True)
class BatchTrainingArgs:
    """`workflow_key_arn` encrypts what the state machine holds, `log_key_arn` its log and the requests."""

    platform: Platform
    requests_arn: pulumi.Input[str]
    queue_arn: pulumi.Input[str]
    definition_arn: pulumi.Input[str]
    nodes: int
    max_runtime_seconds: int
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class BatchTraining(pulumi.ComponentResource):
    """A pipe from the queue of requests into a state machine that runs the job."""

    def __init__(self, name: str, args: BatchTrainingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:BatchTraining", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        workflow = Workflow(name, _workflow(name, args), child)
        component = f"{name}-requests"
        full_name = names.resource_name(platform, component)
        role = ServiceRole(component, _pipe_role(full_name, args, workflow.arn), child)
        aws.pipes.Pipe(
            name,
            name=full_name,
            description="Requests for training become executions",
            role_arn=role.arn,
            source=args.requests_arn,
            source_parameters={
                "sqs_queue_parameters": {"batch_size": 1},
                "filter_criteria": {"filters": [{"pattern": json.dumps(NEW_REQUESTS)}]},
            },
            target=workflow.arn,
            target_parameters={
                "input_template": REQUEST,
                "step_function_state_machine_parameters": {"invocation_type": "FIRE_AND_FORGET"},
            },
            kms_key_identifier=args.workflow_key_arn,
            opts=child,
        )
        self.register_outputs({})


def _workflow(name: str, args: BatchTrainingArgs) -> WorkflowArgs:
    platform = args.platform
    jobs = pulumi.Output.all(queue=args.queue_arn, definition=args.definition_arn)

    def facts(given: dict[str, str]) -> ClusterTrainingFacts:
        return ClusterTrainingFacts(
            partition=platform.partition,
            job_prefix=names.resource_name(platform, name),
            queue_arn=given["queue"],
            definition_arn=given["definition"],
            nodes=args.nodes,
            max_runtime_seconds=args.max_runtime_seconds,
        )

    return WorkflowArgs(
        platform=platform,
        component=name,
        description="Trains on the cluster and answers the pipeline",
        definition=jobs.apply(lambda given: json.dumps(definition(facts(given)))),
        permissions=jobs.apply(lambda given: statements(platform, given["queue"], given["definition"])),
        kms_key_arn=args.workflow_key_arn,
        log_kms_key_arn=args.log_key_arn,
        log_retention_days=args.log_retention_days,
        alarm_topic_arn=args.alarm_topic_arn,
    )


def _pipe_role(full_name: str, args: BatchTrainingArgs, workflow_arn: pulumi.Input[str]) -> ServiceRoleArgs:
    platform = args.platform
    given = pulumi.Output.all(queue=args.requests_arn, key=args.log_key_arn, workflow=workflow_arn)
    return ServiceRoleArgs(
        role_name=full_name,
        path=names.role_path(platform),
        description="Hands requests for training to the state machine",
        trust=trust(platform, "pipes.amazonaws.com", names.service_arn(platform, "pipes", f"pipe/{full_name}")),
        permissions=given.apply(
            lambda arns: document(
                [
                    *receive(arns["queue"], arns["key"]),
                    allow("StartTraining", ["states:StartExecution"], arns["workflow"]),
                ]
            )
        ),
        boundary_arn=names.boundary_arn(platform),
    )
