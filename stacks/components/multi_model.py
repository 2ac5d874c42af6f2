"""A model that stands for many: one image, and a prefix in S3 from which each is loaded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class MultiModelArgs:
    """`models_uri` is the S3 prefix, with the slash at its end; `image_tag` is looked up in `repository_url`."""

    platform: Platform
    repository_url: pulumi.Input[str]
    image_tag: str
    models_uri: pulumi.Input[str]
    cache: bool
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    network_isolation: bool


class MultiModel(pulumi.ComponentResource):
    """It changes with the image alone: a further model is a further object below the prefix.

    SageMaker gets the image by its digest. Source: SageMaker Developer Guide, "Create a multi-model endpoint", and API
    Reference, ContainerDefinition and MultiModelConfig, read 2026-11-26.
    """

    model_name: pulumi.Output[str]

    def __init__(self, name: str, args: MultiModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:MultiModel", name, None, opts)
        model = aws.sagemaker.Model(
            names.resource_name(args.platform, name),
            execution_role_arn=args.role_arn,
            primary_container={
                "image": self._image(args),
                "mode": "MultiModel",
                "model_data_url": args.models_uri,
                "multi_model_config": {"model_cache_setting": "Enabled" if args.cache else "Disabled"},
            },
            vpc_config={"subnets": args.subnet_ids, "security_group_ids": [args.security_group_id]},
            enable_network_isolation=args.network_isolation,
            opts=pulumi.ResourceOptions(
                parent=self,
                # An endpoint that goes back to its old configuration needs the model in it to scale out.
                retain_on_delete=True,
            ),
        )
        self.model_name = model.name
        self.register_outputs({"model_name": self.model_name})

    def _image(self, args: MultiModelArgs) -> pulumi.Output[str]:
        address = pulumi.Output.from_input(args.repository_url)
        found = aws.ecr.get_image_output(
            registry_id=address.apply(lambda url: url.split(".", maxsplit=1)[0]),
            repository_name=address.apply(lambda url: url.split("/", maxsplit=1)[1]),
            image_tag=args.image_tag,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return pulumi.Output.all(address, found.image_digest).apply(_by_digest)


def _by_digest(parts: list[Any]) -> str:
    return f"{parts[0]}@{parts[1]}"
