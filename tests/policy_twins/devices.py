"""Twins of devices that run the model: how a version spreads among them, and what each may do."""

from __future__ import annotations

import json
from typing import Any

from policy_twins.build import resource, statement, twin

from modelkeel.graph import Resource

CRITERIA = [{"FailureType": failure, "Action": "CANCEL"} for failure in ("FAILED", "REJECTED", "TIMED_OUT")]
CAREFUL: dict[str, Any] = {
    "JobExecutionsRolloutConfig": {"MaximumPerMinute": 100},
    "AbortConfig": {"CriteriaList": CRITERIA},
    "TimeoutConfig": {"InProgressTimeoutInMinutes": 60},
}


def ring(job: dict[str, Any], *, on_failure: str = "ROLLBACK") -> list[Resource]:
    """Return the deployment of a ring whose job is `job`."""
    state = {"DeploymentPolicies": {"FailureHandlingPolicy": on_failure}, "IotJobConfiguration": job}
    kind = "AWS::GreengrassV2::Deployment"
    return [
        resource(
            "cloudcontrol/resource:Resource",
            "canary",
            program="serving",
            typeName=kind,
            desiredState=json.dumps(state),
        )
    ]


def device(action: str, on: str) -> list[Resource]:
    """Return the policy of devices that allows `action` on `on`."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement("Allow", action, on)]})
    return [resource("iot/policy:Policy", "devices", program="data", policy=document)]


OWN = "arn:aws:iot:eu-west-1:111111111111:client/${iot:Connection.Thing.ThingName}"

TWINS = {
    "device-deployment-stops": twin(ring(CAREFUL), ring({**CAREFUL, "AbortConfig": {}})),
    "device-policy-own": twin(device("iot:Connect", OWN), device("iot:*", OWN)),
}
MORE_VIOLATIONS = [
    ("device-deployment-stops", ring(CAREFUL, on_failure="DO_NOTHING")),
    ("device-deployment-stops", ring({**CAREFUL, "JobExecutionsRolloutConfig": None})),
    ("device-deployment-stops", ring({**CAREFUL, "TimeoutConfig": None})),
    ("device-deployment-stops", ring({**CAREFUL, "AbortConfig": {"CriteriaList": CRITERIA[:1]}})),
    ("device-policy-own", device("iot:Publish", "*")),
]
