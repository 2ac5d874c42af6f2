"""Resource control policies: who may reach the resources of the accounts, whatever their own policies say.

They cover S3, STS, KMS, SQS, Secrets Manager, DynamoDB, ECR and CloudWatch Logs, not SageMaker, EC2 nor EKS (AWS
Organizations User Guide, "Resource control policies", read 2026-11-23).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stacks.documents.packing import packed
from stacks.documents.statement import CONTROL_POLICY_CHARACTERS, Document

ATTACHED_POLICIES = 5
COVERED = ("dynamodb:*", "ecr:*", "kms:*", "logs:*", "s3:*", "secretsmanager:*", "sqs:*")
ENCRYPTED_TRANSPORT = ("kms:*", "s3:*", "secretsmanager:*", "sqs:*", "sts:*")
OLDEST_TLS_VERSION = "1.2"


def resource_control_policies(
    organization_id: str, ci_issuer_url: str = "", ci_subjects: Sequence[str] = ()
) -> dict[str, Document]:
    """Return the policies by name.

    Raises:
        ValueError: they do not fit into their limits.
    """
    statements = [*perimeter(organization_id), *transport()]
    if ci_issuer_url:
        statements.append(known_jobs(ci_issuer_url, ci_subjects))
    documents = packed(statements, CONTROL_POLICY_CHARACTERS, "resource control policies")
    if len(documents) >= ATTACHED_POLICIES:
        raise ValueError(
            f"{len(documents)} resource control policies are needed, a target takes {ATTACHED_POLICIES - 1} beside "
            "RCPFullAWSAccess: name fewer CI subjects"
        )
    return {f"perimeter-{number}": each for number, each in enumerate(documents, 1)}


def perimeter(organization_id: str) -> list[Document]:
    """Return the statements that keep other organizations out, and services that act for them.

    Source: "Building a data perimeter on AWS", RCP examples of the AWS Organizations User Guide, read 2026-11-25.
    """
    return [
        _deny(
            "OnlyOurPrincipals",
            COVERED,
            StringNotEqualsIfExists={"aws:PrincipalOrgID": organization_id},
            BoolIfExists={"aws:PrincipalIsAWSService": "false"},
        ),
        _deny(
            "ServicesForUsOnly",
            COVERED,
            StringNotEqualsIfExists={"aws:SourceOrgID": organization_id},
            Null={"aws:SourceAccount": "false"},
            Bool={"aws:PrincipalIsAWSService": "true"},
        ),
        _deny(
            "RolesForUsOnly",
            ["sts:AssumeRole"],
            StringNotEqualsIfExists={"aws:PrincipalOrgID": organization_id},
            BoolIfExists={"aws:PrincipalIsAWSService": "false"},
        ),
    ]


def transport() -> list[Document]:
    """Return the statements that refuse plain HTTP and old TLS."""
    return [
        _deny("OnlyTls", ENCRYPTED_TRANSPORT, BoolIfExists={"aws:SecureTransport": "false"}),
        _deny("NoOldTls", ["s3:*"], NumericLessThan={"s3:TlsVersion": OLDEST_TLS_VERSION}),
    ]


def known_jobs(issuer_url: str, subjects: Sequence[str]) -> Document:
    """Return the statement that lets CI jobs in only under one of the exact `subjects`."""
    claim = f"{issuer_url.removeprefix('https://')}:sub"
    return _deny(
        "OnlyKnownJobs",
        ["sts:AssumeRoleWithWebIdentity"],
        StringNotEquals={claim: sorted(subjects)},
        Null={claim: "false"},
    )


def _deny(sid: str, actions: Sequence[str], **conditions: Mapping[str, Any]) -> Document:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": "*",
        "Condition": {name: dict(value) for name, value in conditions.items()},
    }
