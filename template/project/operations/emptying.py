"""What must be empty before it can be deleted, and what AWS leaves behind: emptied here, by the rows of the state.

Each function finds what is there now and deletes it, so that a run that was cut short is completed by the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from operations.environment import Environment
from operations.problem import OperationError

BATCH = 1000
"""Objects that one DeleteObjects takes (S3 API Reference, read 2026-11-25)."""

POLL_SECONDS = 15
LONGEST_WAIT_SECONDS = 2400
"""Network interfaces of deleted endpoints and functions go within minutes, at times in half an hour."""

Row = Mapping[str, Any]


@dataclass
class Services:
    """AWS clients by name, made when they are first asked for."""

    region: str
    sleep: Callable[[float], None] = time.sleep
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = boto3.client(name, region_name=self.region)
        return self.made[name]


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
    for page in services["ecr"].get_paginator("list_images").paginate(repositoryName=name):
        if page["imageIds"]:
            services["ecr"].batch_delete_image(repositoryName=name, imageIds=page["imageIds"])


def _packages(services: Services, group: str) -> None:
    sagemaker = services["sagemaker"]
    for page in sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group):
        for row in page["ModelPackageSummaryList"]:
            sagemaker.delete_model_package(ModelPackageName=row["ModelPackageArn"])


def _vault(services: Services, name: str) -> None:
    backup = services["backup"]
    for page in backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=name):
        for row in page["RecoveryPoints"]:
            backup.delete_recovery_point(BackupVaultName=name, RecoveryPointArn=row["RecoveryPointArn"])


def _studio(services: Services, domain: str) -> None:
    """Delete the apps of a domain, then its spaces: a space with an app, and a domain with a space, stay."""
    sagemaker = services["sagemaker"]
    waited = 0.0
    while apps := [row for row in _apps(sagemaker, domain) if row["Status"] != "Deleted"]:
        for row in apps:
            if row["Status"] in {"InService", "Failed"}:
                owner = {key: row[key] for key in ("UserProfileName", "SpaceName") if row.get(key)}
                sagemaker.delete_app(DomainId=domain, AppType=row["AppType"], AppName=row["AppName"], **owner)
        waited = _wait(services, waited, f"apps of {domain}")
    for page in sagemaker.get_paginator("list_spaces").paginate(DomainIdEquals=domain):
        for row in page["Spaces"]:
            sagemaker.delete_space(DomainId=domain, SpaceName=row["SpaceName"])
    waited = 0.0
    while any(page["Spaces"] for page in sagemaker.get_paginator("list_spaces").paginate(DomainIdEquals=domain)):
        waited = _wait(services, waited, f"spaces of {domain}")


def _apps(sagemaker: Any, domain: str) -> Iterator[dict[str, Any]]:
    for page in sagemaker.get_paginator("list_apps").paginate(DomainIdEquals=domain):
        yield from page["Apps"]


def _network(services: Services, vpc: str) -> None:
    """Delete network interfaces that nobody uses any more, and wait for those that AWS itself takes away."""
    waited = 0.0
    while interfaces := list(_leftover(services["ec2"], vpc)):
        for row in interfaces:
            if row["Status"] == "available":
                services["ec2"].delete_network_interface(NetworkInterfaceId=row["NetworkInterfaceId"])
        if all(row["Status"] == "available" for row in interfaces):
            continue
        waited = _wait(services, waited, f"network interfaces in {vpc}")


def _leftover(ec2: Any, vpc: str) -> Iterator[dict[str, Any]]:
    """Yield the interfaces of jobs, endpoints and functions; those of VPC endpoints and gateways are Pulumi's."""
    pages = ec2.get_paginator("describe_network_interfaces").paginate(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    for page in pages:
        for row in page["NetworkInterfaces"]:
            kind = row.get("InterfaceType", "interface")
            if kind in {"interface", "lambda"} and not row.get("Description", "").startswith("VPC Endpoint"):
                yield row


def _wait(services: Services, waited: float, what: str) -> float:
    if waited >= LONGEST_WAIT_SECONDS:
        minutes = f"{waited / 60:.0f} minutes"
        raise OperationError(f"{what} are still there", f"after {minutes}", "run the same target again later")
    services.sleep(POLL_SECONDS)
    return waited + POLL_SECONDS


EMPTIERS: Mapping[str, Callable[[Services, str], None]] = {
    "aws:backup/vault:Vault": _vault,
    "aws:ec2/vpc:Vpc": _network,
    "aws:ecr/repository:Repository": _repository,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:sagemaker/domain:Domain": _studio,
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": _packages,
}


def _is_gone(error: ClientError) -> bool:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "").lower()
    return "NotFound" in code or code.startswith("NoSuch") or "does not exist" in message or "not found" in message


def left(services: Services, environment: Environment) -> list[str]:
    """Return the ARNs that still carry the environment's tags, but for its state and what waits for its deletion."""
    filters = [{"Key": key, "Values": [value]} for key, value in environment.tags.items()]
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
