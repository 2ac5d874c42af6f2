"""Tables and image repositories."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import statements
from ..values import at, is_set, listed
from ..view import Breach, Resource, View

SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
SCOPES = ("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:SourceAccount", "aws:SourceArn")


def dynamodb_table_protected(table: Resource) -> Iterator[Breach]:
    """DDB-001."""
    if at(table["serverSideEncryption"], "enabled") is not True:
        yield Breach("the table is not encrypted with a key of ours", "serverSideEncryption.enabled")
    elif not is_set(at(table["serverSideEncryption"], "kmsKeyArn")):
        yield Breach("the table is encrypted with AWS's key, not with one of ours", "serverSideEncryption.kmsKeyArn")
    if at(table["pointInTimeRecovery"], "enabled") is not True:
        yield Breach("the table cannot be restored to an earlier moment", "pointInTimeRecovery.enabled")


def ecr_scan_on_push(repository: Resource, view: View) -> Iterator[Breach]:
    """ECR-001. A registry that scans enhanced scans every repository, whatever the repository says."""
    if at(repository["imageScanningConfiguration"], "scanOnPush") is True or view.of(SCANNING):
        return
    yield Breach("pushed images are not scanned", "imageScanningConfiguration.scanOnPush")


def ecr_tags_immutable(repository: Resource) -> Iterator[Breach]:
    """ECR-002."""
    mutability = repository["imageTagMutability"]
    if mutability != "IMMUTABLE":
        yield Breach(f"imageTagMutability is {mutability!r}, expected 'IMMUTABLE'", "imageTagMutability")


def ecr_own_key(repository: Resource) -> Iterator[Breach]:
    """ECR-003."""
    blocks = listed(repository["encryptionConfigurations"])
    if not any(at(block, "encryptionType") in {"KMS", "KMS_DSSE"} and is_set(at(block, "kmsKey")) for block in blocks):
        yield Breach("images are not encrypted with a key of ours", "encryptionConfigurations[0].kmsKey")


def ecr_policy_closed(policy: Resource) -> Iterator[Breach]:
    """ECR-004."""
    for statement in statements(policy["policy"]):
        if statement.allows and statement.is_public and not statement.conditioned_on(*SCOPES):
            yield Breach("everybody may use the repository", f"policy.{statement.path}")


def secret_rotated_and_encrypted(secret: Resource, view: View) -> Iterator[Breach]:
    """SEC-001, for secrets that are kept where they belong."""
    if not is_set(secret["kmsKeyId"]):
        yield Breach("the secret is encrypted with AWS's key, not with one of ours", "kmsKeyId")
    if not view.referrers(secret, "aws:secretsmanager/secretRotation:SecretRotation", "secretId"):
        yield Breach("the secret is never rotated")
