"""URNs as the engine makes them.

Form: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns (2026-11-23): the type is the chain of
all parents' types joined by `$`, the stack itself left out. (The SDK's test monitor keeps only the last.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import sdk


def make(stack: str, project: str, parent: str, kind: str, name: str) -> str:
    """Return the URN of a resource under `parent` (a URN, or empty)."""
    chain = type_chain(parent) if parent else ""
    qualified = f"{chain}${kind}" if chain and chain != sdk.STACK_TYPE else kind
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def type_chain(urn: str) -> str:
    """Return the qualified type of a URN: `A$B$C`."""
    return urn.split("::", 3)[2]


def name_of(urn: str) -> str:
    """Return the logical name in a URN; it may itself contain colons."""
    return urn.split("::", 3)[3]


def aliases(
    specs: Sequence[Any], urns: Sequence[str], own: tuple[str, str, str, str, str], parent_aliases: Sequence[str]
) -> list[str]:
    """Return the former URNs that aliases stand for; `own` is stack, project, parent URN, type, name.

    A parent's former URN gives its children former URNs too, renamed where a child's name begins with the
    parent's, as the engine does it.
    """
    found = [alias for alias in urns if alias]
    for alias in specs:
        if alias.WhichOneof("alias") == "urn":
            found.append(alias.urn)
        else:
            found.append(_of_spec(alias.spec, own, own[2]))
    stack, project, parent, kind, name = own
    for former in parent_aliases:
        child = name
        if parent and name.startswith(name_of(parent)):
            child = name_of(former) + name[len(name_of(parent)) :]
        found.append(make(stack_of(former), project_of(former), former, kind, child))
        found += [_of_spec(alias.spec, own, former) for alias in specs if alias.WhichOneof("alias") == "spec"]
    return sorted(set(found) - {make(stack, project, parent, kind, name)})


def project_of(urn: str) -> str:
    """Return the project name in a URN."""
    return urn.split("::", 2)[1]


def stack_of(urn: str) -> str:
    """Return the stack name in a URN."""
    return urn.split("::", 1)[0].removeprefix("urn:pulumi:")


def _of_spec(spec: Any, own: tuple[str, str, str, str, str], parent: str) -> str:
    stack, project, _, kind, name = own
    if spec.WhichOneof("parent") == "noParent" and spec.noParent:
        parent = ""
    elif spec.parentUrn:
        parent = spec.parentUrn
    return make(spec.stack or stack, spec.project or project, parent, spec.type or kind, spec.name or name)
