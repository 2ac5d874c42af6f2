"""Many models on one endpoint: log and rollback alarms always, the endpoint once the main model is approved."""

from __future__ import annotations

import json

import pulumi

from stacks.components.gradual_endpoint import VARIANT
from stacks.components.multi_model import MultiModel, MultiModelArgs
from stacks.components.realtime_endpoint import RealtimeEndpoint
from stacks.documents import released_models
from stacks.serving import asked, sizing
from stacks.serving.ground import Exports, Ground
from stacks.serving.multi_model_settings import MAIN_MODEL, MultiModelSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create what answers for many models; return `multi_model_endpoint_name`, `_variant_name`, `_records_uri`.

    Callers name a model by its place below `multi_model_released_uri`, which `index.json` there tells. Which package
    is released under which name is the export `multi_model_released` (JSON); `make up` brings them there, for nothing
    else may write below the prefix. While no model is approved, the export `planned_multi_model` (JSON) says how
    large the endpoint will be.
    """
    settings = load(MultiModelSettings, "serving", MultiModelSettings.PREFIX)
    endpoint_name = ground.endpoint_name("multi-model")
    ground.log("multi-model", f"/aws/sagemaker/Endpoints/{endpoint_name}")
    alarms = ground.rollback_alarms(
        "multi-model-rollback",
        endpoint_name,
        VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
    )
    released_uri = ground.data.require("models_bucket_name").apply(released_models.folder_uri)
    exports: Exports = {
        "multi_model_endpoint_name": endpoint_name,
        "multi_model_variant_name": VARIANT,
        "multi_model_records_uri": pulumi.Output.format("{0}/{1}/{2}", ground.capture_uri, endpoint_name, VARIANT),
        "multi_model_released_uri": released_uri,
    }
    if not ground.settings.model_package_arn:
        return {**exports, "planned_multi_model": sizing.planned(ground, settings)}
    packages = {MAIN_MODEL: ground.settings.model_package_arn, **settings.further_model_packages}
    model = _model(ground, settings, released_uri)
    endpoint = RealtimeEndpoint(
        "multi-model", ground.fleet(settings, endpoint_name, alarms, model.model_name), ground.opts
    )
    config_name = endpoint.endpoint_config_name
    sizing.size(ground, "multi-model", settings, endpoint.endpoint_name, config_name)
    return {
        **exports,
        "multi_model_endpoint_config_name": config_name,
        "multi_model_released": json.dumps(packages, sort_keys=True),
        "multi_model_released_key_arn": ground.foundation.require("models_key_arn"),
        "multi_model_asked": asked.endpoint(
            endpoint_name,
            config_name,
            [_variant(ground, settings, model)],
            capture_percent=settings.capture_percent,
            network_isolation=ground.settings.network_isolation,
            has_hours=sizing.has_hours(ground),
        ),
    }


def _variant(ground: Ground, settings: MultiModelSettings, model: MultiModel) -> asked.Variant:
    stays = not sizing.has_hours(ground)
    return {
        "name": VARIANT,
        "model_name": model.model_name,
        "instance_type": settings.instance_type,
        "weight": 1,
        "min_capacity": settings.min_capacity if stays else None,
        "max_capacity": settings.max_capacity if stays else None,
    }


def _model(ground: Ground, settings: MultiModelSettings, released_uri: pulumi.Output[str]) -> MultiModel:
    return MultiModel(
        "multi-model",
        MultiModelArgs(
            platform=ground.platform,
            repository_url=ground.training.require("repository_url"),
            image_tag=settings.image_tag,
            models_uri=released_uri,
            cache=settings.cache,
            role_arn=ground.identity.require(f"{released_models.ROLE}_role_arn"),
            subnet_ids=ground.foundation.require("private_subnet_ids"),
            security_group_id=ground.foundation.require("endpoint_security_group_id"),
            network_isolation=ground.settings.network_isolation,
        ),
        ground.opts,
    )
