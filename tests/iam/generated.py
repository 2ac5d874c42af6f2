"""Requests made up from the policies themselves: near to what they speak of, and a little beside it."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Mapping
from typing import Any

from iam.world import ACCOUNTS, ORGANIZATION, Asked, carried, world

from modelkeel.iam.decision import Layers
from modelkeel.iam.estate import RESOURCE_CONTROL, SERVICE_CONTROL, Role
from modelkeel.iam.pattern import covers
from modelkeel.iam.request import Request, context
from modelkeel.iam.statement import Policy, Statement
from modelkeel.tables.iam_action import IamAction, actions

# The simulator wants a bare star for these, or has more than one kind of resource that an ARN of ours could be.
ODD_ONES_OUT = frozenset({"sts:GetCallerIdentity"})
LISTS = frozenset(
    {
        "aws:calledvia",
        "aws:tagkeys",
        "kms:resourcealiases",
        "sagemaker:instancetypes",
        "sagemaker:vpcsubnets",
        "sagemaker:vpcsecuritygroupids",
    }
)


def requests(seed: int) -> Iterator[Asked]:
    """Yield requests without end; the same seed gives the same ones."""
    dice = random.Random(seed)
    homes = [(name, role) for name in ACCOUNTS for role in world().estates[name].roles.values()]
    while True:
        env, role = dice.choice(homes)
        own = world().estates[env]
        layers = Layers(
            identity=role.identity,
            boundary=role.boundary,
            service_control=own.control(SERVICE_CONTROL, rolled_out=True),
            resource_control=own.control(RESOURCE_CONTROL, rolled_out=True),
        )
        statement = dice.choice(_statements(layers))
        action = _action(statement, dice)
        if action is None or action.name in ODD_ONES_OUT:
            continue
        resource = _resource(action, statement, layers, role, dice)
        if resource is None:
            continue
        given = carried(action.name, _given(action, layers, role, resource, dice))
        yield _asked(role, action, resource, given, layers, own.resource_policy(resource))


def _asked(
    role: Role, action: IamAction, resource: str, given: Mapping[str, Any], layers: Layers, policy: Policy | None
) -> Asked:
    known, lists = context(given)
    parts = resource.split(":")
    account = parts[4] if len(parts) > 5 and parts[4].isdigit() else role.account
    request = Request(
        principal=role.arn,
        action=action.name,
        resource=resource,
        resource_account=account,
        context=known,
        lists=lists,
    )
    return Asked(
        request=request,
        layers=Layers(
            identity=layers.identity,
            boundary=layers.boundary,
            service_control=layers.service_control,
            resource_control=layers.resource_control,
            resource=policy,
        ),
        context=given,
    )


def _statements(layers: Layers) -> list[Statement]:
    policies = [*layers.identity, *layers.service_control, *layers.resource_control]
    policies += [layers.boundary] if layers.boundary else []
    return [row for each in policies for row in each.statements]


def _action(statement: Statement, dice: random.Random) -> IamAction | None:
    pattern = dice.choice(statement.actions or ("sagemaker:*", "ec2:Describe*", "s3:*"))
    if "*" not in pattern:
        return actions().get(pattern.lower())
    known = _covered(pattern)
    return dice.choice(known) if known else None


@functools.cache
def _covered(pattern: str) -> list[IamAction]:
    return [action for name, action in actions().items() if covers(pattern, name)]


def _resource(action: IamAction, statement: Statement, layers: Layers, role: Role, dice: random.Random) -> str | None:
    if not action.resources:
        return "*"
    named = [
        pattern
        for row in (statement, *_statements(layers))
        if any(covers(each, action.name) for each in row.actions)
        for pattern in row.resources
        if pattern != "*"
    ]
    shapes = [shape for shape in action.resources if not shape.endswith("*")]
    patterns = named if named and dice.random() < 0.8 else shapes
    if not patterns:
        return None
    filled = _filled(dice.choice(patterns), role, dice)
    fits = sum(1 for shape in action.resources if IamAction(name="", level="", resources=(shape,)).takes(filled))
    return filled if fits == 1 and "*" not in filled else None


def _filled(pattern: str, role: Role, dice: random.Random) -> str:
    words = {
        "${Partition}": "aws",
        "${Region}": dice.choice([*[role.region] * 9, "us-west-2"]),
        "${Account}": role.account,
        "${aws:PrincipalTag/team}": dice.choice(["pricing", "safety"]),
    }
    for word, value in words.items():
        pattern = pattern.replace(word, value)
    while "${" in pattern:
        start = pattern.index("${")
        pattern = f"{pattern[:start]}x{dice.randrange(9)}{pattern[pattern.index('}', start) + 1 :]}"
    return "".join(f"x{dice.randrange(9)}" if character == "*" else character for character in pattern)


def _given(action: IamAction, layers: Layers, role: Role, resource: str, dice: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "aws:CurrentTime": dice.choice(["2026-11-25T12:00:00Z", "2026-11-25T20:00:00Z", "2026-11-26T07:00:00Z"]),
        "aws:PrincipalAccount": role.account,
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalOrgID": dice.choice([*[ORGANIZATION] * 9, "o-foreign0001"]),
        "aws:PrincipalTag/team": dice.choice(["pricing", "safety"]),
        "aws:RequestedRegion": dice.choice([*[role.region] * 9, "us-west-2"]),
        "aws:SecureTransport": dice.choice([*["true"] * 9, "false"]),
    }
    for row in _statements(layers):
        if not any(covers(pattern, action.name) for pattern in row.actions):
            continue
        for condition in row.conditions:
            if condition.key in found or dice.random() < 0.15:
                continue
            value = _value(condition.operator.lower(), condition.values, role, dice)
            found[condition.key] = [value] if condition.key.lower() in LISTS else value
    if action.name.startswith("kms:"):
        found["kms:CallerAccount"] = role.account
    return found


def _value(operator: str, values: tuple[str, ...], role: Role, dice: random.Random) -> str:
    value = _filled(dice.choice(values), role, dice)
    if operator.endswith("null"):
        return "something"
    if dice.random() < 0.2:
        if "bool" in operator:
            return "false" if value == "true" else "true"
        if "numeric" in operator:
            return str(float(value) + dice.choice([-1, 1]))
        if "date" in operator:
            return "2026-11-25T12:00:00Z"
        return f"{value}-not"
    return value
