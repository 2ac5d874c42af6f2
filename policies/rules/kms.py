"""Keys: rotated, closed, slow to delete, administered by others than use them."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Statement, statements
from ..identity import GRANTING, grants
from ..principal import deputy, is_open
from ..values import Value, listed
from ..view import Breach, Resource, View

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
MINIMUM_DELETION_DAYS = 30
ADMINISTRATION = ("kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion")
USE = ("kms:Decrypt", "kms:GenerateDataKey")
NARROWING = ("kms:ResourceAliases", "kms:ViaService", "kms:EncryptionContext:aws:s3:arn", "aws:ResourceTag")


def kms_key_rotated(key: Resource) -> Iterator[Breach]:
    """KMS-001. Only symmetric encryption keys can be rotated by AWS."""
    spec = key["customerMasterKeySpec"]
    rotatable = spec in {None, "SYMMETRIC_DEFAULT"} and key["keyUsage"] in {None, "ENCRYPT_DECRYPT"}
    if rotatable and key["enableKeyRotation"] is not True:
        yield Breach("the key is never rotated", "enableKeyRotation")


def kms_key_policy_closed(key: Resource) -> Iterator[Breach]:
    """KMS-002."""
    for statement in statements(key["policy"]):
        if is_open(statement):
            yield Breach("everybody may use or administer the key", f"policy.{statement.path}")
        elif deputy(statement):
            yield Breach(f"{deputy(statement)} may use the key on behalf of any account", f"policy.{statement.path}")


def kms_key_deletion_slow(key: Resource) -> Iterator[Breach]:
    """KMS-003. AWS waits 30 days where nothing else is asked."""
    days: Value = key["deletionWindowInDays"]
    if days is not None and days < MINIMUM_DELETION_DAYS:
        yield Breach(f"the key is gone after {days} days, expected {MINIMUM_DELETION_DAYS}", "deletionWindowInDays")
    if not key.protect:
        yield Breach("a change of the program may delete the key: it is not protected")


def kms_key_duties_split(resource: Resource, view: View) -> Iterator[Breach]:
    """KMS-004. In a key policy the account's root is no person: it stands for the account's IAM policies."""
    if resource.type in {KEY, KEY_POLICY}:
        for statement in statements(resource["policy"]):
            if _does_both(statement):
                yield Breach("one principal may both administer and use the key", f"policy.{statement.path}")
    elif resource.type in GRANTING:
        for grant in grants(resource, view):
            statement = grant.statement
            if not statement.is_everything and statement.covers("kms:Decrypt") and _on_any_key(statement):
                yield Breach("kms:Decrypt is allowed with every key", grant.path)


def _does_both(statement: Statement) -> bool:
    named = [name for _, name in statement.principals if name != "*" and not name.endswith(":root")]
    return (
        statement.allows
        and bool(named)
        and len(statement.covered(ADMINISTRATION)) > 0
        and len(statement.covered(USE)) > 0
    )


def _on_any_key(statement: Statement) -> bool:
    wide = statement.on_everything or any(arn.endswith(":key/*") for arn in listed(list(statement.resources)))
    return wide and not statement.conditioned_on(*NARROWING)
