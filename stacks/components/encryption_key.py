"""A customer managed key with its alias."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyArgs:
    """`policy` is the key policy as a mapping; `deletion_window_days` is 7 to 30."""

    alias: str
    description: str
    policy: pulumi.Input[dict[str, Any]]
    deletion_window_days: int = 30


class EncryptionKey(pulumi.ComponentResource):
    """A symmetric key that rotates yearly. Protected: without it the data that it encrypts is lost."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:EncryptionKey", name, None, opts)
        key = aws.kms.Key(
            name,
            description=args.description,
            policy=pulumi.Output.from_input(args.policy).apply(json.dumps),
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.kms.Alias(name, name=args.alias, target_key_id=key.key_id, opts=pulumi.ResourceOptions(parent=self))
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
