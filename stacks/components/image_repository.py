"""The private repository of the project's container image."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.notification import Notification, NotificationArgs
from stacks.documents.image_repository import lifecycle_policy, repository_policy
from stacks.documents.statement import Document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ImageRepositoryArgs:
    """`puller_role_arns` are the service roles whose jobs and models run in the image.

    `policy` stands instead of theirs where roles of other accounts run in it too.
    """

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    untagged_image_days: int
    alarm_topic_arn: pulumi.Input[str]
    puller_role_arns: Sequence[pulumi.Input[str]] = ()
    policy: Document | None = None


class ImageRepository(pulumi.ComponentResource):
    """A repository with immutable tags, scanned on push. Stateful: protected."""

    repository_arn: pulumi.Output[str]
    repository_url: pulumi.Output[str]

    def __init__(self, name: str, args: ImageRepositoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:ImageRepository", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        repository = aws.ecr.Repository(
            name,
            name=full_name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.kms_key_arn}],
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        policy = pulumi.Output.all(*args.puller_role_arns).apply(
            lambda arns: json.dumps(args.policy or repository_policy(args.platform, arns))
        )
        aws.ecr.RepositoryPolicy(name, repository=repository.name, policy=policy, opts=child)
        aws.ecr.LifecyclePolicy(
            name,
            repository=repository.name,
            policy=json.dumps(lifecycle_policy(args.untagged_image_days)),
            opts=child,
        )
        Notification(
            f"{name}-scan",
            NotificationArgs(
                platform=args.platform,
                component=f"{name}-scan",
                description="A pushed image has critical vulnerabilities",
                pattern={
                    "source": ["aws.ecr"],
                    "detail-type": ["ECR Image Scan"],
                    "detail": {
                        "repository-name": [full_name],
                        "finding-severity-counts": {"CRITICAL": [{"numeric": [">", 0]}]},
                    },
                },
                message="Image <digest> of <repository> has critical vulnerabilities.",
                fields={"digest": "$.detail.image-digest", "repository": "$.detail.repository-name"},
                topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self.repository_arn = repository.arn
        self.repository_url = repository.repository_url
        self.register_outputs({"repository_arn": self.repository_arn, "repository_url": self.repository_url})
