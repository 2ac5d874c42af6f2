"""The keys of an environment, one for each data class that has its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from stacks import names, placement
from stacks.components.encryption_key import EncryptionKey, EncryptionKeyArgs
from stacks.documents.key import key_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class KeyRingArgs:
    """`key_classes` have a key of their own; `deletion_window_days` is 7 to 30."""

    platform: Platform
    key_classes: Sequence[str]
    deletion_window_days: int
    linked_services: Sequence[str] = ()


class KeyRing(pulumi.ComponentResource):
    """Keys whose policies name the services that each class of data meets.

    Raises:
        ValueError: a data class has neither a key nor one that stands in for it.
    """

    arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: KeyRingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:KeyRing", name, None, opts)
        keys: dict[str, EncryptionKey] = {}
        for key_class in args.key_classes:
            encrypted = placement.classes_in(key_class, args.key_classes)
            keys[key_class] = EncryptionKey(
                key_class,
                EncryptionKeyArgs(
                    alias=names.key_alias(args.platform, key_class),
                    description=f"{args.platform.project} {args.platform.environment}: {', '.join(encrypted)}",
                    policy=key_policy(args.platform, encrypted, args.linked_services),
                    deletion_window_days=args.deletion_window_days,
                ),
                pulumi.ResourceOptions(parent=self),
            )
        self.arns = {
            data_class: keys[placement.key_of(data_class, args.key_classes)].arn for data_class in placement.KEY_CLASSES
        }
        self.register_outputs({"arns": self.arns})
