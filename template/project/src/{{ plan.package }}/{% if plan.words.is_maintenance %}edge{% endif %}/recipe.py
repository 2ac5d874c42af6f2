"""The Greengrass recipe of the component, and the deployment that brings it to a ring of devices.

Both are documents: nothing here calls AWS. The deployment stops by itself: a device that fails goes back to what it
ran before, and a ring in which too many fail is aborted.
Sources: AWS IoT Greengrass V2 Developer Guide, "Component recipe reference"; API reference, CreateDeployment
(2026-11-25).
"""

from __future__ import annotations

import re
from typing import Any

from ..problem import ProblemError
from ..settings import Edge

FORMAT = "2020-01-25"
_NAME = re.compile(r"[a-zA-Z0-9-_.]{1,128}")
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_LEAST_MINUTES = 1


def recipe(edge: Edge, version: str, bucket: str, artefact: str) -> dict[str, Any]:
    """The recipe of a version whose artefact lies in `bucket`; its digest is added by Greengrass at creation.

    Raises:
        ProblemError: the component's name or the version is none that Greengrass takes.
    """
    if not _NAME.fullmatch(edge.component) or not _VERSION.fullmatch(version):
        raise ProblemError(
            "Greengrass takes no such component",
            got=f"{edge.component} {version}",
            allowed="letters, digits, - _ . and a version like 1.0.0",
        )
    place = "{artifacts:path}"
    run = f"python3 -m component --artefact {place}/{artefact} --public-key {{configuration:/publicKeyPath}}"
    return {
        "RecipeFormatVersion": FORMAT,
        "ComponentName": edge.component,
        "ComponentVersion": version,
        "ComponentType": "aws.greengrass.generic",
        "ComponentDescription": "Remaining life of this device, told by itself",
        "ComponentPublisher": "the team that owns the model",
        "ComponentConfiguration": {
            "DefaultConfiguration": {
                "publicKeyPath": "/greengrass/v2/keys/model.pem",
                "accessControl": {
                    "aws.greengrass.ipc.mqttproxy": {
                        f"{edge.component}:mqttproxy:1": {
                            "policyDescription": "Send alerts to the topic of this device, and read nothing",
                            "operations": ["aws.greengrass#PublishToIoTCore"],
                            "resources": ["devices/{iot:thingName}/alerts"],
                        }
                    }
                },
            }
        },
        "ComponentDependencies": {
            "aws.greengrass.StreamManager": {"VersionRequirement": "^2.0.0", "DependencyType": "HARD"}
        },
        "Manifests": [
            {
                "Platform": {"os": "linux"},
                "Lifecycle": {"run": {"script": run}},
                "Artifacts": [
                    {"Uri": f"s3://{bucket}/edge/{version}/{name}", "Permission": {"Read": "OWNER"}}
                    for name in (artefact, f"{artefact}.sig")
                ],
            }
        ],
    }


def deployment(edge: Edge, version: str, group_arn: str, *, ring_percent: int) -> dict[str, Any]:
    """The arguments of CreateDeployment for one ring, which is a thing group of its own."""
    return {
        "targetArn": group_arn,
        "deploymentName": f"{edge.component}-{version}-ring-{ring_percent}",
        "components": {edge.component: {"componentVersion": version}},
        "deploymentPolicies": {
            "failureHandlingPolicy": "ROLLBACK",
            "componentUpdatePolicy": {"action": "NOTIFY_COMPONENTS", "timeoutInSeconds": 60},
            "configurationValidationPolicy": {"timeoutInSeconds": 60},
        },
        "iotJobConfiguration": {
            "jobExecutionsRolloutConfig": {"maximumPerMinute": 500},
            "abortConfig": {
                "criteriaList": [
                    {
                        "failureType": failure,
                        "action": "CANCEL",
                        "thresholdPercentage": edge.most_failed_share * 100,
                        "minNumberOfExecutedThings": edge.least_devices,
                    }
                    for failure in ("FAILED", "TIMED_OUT", "REJECTED")
                ]
            },
            "timeoutConfig": {"inProgressTimeoutInMinutes": max(edge.ring_minutes, _LEAST_MINUTES)},
        },
    }
