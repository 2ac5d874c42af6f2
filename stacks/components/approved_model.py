"""The model that an approved model package becomes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

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
    """A model, in the network where its endpoint allows; a new package is a new model, made before the old one goes."""

    model_name: pulumi.Output[str]

    def __init__(self, name: str, args: ApprovedModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ApprovedModel", name, None, opts)
        facts = pulumi.Output.all(
            package=args.model_package_arn,
            role=args.role_arn,
            subnets=args.subnet_ids,
            security_group=args.security_group_id,
            isolated=args.network_isolation,
        )
        prefix = names.resource_name(args.platform, name)
        model = aws.sagemaker.Model(
            name,
            name=facts.apply(lambda given: model_name(prefix, given)),
            execution_role_arn=args.role_arn,
            primary_container={"model_package_name": args.model_package_arn},
            vpc_config=_network(args),
            enable_network_isolation=args.network_isolation,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.model_name = model.name
        self.register_outputs({"model_name": self.model_name})


def _network(args: ApprovedModelArgs) -> aws.sagemaker.ModelVpcConfigArgsDict | None:
    if args.subnet_ids is None or args.security_group_id is None:
        return None
    return {"subnets": args.subnet_ids, "security_group_ids": [args.security_group_id]}


def model_name(prefix: str, facts: dict[str, Any]) -> str:
    """Return `<prefix>-<digest of facts>`: models cannot be changed, so each content has its own name."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"{prefix}-{digest[:8]}"
