"""What turns an approved version into one that devices may run: a signing key, and the job that packs and signs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents import device_ring, edge_release
from stacks.documents.statement import Statement, allow, document
from stacks.documents.trust import service_trust
from stacks.documents.workflow_role import sagemaker_job_statements
from stacks.settings import Platform

NAME = "edge-release"
EVENTS = "events.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class EdgeReleaseArgs:
    """`model_package_group` is the registry whose approvals start a release; `role_arn` is that of the job."""

    platform: Platform
    package: str
    image_uri: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    model_package_group: pulumi.Input[str]
    models_bucket: pulumi.Input[str]
    models_key_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    instance_type: str
    volume_gib: int
    max_runtime_seconds: int
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class EdgeRelease(pulumi.ComponentResource):
    """An approval in the registry packs and signs the version; nothing else is signed, and unsigned nothing runs."""

    signing_key_arn: pulumi.Output[str]
    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EdgeReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:EdgeRelease", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = self._key(args)
        workflow = Workflow(
            NAME,
            WorkflowArgs(
                platform=args.platform,
                component=NAME,
                description="Packs and signs an approved version for devices",
                definition=_facts(args, key).apply(lambda facts: json.dumps(edge_release.definition(facts))),
                permissions=pulumi.Output.all(args.models_key_arn, args.role_arn).apply(
                    lambda given: _permissions(args.platform, key_arn=given[0], role_arn=given[1])
                ),
                kms_key_arn=args.workflow_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self._start(args, workflow.arn)
        self.signing_key_arn, self.workflow_arn = key.arn, workflow.arn
        self.register_outputs({"signing_key_arn": self.signing_key_arn, "workflow_arn": self.workflow_arn})

    def _key(self, args: EdgeReleaseArgs) -> aws.kms.Key:
        policy = pulumi.Output.from_input(args.role_arn).apply(
            lambda arn: json.dumps(edge_release.signing_key_policy(args.platform, arn))
        )
        # Protected: devices hold its public half, and without it no version is ever signed for them again.
        key = aws.kms.Key(
            device_ring.SIGNING,
            description=f"Signs what devices of {args.platform.project} run, {args.platform.environment}",
            key_usage="SIGN_VERIFY",
            customer_master_key_spec="ECC_NIST_P256",
            deletion_window_in_days=30,
            policy=policy,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.kms.Alias(
            device_ring.SIGNING,
            name=names.key_alias(args.platform, device_ring.SIGNING),
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key

    def _start(self, args: EdgeReleaseArgs, workflow_arn: pulumi.Output[str]) -> None:
        child = pulumi.ResourceOptions(parent=self)
        called = names.resource_name(args.platform, f"{NAME}-start")
        rule = aws.cloudwatch.EventRule(
            f"{NAME}-start",
            name=called,
            description="A version was approved: pack and sign it for devices",
            event_pattern=pulumi.Output.from_input(args.model_package_group).apply(
                lambda group: json.dumps(edge_release.approvals(group))
            ),
            opts=child,
        )
        role = ServiceRole(
            f"{NAME}-start",
            ServiceRoleArgs(
                role_name=called,
                path=names.role_path(args.platform),
                description="EventBridge, starts releases for devices",
                trust=service_trust(args.platform, [EVENTS], [names.service_arn(args.platform, "events", "rule/*")]),
                permissions=workflow_arn.apply(lambda arn: document([allow("Start", ["states:StartExecution"], arn)])),
                boundary_arn=names.boundary_arn(args.platform),
            ),
            child,
        )
        aws.cloudwatch.EventTarget(
            f"{NAME}-start",
            rule=rule.name,
            target_id="release",
            arn=workflow_arn,
            role_arn=role.arn,
            retry_policy={"maximum_retry_attempts": 10, "maximum_event_age_in_seconds": 3600},
            opts=child,
        )


def _facts(args: EdgeReleaseArgs, key: aws.kms.Key) -> pulumi.Output[edge_release.ReleaseFacts]:
    resolved = pulumi.Output.all(
        image_uri=args.image_uri,
        role_arn=args.role_arn,
        subnet_ids=args.subnet_ids,
        security_group_id=args.security_group_id,
        kms_key_arn=args.models_key_arn,
        signing_key_arn=key.arn,
        releases_uri=pulumi.Output.concat("s3://", args.models_bucket, "/", device_ring.ARTEFACTS),
    )

    def merge(given: dict[str, Any]) -> edge_release.ReleaseFacts:
        return edge_release.ReleaseFacts(
            partition=args.platform.partition,
            job_prefix=names.resource_name(args.platform, NAME),
            package=args.package,
            instance_type=args.instance_type,
            volume_gib=args.volume_gib,
            max_runtime_seconds=args.max_runtime_seconds,
            **given,
        )

    return resolved.apply(merge)


def _permissions(platform: Platform, *, key_arn: str, role_arn: str) -> list[Statement]:
    packages = names.service_arn(platform, "sagemaker", f"model-package/{names.resource_name(platform, '*')}")
    return [
        *sagemaker_job_statements(platform, "processing", names.resource_name(platform, NAME), key_arn, role_arn),
        allow("FindPackage", ["sagemaker:DescribeModelPackage"], packages),
    ]
