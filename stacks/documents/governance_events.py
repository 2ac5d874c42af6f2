"""Which events an auditor will ask for, as EventBridge patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import names
from stacks.documents.statement import Document, document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """The resources whose events are kept; the last two are None where the environment has none."""

    model_package_group: str
    pipeline_arn: str
    review_workflow_arn: str | None
    kill_switch: str | None


def patterns(platform: Platform, subjects: Subjects) -> dict[str, dict[str, Any]]:
    """Return rule name -> pattern: approvals, training runs, endpoint changes, verdicts, the kill switch.

    Source: "Events from AWS services" (SageMaker AI, Step Functions, Systems Manager), read 2026-11-23.
    """
    own = {"prefix": names.resource_name(platform, "")}
    known = {
        "approvals": _pattern(
            "aws.sagemaker",
            "SageMaker Model Package State Change",
            ModelPackageGroupName=[subjects.model_package_group],
        ),
        "runs": _pattern(
            "aws.sagemaker",
            "SageMaker Model Building Pipeline Execution Status Change",
            pipelineArn=[subjects.pipeline_arn],
        ),
        "endpoints": _pattern("aws.sagemaker", "SageMaker Endpoint State Change", EndpointName=[own]),
    }
    if subjects.review_workflow_arn:
        known["reviews"] = _pattern(
            "aws.states", "Step Functions Execution Status Change", stateMachineArn=[subjects.review_workflow_arn]
        )
    if subjects.kill_switch:
        known["switch"] = _pattern("aws.ssm", "Parameter Store Change", name=[subjects.kill_switch])
    return known


def delivery_policy(log_group_arn: str) -> Document:
    """Return the resource policy of a log group that EventBridge writes to.

    Source: "Using resource-based policies for Amazon EventBridge", CloudWatch Logs permissions, read 2026-11-23.
    """
    return document(
        [
            {
                "Sid": "EventsArrive",
                "Effect": "Allow",
                "Principal": {"Service": ["delivery.logs.amazonaws.com", "events.amazonaws.com"]},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": f"{log_group_arn}:*",
            }
        ]
    )


def _pattern(source: str, detail_type: str, **detail: list[Any]) -> dict[str, Any]:
    return {"source": [source], "detail-type": [detail_type], "detail": detail}
