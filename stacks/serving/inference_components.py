"""Serving by inference components: log and rollback alarms always, endpoint and components once a model is approved."""

from __future__ import annotations

import json

from stacks import names
from stacks.components.component_host import ComponentHost, ComponentHostArgs
from stacks.components.inference_component import InferenceComponent, InferenceComponentArgs
from stacks.components.rollback_alarms import RollbackAlarms
from stacks.documents.inference_component import VARIANT
from stacks.serving import asked, recording
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import ComponentSettings
from stacks.settings import load

MAIN = "model"


def deploy(ground: Ground) -> Exports:
    """Create the shared endpoint and its components; return its name, that of its variant and the components' names.

    The approved model is the component `model`; `serving:inference_components_further_model_packages` adds others,
    each a registered package with copies and scaling of its own. While no model is approved, the export
    `planned_inference_components` (JSON) says how large the endpoint will be.
    """
    settings = load(ComponentSettings, "serving", ComponentSettings.PREFIX)
    endpoint_name = ground.endpoint_name("components")
    packages = {MAIN: ground.settings.model_package_arn, **settings.further_model_packages}
    full_names = {name: names.resource_name(ground.platform, f"ic-{name}") for name in packages}
    for name, full_name in full_names.items():
        ground.log(f"component-{name}", f"/aws/sagemaker/InferenceComponents/{full_name}")
    alarms = ground.rollback_alarms(
        "components-rollback",
        endpoint_name,
        VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
    )
    exports: Exports = {
        "inference_components_endpoint_name": endpoint_name,
        "inference_components_variant_name": VARIANT,
        "inference_components_names": json.dumps(sorted(full_names.values())),
        **recording.deploy(ground, "inference_components", settings.record_percent, endpoint_name, VARIANT),
    }
    if not ground.settings.model_package_arn:
        return {**exports, "planned_inference_components": _planned(settings)}
    host = _host(ground, settings, endpoint_name)
    for name, package_arn in packages.items():
        _component(ground, settings, host, alarms, name, full_names[name], str(package_arn))
    variant = {"name": VARIANT, "instance_type": settings.instance_type}
    return {
        **exports,
        "inference_components_endpoint_config_name": host.endpoint_config_name,
        "inference_components_asked": asked.endpoint(endpoint_name, host.endpoint_config_name, [variant]),
    }


def _planned(settings: ComponentSettings) -> str:
    size = {
        "instance_type": settings.instance_type,
        "min_capacity": settings.min_instances,
        "max_capacity": settings.max_instances,
    }
    return json.dumps(size, sort_keys=True)


def _host(ground: Ground, settings: ComponentSettings, endpoint_name: str) -> ComponentHost:
    return ComponentHost(
        "components",
        ComponentHostArgs(
            platform=ground.platform,
            endpoint_name=endpoint_name,
            role_arn=ground.identity.require("endpoint_role_arn"),
            subnet_ids=ground.foundation.require("private_subnet_ids"),
            security_group_id=ground.foundation.require("endpoint_security_group_id"),
            network_isolation=ground.settings.network_isolation,
            instance_type=settings.instance_type,
            min_instances=settings.min_instances,
            max_instances=settings.max_instances,
            volume_key_arn=ground.foundation.require("models_key_arn"),
        ),
        ground.opts,
    )


def _component(
    ground: Ground,
    settings: ComponentSettings,
    host: ComponentHost,
    alarms: RollbackAlarms,
    name: str,
    full_name: str,
    package_arn: str,
) -> None:
    model = ground.model_name if name == MAIN else ground.model(f"model-{name}", package_arn).model_name
    InferenceComponent(
        f"component-{name}",
        InferenceComponentArgs(
            platform=ground.platform,
            component_name=full_name,
            endpoint_name=host.endpoint_name,
            model_name=model,
            min_copies=settings.min_copies,
            max_copies=settings.max_copies,
            accelerators=settings.accelerators,
            cpu_cores=settings.cpu_cores,
            memory_mb=settings.memory_mb,
            startup_seconds=settings.startup_seconds,
            concurrent_requests_per_copy=settings.concurrent_requests_per_copy,
            scale_in_cooldown_seconds=settings.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=settings.scale_out_cooldown_seconds,
            rollout_wait_seconds=settings.rollout_wait_seconds,
            rollback_alarm_names=alarms.alarm_names,
        ),
        ground.opts,
    )
