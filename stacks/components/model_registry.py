"""The registry group that every model version of the project passes through."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.notification import Notification, NotificationArgs
from stacks.documents.statement import Document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ModelRegistryArgs:
    """`group` names the registry group, without project and environment.

    `policy` says what other accounts do with it; without one they do nothing.
    """

    platform: Platform
    group: str
    alarm_topic_arn: pulumi.Input[str]
    policy: Document | None = None


class ModelRegistry(pulumi.ComponentResource):
    """A model package group, and a message when a version waits for its approval. Stateful: protected."""

    group_name: pulumi.Output[str]
    group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ModelRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:ModelRegistry", name, None, opts)
        group_name = names.resource_name(args.platform, args.group)
        group = aws.sagemaker.ModelPackageGroup(
            name,
            model_package_group_name=group_name,
            model_package_group_description=f"Models of {args.platform.project} in {args.platform.environment}",
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        if args.policy is not None:
            aws.sagemaker.ModelPackageGroupPolicy(
                name,
                model_package_group_name=group.model_package_group_name,
                resource_policy=json.dumps(args.policy),
                opts=pulumi.ResourceOptions(parent=self),
            )
        Notification(
            f"{name}-waiting",
            NotificationArgs(
                platform=args.platform,
                component=f"{name}-waiting",
                description="A model version waits for approval",
                pattern={
                    "source": ["aws.sagemaker"],
                    "detail-type": ["SageMaker Model Package State Change"],
                    "detail": {
                        "ModelPackageGroupName": [group_name],
                        "ModelApprovalStatus": ["PendingManualApproval"],
                    },
                },
                message="Model <model> passed its gates and waits for approval.",
                fields={"model": "$.detail.ModelPackageArn"},
                topic_arn=args.alarm_topic_arn,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.group_name = group.model_package_group_name
        self.group_arn = group.arn
        self.register_outputs({"group_name": self.group_name, "group_arn": self.group_arn})
