"""The rings that a model reaches devices by, and what makes each device a Greengrass core."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import device_ring
from stacks.documents.trust import service_trust
from stacks.settings import Platform

CREDENTIAL_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class DeviceRingsArgs:
    """`models_bucket_arn` holds the versions for devices below `edge/`, encrypted with `models_key_arn`."""

    platform: Platform
    models_bucket_arn: pulumi.Input[str]
    models_key_arn: pulumi.Input[str]


class DeviceRings(pulumi.ComponentResource):
    """Three thing groups, none within another: a device in two of them would be asked to run two versions at once."""

    first_group_name: pulumi.Output[str]
    core_policy_name: pulumi.Output[str]

    def __init__(self, name: str, args: DeviceRingsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:DeviceRings", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        kept = pulumi.ResourceOptions(parent=self, protect=True)
        groups = {
            ring: aws.iot.ThingGroup(f"ring-{ring}", name=device_ring.group_name(platform, ring), opts=kept)
            for ring in device_ring.RINGS
        }
        policy = aws.iot.Policy(
            f"{name}-core",
            name=names.resource_name(platform, "device-core"),
            policy=json.dumps(device_ring.core_policy(platform)),
            opts=child,
        )
        role = ServiceRole(
            "device-exchange",
            ServiceRoleArgs(
                role_name=names.resource_name(platform, "device-exchange"),
                path=names.role_path(platform),
                description="What a device may do in the account: fetch versions of its model",
                trust=service_trust(platform, [device_ring.CREDENTIALS], device_ring.exchange_sources(platform)),
                permissions=pulumi.Output.all(args.models_bucket_arn, args.models_key_arn).apply(
                    lambda arns: device_ring.exchange_permissions(bucket_arn=arns[0], key_arn=arns[1])
                ),
                boundary_arn=names.boundary_arn(platform),
            ),
            child,
        )
        aws.iot.RoleAlias(
            name,
            alias=device_ring.alias_name(platform),
            role_arn=role.arn,
            credential_duration=CREDENTIAL_SECONDS,
            opts=child,
        )
        self.first_group_name = groups[device_ring.FIRST_RING].name
        self.core_policy_name = policy.name
        self.register_outputs({"first_group_name": self.first_group_name})
