"""The shape of IAM policy documents, and the limits that IAM sets on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Document = dict[str, Any]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-23:
# white space is not counted in managed policies.
MANAGED_POLICY_CHARACTERS = 6144
TRUST_POLICY_CHARACTERS = 2048
# AWS Organizations User Guide, "Quotas"; 10,240 is quoted too, the lower one holds under both; read 2026-11-23.
CONTROL_POLICY_CHARACTERS = 5120


def document(statements: Iterable[Statement]) -> Document:
    """Return a policy document of the current language version."""
    return {"Version": "2012-10-17", "Statement": [dict(item) for item in statements]}


def allow(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], **conditions: Mapping[str, Any]
) -> Document:
    """Return an identity statement that allows; `conditions` are operators with their keys and values."""
    return _statement("Allow", sid, actions, resources, conditions)


def deny(sid: str, actions: Sequence[str], resources: str | Sequence[str], **conditions: Mapping[str, Any]) -> Document:
    """Return an identity statement that denies; a deny outweighs every allow."""
    return _statement("Deny", sid, actions, resources, conditions)


def merged(*documents: Document) -> Document:
    """Return one document with the statements of all: a role attaches few policies."""
    return document(statement for part in documents for statement in part["Statement"])


def size(policy: Document) -> int:
    """Return the characters that IAM counts: the document without white space between tokens."""
    return len(json.dumps(policy, separators=(",", ":")))


def managed(policy: Document, holder: str) -> str:
    """Return the text of a managed policy that `holder` gets; no role has an inline one.

    Raises:
        ValueError: the document is larger than IAM takes.
    """
    return _within(policy, MANAGED_POLICY_CHARACTERS, f"the policy of {holder}")


def trusted(policy: Document, holder: str) -> str:
    """Return the text of the trust policy of the role `holder`.

    Raises:
        ValueError: the document is larger than IAM takes.
    """
    return _within(policy, TRUST_POLICY_CHARACTERS, f"the trust policy of {holder}")


def _within(policy: Document, limit: int, what: str) -> str:
    characters = size(policy)
    if characters > limit:
        raise ValueError(f"{what} has {characters:,} characters, IAM allows {limit:,}: split it, or name fewer things")
    return json.dumps(policy)


def _statement(
    effect: str, sid: str, actions: Sequence[str], resources: str | Sequence[str], conditions: Mapping[str, Any]
) -> Document:
    statement: Document = {
        "Sid": sid,
        "Effect": effect,
        "Action": list(actions),
        "Resource": resources if isinstance(resources, str) else list(resources),
    }
    if conditions:
        statement["Condition"] = {name.replace("_", ":"): dict(value) for name, value in conditions.items()}
    return statement
