"""Twins of an endpoint whose model is an inference component: it is updated and scaled by its copies."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from policy_twins.build import changed, resource
from policy_twins.machine_learning import LIVE, SERVING

from modelkeel.graph import Resource

UPDATE = {
    "RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1}, "WaitIntervalInSeconds": 600},
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "slow"}]},
}
COPY = {
    "resourceId": "inference-component/shop-copy",
    "scalableDimension": "sagemaker:inference-component:DesiredCopyCount",
}


def copies(deployment: dict[str, Any], *, scaled: bool = True, bound: int | None = 6) -> list[Resource]:
    """Return an endpoint whose own configuration says nothing of updates, with one component on it."""
    state = {"InferenceComponentName": "shop-copy", "EndpointName": "shop-live", "DeploymentConfig": deployment}
    component = resource(
        "cloudcontrol/resource:Resource",
        "copy",
        **SERVING,
        typeName="AWS::SageMaker::InferenceComponent",
        desiredState=json.dumps(state),
    )
    hosted = [part for part in changed(LIVE, "endpoint", deploymentConfig=None) if "appautoscaling" not in part.type]
    target = resource("appautoscaling/target:Target", "copy", **SERVING, **COPY, minCapacity=2, maxCapacity=bound)
    return [
        *hosted,
        dataclasses.replace(component, property_dependencies={"desiredState": (LIVE["endpoint"].urn,)}),
        target,
        *([resource("appautoscaling/policy:Policy", "copy", **SERVING, **COPY)] if scaled else []),
    ]


REFUSED: list[tuple[str, list[Resource]]] = [
    ("endpoint-rolls-back", copies({**UPDATE, "AutoRollbackConfiguration": {}})),
    ("endpoint-rolls-back", copies({**UPDATE, "RollingUpdatePolicy": None})),
    ("endpoint-scales", copies(UPDATE, scaled=False)),
    ("endpoint-scales", copies(UPDATE, bound=None)),
]
ACCEPTED: list[tuple[str, list[Resource]]] = [
    ("endpoint-rolls-back", copies(UPDATE)),
    ("endpoint-scales", copies(UPDATE)),
]
