"""What must be empty before it can be deleted, and what AWS leaves behind: emptied here, by the rows of the state.

Each function finds what is there now and deletes it, so that a run that was cut short is completed by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from operations import leftovers, studio, undeletable
from operations.environment import Environment
from operations.problem import OperationError
from operations.services import Services

BATCH = 1000
"""Objects that one DeleteObjects takes (S3 API Reference, read 2026-11-25)."""

IMAGES = 100
"""Images that one BatchDeleteImage takes (the service model in botocore 1.44)."""

Row = Mapping[str, Any]


def empty(services: Services, rows: Sequence[Row]) -> None:
    """Empty each resource of a stack that cannot be deleted while something is in it.

    Raises:
        OperationError: something in it may not be deleted yet.
    """
    for row in rows:
        if row.get("id") and (emptier := EMPTIERS.get(row.get("type", ""))) is not None:
            try:
                emptier(services, str(row["id"]))
            except ClientError as error:
                if not _is_gone(error):
                    raise OperationError(
                        f"{row['type'].rpartition(':')[2]} {row['id']} cannot be emptied",
                        str(error),
                        "an object lock or a vault lock ends by itself; a missing right is the administrator's to give",
                    ) from error


def _bucket(services: Services, name: str) -> None:
    """Delete every version and every delete marker. Governance locks are not bypassed, compliance locks cannot be."""
    pages = services["s3"].get_paginator("list_object_versions").paginate(Bucket=name)
    for page in pages:
        rows = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        for start in range(0, len(rows), BATCH):
            names = [{"Key": row["Key"], "VersionId": row["VersionId"]} for row in rows[start : start + BATCH]]
            done = services["s3"].delete_objects(Bucket=name, Delete={"Objects": names, "Quiet": True})
            for row in done.get("Errors", []):
                raise OperationError(
                    f"{name} holds what may not be deleted yet",
                    f"{row['Key']}: {row['Code']} {row.get('Message', '')}",
                    "wait until its lock has ended, or keep the bucket: leave PROTECTED=yes out",
                )


def _repository(services: Services, name: str) -> None:
    """Delete every image. ECR refuses one that an index still names, so the indexes' round comes first by itself."""
    ecr = services["ecr"]
    while images := _rows(ecr, "list_images", "imageIds", repositoryName=name):
        refused: list[dict[str, Any]] = []
        for start in range(0, len(images), IMAGES):
            refused += ecr.batch_delete_image(repositoryName=name, imageIds=images[start : start + IMAGES])["failures"]
        if len(refused) >= len(images):
            why = f"{refused[0].get('imageId', {})}: {refused[0].get('failureReason', refused[0].get('failureCode'))}"
            raise OperationError(f"{name} keeps its images", why, "delete what names them, then run this again")


def _packages(services: Services, group: str) -> None:
    sagemaker = services["sagemaker"]
    for row in _rows(sagemaker, "list_model_packages", "ModelPackageSummaryList", ModelPackageGroupName=group):
        sagemaker.delete_model_package(ModelPackageName=row["ModelPackageArn"])


def _vault(services: Services, name: str) -> None:
    """Take off lock and policy, delete every recovery point, and wait: the vault stays while one is on its way out.

    The policy of our vaults refuses everybody such a deletion, and a lock in governance mode refuses it too early.
    """
    backup = services["backup"]
    if backup.describe_backup_vault(BackupVaultName=name).get("Locked"):
        backup.delete_backup_vault_lock_configuration(BackupVaultName=name)
    backup.delete_backup_vault_access_policy(BackupVaultName=name)
    waited = 0.0
    while points := _rows(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=name):
        for row in points:
            if row.get("Status") != "DELETING":
                backup.delete_recovery_point(BackupVaultName=name, RecoveryPointArn=row["RecoveryPointArn"])
        waited = services.wait(waited, f"recovery points of {name}")


def _rows(client: Any, operation: str, key: str, **arguments: str) -> list[dict[str, Any]]:
    """Return all rows before any is deleted: a page's mark may be one of them."""
    return [row for page in client.get_paginator(operation).paginate(**arguments) for row in page.get(key, [])]


EMPTIERS: Mapping[str, Callable[[Services, str], None]] = {
    "aws:backup/vault:Vault": _vault,
    "aws:dynamodb/table:Table": undeletable.table,
    "aws:ec2/vpc:Vpc": leftovers.empty,
    "aws:ecr/repository:Repository": _repository,
    "aws:eks/cluster:Cluster": undeletable.cluster,
    "aws:networkfirewall/firewall:Firewall": undeletable.firewall,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:sagemaker/domain:Domain": studio.empty,
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": _packages,
}


def _is_gone(error: ClientError) -> bool:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "").lower()
    return "NotFound" in code or code.startswith("NoSuch") or "does not exist" in message or "not found" in message


def left(services: Services, environment: Environment) -> list[str]:
    """Return the ARNs that still carry the environment's tags, but for its state and what waits for its deletion.

    With an account of its own, what exists once in the account is the environment's too.
    """
    names = [environment.name, *(["shared"] if environment.owns_account else [])]
    wanted = {**{key: [value] for key, value in environment.tags.items()}, "env": names}
    filters = [{"Key": key, "Values": values} for key, values in wanted.items()]
    found = []
    for page in services["resourcegroupstaggingapi"].get_paginator("get_resources").paginate(TagFilters=filters):
        for row in page["ResourceTagMappingList"]:
            tags = {tag["Key"]: tag["Value"] for tag in row["Tags"]}
            if tags.get("stack") != "state" and not _is_going(services, row["ResourceARN"]):
                found.append(row["ResourceARN"])
    return sorted(found)


def _is_going(services: Services, arn: str) -> bool:
    if ":kms:" not in arn:
        return False
    return bool(services["kms"].describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "PendingDeletion")
