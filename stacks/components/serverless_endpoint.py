"""A serverless endpoint: no instance runs between requests."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

VARIANT = "live"


@dataclass(frozen=True, kw_only=True)
class ServerlessEndpointArgs:
    """`memory_mb` is 1024 to 6144 in steps of 1024, `max_concurrency` 1 to 200."""

    platform: Platform
    endpoint_name: str
    model_name: pulumi.Input[str]
    memory_mb: int
    max_concurrency: int


class ServerlessEndpoint(pulumi.ComponentResource):
    """It takes no volume key, capture, network, scaling target nor deployment policy: SageMaker runs it elsewhere.

    Source: SageMaker Developer Guide, "Serverless Inference" (feature exclusions) and "Deployment guardrails", read
    2026-11-25.
    """

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(self, name: str, args: ServerlessEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ServerlessEndpoint", name, None, opts)
        configuration = aws.sagemaker.EndpointConfiguration(
            name,
            name_prefix=names.resource_name(args.platform, ""),
            production_variants=[
                {
                    "variant_name": VARIANT,
                    "model_name": args.model_name,
                    "serverless_config": {
                        "memory_size_in_mb": args.memory_mb,
                        "max_concurrency": args.max_concurrency,
                    },
                }
            ],
            # An update that fails leaves the endpoint on its old configuration, which must still be there.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False, retain_on_delete=True),
        )
        endpoint = aws.sagemaker.Endpoint(
            name,
            name=args.endpoint_name,
            endpoint_config_name=configuration.name,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.endpoint_name = endpoint.name
        self.endpoint_config_name = configuration.name
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_config_name": self.endpoint_config_name})
