"""Who grants what to whom: IAM policies, the roles that hold them, and the boundaries above those roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from .document import Statement, statements
from .values import Undetermined, at, listed
from .view import Resource, View

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
GRANTING = (POLICY, ROLE_POLICY, "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy", ROLE)


class Grant(NamedTuple):
    """A statement of an identity policy, and the property path at which it stands."""

    statement: Statement
    path: str


def grants(holder: Resource, view: View) -> Iterable[Grant]:
    """Return the Allow statements of an identity policy, or of a role's inline policies.

    A permission boundary grants nothing, however much it names: it has none.

    Raises:
        Undetermined, ValueError: while they are gone through, where a document is unknown or damaged.
    """
    known = view.derive(_grants_by_holder)
    if holder.urn not in known:
        try:
            known[holder.urn] = tuple(_grants(holder, view))
        except (Undetermined, ValueError):
            # What stands before the part that cannot be read is told all the same.
            return _grants(holder, view)
    return known[holder.urn]


def _grants_by_holder(_: View) -> dict[str, tuple[Grant, ...]]:
    return {}


def _grants(holder: Resource, view: View) -> Iterator[Grant]:
    if is_boundary(holder, view):
        return
    for path, document in _documents(holder):
        for statement in statements(document):
            if statement.allows:
                yield Grant(statement, f"{path}.{statement.path}")


def _documents(holder: Resource) -> Iterator[tuple[str, object]]:
    if holder.type == ROLE:
        for index, inline in enumerate(listed(holder["inlinePolicies"])):
            yield f"inlinePolicies[{index}].policy", at(inline, "policy")
    else:
        yield "policy", holder["policy"]


def is_boundary(policy: Resource, view: View) -> bool:
    """Return whether roles carry `policy` as their boundary and none holds it as a grant.

    One that no role in view holds and that is named a boundary is one: the engine shows one program's stack, and the
    roles may be another's.
    """
    if policy.type != POLICY or view.referrers(policy, ATTACHMENT, "policyArn"):
        return False
    return policy.urn in view.derive(_boundaries).values() or _text(policy["name"]).endswith("boundary")


def _boundaries(view: View) -> dict[str, str]:
    """For each role with a boundary in view: its URN and the policy's. References count, and so do ARNs."""
    by_tail: dict[tuple[str, str], str] = {}
    for policy in view.of(POLICY):
        tail = f"{_path(policy)}{_text(policy['name'])}"
        by_tail[policy.stack, tail] = by_tail["", tail] = policy.urn
    found: dict[str, str] = {}
    for role in view.of(ROLE):
        named = view.points_to(role, "permissionsBoundary", POLICY)
        arn = role["permissionsBoundary"]
        urn = None if named is None else named.urn
        if urn is None and type(arn) is str and ":policy/" in arn:
            tail = "/" + arn.split(":policy/", 1)[1]
            # Accounts may hold policies of one name: the one of the role's own stack is meant.
            urn = by_tail.get((role.stack, tail), by_tail.get(("", tail)))
        if urn is not None:
            found[role.urn] = urn
    return found


def _path(policy: Resource) -> str:
    return _text(policy["path"]) or "/"


def _text(value: object) -> str:
    return value if type(value) is str else ""


def holders(policy: Resource, view: View) -> list[Resource]:
    """Return the roles in view that hold a managed or inline policy; a role holds its own inline policies."""
    if policy.type == ROLE:
        return [policy]
    if policy.type == ROLE_POLICY:
        found = view.points_to(policy, "role", ROLE)
        return [] if found is None else [found]
    roles = []
    for attachment in view.referrers(policy, ATTACHMENT, "policyArn"):
        role = view.points_to(attachment, "role", ROLE)
        if role is not None:
            roles.append(role)
    return roles


def boundary_of(role: Resource, view: View) -> Resource | None:
    """Return the boundary policy of a role; None where it has none.

    Raises:
        Undetermined: the role has a boundary that is not in view.
    """
    if role["permissionsBoundary"] is None:
        return None
    policy = view.get(view.derive(_boundaries).get(role.urn, ""))
    if policy is not None:
        return policy
    raise Undetermined(f"the permission boundary of {role.name} is not among the resources that were read")


def guarding(policy: Resource, view: View) -> Iterator[Statement]:
    """Yield the Deny statements that limit what `policy` grants: its own, and those of every holder's boundary.

    Where several roles hold the policy, only what all of their boundaries deny is yielded, wherever it stands.
    """
    for _, document in _documents(policy):
        yield from (statement for statement in statements(document) if not statement.allows)
    common: list[Statement] | None = None
    for role in holders(policy, view):
        boundary = boundary_of(role, view)
        own = [] if boundary is None else [item for item in statements(boundary["policy"]) if not item.allows]
        kept = {replace(item, index=0) for item in own}
        common = own if common is None else [item for item in common if replace(item, index=0) in kept]
    yield from common or ()


def policies_of(view: View) -> dict[str, tuple[Resource, ...]]:
    """Return the policies that each role in view holds, by the role's URN: attached, inline and its own."""
    return view.derive(_policies_by_role)


def _policies_by_role(view: View) -> dict[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {role.urn: [role] for role in view.of(ROLE)}
    for policy in view.of(POLICY, ROLE_POLICY):
        for role in holders(policy, view):
            found[role.urn].append(policy)
    return {urn: tuple(policies) for urn, policies in found.items()}
