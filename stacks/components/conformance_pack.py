"""A Config conformance pack: the controls of the project, judged on what exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks.documents.conformance import TEMPLATE_CHARACTERS, template


@dataclass(frozen=True, kw_only=True)
class ConformancePackArgs:
    """`rules` are `{identifier, parameters}`; the recorder must run before the pack is put."""

    pack_name: str
    rules: Sequence[dict[str, Any]]


class ConformancePack(pulumi.ComponentResource):
    """Managed rules in one pack, with one state of compliance.

    Raises:
        ValueError: the template is longer than AWS Config takes.
    """

    def __init__(self, name: str, args: ConformancePackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:ConformancePack", name, None, opts)
        body = json.dumps(template(args.rules, args.pack_name))
        if len(body) > TEMPLATE_CHARACTERS:
            raise ValueError(
                f"conformance pack {args.pack_name} has {len(body):,} characters, AWS Config takes "
                f"{TEMPLATE_CHARACTERS:,}: name fewer rules in account:conformance_rules"
            )
        aws.cfg.ConformancePack(name, name=args.pack_name, template_body=body, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})
