"""Tables and image repositories."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import statements
from ..principal import is_open
from ..values import Value, at, is_set, listed
from ..view import Breach, Resource, View

SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
ENCRYPTED_MODES = frozenset({"SSE_KMS", "SSE-KMS", "CSE_KMS", "CSE-KMS"})


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
        if is_open(statement):
            yield Breach("everybody may use the repository", f"policy.{statement.path}")


def secret_rotated_and_encrypted(secret: Resource, view: View) -> Iterator[Breach]:
    """SEC-001, for secrets that are kept where they belong."""
    if not is_set(secret["kmsKeyId"]):
        yield Breach("the secret is encrypted with AWS's key, not with one of ours", "kmsKeyId")
    if not view.referrers(secret, "aws:secretsmanager/secretRotation:SecretRotation", "secretId"):
        yield Breach("the secret is never rotated")


def file_system_own_key(system: Resource, view: View) -> Iterator[Breach]:
    """EFS-001. A scratch file system takes no key: where a framework binds the project it is the wrong kind."""
    if system.type == "aws:efs/fileSystem:FileSystem" and system["encrypted"] is not True:
        yield Breach("files are not encrypted", "encrypted")
    elif str(system["deploymentType"]).startswith("SCRATCH"):
        if view.regulated(system):
            yield Breach("a scratch file system cannot be encrypted with a key of ours", "deploymentType")
    elif not is_set(system["kmsKeyId"]):
        yield Breach("files are not encrypted with a key of ours", "kmsKeyId")


def analytics_own_key(resource: Resource) -> Iterator[Breach]:
    """GLU-001."""
    if resource.type == "aws:athena/workgroup:Workgroup":
        keys = ("resultConfiguration", "encryptionConfiguration")
        parts = [(f"configuration.{'.'.join(keys)}", at(resource["configuration"], *keys), "encryptionOption")]
    elif resource.type == "aws:glue/securityConfiguration:SecurityConfiguration":
        names = ("cloudwatchEncryption", "jobBookmarksEncryption", "s3Encryption")
        whole = resource["encryptionConfiguration"]
        parts = [(f"encryptionConfiguration.{name}", at(whole, name), f"{name}Mode") for name in names]
    else:
        yield from _catalogue_open(resource["dataCatalogEncryptionSettings"])
        return
    for path, block, mode in parts:
        if at(block, mode) not in ENCRYPTED_MODES or not is_set(at(block, "kmsKeyArn")):
            yield Breach("what is written is not encrypted with a key of ours", path)


def _catalogue_open(settings: Value) -> Iterator[Breach]:
    tables, passwords = at(settings, "encryptionAtRest"), at(settings, "connectionPasswordEncryption")
    path = "dataCatalogEncryptionSettings"
    if at(tables, "catalogEncryptionMode") not in ENCRYPTED_MODES or not is_set(at(tables, "sseAwsKmsKeyId")):
        yield Breach("the catalogue is not encrypted with a key of ours", f"{path}.encryptionAtRest")
    if at(passwords, "returnConnectionPasswordEncrypted") is not True or not is_set(at(passwords, "awsKmsKeyId")):
        yield Breach("connection passwords are not encrypted", f"{path}.connectionPasswordEncryption")


def stream_own_key(resource: Resource) -> Iterator[Breach]:
    """Records in a stream or a delivery wait on disk."""
    if resource.type == "aws:msk/cluster:Cluster":
        if not is_set(at(resource["encryptionInfo"], "encryptionAtRestKmsKeyArn")):
            path = "encryptionInfo.encryptionAtRestKmsKeyArn"
            yield Breach("records are not encrypted with a key of ours", path)
        return
    if resource.type == "aws:kinesis/stream:Stream":
        if resource["encryptionType"] != "KMS" or not is_set(resource["kmsKeyId"]):
            yield Breach("records are not encrypted with a key of ours", "kmsKeyId")
        return
    failed = at(resource["icebergConfiguration"], "s3Configuration")
    if failed is not None and not is_set(at(failed, "kmsKeyArn")):
        path = "icebergConfiguration.s3Configuration.kmsKeyArn"
        yield Breach("rows that fit no table are not encrypted with a key of ours", path)
    target = resource["extendedS3Configuration"]
    if target is not None and not is_set(at(target, "kmsKeyArn")):
        yield Breach("delivered files are not encrypted with a key of ours", "extendedS3Configuration.kmsKeyArn")


def workflow_own_key(resource: Resource) -> Iterator[Breach]:
    """State machines and schedules hold inputs, and inputs hold data."""
    if resource.type == "aws:scheduler/schedule:Schedule":
        if not is_set(resource["kmsKeyArn"]):
            yield Breach("the schedule's input is not encrypted with a key of ours", "kmsKeyArn")
        return
    if not is_set(at(resource["encryptionConfiguration"], "kmsKeyId")):
        yield Breach("inputs and outputs are not encrypted with a key of ours", "encryptionConfiguration.kmsKeyId")
    if at(resource["loggingConfiguration"], "includeExecutionData") is True:
        yield Breach("inputs and outputs are written to the log", "loggingConfiguration.includeExecutionData")
