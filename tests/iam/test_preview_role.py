"""The role of previews: it can compare every resource that the programs register, and its answers are no secret."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from iam.world import ACCOUNTS, Case, ask, world

from modelkeel.iam.decision import decide
from modelkeel.iam.pattern import covers
from modelkeel.iam.statement import policy
from modelkeel.tables.iam_action import actions

URNS = Path(__file__).parents[1] / "cases" / "urns"
# What the provider's services are called in IAM, where it is not the same.
IAM = {
    "appautoscaling": "application-autoscaling",
    "accessanalyzer": "access-analyzer",
    "cfg": "config",
    "cloudcontrol": "cloudformation",
    "costexplorer": "ce",
    "ebs": "ec2",
    "msk": "kafka",
    "networkfirewall": "network-firewall",
    "route53": "route53resolver",
    "sfn": "states",
    "vpc": "ec2",
}
BY_RESOURCE = {"eventRule": "events", "eventTarget": "events", "logGroup": "logs", "logStream": "logs"}
BY_RESOURCE |= {"logMetricFilter": "logs", "logResourcePolicy": "logs", "accountPublicAccessBlock": "s3"}
SECRETS = (
    *("secretsmanager:GetSecretValue", "ssm:GetParameterHistory", "ec2:GetPasswordData", "ec2:GetConsoleOutput"),
    *(
        "ecr:GetAuthorizationToken",
        "codeartifact:GetAuthorizationToken",
        "sts:GetSessionToken",
        "rds:GenerateDBAuthToken",
    ),
)


def _allowed() -> list[str]:
    role = world().estates["prod"].roles["ci-preview"]
    rows = [row for policy in role.identity for row in policy.statements if row.allows]
    return [pattern for row in rows for pattern in row.actions]


def test_it_may_look_at_every_service_that_a_program_registers_resources_of() -> None:
    services = set()
    for page in URNS.glob("*.txt"):
        for service, name in re.findall(
            r"aws:([a-z0-9]+)/([A-Za-z]+):\w+::[^:\n]+$", page.read_text("utf-8"), re.MULTILINE
        ):
            services.add(BY_RESOURCE.get(name, IAM.get(service, service)))

    assert len(services) > 25
    assert {service for service in services if not _looks_at(service)} == set()


def _looks_at(service: str) -> bool:
    return any(pattern.startswith(f"{service}:") for pattern in _allowed())


def test_it_may_do_nothing_that_writes() -> None:
    """By AWS's own classes of access; KMS counts Decrypt as a write, and the state's secrets need it."""
    named = {action for name, action in actions().items() if any(covers(pattern, name) for pattern in _allowed())}
    writing = {action.name for action in named if action.level.lower() not in {"read", "list"}}

    assert len(named) > 300
    assert writing == {"kms:Decrypt"}


def test_nothing_that_hands_out_a_secret_is_allowed() -> None:
    denied = [
        pattern
        for policy in world().estates["prod"].roles["ci-preview"].identity
        for row in policy.statements
        if not row.allows
        for pattern in row.actions
    ]
    handed = [name for name in SECRETS if any(covers(pattern, name) for pattern in _allowed()) and name not in denied]

    assert handed == []


@pytest.mark.parametrize(
    ("action", "alias", "allowed"),
    [
        ("kms:Decrypt", "alias/card-fraud-prod-state", True),
        ("kms:DescribeKey", "alias/card-fraud-prod-state", True),
        ("kms:Encrypt", "alias/card-fraud-prod-state", False),
        ("kms:GenerateDataKey", "alias/card-fraud-prod-state", False),
        ("kms:Decrypt", "alias/card-fraud-dev-state", False),
        ("kms:Decrypt", "alias/card-fraud-prod-evidence", False),
    ],
)
def test_of_keys_like_the_states_it_decrypts_with_that_one_alone(action: str, alias: str, allowed: bool) -> None:
    """`make bootstrap` makes the key with KMS's own policy, which leaves it to IAM in the account."""
    account = ACCOUNTS["prod"]
    asked = ask(
        Case(
            who="ci-preview",
            env="prod",
            allowed=allowed,
            action=action,
            resource=f"arn:aws:kms:eu-west-1:{account}:key/state",
            context={"kms:CallerAccount": account, "kms:ResourceAliases": [alias]},
            why="",
        )
    )
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    default = policy("default", {"Version": "2012-10-17", "Statement": [root]})

    decision = decide(asked.request, dataclasses.replace(asked.layers, resource=default))

    assert (str(decision.result) == "allowed") == allowed, decision
