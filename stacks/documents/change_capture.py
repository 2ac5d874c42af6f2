"""What the capture of a database's changes needs: which tables, where to, as whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform, SettingsError

CHANGES = "raw/changes"
USE = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A database as DMS calls it, its port, and how the line to it is encrypted."""

    name: str
    port: int
    ssl_mode: str

    @property
    def needs_certificate(self) -> bool:
        """Tell whether the line is encrypted only with the certificate of who signed the database's."""
        return self.ssl_mode.startswith("verify")


# AWS DMS User Guide, "Using SSL with AWS DMS", read 2026-11-26: MySQL and Oracle know no mode `require`.
ENGINES = {
    "postgresql": Engine(name="postgres", port=5432, ssl_mode="require"),
    "aurora_postgresql": Engine(name="aurora-postgresql", port=5432, ssl_mode="require"),
    "sqlserver": Engine(name="sqlserver", port=1433, ssl_mode="require"),
    "mysql": Engine(name="mysql", port=3306, ssl_mode="verify-ca"),
    "aurora_mysql": Engine(name="aurora", port=3306, ssl_mode="verify-ca"),
    "oracle": Engine(name="oracle", port=1521, ssl_mode="verify-ca"),
}


def engine_of(name: str, certificate_arn: str) -> Engine:
    """Return the engine that the settings name.

    Raises:
        SettingsError: there is no such engine, or its line cannot be encrypted without a certificate.
    """
    if name not in ENGINES:
        raise SettingsError(f"data:change_engine is {name!r}, allowed: {', '.join(ENGINES)}")
    engine = ENGINES[name]
    if engine.needs_certificate and not certificate_arn:
        raise SettingsError(
            f"data:change_certificate_arn is empty, and a line to {name} is encrypted only with one:"
            " aws dms import-certificate takes the bundle of who signed the database's"
        )
    return engine


def table_mappings(tables: Sequence[str]) -> str:
    """Return the selection of tables (`schema.table`; % stands for any text) as DMS takes it.

    Raises:
        SettingsError: a table has no schema, or none is named.
    """
    wrong = [name for name in tables if name.count(".") != 1] or ([] if tables else [""])
    if wrong:
        raise SettingsError(f"data:change_tables has {wrong[0]!r}, allowed: SCHEMA.TABLE, with % for any text")
    rules = [
        {
            "rule-type": "selection",
            "rule-id": str(number),
            "rule-name": str(number),
            "object-locator": dict(zip(("schema-name", "table-name"), name.split("."), strict=True)),
            "rule-action": "include",
        }
        for number, name in enumerate(tables, start=1)
    ]
    return json.dumps({"rules": rules})


def task_settings() -> str:
    """Return how the task goes about its work: it logs, keeps what is there, and stops on what it cannot write.

    Source: AWS DMS User Guide, "Specifying task settings", read 2026-11-26.
    """
    return json.dumps(
        {
            "TargetMetadata": {"LobMaxSize": 32, "LimitedSizeLobMode": True, "SupportLobs": True},
            "FullLoadSettings": {"TargetTablePrepMode": "DO_NOTHING"},
            "Logging": {"EnableLogging": True},
            "ErrorBehavior": {"DataErrorPolicy": "LOG_ERROR", "TableErrorPolicy": "SUSPEND_TABLE"},
        }
    )


def capture_trust(platform: Platform) -> Document:
    """Return the trust of the roles that DMS assumes: for secrets it comes as the Region's own principal."""
    domain = dns_suffix(platform.partition)
    regional = f"dms.{platform.region}.{domain}"
    return document(
        [
            {
                "Sid": "AssumedByService",
                "Effect": "Allow",
                "Principal": {"Service": ["dms.amazonaws.com", regional]},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": platform.account_id}},
            }
        ]
    )


def secret_permissions(platform: Platform, secret_arn: str, secret_key_arn: str) -> Document:
    """Return reading of one secret, with its key where that is one of the account's."""
    via = {"kms:ViaService": [f"secretsmanager.{platform.region}.{dns_suffix(platform.partition)}"]}
    statements: list[Statement] = [
        allow("ReadSecret", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], secret_arn)
    ]
    if secret_key_arn:
        statements.append(allow("UseSecretKey", ["kms:Decrypt"], secret_key_arn, StringEquals=via))
    return document(statements)


def writing_permissions(platform: Platform, *, bucket_arn: str, key_arn: str) -> Document:
    """Return writing below `raw/changes/` of one bucket.

    Source: AWS DMS User Guide, "Prerequisites for using Amazon S3 as a target", read 2026-11-26.
    """
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"]
    via = {"kms:ViaService": [f"s3.{platform.region}.{dns_suffix(platform.partition)}"]}
    return document(
        [
            allow("WriteObjects", objects, f"{bucket_arn}/{CHANGES}/*"),
            allow("FindBucket", ["s3:GetBucketLocation", "s3:ListBucket"], bucket_arn),
            allow("UseKey", USE, key_arn, StringEquals=via),
        ]
    )


def log_group_of(instance_id: str) -> str:
    """Return the log group that DMS writes to: it is made before, so that it is encrypted and forgets in time."""
    return f"dms-tasks-{instance_id}"


def instance_id(platform: Platform) -> str:
    """Return the name of the replication instance; DMS keeps it in lower case."""
    return names.resource_name(platform, "changes").lower()
