"""Copies of the images that the cluster's charts pull, for a network without a way to their registries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.image_repository import lifecycle_policy
from stacks.settings import Platform

COMPONENT = "mirror"
UNTAGGED_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class ImageMirrorArgs:
    """`images` are image names without their tags: `quay.io/kuberay/operator`."""

    platform: Platform
    images: Sequence[str]
    kms_key_arn: pulumi.Input[str]


class ImageMirror(pulumi.ComponentResource):
    """One repository an image, with immutable tags, scanned on push; `scripts/mirror-images.sh` fills them.

    Nothing in it is the team's: what is lost is copied again, so nothing is protected.
    """

    def __init__(self, name: str, args: ImageMirrorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:ImageMirror", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for image in args.images:
            path = image.split("/", maxsplit=1)[1]
            label = f"{name}-{path.replace('/', '-')}"
            repository = aws.ecr.Repository(
                label,
                name=f"{names.resource_name(args.platform, COMPONENT)}/{path}",
                image_tag_mutability="IMMUTABLE",
                image_scanning_configuration={"scan_on_push": True},
                encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.kms_key_arn}],
                opts=child,
            )
            aws.ecr.LifecyclePolicy(
                label, repository=repository.name, policy=json.dumps(lifecycle_policy(UNTAGGED_DAYS)), opts=child
            )
        self.register_outputs({})
