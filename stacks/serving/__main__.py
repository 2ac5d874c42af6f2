"""Endpoints and scheduled scoring of the approved model."""

import json

import pulumi

from stacks import alerts, provider, settings
from stacks.serving import (
    asynchronous,
    balancer,
    batch,
    edge,
    exposure,
    inference_components,
    multi_model,
    realtime,
    serverless,
)
from stacks.serving.ground import Ground
from stacks.serving.settings import ServingSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

platform = settings.load(Platform, "platform")
serving = settings.load(ServingSettings, "serving")

ground = Ground(
    platform=platform,
    settings=serving,
    identity=Upstream(platform, "identity"),
    foundation=Upstream(platform, "foundation"),
    data=Upstream(platform, "data"),
    training=Upstream(platform, "training"),
    alert_topic_arn=alerts.topic_arn(platform),
    opts=provider.options(platform, "serving"),
)
if "eks" in serving.modes:
    # The Kubernetes provider is installed where a cluster is.
    from stacks.serving import language_server
deploy = {
    "realtime": realtime.deploy,
    "multi_model": multi_model.deploy,
    "async": asynchronous.deploy,
    "serverless": serverless.deploy,
    "inference_components": inference_components.deploy,
    "eks": lambda given: language_server.deploy(given, Upstream(platform, "cluster"), Upstream(platform, "training")),
    "batch": batch.deploy,
}
exports = {name: value for mode in serving.modes for name, value in deploy[mode](ground).items()}
if serving.exposed:
    exports |= exposure.deploy(ground)
if serving.edge:
    exports |= edge.deploy(ground, Upstream(platform, "training"))
if serving.balanced and "eks" not in serving.modes:
    exports |= balancer.deploy(ground)

if serving.status == "waiting_for_approval":
    pulumi.log.info(
        "no model package is approved yet: all but the model is deployed; "
        "set serving:model_package_arn to the approved version and run this program again"
    )
pulumi.export("modes", json.dumps(serving.modes))
pulumi.export("status", serving.status)
pulumi.export("model_package_arn", serving.model_package_arn or "none")
for name, value in exports.items():
    pulumi.export(name, value)
