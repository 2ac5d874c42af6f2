"""The endpoint that inference components share: instances come and go with their copies."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names, provider
from stacks.documents.inference_component import CONFIGURATION, HostFacts, host
from stacks.instance_storage import volume_key
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ComponentHostArgs:
    """SageMaker runs `min_instances` (0: none without copies) to `max_instances`."""

    platform: Platform
    endpoint_name: str
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    network_isolation: bool
    instance_type: str
    min_instances: int
    max_instances: int
    volume_key_arn: pulumi.Input[str]


class ComponentHost(pulumi.ComponentResource):
    """An endpoint without a model of its own; updates of models are those of the components."""

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(self, name: str, args: ComponentHostArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ComponentHost", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        facts = _facts(args)
        configuration = aws.cloudcontrol.Resource(
            name,
            type_name=CONFIGURATION,
            desired_state=facts.apply(lambda given: json.dumps(host(given))),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )
        # The name is known from the content, but the endpoint must wait for the configuration.
        self.endpoint_config_name = pulumi.Output.all(facts, configuration.id).apply(lambda given: str(given[0].name))
        endpoint = aws.sagemaker.Endpoint(
            name, name=args.endpoint_name, endpoint_config_name=self.endpoint_config_name, opts=child
        )
        self.endpoint_name = endpoint.name
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_config_name": self.endpoint_config_name})


def _facts(args: ComponentHostArgs) -> pulumi.Output[HostFacts]:
    resolved = pulumi.Output.all(
        role_arn=args.role_arn,
        subnet_ids=args.subnet_ids,
        security_group_id=args.security_group_id,
        volume_key_arn=pulumi.Output.from_input(args.volume_key_arn).apply(
            lambda arn: volume_key(args.instance_type, arn)
        ),
    )

    def merge(given: dict[str, Any]) -> HostFacts:
        content = {
            **given,
            "network_isolation": args.network_isolation,
            "instance_type": args.instance_type,
            "min_instances": args.min_instances,
            "max_instances": args.max_instances,
        }
        tags = provider.tags(args.platform, "serving")
        prefix = names.resource_name(args.platform, "components")
        return HostFacts(name=content_name(prefix, {**content, "tags": tags}), tags=tags, **content)

    return resolved.apply(merge)


def content_name(prefix: str, facts: dict[str, Any]) -> str:
    """Return `<prefix>-<digest of facts>`: configurations cannot be changed, so each content has its own name."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"{prefix}-{digest[:8]}"
