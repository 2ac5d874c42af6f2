"""Whom a resource policy lets in, and on whose behalf."""

from __future__ import annotations

from .document import Statement

# A condition on one of these keeps a statement to known accounts, principals or resources.
SCOPES = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "kms:CallerAccount",
    "kms:ViaService",
)
CONTEXT = "kms:encryptioncontext:"


def account_of(principal: str) -> str | None:
    """Return the account id of an AWS principal, written as an id or within an ARN; None for anything else."""
    if principal.isdigit():
        return principal
    parts = principal.split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" and parts[4].isdigit() else None


def is_scoped(statement: Statement) -> bool:
    """Return whether a condition names accounts, principals, sources or encryption contexts."""
    if statement.conditioned_on(*SCOPES):
        return True
    return any(key.lower().startswith(CONTEXT) for _, key, _ in statement.conditions)


def names_roles(statement: Statement) -> bool:
    """Return whether a condition keeps the statement to roles that are each named in full."""
    return any(
        operator in {"ArnEquals", "StringEquals"} and all(":role/" in name and "*" not in name for name in values)
        for operator, _, values in statement.condition("aws:PrincipalArn")
    )


def is_open(statement: Statement) -> bool:
    """Return whether the statement lets everybody in."""
    return statement.allows and statement.is_public and not is_scoped(statement)


def deputy(statement: Statement) -> str | None:
    """Return a service that may act for any account's resource: the confused deputy; None where there is none."""
    if not statement.allows or is_scoped(statement):
        return None
    return next((name for kind, name in statement.principals if kind == "Service"), None)


def refuses_plain_http(statement: Statement) -> bool:
    """Return whether the statement denies everybody what does not come over TLS."""
    return (
        not statement.allows
        and statement.is_public
        and any(
            operator in {"Bool", "BoolIfExists"} and values == ("false",)
            for operator, _, values in statement.condition("aws:SecureTransport")
        )
    )
