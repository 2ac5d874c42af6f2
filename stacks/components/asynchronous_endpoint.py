"""An asynchronous endpoint: requests and answers in S3, notices to topics."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks.components.gradual_endpoint import AsyncInference, GradualEndpointArgs, gradual_endpoint


@dataclass(frozen=True, kw_only=True)
class AsynchronousEndpointArgs:
    """Answers go below `answers_uri`, failures below `failures_uri`, both encrypted with the key of the capture.

    `concurrent_invocations` is how many requests one container is sent at once, 1 to 1,000.
    """

    endpoint: GradualEndpointArgs
    answers_uri: pulumi.Input[str]
    failures_uri: pulumi.Input[str]
    answered_topic_arn: pulumi.Input[str]
    failed_topic_arn: pulumi.Input[str]
    concurrent_invocations: int


class AsynchronousEndpoint(pulumi.ComponentResource):
    """Takes requests up to 1 GB that run up to an hour, and answers no other kind of call.

    Source: SageMaker Developer Guide, "Asynchronous inference", read 2026-11-25.
    """

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(self, name: str, args: AsynchronousEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:AsynchronousEndpoint", name, None, opts)
        endpoint = gradual_endpoint(name, args.endpoint, self, async_inference=_inference(args))
        self.endpoint_name = endpoint.endpoint_name
        self.endpoint_config_name = endpoint.endpoint_config_name
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_config_name": self.endpoint_config_name})


def _inference(args: AsynchronousEndpointArgs) -> AsyncInference:
    return {
        "client_config": {"max_concurrent_invocations_per_instance": args.concurrent_invocations},
        "output_config": {
            "s3_output_path": args.answers_uri,
            "s3_failure_path": args.failures_uri,
            "kms_key_id": args.endpoint.capture_key_arn,
            "notification_config": {"success_topic": args.answered_topic_arn, "error_topic": args.failed_topic_arn},
        },
    }
