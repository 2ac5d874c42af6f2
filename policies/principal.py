"""Whose account a principal belongs to."""

from __future__ import annotations


def account_of(principal: str) -> str | None:
    """Return the account id of an AWS principal, written as an id or within an ARN; None for anything else."""
    if principal.isdigit():
        return principal
    parts = principal.split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" and parts[4].isdigit() else None
