"""Feature groups with their offline copy, and the role that writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws.sagemaker import FeatureGroupOnlineStoreConfigArgsDict as OnlineStore

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.feature_store import offline_store_permissions
from stacks.documents.trust import service_trust
from stacks.settings import Platform, SettingsError

FEATURE_TYPES = ("Integral", "Fractional", "String")


@dataclass(frozen=True, kw_only=True)
class FeatureGroupSpec:
    """One group: `features` are names with their types; `ttl_days` is how long a record stays online, 0: for ever."""

    name: str
    record_identifier: str
    event_time: str
    online: bool
    ttl_days: int
    features: Mapping[str, str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> FeatureGroupSpec:
        """Return the group that a row of `data:feature_groups` describes.

        Raises:
            SettingsError: a key is missing, or a feature's type is unknown; the group is named.
        """
        try:
            features = {feature["name"]: feature["type"] for feature in row["features"]}
            spec = cls(
                name=row["name"],
                record_identifier=row["record_identifier"],
                event_time=row["event_time"],
                online=row["online"],
                ttl_days=int(row["ttl_days"]),
                features=features,
            )
        except KeyError as error:
            raise SettingsError(f"data:feature_groups {row.get('name', '?')!r} lacks the key {error}") from error
        unknown = sorted(set(features.values()) - set(FEATURE_TYPES))
        if unknown:
            raise SettingsError(f"data:feature_groups {spec.name!r} has types {unknown}, allowed: {FEATURE_TYPES}")
        lost = sorted({spec.record_identifier, spec.event_time} - set(features))
        if lost:
            raise SettingsError(f"data:feature_groups {spec.name!r} does not list its own features {lost}")
        return spec


@dataclass(frozen=True, kw_only=True)
class FeatureStoreArgs:
    """`groups` are rows of `data:feature_groups`; the offline copy lies below `features/` of the bucket."""

    platform: Platform
    groups: Sequence[Mapping[str, Any]]
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    database_name: pulumi.Input[str]


class FeatureStore(pulumi.ComponentResource):
    """Feature groups as Iceberg tables offline, encrypted with our key online and offline. Stateful: protected."""

    group_names: list[pulumi.Output[str]]
    online_groups: list[dict[str, pulumi.Input[str]]]

    def __init__(self, name: str, args: FeatureStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:FeatureStore", name, None, opts)
        role = _role(name, args, pulumi.ResourceOptions(parent=self))
        specs = [FeatureGroupSpec.of(row) for row in args.groups]
        # SageMaker tries the role when it creates a group.
        protected = pulumi.ResourceOptions(parent=self, protect=True, depends_on=[role])
        groups = [_group(spec, args, role, protected) for spec in specs]
        self.group_names = [group.feature_group_name for group in groups]
        self.online_groups = [
            {
                "name": group.feature_group_name,
                "record_identifier": spec.record_identifier,
                "event_time_type": spec.features[spec.event_time],
            }
            for spec, group in zip(specs, groups, strict=True)
            if spec.online
        ]
        self.register_outputs({"group_names": self.group_names})


def _group(
    spec: FeatureGroupSpec, args: FeatureStoreArgs, role: ServiceRole, opts: pulumi.ResourceOptions
) -> aws.sagemaker.FeatureGroup:
    online: OnlineStore = {
        "enable_online_store": True,
        "storage_type": "Standard",
        "security_config": {"kms_key_id": args.kms_key_arn},
    }
    if spec.ttl_days:
        online["ttl_duration"] = {"unit": "Days", "value": spec.ttl_days}
    return aws.sagemaker.FeatureGroup(
        spec.name,
        feature_group_name=names.resource_name(args.platform, spec.name),
        record_identifier_feature_name=spec.record_identifier,
        event_time_feature_name=spec.event_time,
        role_arn=role.arn,
        feature_definitions=[
            {"feature_name": feature, "feature_type": kind} for feature, kind in spec.features.items()
        ],
        online_store_config=online if spec.online else None,
        offline_store_config={
            "table_format": "Iceberg",
            "s3_storage_config": {
                "s3_uri": pulumi.Output.concat("s3://", args.bucket_name, "/features/", spec.name),
                "kms_key_id": args.kms_key_arn,
            },
            "data_catalog_config": {
                "catalog": "AwsDataCatalog",
                "database": args.database_name,
                "table_name": f"features_{spec.name.replace('-', '_')}",
            },
        },
        opts=opts,
    )


def _role(name: str, args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> ServiceRole:
    platform = args.platform
    permissions = pulumi.Output.all(args.bucket_arn, args.kms_key_arn).apply(
        lambda arns: offline_store_permissions(platform, bucket_arn=arns[0], key_arn=arns[1])
    )
    source = names.service_arn(platform, "sagemaker", "feature-group/*")
    return ServiceRole(
        name,
        ServiceRoleArgs(
            role_name=names.resource_name(platform, "feature-store"),
            path=names.role_path(platform),
            description="Offline copy of feature groups",
            trust=service_trust(platform, ["sagemaker.amazonaws.com"], [source]),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )
