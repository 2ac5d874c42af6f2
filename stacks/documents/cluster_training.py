"""The state machine that answers a pipeline's request for training with a job on AWS Batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import names
from stacks.documents.statement import Statement, allow
from stacks.documents.training_facts import MODEL_URI
from stacks.settings import Platform

VARIABLES = {"RUN": "run", "INPUT_URI": "input_uri", "MODEL_URI": MODEL_URI, "CHECKPOINT_URI": "checkpoint_uri"}
"""Environment variables of the job, by the argument of the request that each one carries."""
LONGEST_REASON = 256


@dataclass(frozen=True, kw_only=True)
class ClusterTrainingFacts:
    """Where jobs are sent; `nodes` tells whether a job is one container or one on each of several machines."""

    partition: str
    job_prefix: str
    queue_arn: str
    definition_arn: str
    nodes: int
    max_runtime_seconds: int


def definition(facts: ClusterTrainingFacts) -> dict[str, Any]:
    """Return the state machine: submit the job, wait, and tell the pipeline where the model lies or why there is none.

    Its input is the list with one request that the pipe delivers. The wait is as long as a job may run, and a day
    for its machines; a pipeline waits a week.
    """
    overrides = {
        "Environment": [{"Name": name, "Value": f"{{% $request.arguments.{key} %}}"} for name, key in VARIABLES.items()]
    }
    everywhere = {"NodePropertyOverrides": [{"TargetNodes": "0:", "ContainerOverrides": overrides}]}
    job: dict[str, Any] = {
        "JobName": f"{{% '{facts.job_prefix}-' & $request.arguments.run %}}",
        "JobQueue": facts.queue_arn,
        "JobDefinition": facts.definition_arn,
        **({"NodeOverrides": everywhere} if facts.nodes > 1 else {"ContainerOverrides": overrides}),
    }
    told = {"CallbackToken": "{% $request.token %}"}
    result = {"OutputParameters": [{"Name": MODEL_URI, "Value": f"{{% $request.arguments.{MODEL_URI} %}}"}]}
    reason = f"{{% $substring($string($states.input.Cause), 0, {LONGEST_REASON}) %}}"
    pipeline = f"arn:{facts.partition}:states:::aws-sdk:sagemaker:sendPipelineExecutionStep"
    return {
        "Comment": "Train on the cluster, then answer the pipeline",
        "QueryLanguage": "JSONata",
        "StartAt": "Take",
        "States": {
            "Take": {"Type": "Pass", "Assign": {"request": "{% $states.input[0] %}"}, "Next": "Train"},
            "Train": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::batch:submitJob.sync",
                "Arguments": job,
                "TimeoutSeconds": facts.max_runtime_seconds + 86_400,
                "Catch": [
                    {"ErrorEquals": ["States.ALL"], "Next": "TellFailure", "Output": "{% $states.errorOutput %}"}
                ],
                "Next": "TellSuccess",
            },
            "TellSuccess": {
                "Type": "Task",
                "Resource": f"{pipeline}Success",
                "Arguments": {**told, **result},
                "End": True,
            },
            "TellFailure": {
                "Type": "Task",
                "Resource": f"{pipeline}Failure",
                "Arguments": {**told, "FailureReason": reason},
                "Next": "Failed",
            },
            "Failed": {"Type": "Fail", "Error": "TrainingFailed"},
        },
    }


def statements(platform: Platform, queue_arn: str, definition_arn: str) -> list[Statement]:
    """Return what the state machine may do: jobs of this definition in this queue, and answers to pipelines.

    `.sync` follows a job through a rule that Step Functions owns, and describes it: AWS Step Functions Developer
    Guide, "Run AWS Batch workloads with Step Functions", read 2026-11-25. Describing takes no resource; an answer
    is checked by its token.
    """
    family = definition_arn.rsplit(":", 1)[0]
    rule = names.service_arn(platform, "events", "rule/StepFunctionsGetEventsForBatchJobsRule")
    jobs = names.service_arn(platform, "batch", "job/*")
    answers = [f"sagemaker:SendPipelineExecutionStep{outcome}" for outcome in ("Failure", "Success")]
    return [
        allow("SubmitJobs", ["batch:SubmitJob"], [queue_arn, family, f"{family}:*"]),
        allow("TagJobs", ["batch:TagResource"], jobs),
        allow("StopJobs", ["batch:TerminateJob"], jobs),
        allow("DescribeJobs", ["batch:DescribeJobs"], "*"),
        allow("FollowJobs", ["events:DescribeRule", "events:PutRule", "events:PutTargets"], rule),
        allow("AnswerPipelines", answers, "*"),
    ]
