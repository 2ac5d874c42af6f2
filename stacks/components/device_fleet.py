"""Devices that provision themselves by claim, and the rule that brings what they send into the event stream."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.device_rings import DeviceRings
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import device
from stacks.documents.trust import service_trust
from stacks.settings import Platform

SQL_VERSION = "2016-03-23"
IOT = "iot.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class DeviceFleetArgs:
    """`hook_function_arn` is a function of yours that says which serial numbers are known; empty lets any claim in."""

    platform: Platform
    stream_arn: pulumi.Input[str]
    stream_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    log_retention_days: int
    hook_function_arn: str = ""
    rings: DeviceRings | None = None
    """Rings that run a model, which a new device joins; none: devices send and run nothing of ours."""


def template_name(platform: Platform) -> str:
    """Return the name of the provisioning template: IoT Core takes 36 characters, fewer than for anything else."""
    return names.resource_name(platform, "iot")


class DeviceFleet(pulumi.ComponentResource):
    """Thing type, group, policies with thing variables, provisioning template, and the rule.

    Certificates are not made here: a private key made by a program would lie in its state. The claim certificate is
    made once, at the factory, and is attached to `claim_policy_name`.
    """

    claim_policy_name: pulumi.Output[str]
    template_name: pulumi.Output[str]
    thing_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: DeviceFleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:DeviceFleet", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        called = names.resource_name(platform, "devices")
        thing_type = aws.iot.ThingType(
            name,
            name=called,
            properties={
                "description": f"Devices of {platform.project}, {platform.environment}",
                "searchable_attributes": ["serial_number"],
            },
            opts=child,
        )
        # A group is never left by force: what is deployed to it would be taken from every device at once.
        group = aws.iot.ThingGroup(name, name=called, opts=pulumi.ResourceOptions(parent=self, protect=True))
        policy = aws.iot.Policy(name, name=called, policy=json.dumps(device.device_policy(platform)), opts=child)
        template = self._template(name, args, thing_type, group, policy)
        claim = aws.iot.Policy(
            f"{name}-claim",
            name=names.resource_name(platform, "device-claim"),
            policy=json.dumps(device.claim_policy(platform, template_name(platform))),
            opts=child,
        )
        self._rule(name, args)
        self.claim_policy_name, self.template_name = claim.name, template.name
        self.thing_group_name = group.name
        self.register_outputs({"claim_policy_name": claim.name, "template_name": template.name})

    def _template(
        self,
        name: str,
        args: DeviceFleetArgs,
        thing_type: aws.iot.ThingType,
        group: aws.iot.ThingGroup,
        policy: aws.iot.Policy,
    ) -> aws.iot.ProvisioningTemplate:
        child = pulumi.ResourceOptions(parent=self)
        role = self._role(f"{name}-provisioning", args, device.provisioning_permissions(args.platform))
        rings = args.rings
        body = pulumi.Output.all(
            thing_type=thing_type.name,
            thing_groups=[group.name, *([rings.first_group_name] if rings else [])],
            policy_names=[policy.name, *([rings.core_policy_name] if rings else [])],
        ).apply(lambda given: json.dumps(device.provisioning_template(**given)))
        return aws.iot.ProvisioningTemplate(
            name,
            name=template_name(args.platform),
            description="A claimed device becomes a thing with a certificate of its own",
            provisioning_role_arn=role.arn,
            template_body=body,
            enabled=True,
            pre_provisioning_hook={"target_arn": args.hook_function_arn} if args.hook_function_arn else None,
            opts=child,
        )

    def _rule(self, name: str, args: DeviceFleetArgs) -> None:
        platform = args.platform
        child = pulumi.ResourceOptions(parent=self)
        failures = log_group(
            name,
            log_group_name=names.log_group_name(platform, "devices"),
            kms_key_arn=args.log_kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        permissions = pulumi.Output.all(args.stream_arn, args.kms_key_arn).apply(
            lambda arns: device.rule_permissions(platform, stream_arn=arns[0], key_arn=arns[1])
        )
        role = self._role(f"{name}-rule", args, permissions)
        aws.iot.TopicRule(
            name,
            # Rules have no hyphens.
            name=names.resource_name(platform, "telemetry").replace("-", "_"),
            description="What devices send goes into the event stream",
            enabled=True,
            sql=device.telemetry_query(platform),
            sql_version=SQL_VERSION,
            kineses=[{"role_arn": role.arn, "stream_name": args.stream_name, "partition_key": "${newuuid()}"}],
            error_action={"cloudwatch_logs": {"log_group_name": failures.name, "role_arn": role.arn}},
            opts=child,
        )

    def _role(self, label: str, args: DeviceFleetArgs, permissions: pulumi.Input[dict[str, object]]) -> ServiceRole:
        platform = args.platform
        source = names.service_arn(platform, "iot", "*")
        return ServiceRole(
            label,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, label),
                path=names.role_path(platform),
                description=f"IoT Core, {label.replace('-', ' ')}",
                trust=service_trust(platform, [IOT], [source]),
                permissions=permissions,
                boundary_arn=names.boundary_arn(platform),
            ),
            pulumi.ResourceOptions(parent=self),
        )
