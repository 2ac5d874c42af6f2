"""Twins of roles that assume roles: one step is plain, a circle or a way out is not."""

from __future__ import annotations

from typing import Any

from policy_twins.build import ACCOUNT, Twin, policy, resource, statement, twin

from modelkeel.graph import Resource

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/shop-boundary"
LARGER = f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/shop-larger-boundary"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ANY_ROLE = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/shop-{name}"


def role(name: str, *trusted: str, boundary: str = BOUNDARY, env: str = "prod", **more: Any) -> Resource:
    """Return a role that the roles named `trusted` may assume."""
    principal = {"AWS": [arn(each) for each in trusted]} if trusted else {"AWS": arn("person")}
    return open_role(name, {"Principal": principal, **more}, boundary=boundary, env=env)


def open_role(name: str, trust: dict[str, Any], *, boundary: str = BOUNDARY, env: str = "prod") -> Resource:
    document = policy({"Effect": "Allow", "Action": "sts:AssumeRole", **trust})
    return resource(
        "iam/role:Role",
        name,
        program="identity",
        env=env,
        name=f"shop-{name}",
        permissionsBoundary=boundary,
        assumeRolePolicy=document,
    )


def granted(holder: Resource, target: str) -> list[Resource]:
    """Return a policy by which `holder` may assume the role named `target`."""
    granting = resource(
        "iam/policy:Policy",
        f"{holder.name}-next",
        program="identity",
        name=f"shop-{holder.name}-next",
        policy=policy(statement("Allow", "sts:AssumeRole", arn(target))),
    )
    attachment = resource(
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        f"{holder.name}-next",
        program="identity",
        refs={"role": holder, "policyArn": granting},
    )
    return [granting, attachment]


CONTROL = "iam-role-chain-contained"
FIRST, NEXT = role("first"), role("next", "first")
TO_ANYBODY = {"Principal": ROOT, "Condition": ANY_ROLE}
TO_THE_ACCOUNT = {"Principal": ROOT}
LAST = open_role("last", TO_THE_ACCOUNT)

TWINS: dict[str, Twin] = {CONTROL: twin([FIRST, NEXT], [open_role("first", TO_ANYBODY), open_role("next", TO_ANYBODY)])}
MORE_VIOLATIONS: list[tuple[str, list[Resource]]] = []
REFUSED: list[tuple[str, list[Resource]]] = [
    (CONTROL, [role("first", "next"), NEXT]),
    (CONTROL, [role("first", "last"), NEXT, role("last", "next")]),
    (CONTROL, [FIRST, NEXT, role("last", "next", boundary=LARGER)]),
    (CONTROL, [role("first", env="dev"), role("next", "first", env="prod")]),
    (CONTROL, [role("first", "last"), LAST, *granted(FIRST, "last")]),
]
ACCEPTED: list[tuple[str, list[Resource]]] = [
    (CONTROL, [FIRST, NEXT, role("last", "next")]),
    (CONTROL, [FIRST, role("next", "first", boundary=LARGER)]),
    (CONTROL, [role("first", "first"), NEXT]),
    (CONTROL, [role("first", "last"), LAST, *granted(FIRST, "another")]),
]
