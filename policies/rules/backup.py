"""Copies in a vault: of what cannot be made again, under a key of ours, for a time that is decided."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import at, is_set, listed
from ..view import Breach, Resource, View

BUCKET = "aws:s3/bucket:Bucket"
VAULT = "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
# Buckets of the programs whose objects exist nowhere else; others are named by nobody, so nobody can judge them.
KEPT_BUCKETS = frozenset({"curated", "evidence", "models"})


def backup_covers_stores(resource: Resource, view: View) -> Iterator[Breach]:
    """BCK-001."""
    if resource.type == VAULT:
        yield from _vault(resource, view)
    elif resource.type == PLAN:
        for index, rule in enumerate(listed(resource["rules"])):
            if not is_set(at(rule, "lifecycle", "deleteAfter")):
                yield Breach("copies are kept for ever", f"rules[{index}].lifecycle.deleteAfter")
    elif resource.type == BUCKET and resource.name not in KEPT_BUCKETS:
        return
    elif not view.referrers(resource, SELECTION, "resources"):
        yield Breach("no backup plan copies it")


def _vault(vault: Resource, view: View) -> Iterator[Breach]:
    if not is_set(vault["kmsKeyArn"]):
        yield Breach("copies are encrypted with AWS's key, not with one of ours", "kmsKeyArn")
    locks = view.referrers(vault, LOCK, "backupVaultName")
    if not any(is_set(lock["minRetentionDays"]) for lock in locks):
        yield Breach("copies can be deleted before their time: the vault has no lock with a minimum of days")
