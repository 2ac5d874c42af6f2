"""Who may take on a person's role: whoever IAM Identity Center or MFA has let in, and break-glass only while open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stacks import names
from stacks.documents.statement import Document, Statement, document
from stacks.settings import Platform

IDENTITY_CENTER, MFA = "identity_center", "mfa"
SIGN_INS = (IDENTITY_CENTER, MFA)
MFA_AGE_SECONDS = 3600


def person_trust(
    platform: Platform, sign_in: str, permission_set: str, teams: Sequence[str] = (), window: Sequence[str] = ()
) -> Document:
    """Return the trust of a person's role.

    With `identity_center` only the role of `permission_set` may assume it: Identity Center has asked for MFA,
    and IAM sees nothing of that (`aws:MultiFactorAuthPresent` is absent). With `mfa` any principal of the
    account that is allowed to, within an hour of its MFA. `teams` are the values that the session tag `team` may
    have. `window` are two instants, ISO 8601 in UTC: before the first and from the second on nobody may.
    """
    condition = _signed_in(platform, sign_in, permission_set)
    if window:
        opens, closes = window
        condition["DateGreaterThanEquals"] = {"aws:CurrentTime": opens}
        condition["DateLessThan"] = {"aws:CurrentTime": closes}
    statements: list[Statement] = [_statement(platform, "AssumedByPerson", "sts:AssumeRole", condition)]
    if teams:
        tagged = {
            **condition,
            "StringEquals": {"aws:RequestTag/team": sorted(teams)},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        }
        statements.append(_statement(platform, "TaggedWithTeam", "sts:TagSession", tagged))
    return document(statements)


def _signed_in(platform: Platform, sign_in: str, permission_set: str) -> dict[str, Any]:
    if sign_in == MFA:
        return {
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "NumericLessThan": {"aws:MultiFactorAuthAge": str(MFA_AGE_SECONDS)},
        }
    reserved = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-reserved/sso.amazonaws.com"
    # Identity Center puts its own Region into the path, but for us-east-1.
    roles = [f"{reserved}{region}/AWSReservedSSO_{permission_set}_*" for region in ("", "/*")]
    return {"ArnLike": {"aws:PrincipalArn": roles}}


def _statement(platform: Platform, sid: str, action: str, condition: dict[str, Any]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": names.account_root_arn(platform)},
        "Action": action,
        "Condition": condition,
    }
