"""Trust policies: which service or CI job may assume a role, and on whose behalf."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.statement import Document, Statement, document
from stacks.settings import Platform


def service_trust(platform: Platform, services: Sequence[str], source_arns: Sequence[str] = ()) -> Document:
    """Return the trust of a role that AWS services assume for resources of this account.

    `services` are principals (`sagemaker.amazonaws.com`); `source_arns`, patterns of the resources that
    they may act for. Without the account condition any account's resource could borrow the role.
    """
    condition: Document = {"StringEquals": {"aws:SourceAccount": platform.account_id}}
    if source_arns:
        condition["ArnLike"] = {"aws:SourceArn": list(source_arns)}
    return document(
        [
            {
                "Sid": "AssumedByService",
                "Effect": "Allow",
                "Principal": {"Service": list(services)},
                "Action": "sts:AssumeRole",
                "Condition": condition,
            }
        ]
    )


def ci_trust(
    platform: Platform, issuer_url: str, audience: str, subjects: Sequence[str], admin_role_arn: str = ""
) -> Document:
    """Return the trust of a role that CI jobs assume with a token whose subject is exactly one of `subjects`.

    `admin_role_arn` is the human role that deploys for the first time, or always where `issuer_url` is
    empty because there is no CI.

    Raises:
        ValueError: nobody could assume the role, or a subject has a wildcard, which would let other
            repositories or branches in.
    """
    statements: list[Statement] = []
    if issuer_url:
        statements.append(_web_identity(platform, issuer_url, audience, subjects))
    if admin_role_arn:
        statements.append(
            {
                "Sid": "AssumedByBootstrapAdmin",
                "Effect": "Allow",
                "Principal": {"AWS": admin_role_arn},
                "Action": "sts:AssumeRole",
            }
        )
    if not statements:
        raise ValueError("identity: give ci_issuer_url or bootstrap_admin_role_arn, else nobody can deploy")
    return document(statements)


def entered_trust(entry_role_arn: str, admin_role_arn: str = "") -> Document:
    """Return the trust of a CI role that is entered from one role of the tooling account, and by nobody's token.

    `admin_role_arn` is the human role that deploys for the first time.
    """
    trusted = {"AssumedByEntry": entry_role_arn, "AssumedByBootstrapAdmin": admin_role_arn}
    return document(
        {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
        for sid, arn in trusted.items()
        if arn
    )


def _web_identity(platform: Platform, issuer_url: str, audience: str, subjects: Sequence[str]) -> Document:
    loose = [subject for subject in subjects if "*" in subject or "?" in subject]
    if loose or not subjects:
        raise ValueError(f"CI subjects must be exact and at least one, got {list(subjects)}")
    claims = issuer_url.removeprefix("https://")
    return {
        "Sid": "AssumedByCi",
        "Effect": "Allow",
        "Principal": {"Federated": names.identity_provider_arn(platform, issuer_url)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{claims}:aud": audience, f"{claims}:sub": list(subjects)}},
    }
