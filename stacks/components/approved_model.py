"""The model that an approved model package becomes."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ApprovedModelArgs:
    """`model_package_arn` is a version in the registry; image and artifact come from it alone.

    Subnets and security group are none for a serverless endpoint, which takes no model in a network.
    """

    platform: Platform
    model_package_arn: str
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]] | None
    security_group_id: pulumi.Input[str] | None
    network_isolation: bool


class ApprovedModel(pulumi.ComponentResource):
    """A model, in the network where its endpoint allows; a new package is a new model, and the old one stays.

    Pulumi appends seven digits to the logical name: going back to an earlier package, while its model still stands,
    makes another one. `make up` removes what two verified updates have left behind.
    """

    model_name: pulumi.Output[str]

    def __init__(self, name: str, args: ApprovedModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ApprovedModel", name, None, opts)
        model = aws.sagemaker.Model(
            names.resource_name(args.platform, name),
            execution_role_arn=args.role_arn,
            primary_container={"model_package_name": args.model_package_arn},
            vpc_config=_network(args),
            enable_network_isolation=args.network_isolation,
            opts=pulumi.ResourceOptions(
                parent=self,
                # An endpoint that goes back to its old configuration needs the model in it to scale out.
                retain_on_delete=True,
                aliases=[pulumi.Alias(name=name)],
            ),
        )
        self.model_name = model.name
        self.register_outputs({"model_name": self.model_name})


def _network(args: ApprovedModelArgs) -> aws.sagemaker.ModelVpcConfigArgsDict | None:
    if args.subnet_ids is None or args.security_group_id is None:
        return None
    return {"subnets": args.subnet_ids, "security_group_ids": [args.security_group_id]}
