"""Whose account a principal belongs to."""

from __future__ import annotations

from .values import listed
from .view import Resource, View, decoded


def own_accounts(resource: Resource, view: View) -> frozenset[str]:
    """Return the account ids that the resource's provider is pinned to; empty where it is not pinned."""
    provider = view.get((resource.provider or "").rsplit("::", 1)[0])
    found = None if provider is None else decoded(provider["allowedAccountIds"])
    return frozenset(str(account) for account in listed(found))


def account_of(principal: str) -> str | None:
    """Return the account id of an AWS principal, written as an id or within an ARN; None for anything else."""
    if principal.isdigit():
        return principal
    parts = principal.split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" and parts[4].isdigit() else None
