"""The state machine of human review, as Amazon States Language with JSONata.

A case is recorded, put before people, and waits with a task token. The answer, `SendTaskSuccess` with
`{"verdict": "accept" | "reject", "reviewer": ..., "reason": ...}`, is recorded, kept as evidence and acted on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RETRAINING = "retraining"
"""Kind of a case whose acceptance starts the training pipeline."""

_CASE = "$states.context.Execution.Name"


@dataclass(frozen=True, kw_only=True)
class ReviewFacts:
    """Everything that the definition holds; the timeout is in seconds."""

    partition: str
    table_name: str
    queue_url: str
    evidence_bucket: str
    pipeline_name: str
    timeout_seconds: int


def definition(facts: ReviewFacts) -> dict[str, Any]:
    """Return the state machine; its input is `{"kind", "subject", "proposed_by"}`.

    An answer by the proposer, or without a known verdict, does not count: the case is put again. A case that
    nobody decides in time is marked as expired and fails, which raises the alarm on failed executions.
    """
    return {
        "Comment": "Put a case before a person and act on the verdict",
        "QueryLanguage": "JSONata",
        "StartAt": "Open",
        "States": {
            "Open": _open(facts),
            "Ask": _ask(facts),
            "CheckAnswer": {
                "Type": "Choice",
                "Choices": [{"Condition": _counts(), "Next": "RecordVerdict"}],
                "Default": "Ask",
            },
            "RecordVerdict": _record(facts),
            "KeepEvidence": _keep(facts),
            "Act": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Condition": f"{{% $case.kind = '{RETRAINING}' and $answer.verdict = 'accept' %}}",
                        "Next": "StartTraining",
                    }
                ],
                "Default": "Closed",
            },
            "StartTraining": _start_training(facts),
            "Closed": {"Type": "Succeed"},
            "Expire": _expire(facts),
            "NobodyDecided": {
                "Type": "Fail",
                "Error": "NobodyDecided",
                "Cause": f"No valid answer within {facts.timeout_seconds} seconds",
            },
        },
    }


def _open(facts: ReviewFacts) -> dict[str, Any]:
    item = {
        "case_id": {"S": f"{{% {_CASE} %}}"},
        "kind": {"S": "{% $states.input.kind %}"},
        "subject": {"S": "{% $string($states.input.subject) %}"},
        "proposed_by": {"S": "{% $states.input.proposed_by %}"},
        "status": {"S": "open"},
        "opened_at": {"S": "{% $states.context.Execution.StartTime %}"},
    }
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::dynamodb:putItem",
        "Arguments": {
            "TableName": facts.table_name,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(case_id)",
        },
        "Assign": {"case": "{% $states.input %}"},
        "Next": "Ask",
    }


def _ask(facts: ReviewFacts) -> dict[str, Any]:
    message = {
        "case_id": f"{{% {_CASE} %}}",
        "kind": "{% $case.kind %}",
        "subject": "{% $case.subject %}",
        "proposed_by": "{% $case.proposed_by %}",
        "task_token": "{% $states.context.Task.Token %}",
    }
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": facts.queue_url, "MessageBody": message},
        "TimeoutSeconds": facts.timeout_seconds,
        "Assign": {"answer": "{% $states.result %}"},
        "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Expire"}],
        "Next": "CheckAnswer",
    }


def _counts() -> str:
    known = "$answer.verdict in ['accept', 'reject']"
    other = "$exists($answer.reviewer) and $answer.reviewer != $case.proposed_by"
    return f"{{% {known} and {other} %}}"


def _record(facts: ReviewFacts) -> dict[str, Any]:
    values = {
        ":status": {"S": "decided"},
        ":verdict": {"S": "{% $answer.verdict %}"},
        ":reviewer": {"S": "{% $answer.reviewer %}"},
        ":reason": {"S": "{% $exists($answer.reason) ? $string($answer.reason) : '' %}"},
        ":decided_at": {"S": "{% $now() %}"},
    }
    expression = (
        "SET #status = :status, verdict = :verdict, reviewer = :reviewer, reason = :reason, decided_at = :decided_at"
    )
    return _update(facts, expression, values, "KeepEvidence")


def _expire(facts: ReviewFacts) -> dict[str, Any]:
    return _update(facts, "SET #status = :status", {":status": {"S": "expired"}}, "NobodyDecided")


def _update(facts: ReviewFacts, expression: str, values: dict[str, Any], following: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::dynamodb:updateItem",
        "Arguments": {
            "TableName": facts.table_name,
            "Key": {"case_id": {"S": f"{{% {_CASE} %}}"}},
            "UpdateExpression": expression,
            # `status` is a reserved word of DynamoDB.
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": values,
        },
        "Next": following,
    }


def _keep(facts: ReviewFacts) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:s3:putObject",
        "Arguments": {
            "Bucket": facts.evidence_bucket,
            "Key": f"{{% 'decisions/' & {_CASE} & '.json' %}}",
            "ContentType": "application/json",
            # Object Lock accepts no object without a checksum.
            "ChecksumAlgorithm": "SHA256",
            "Body": f"{{% $string({{'case_id': {_CASE}, 'case': $case, 'answer': $answer}}) %}}",
        },
        "Next": "Act",
    }


def _start_training(facts: ReviewFacts) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:sagemaker:startPipelineExecution",
        "Arguments": {
            "PipelineName": facts.pipeline_name,
            # The same case starts one run, however often this state is tried.
            "ClientRequestToken": "{% $hash($states.context.Execution.Id, 'SHA-256') %}",
        },
        "End": True,
    }
