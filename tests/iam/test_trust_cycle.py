"""Roles that open each other are found, however long the circle is."""

from __future__ import annotations

import json

import pytest

from modelkeel.iam.estate import Estate, Role
from modelkeel.iam.statement import policy
from modelkeel.iam.trust_cycle import trust_cycle

ACCOUNT = "111111111111"


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def role(name: str, *trusted: str, by_condition: bool = False) -> Role:
    named = [arn(other) for other in trusted]
    root = f"arn:aws:iam::{ACCOUNT}:root"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": root if by_condition else named},
        "Action": "sts:AssumeRole",
        **({"Condition": {"ArnEquals": {"aws:PrincipalArn": named}}} if by_condition else {}),
    }
    return Role(
        name=name,
        program="identity",
        environment="prod",
        arn=arn(name),
        account=ACCOUNT,
        region="eu-west-1",
        kind="service",
        trust=policy(f"trust of {name}", json.dumps({"Statement": [statement]})),
        identity=(),
        boundary=None,
        boundary_arn="",
    )


def estate(*roles: Role) -> Estate:
    return Estate(roles={each.name: each for each in roles})


@pytest.mark.parametrize("by_condition", [False, True])
def test_a_circle_is_named_from_its_first_role_round(by_condition: bool) -> None:
    roles = [role("a", "b", by_condition=by_condition), role("b", "c"), role("c", "a")]

    assert trust_cycle(estate(*roles)) == ("a", "b", "c", "a")


def test_a_chain_is_none() -> None:
    assert trust_cycle(estate(role("a", "b"), role("b", "c"), role("c"))) == ()


def test_a_role_that_renews_itself_is_none() -> None:
    assert trust_cycle(estate(role("a", "a"))) == ()
