"""A policy of the organization: created whole, attached only where the settings name targets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks.documents.statement import CONTROL_POLICY_CHARACTERS


@dataclass(frozen=True, kw_only=True)
class OrganizationPolicyArgs:
    """`kind` is Organizations' own word: `SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY`, ..."""

    policy_name: str
    description: str
    kind: str
    content: Mapping[str, Any]
    target_ids: Sequence[str] = field(default_factory=tuple)


class OrganizationPolicy(pulumi.ComponentResource):
    """A protected policy; without targets it binds nobody.

    Raises:
        ValueError: the content is longer than Organizations allows.
    """

    policy_id: pulumi.Output[str]

    def __init__(self, name: str, args: OrganizationPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:organization:OrganizationPolicy", name, None, opts)
        # Organizations counts white space that is sent through its API.
        content = json.dumps(args.content, separators=(",", ":"))
        if len(content) > CONTROL_POLICY_CHARACTERS:
            raise ValueError(
                f"{args.policy_name} has {len(content)} characters, Organizations allows {CONTROL_POLICY_CHARACTERS}"
            )
        policy = aws.organizations.Policy(
            name,
            name=args.policy_name,
            description=args.description,
            type=args.kind,
            content=content,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        for target in args.target_ids:
            aws.organizations.PolicyAttachment(
                f"{name}-{target}", policy_id=policy.id, target_id=target, opts=pulumi.ResourceOptions(parent=policy)
            )
        self.policy_id = policy.id
        self.register_outputs({"policy_id": self.policy_id})
