"""IAM documents of state machines: who may assume their roles, and what running jobs takes."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

_LOG_DELIVERY_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)


def trust(platform: Platform, service: str, source_arn: str) -> Document:
    """Return the trust in `service` when it acts for `source_arn` (wildcards allowed) of this account."""
    return document(
        [
            {
                "Sid": "ServiceOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": platform.account_id},
                    "ArnLike": {"aws:SourceArn": source_arn},
                },
            }
        ]
    )


def logging_statement() -> Statement:
    """Return what a state machine needs to deliver its log.

    These actions accept no resource but `*` (AWS Step Functions Developer Guide, "Using CloudWatch Logs to
    log execution history", read 2026-11-23).
    """
    return allow("DeliverLogs", _LOG_DELIVERY_ACTIONS, "*")


def key_statement(*key_arns: str) -> Statement:
    """Return the use of `key_arns` for what the role itself reads and writes."""
    return allow("UseKeys", ["kms:Decrypt", "kms:GenerateDataKey"], sorted(set(key_arns)))


def sagemaker_job_statements(
    platform: Platform, job: str, name_prefix: str, key_arn: str, passed_role_arn: str | None = None
) -> list[Statement]:
    """Return what running and awaiting SageMaker jobs of one kind takes.

    `job` is `processing` or `transform`; `key_arn` encrypts the job's volume, which whoever starts the job must
    be able to grant. The `.sync` integration follows a job through an EventBridge rule that Step Functions owns
    (Step Functions Developer Guide, "Create and manage Amazon SageMaker jobs", read 2026-11-23). A transform
    job takes its role from its model, so there is none to pass.
    """
    verb = job.capitalize()
    rule = f"rule/StepFunctionsGetEventsForSageMaker{verb}JobsRule"
    jobs = [f"sagemaker:{action}{verb}Job" for action in ("Create", "Describe", "Stop")]
    statements: list[Statement] = [
        allow(
            f"Run{verb}Jobs",
            [*jobs, "sagemaker:AddTags"],
            names.service_arn(platform, "sagemaker", f"{job}-job/{name_prefix}*"),
        ),
        allow(
            "FollowJobs",
            ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
            names.service_arn(platform, "events", rule),
        ),
        allow("GrantVolumeKey", ["kms:CreateGrant"], key_arn, Bool={"kms:GrantIsForAWSResource": "true"}),
    ]
    if passed_role_arn is not None:
        service = {"iam:PassedToService": "sagemaker.amazonaws.com"}
        statements.append(allow("PassJobRole", ["iam:PassRole"], passed_role_arn, StringEquals=service))
    return statements
