"""A question to the estate: who, what, on what, and what is known of the request."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modelkeel.errors import ModelkeelError, usage_error
from modelkeel.iam.decision import BOUNDARY, RESOURCE, Layers
from modelkeel.iam.estate import RESOURCE_CONTROL, SERVICE_CONTROL, Estate, Role
from modelkeel.iam.pattern import covers
from modelkeel.iam.request import Request, context
from modelkeel.tables.iam_action import IamAction, actions, services

# Services of our policies whose resources carry a policy of their own, by default or always.
WITH_POLICIES = frozenset({"ecr", "kms", "s3", "secretsmanager", "sns", "sqs", "sts"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request with the policies that bear on it."""

    role: Role
    request: Request
    layers: Layers


def role_of(estate: Estate, name: str) -> Role:
    """Return the role that `name` stands for.

    Raises:
        ModelkeelError: the graph has no such role; the message names those it has.
    """
    if name in estate.roles:
        return estate.roles[name]
    people = [key for key, role in estate.roles.items() if role.kind == "person"]
    close = difflib.get_close_matches(name, estate.roles, n=1)
    raise usage_error(
        "nobody of this name has a role in the graph",
        got=name,
        allowed=", ".join([*people, *(key for key in estate.roles if key not in people)]),
        fix=f"did you mean {close[0]}?" if close else "name one of them",
    )


def action_of(name: str) -> IamAction:
    """Return the action of `name`, whatever its case.

    Raises:
        ModelkeelError: it has a wildcard, or its service has no such action.
    """
    found = actions().get(name.lower())
    if found is not None:
        return found
    service, _, _ = name.partition(":")
    if "*" in name or "?" in name:
        raise usage_error(
            "one action is asked about, not several",
            got=name,
            allowed="SERVICE:ACTION",
            fix=_like(name.split("*", 1)[0]),
        )
    allowed = f"the actions of {service}" if service.lower() in services() else ", ".join(sorted(services()))
    raise usage_error("IAM has no such action", got=name, allowed=allowed, fix=_like(name))


def _like(name: str) -> str:
    known = {action.name for action in actions().values()}
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:1]
    return f"did you mean {' or '.join(close)}?"


def question(
    estate: Estate,
    role: Role,
    action: IamAction,
    resource: str,
    given: Mapping[str, str | list[str]],
    *,
    rolled_out: bool = False,
    complete: bool = False,
) -> Question:
    """Return the question whether `role` may do `action` on `resource`.

    `given` are condition keys with their values; what every request carries is added. `rolled_out` counts the
    organization's policies even where nothing attaches them. A key that no request of the action carries is absent.

    Raises:
        ModelkeelError: the resource is none that the action acts on.
    """
    if not action.takes(resource):
        raise wrong_resource(action, resource)
    account = _account(resource) or role.account
    known, lists = context({**_always(role, action, account), **given})
    absent = _never(action, estate, role)
    return Question(
        role=role,
        request=Request(
            principal=role.arn,
            action=action.name,
            resource=resource,
            resource_account=account,
            context=known,
            lists=lists,
            absent=absent - set(known),
            complete=complete,
        ),
        layers=Layers(
            identity=role.identity,
            boundary=role.boundary,
            service_control=estate.control(SERVICE_CONTROL, rolled_out=rolled_out),
            resource_control=estate.control(RESOURCE_CONTROL, rolled_out=rolled_out),
            resource=estate.resource_policy(resource),
            unseen=_unseen(estate, role, action, resource),
        ),
    )


def _unseen(estate: Estate, role: Role, action: IamAction, resource: str) -> list[str]:
    """Return the layers that exist and are not in the graph."""
    found = [BOUNDARY] if role.boundary_arn and role.boundary is None else []
    service = action.name.partition(":")[0]
    if resource != "*" and service in WITH_POLICIES and estate.resource_policy(resource) is None:
        found.append(RESOURCE)
    return found


def resources(role: Role, action: IamAction) -> list[str]:
    """Return the patterns of resources on which the role's own policies speak of `action`."""
    return [
        pattern
        for policy in role.identity
        for statement in policy.statements
        if any(covers(name, action.name) for name in statement.actions)
        for pattern in statement.resources
    ]


def default_resource(role: Role, action: IamAction) -> str:
    """Return what is meant where no resource is given: `*` for actions that take no other, else nothing."""
    if not action.resources or (not action.needs_resource and "*" in resources(role, action)):
        return "*"
    return ""


def wrong_resource(action: IamAction, resource: str, patterns: Iterable[str] = ()) -> ModelkeelError:
    """Return the error of a resource that `action` does not act on; `patterns` are what a role's policies name."""
    named = [pattern for pattern in dict.fromkeys(patterns) if pattern != "*" and action.takes(pattern)]
    return usage_error(
        f"{action.name} acts on another kind of resource" if resource else f"{action.name} needs a resource",
        got=resource,
        allowed=", ".join(action.resources) or "*",
        fix=f"for example {named[0]}" if named else "give the ARN of what is acted on",
    )


def _always(role: Role, action: IamAction, account: str) -> dict[str, str | list[str]]:
    encrypted = {"s3:TlsVersion": "1.3"} if action.name.startswith("s3:") else {}
    return {
        **encrypted,
        "aws:PrincipalAccount": role.account,
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:RequestedRegion": role.region,
        "aws:ResourceAccount": account,
        "aws:SecureTransport": "true",
    }


def _never(action: IamAction, estate: Estate, role: Role) -> frozenset[str]:
    """Return the keys of the action's own service that its requests never carry, of those that policies ask for."""
    if action.keys is None:
        return frozenset()
    policies = [*role.identity, *(each.policy for each in estate.organization)]
    policies += [role.boundary] if role.boundary else []
    policies += [each.policy for each in estate.resource_policies]
    asked = {item.key.lower() for each in policies for row in each.statements for item in row.conditions}
    prefix = action.name.partition(":")[0].lower() + ":"
    own = {key for key in asked if key.startswith(prefix)}
    return frozenset(key for key in own - _FORGOTTEN if not any(key.startswith(known) for known in action.keys))


# AWS KMS Developer Guide, "AWS KMS condition keys": on every operation on a key; the reference lists it for few.
_FORGOTTEN = frozenset({"kms:resourcealiases"})


def _account(resource: str) -> str:
    parts = resource.split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else ""
