"""A SageMaker HyperPod cluster with Slurm, and the scripts that connect it with the training pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.hyperpod import HyperPodFacts, desired_state, environment, scripts
from stacks.settings import Platform

PREFIX = "clusters/slurm"


@dataclass(frozen=True, kw_only=True)
class HyperPodClusterArgs:
    """`settings` are the environment variables of the scripts; `bucket_name` holds the scripts below `clusters/`.

    The cluster's subnet cannot be changed later: a cluster that is moved is a new one.
    """

    platform: Platform
    controller_instance_type: str
    login_instance_type: str
    worker_instance_type: str
    workers: int
    accelerated: bool
    subnet_id: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    bucket_name: pulumi.Input[str]
    bucket_key_arn: pulumi.Input[str]
    file_system_dns: pulumi.Input[str]
    file_system_mount_name: pulumi.Input[str]
    settings: Mapping[str, pulumi.Input[str]]
    training_plan_arn: str | None
    tags: Mapping[str, str]


class HyperPodCluster(pulumi.ComponentResource):
    """Machines that are tested before they work and replaced when they fail. Stateful: protected."""

    cluster_name: str

    def __init__(self, name: str, args: HyperPodClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:HyperPodCluster", name, None, opts)
        uploaded = _scripts(name, args, pulumi.ResourceOptions(parent=self))
        self.cluster_name = names.resource_name(args.platform, name)
        aws.cloudcontrol.Resource(
            name,
            type_name="AWS::SageMaker::Cluster",
            desired_state=_facts(self.cluster_name, args).apply(
                lambda facts: json.dumps(desired_state(facts), sort_keys=True)
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=True,
                depends_on=uploaded,
                # Machines are tested for hours before they join.
                custom_timeouts=pulumi.CustomTimeouts(create="12h", update="12h", delete="12h"),
            ),
        )
        self.register_outputs({"cluster_name": self.cluster_name})


def _scripts(name: str, args: HyperPodClusterArgs, child: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    given: dict[str, pulumi.Input[str]] = {path.name: path.read_text(encoding="utf-8") for path in scripts()}
    given["cluster.env"] = pulumi.Output.all(**args.settings).apply(environment)
    return [
        aws.s3.BucketObjectv2(
            f"{name}-{file.replace('_', '-').replace('.', '-')}",
            bucket=args.bucket_name,
            key=f"{PREFIX}/{file}",
            content=content,
            content_type="text/plain",
            server_side_encryption="aws:kms",
            kms_key_id=args.bucket_key_arn,
            opts=child,
        )
        for file, content in given.items()
    ]


def _facts(cluster_name: str, args: HyperPodClusterArgs) -> pulumi.Output[HyperPodFacts]:
    resolved = pulumi.Output.all(
        role_arn=args.role_arn,
        scripts_uri=pulumi.Output.format("s3://{0}/{1}", args.bucket_name, PREFIX),
        subnet_id=args.subnet_id,
        security_group_id=args.security_group_id,
        kms_key_arn=args.kms_key_arn,
        file_system_dns=args.file_system_dns,
        file_system_mount_name=args.file_system_mount_name,
    )

    def merge(given: dict[str, Any]) -> HyperPodFacts:
        return HyperPodFacts(
            name=cluster_name,
            controller_instance_type=args.controller_instance_type,
            login_instance_type=args.login_instance_type,
            worker_instance_type=args.worker_instance_type,
            workers=args.workers,
            accelerated=args.accelerated,
            training_plan_arn=args.training_plan_arn,
            tags=args.tags,
            **given,
        )

    return resolved.apply(merge)
