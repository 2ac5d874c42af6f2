"""A KMS key that a security team gives: looked up, never changed; the environment's aliases lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names, placement
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class GivenKeyArgs:
    """`key_classes` get an alias each, by which roles name the key; it lies in the account and Region of the stack."""

    platform: Platform
    key_classes: Sequence[str]
    key_arn: str


class GivenKey(pulumi.ComponentResource):
    """One key for every class of data. Its policy and its rotation belong to who gives it.

    Raises (when the values resolve):
        ValueError: the key is disabled, or does not encrypt symmetrically.
    """

    arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: GivenKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:GivenKey", name, None, opts)
        found = aws.kms.get_key_output(key_id=args.key_arn, opts=pulumi.InvokeOutputOptions(parent=self))
        arn = found.apply(_usable)
        for key_class in args.key_classes:
            aws.kms.Alias(
                key_class,
                name=names.key_alias(args.platform, key_class),
                target_key_id=arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.arns = dict.fromkeys(placement.KEY_CLASSES, arn)
        self.register_outputs({"arns": self.arns})


def _usable(key: aws.kms.GetKeyResult) -> str:
    if key.key_state != "Enabled" or key.key_spec != "SYMMETRIC_DEFAULT" or key.key_usage != "ENCRYPT_DECRYPT":
        raise ValueError(
            f"foundation:existing_key_arn names {key.arn}, which is {key.key_state}, {key.key_spec}, {key.key_usage}: "
            "give an enabled symmetric key for encryption"
        )
    return key.arn
