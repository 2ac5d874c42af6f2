"""Twins of the control over copies."""

from __future__ import annotations

from policy_twins.build import KEY_ARN, TAGS, Twin, changed, resource, twin, without
from policy_twins.s3 import bucket

from modelkeel.graph import Resource

SOC2 = {**TAGS, "compliance": "soc2"}
RULES = [{"ruleName": "daily", "targetVaultName": "vault", "lifecycle": {"deleteAfter": 35}}]


def copies() -> dict[str, Resource]:
    """Return a bucket and a table that a plan copies into a locked vault."""
    models = bucket("models")
    table = resource(
        "dynamodb/table:Table",
        "cases",
        program="governance",
        serverSideEncryption={"enabled": True, "kmsKeyArn": KEY_ARN},
        pointInTimeRecovery={"enabled": True},
    )
    vault = resource("backup/vault:Vault", "backup", kmsKeyArn=KEY_ARN)
    return {
        **{f"models-{name}": part for name, part in models.items()},
        "table": table,
        "vault": vault,
        "lock": resource(
            "backup/vaultLockConfiguration:VaultLockConfiguration",
            "backup",
            refs={"backupVaultName": vault},
            minRetentionDays=35,
            maxRetentionDays=90,
        ),
        "plan": resource("backup/plan:Plan", "backup", rules=RULES),
        "data": resource("backup/selection:Selection", "data", refs={"resources": models["bucket"]}),
        "governance": resource(
            "backup/selection:Selection", "governance", program="governance", refs={"resources": table}
        ),
    }


IT = copies()
FOR_EVER = [{"ruleName": "daily", "targetVaultName": "vault"}]

TWINS: dict[str, Twin] = {"backup-covers-stores": twin(IT.values(), without(IT, "governance"))}
MORE_VIOLATIONS = [
    ("backup-covers-stores", without(IT, "data")),
    ("backup-covers-stores", without(IT, "lock")),
    ("backup-covers-stores", changed(IT, "lock", minRetentionDays=None)),
    ("backup-covers-stores", changed(IT, "vault", kmsKeyArn=None)),
    ("backup-covers-stores", changed(IT, "plan", rules=FOR_EVER)),
]
