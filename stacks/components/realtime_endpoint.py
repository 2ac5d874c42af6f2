"""A real-time endpoint, with a candidate in its shadow if there is one."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks.components.gradual_endpoint import GradualEndpointArgs, ShadowVariant, gradual_endpoint

SHADOW_VARIANT = "candidate"


@dataclass(frozen=True, kw_only=True)
class Shadow:
    """A candidate that is sent `percent` (1 to 100) of the requests and answers nobody."""

    model_name: pulumi.Input[str]
    percent: int


class RealtimeEndpoint(pulumi.ComponentResource):
    """Answers while the caller waits."""

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        args: GradualEndpointArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        shadow: Shadow | None = None,
    ) -> None:
        super().__init__("modelkeel:serving:RealtimeEndpoint", name, None, opts)
        shadows = None if shadow is None else [_variant(args, shadow)]
        endpoint = gradual_endpoint(name, args, self, shadows=shadows)
        self.endpoint_name = endpoint.endpoint_name
        self.endpoint_config_name = endpoint.endpoint_config_name
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_config_name": self.endpoint_config_name})


def _variant(args: GradualEndpointArgs, shadow: Shadow) -> ShadowVariant:
    """The weight of a shadow, next to the 1 of the live variant, is the share of requests that are copied to it."""
    return {
        "variant_name": SHADOW_VARIANT,
        "model_name": shadow.model_name,
        "instance_type": args.instance_type,
        "initial_instance_count": args.instance_count,
        "initial_variant_weight": shadow.percent / 100,
    }
