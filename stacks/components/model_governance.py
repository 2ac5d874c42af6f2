"""What binds the registry: who may approve, and the card that tells what the model is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.model_card import content
from stacks.documents.registry import registry_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ModelGovernanceArgs:
    """`approver_role_arns` may hold patterns; an empty list lets nobody approve.

    Without `keeps_registry` the group lies in the tooling account, which says there who approves.
    """

    platform: Platform
    model_package_group: pulumi.Input[str]
    model_package_group_arn: pulumi.Input[str]
    approver_role_arns: Sequence[str]
    purpose: str
    kms_key_arn: pulumi.Input[str]
    keeps_registry: bool = True


class ModelGovernance(pulumi.ComponentResource):
    """The registry's policy and the model card; the card's later content belongs to the pipeline."""

    def __init__(self, name: str, args: ModelGovernanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:ModelGovernance", name, None, opts)
        if args.keeps_registry:
            policy = pulumi.Output.from_input(args.model_package_group_arn).apply(
                lambda arn: json.dumps(registry_policy(arn, args.approver_role_arns))
            )
            aws.sagemaker.ModelPackageGroupPolicy(
                name,
                model_package_group_name=args.model_package_group,
                resource_policy=policy,
                opts=pulumi.ResourceOptions(parent=self),
            )
        card = pulumi.Output.from_input(args.model_package_group).apply(
            lambda group: json.dumps(content(args.platform, args.purpose, group.rsplit("/", 1)[-1]))
        )
        aws.sagemaker.ModelCard(
            name,
            model_card_name=names.resource_name(args.platform, "card"),
            model_card_status="Draft",
            content=card,
            security_config={"kms_key_id": args.kms_key_arn},
            opts=pulumi.ResourceOptions(parent=self, protect=True, ignore_changes=["content", "modelCardStatus"]),
        )
        self.register_outputs({})
