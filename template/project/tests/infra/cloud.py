"""An AWS account as far as making and deleting an environment sees it, in memory and with AWS's refusals.

What a program makes is made and deleted by `make` and `delete`, as the provider would; what operations/ asks of AWS
goes through real boto3 clients, whose parameters and answers botocore's shapes check. Refusals and asynchronous
deletions are those that the services document; none was compared with an account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from operations.services import Services
from tests.infra.account import ACCOUNT, REGION, Account, RefusedError, answered_by

SERVICES = (
    *("application-autoscaling", "backup", "dynamodb", "ec2", "ecr", "eks", "kms", "network-firewall"),
    *("resourcegroupstaggingapi", "s3", "sagemaker"),
)


@dataclass(kw_only=True)
class Thing:
    """Something that exists: what is in it, by name, and whether AWS protects it from deletion."""

    tags: dict[str, str]
    inside: dict[str, dict[str, Any]] = field(default_factory=dict)
    locked: bool = False
    state: str = "Enabled"


class Cloud:
    """Things by type and id. `before` is called with the name of each call that operations/ makes."""

    def __init__(self) -> None:
        self.things: dict[tuple[str, str], Thing] = {}
        self.account = Account()
        self.before: Callable[[str], None] = lambda _: None
        self.services = Services(REGION, sleep=self._later)

    def connect(self) -> Services:
        """Return clients that speak with this account."""
        self.services.made = {name: answered_by(self, name) for name in SERVICES}
        return self.services

    def make(self, kind: str, name: str, *, locked: bool = False, stack: str = "any") -> None:
        """Make what a program names; a name that is taken is refused, as AWS does."""
        if (kind, name) in self.things:
            raise RefusedError("AlreadyExists", f"{kind} {name} exists")
        env = "shared" if stack == "account" else "dev"
        self.things[kind, name] = Thing(tags={"project": "shop", "env": env, "stack": stack}, locked=locked)

    def put(self, kind: str, name: str, *inside: str, **facts: Any) -> None:
        """Put things into one that is there: objects, images, applications, interfaces."""
        self.things[kind, name].inside |= {each: dict(facts) for each in inside}

    def delete(self, kind: str, name: str) -> None:
        """Delete what a program made, unless AWS refuses."""
        thing = self.things[kind, name]
        if thing.locked:
            raise RefusedError("ValidationException", f"{name} is protected against deletion")
        if thing.inside:
            raise RefusedError("ResourceInUse", f"{name} is not empty: {', '.join(thing.inside)}")
        if kind == KEY:
            thing.state = "PendingDeletion"
        elif kind == "aws:sagemaker/endpoint:Endpoint":
            self.account.endpoints.pop(name, None)
            del self.things[kind, name]
        else:
            del self.things[kind, name]

    def left(self) -> list[str]:
        """Return what exists and does not wait for its deletion, models and configurations of serving included."""
        names = [name for (_, name), thing in self.things.items() if thing.state != "PendingDeletion"]
        return sorted([*names, *self.account.configurations, *self.account.models])

    def answer(self, service: str, operation: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Answer one call of operations/."""
        self.before(f"{service}:{operation}")
        own = getattr(self, f"_{service.replace('-', '_')}_{operation}", None)
        answered: dict[str, Any] = own(sent) if own else self.account.answer(service, operation, sent)
        return answered

    def _later(self, _seconds: float) -> None:
        """Finish what AWS does in its own time."""
        for thing in self.things.values():
            thing.inside = {name: row for name, row in thing.inside.items() if row.get("Status") not in GOING}
            for row in thing.inside.values():
                if row.get("Status") == "in-use":
                    row["Status"] = "available"
            thing.state = "Enabled" if thing.state == "UPDATING" else thing.state

    def _of(self, kind: str, name: str) -> Thing:
        if (kind, name) not in self.things:
            raise RefusedError("ResourceNotFoundException", f"{name} does not exist")
        return self.things[kind, name]

    def _all(self, kind: str, key: str, names: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
        wanted = tuple(f"{name}/" for name in names)
        rows = self._of(kind, key).inside.items()
        return [(each.partition("/")[2], row) for each, row in rows if each.startswith(wanted)]

    # ------------------------------------------------------------------ S3, ECR
    def _s3_list_object_versions(self, sent: dict[str, Any]) -> dict[str, Any]:
        inside = self._of(BUCKET, sent["Bucket"]).inside
        return {"Versions": [{"Key": "events", "VersionId": version} for version in inside]}

    def _s3_delete_objects(self, sent: dict[str, Any]) -> dict[str, Any]:
        inside = self._of(BUCKET, sent["Bucket"]).inside
        errors = []
        for row in sent["Delete"]["Objects"]:
            if inside.get(row["VersionId"], {}).get("locked"):
                errors.append({"Key": row["Key"], "VersionId": row["VersionId"], "Code": "AccessDenied"})
            else:
                inside.pop(row["VersionId"], None)
        return {"Errors": errors} if errors else {}

    def _ecr_list_images(self, sent: dict[str, Any]) -> dict[str, Any]:
        digests = self._of(REPOSITORY, sent["repositoryName"]).inside
        return {"imageIds": [{"imageDigest": digest} for digest in digests]} if digests else {}

    def _ecr_batch_delete_image(self, sent: dict[str, Any]) -> dict[str, Any]:
        inside = self._of(REPOSITORY, sent["repositoryName"]).inside
        named = {row.get("names") for row in inside.values()}
        refused = []
        for image in sent["imageIds"]:
            if image["imageDigest"] in named:
                refused.append({"imageId": image, "failureCode": "ImageReferencedByManifestList"})
            else:
                inside.pop(image["imageDigest"], None)
        return {"failures": refused}

    # ------------------------------------------------------------------ SageMaker
    def _sagemaker_list_model_packages(self, sent: dict[str, Any]) -> dict[str, Any]:
        group = sent["ModelPackageGroupName"]
        rows = [
            {
                "ModelPackageArn": _arn("sagemaker", f"model-package/{group}/{version}"),
                "ModelPackageVersion": int(version),
                "CreationTime": 0,
                "ModelPackageStatus": "Completed",
            }
            for version in self._of(GROUP, group).inside
        ]
        return {"ModelPackageSummaryList": rows}

    def _sagemaker_delete_model_package(self, sent: dict[str, Any]) -> dict[str, Any]:
        _, group, version = sent["ModelPackageName"].rsplit("/", 2)
        del self._of(GROUP, group).inside[version]
        return {}

    def _sagemaker_list_apps(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(DOMAIN, sent["DomainIdEquals"], ("app",))
        return {"Apps": [{"AppName": name, "AppType": "JupyterLab", "SpaceName": "ana", **row} for name, row in rows]}

    def _sagemaker_delete_app(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._of(DOMAIN, sent["DomainId"]).inside[f"app/{sent['AppName']}"]["Status"] = "Deleting"
        return {}

    def _sagemaker_list_spaces(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(DOMAIN, sent["DomainIdEquals"], ("space",))
        return {"Spaces": [{"SpaceName": name, **row} for name, row in rows]}

    def _sagemaker_delete_space(self, sent: dict[str, Any]) -> dict[str, Any]:
        return self._leave(sent["DomainId"], "space", sent["SpaceName"], ("app",))

    def _sagemaker_list_user_profiles(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(DOMAIN, sent["DomainIdEquals"], ("profile",))
        return {"UserProfiles": [{"UserProfileName": name, **row} for name, row in rows]}

    def _sagemaker_delete_user_profile(self, sent: dict[str, Any]) -> dict[str, Any]:
        return self._leave(sent["DomainId"], "profile", sent["UserProfileName"], ("app", "space"))

    def _leave(self, domain: str, kind: str, name: str, first: tuple[str, ...]) -> dict[str, Any]:
        if self._all(DOMAIN, domain, first):
            raise RefusedError("ResourceInUse", f"{kind} {name} is in use")
        self._of(DOMAIN, domain).inside[f"{kind}/{name}"]["Status"] = "Deleting"
        return {}

    def _sagemaker_delete_endpoint_config(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.things.pop((CONFIGURATION, sent["EndpointConfigName"]), None)
        return self.account.answer("sagemaker", "delete_endpoint_config", sent)

    # ------------------------------------------------------------------ Backup, EC2
    def _backup_list_recovery_points_by_backup_vault(self, sent: dict[str, Any]) -> dict[str, Any]:
        inside = self._of(VAULT, sent["BackupVaultName"]).inside
        return {"RecoveryPoints": [{"RecoveryPointArn": arn, **row} for arn, row in inside.items()]}

    def _backup_describe_backup_vault(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {"BackupVaultName": sent["BackupVaultName"], "Locked": self._of(VAULT, sent["BackupVaultName"]).locked}

    def _backup_delete_backup_vault_lock_configuration(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._of(VAULT, sent["BackupVaultName"]).locked = False
        return {}

    def _backup_delete_backup_vault_access_policy(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._of(VAULT, sent["BackupVaultName"]).state = "without a policy"
        return {}

    def _backup_delete_recovery_point(self, sent: dict[str, Any]) -> dict[str, Any]:
        if self._of(VAULT, sent["BackupVaultName"]).state != "without a policy":
            raise RefusedError("AccessDeniedException", "explicit deny in the vault's policy")
        self._of(VAULT, sent["BackupVaultName"]).inside[sent["RecoveryPointArn"]]["Status"] = "DELETING"
        return {}

    def _ec2_describe_network_interfaces(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(VPC, _vpc(sent), ("eni",))
        return {"NetworkInterfaces": [{"NetworkInterfaceId": name, **row} for name, row in rows]}

    def _ec2_delete_network_interface(self, sent: dict[str, Any]) -> dict[str, Any]:
        return self._out_of_vpc(f"eni/{sent['NetworkInterfaceId']}")

    def _ec2_describe_vpc_endpoints(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(VPC, _vpc(sent), ("vpce",))
        return {"VpcEndpoints": [{"VpcEndpointId": name, "State": row["Status"]} for name, row in rows]}

    def _ec2_delete_vpc_endpoints(self, sent: dict[str, Any]) -> dict[str, Any]:
        for name in sent["VpcEndpointIds"]:
            self._holding(f"vpce/{name}").inside[f"vpce/{name}"]["Status"] = "deleting"
        return {}

    def _ec2_describe_security_groups(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = self._all(VPC, _vpc(sent), ("sg",))
        rule = {"IpPermissions": [{"IpProtocol": "tcp"}], "IpPermissionsEgress": [{"IpProtocol": "-1"}]}
        clear: dict[str, Any] = {"IpPermissions": [], "IpPermissionsEgress": []}
        return {
            "SecurityGroups": [
                {"GroupId": name, "GroupName": name, **(rule if row.get("rules") else clear)} for name, row in rows
            ]
        }

    def _ec2_revoke_security_group_ingress(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._holding(f"sg/{sent['GroupId']}").inside[f"sg/{sent['GroupId']}"]["rules"] = False
        return {}

    _ec2_revoke_security_group_egress = _ec2_revoke_security_group_ingress

    def _ec2_delete_security_group(self, sent: dict[str, Any]) -> dict[str, Any]:
        if self._holding(f"sg/{sent['GroupId']}").inside[f"sg/{sent['GroupId']}"].get("rules"):
            raise RefusedError("DependencyViolation", "another group names it")
        return self._out_of_vpc(f"sg/{sent['GroupId']}")

    def _holding(self, name: str) -> Thing:
        return next(thing for (kind, _), thing in self.things.items() if kind == VPC and name in thing.inside)

    def _out_of_vpc(self, name: str) -> dict[str, Any]:
        del self._holding(name).inside[name]
        return {}

    # ------------------------------------------------------------------ what AWS protects; tags
    def _dynamodb_describe_table(self, sent: dict[str, Any]) -> dict[str, Any]:
        thing = self._of(TABLE, sent["TableName"])
        status = "UPDATING" if thing.state == "UPDATING" else "ACTIVE"
        return {"Table": {"DeletionProtectionEnabled": thing.locked, "TableStatus": status}}

    def _dynamodb_update_table(self, sent: dict[str, Any]) -> dict[str, Any]:
        thing = self._of(TABLE, sent["TableName"])
        thing.locked, thing.state = sent["DeletionProtectionEnabled"], "UPDATING"
        return {}

    def _network_firewall_describe_firewall(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {"Firewall": {"DeleteProtection": self._of(FIREWALL, sent["FirewallArn"]).locked} | _FIREWALL}

    def _network_firewall_update_firewall_delete_protection(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._of(FIREWALL, sent["FirewallArn"]).locked = sent["DeleteProtection"]
        return {}

    def _eks_describe_cluster(self, sent: dict[str, Any]) -> dict[str, Any]:
        thing = self._of(CLUSTER, sent["name"])
        status = "UPDATING" if thing.state == "UPDATING" else "ACTIVE"
        return {"cluster": {"deletionProtection": thing.locked, "status": status}}

    def _eks_update_cluster_config(self, sent: dict[str, Any]) -> dict[str, Any]:
        thing = self._of(CLUSTER, sent["name"])
        thing.locked, thing.state = sent["deletionProtection"], "UPDATING"
        return {}

    def _kms_describe_key(self, sent: dict[str, Any]) -> dict[str, Any]:
        key = sent["KeyId"].rpartition(":")[2]
        return {"KeyMetadata": {"KeyId": key, "KeyState": self._of(KEY, key).state}}

    def _resourcegroupstaggingapi_get_resources(self, sent: dict[str, Any]) -> dict[str, Any]:
        wanted = {row["Key"]: row["Values"] for row in sent["TagFilters"]}
        tagged = {_arn(kind.split("/")[0][4:], name): thing.tags for (kind, name), thing in self.things.items()}
        tagged |= {_arn("sagemaker", f"model/{name}"): self.account.tags[name] for name in self.account.models}
        rows = [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in tagged.items()
            if all(tags.get(key) in values for key, values in wanted.items())
        ]
        return {"ResourceTagMappingList": rows}


GOING = {"Deleting", "DELETING", "deleting"}
BUCKET, REPOSITORY = "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"
GROUP, DOMAIN = "aws:sagemaker/modelPackageGroup:ModelPackageGroup", "aws:sagemaker/domain:Domain"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
VAULT, VPC, KEY = "aws:backup/vault:Vault", "aws:ec2/vpc:Vpc", "aws:kms/key:Key"
TABLE, CLUSTER = "aws:dynamodb/table:Table", "aws:eks/cluster:Cluster"
FIREWALL = "aws:networkfirewall/firewall:Firewall"
_FIREWALL: dict[str, Any] = {
    "FirewallPolicyArn": "arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/shop-dev",
    "VpcId": "vpc-1",
    "SubnetMappings": [],
    "FirewallId": "f" * 36,
}


def _arn(service: str, rest: str) -> str:
    return rest if rest.startswith("arn:") else f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _vpc(sent: dict[str, Any]) -> str:
    return str(next(row["Values"][0] for row in sent["Filters"] if row["Name"] == "vpc-id"))
