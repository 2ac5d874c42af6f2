"""Serverless serving: the log always, the endpoint once a model is approved."""

from __future__ import annotations

import json

from stacks.components.serverless_endpoint import VARIANT, ServerlessEndpoint, ServerlessEndpointArgs
from stacks.serving import asked, recording
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import ServerlessSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create what answers few and small requests; return the exports `serverless_endpoint_name`, `_variant_name`.

    Such an endpoint captures nothing: what is to be watched for drift, the application that calls it records, to a
    stream that is made for it.
    While no model is approved, the export `planned_serverless` (JSON) says how large a container will be.
    """
    settings = load(ServerlessSettings, "serving", ServerlessSettings.PREFIX)
    endpoint_name = ground.endpoint_name("serverless")
    ground.log("serverless", f"/aws/sagemaker/Endpoints/{endpoint_name}")
    exports: Exports = {
        "serverless_endpoint_name": endpoint_name,
        "serverless_variant_name": VARIANT,
        **recording.deploy(ground, "serverless", settings.record_percent, endpoint_name, VARIANT),
    }
    package_arn = ground.settings.model_package_arn
    if not package_arn:
        size = {"memory_mb": settings.memory_mb, "max_concurrency": settings.max_concurrency}
        return {**exports, "planned_serverless": json.dumps(size, sort_keys=True)}
    model_name = ground.model("serverless-model", package_arn, in_network=False).model_name
    endpoint = ServerlessEndpoint(
        "serverless",
        ServerlessEndpointArgs(
            platform=ground.platform,
            endpoint_name=endpoint_name,
            model_name=model_name,
            memory_mb=settings.memory_mb,
            max_concurrency=settings.max_concurrency,
        ),
        ground.opts,
    )
    variant = {
        "name": VARIANT,
        "model_name": model_name,
        "model_package_arn": package_arn,
        "memory_mb": settings.memory_mb,
        "max_concurrency": settings.max_concurrency,
    }
    return {
        **exports,
        "serverless_endpoint_config_name": endpoint.endpoint_config_name,
        "serverless_asked": asked.endpoint(endpoint_name, endpoint.endpoint_config_name, [variant]),
    }
