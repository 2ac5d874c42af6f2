"""What the owners of a given key or bucket set, so that the environment can use it: their side, as JSON.

The statements are those of the project's own keys (stacks/documents/key.py); a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.model import Plan
from modelkeel.tables.region import regions

Statement = dict[str, Any]

SERVICES = (
    "backup", "dms", "dynamodb", "ec2", "ecr", "firehose", "fsx", "glue", "kafka", "kinesis", "s3", "sagemaker",
    "scheduler", "sns", "sqs", "states",
)  # fmt: skip
PUBLISHERS = ("budgets", "cloudwatch", "events", "sns")
USE = (
    "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom", "kms:ReEncryptTo",
)  # fmt: skip
ALIASES = ("kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:UpdateAlias")
READ = ("s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket")


def given_keys(answers: Answers, plan: Plan) -> list[dict[str, str]]:
    """Return environment, ARN and policy of each key that is given."""
    return [
        {
            "environment": name,
            "arn": arn,
            "policy": _text(_key_statements(answers, name, _linked_services(plan, name))),
        }
        for name, arn in answers.existing_key_arns.items()
    ]


def given_buckets(answers: Answers) -> list[dict[str, str]]:
    """Return environment, name, bucket policy, and the statement for the bucket's key, of each bucket that is given."""
    return [
        {
            "environment": name,
            "bucket": bucket,
            "policy": _text(_bucket_statements(answers, name, bucket)),
            "key_policy": _text([_reading_key(answers, name)]),
        }
        for name, bucket in answers.existing_data_buckets.items()
    ]


def _key_statements(answers: Answers, environment: str, linked: Sequence[str]) -> list[Statement]:
    account = answers.account_ids[environment]
    root = _root(answers, environment)
    here = f"{_partition(answers)}:{{}}:{answers.region}:{account}"
    via = [f"{service}.{answers.region}.{_domain(answers)}" for service in SERVICES]
    caller = {"kms:CallerAccount": account, "kms:ViaService": via}
    found = [
        _allow("AliasesAndDescription", {"AWS": root}, ALIASES),
        _allow("UseThroughServices", {"AWS": root}, USE, StringEquals=caller),
        _allow(
            "GrantToServices", {"AWS": root}, ["kms:CreateGrant"],
            Bool={"kms:GrantIsForAWSResource": "true"}, StringEquals=caller,
        ),
    ]  # fmt: skip
    contexts = {
        "StateMachines": ("aws:states:stateMachineArn", f"arn:{here.format('states')}:stateMachine:*"),
        "Schedules": ("aws:scheduler:schedule:arn", f"arn:{here.format('scheduler')}:schedule/*"),
        "WorkflowLogs": ("SourceArn", f"arn:{here.format('logs')}:*"),
    }
    found += [
        _allow(
            sid, {"AWS": root}, ["kms:Decrypt", "kms:GenerateDataKey"],
            StringEquals={"kms:CallerAccount": account}, ArnLike={f"kms:EncryptionContext:{key}": pattern},
        )
        for sid, (key, pattern) in contexts.items()
    ]  # fmt: skip
    found += [
        _allow(
            "LogDelivery", {"Service": "delivery.logs.amazonaws.com"}, "kms:Decrypt",
            StringEquals={"aws:SourceAccount": account}, ArnLike={"aws:SourceArn": f"arn:{here.format('logs')}:*"},
        ),
        _allow(
            "LogGroups", {"Service": f"logs.{answers.region}.{_domain(answers)}"},
            [*(action for action in USE if action != "kms:GenerateDataKeyWithoutPlaintext"), USE[4]],
            ArnLike={"kms:EncryptionContext:aws:logs:arn": f"arn:{here.format('logs')}:log-group:*"},
        ),
        _allow(
            "Publishers", {"Service": [f"{name}.amazonaws.com" for name in PUBLISHERS]},
            ["kms:Decrypt", "kms:GenerateDataKey"], StringEquals={"aws:SourceAccount": account},
        ),
    ]  # fmt: skip
    return [*found, *_linked_roles(answers, environment, linked)]


def _linked_roles(answers: Answers, environment: str, services: Sequence[str]) -> list[Statement]:
    if not services:
        return []
    account = answers.account_ids[environment]
    roles = f"arn:{_partition(answers)}:iam::{account}:role/aws-service-role"
    caller = {
        "StringEquals": {"kms:CallerAccount": account},
        "ArnLike": {"aws:PrincipalArn": [f"{roles}/{service}.amazonaws.com/*" for service in services]},
    }
    return [
        _allow("LinkedRoles", {"AWS": "*"}, USE, **caller),
        _allow(
            "LinkedRolesGrant", {"AWS": "*"}, ["kms:CreateGrant"], **caller, Bool={"kms:GrantIsForAWSResource": "true"}
        ),
    ]


def _bucket_statements(answers: Answers, environment: str, bucket: str) -> list[Statement]:
    arn = f"arn:{_partition(answers)}:s3:::{bucket}"
    resources = [arn, f"{arn}/*"]
    reader = (
        f"arn:{_partition(answers)}:iam::{answers.account_ids[environment]}:role/mlops/{environment}/"
        f"{answers.project_name}-{environment}-processing"
    )
    return [
        {
            **_allow("ReadByProcessing", {"AWS": _root(answers, environment)}, READ),
            "Resource": resources,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": reader}},
        },
        {
            "Sid": "OverTlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": resources,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def _reading_key(answers: Answers, environment: str) -> Statement:
    account = answers.account_ids[environment]
    via = f"s3.{answers.region}.{_domain(answers)}"
    return _allow(
        "ReadThroughS3", {"AWS": _root(answers, environment)}, ["kms:Decrypt", "kms:DescribeKey"],
        StringEquals={"kms:CallerAccount": account, "kms:ViaService": via},
    )  # fmt: skip


def _allow(sid: str, principal: dict[str, Any], actions: Any, **conditions: Any) -> Statement:
    found = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": list(actions) if not isinstance(actions, str) else actions,
        "Resource": "*",
    }
    return {**found, "Condition": conditions} if conditions else found


def _linked_services(plan: Plan, environment: str) -> list[str]:
    for stack in plan.stacks:
        if (stack.program, stack.environment) == ("foundation", environment):
            return list(stack.config.get("foundation:linked_services", ()))
    return []


def _root(answers: Answers, environment: str) -> str:
    return f"arn:{_partition(answers)}:iam::{answers.account_ids[environment]}:root"


def _partition(answers: Answers) -> str:
    return regions()[answers.region].partition


def _domain(answers: Answers) -> str:
    return "amazonaws.com.cn" if _partition(answers) == "aws-cn" else "amazonaws.com"


def _text(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
