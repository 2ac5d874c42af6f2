"""Devices that run the model: what they may do, and how a version spreads among them."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import statements
from ..values import NotConcerned, at, is_set, listed
from ..view import Breach, Resource, decoded

DEPLOYMENT_TYPE = "AWS::GreengrassV2::Deployment"
FAILURES = frozenset({"FAILED", "REJECTED", "TIMED_OUT"})


def device_deployment_stops(resource: Resource) -> Iterator[Breach]:
    """EDGE-001. A criterion for ALL covers every failure."""
    if resource["typeName"] != DEPLOYMENT_TYPE:
        raise NotConcerned
    state = decoded(resource["desiredState"])
    if at(state, "DeploymentPolicies", "FailureHandlingPolicy") == "DO_NOTHING":
        yield Breach("a device keeps a version that failed on it", "desiredState.DeploymentPolicies")
    job = at(state, "IotJobConfiguration")
    criteria = {at(row, "FailureType") for row in listed(at(job, "AbortConfig", "CriteriaList"))}
    if "ALL" not in criteria and criteria < FAILURES:
        missing = ", ".join(sorted(FAILURES - criteria))
        yield Breach(f"nothing stops the ring at {missing}", "desiredState.IotJobConfiguration.AbortConfig")
    if not is_set(at(job, "JobExecutionsRolloutConfig")):
        path = "desiredState.IotJobConfiguration.JobExecutionsRolloutConfig"
        yield Breach("every device of the ring begins at once", path)
    if not is_set(at(job, "TimeoutConfig", "InProgressTimeoutInMinutes")):
        path = "desiredState.IotJobConfiguration.TimeoutConfig"
        yield Breach("a device that falls silent never counts as failed", path)


def device_policy_own(policy: Resource) -> Iterator[Breach]:
    """EDGE-002. What IoT Core carries is one device's; only services that know no resource may be asked for all."""
    for statement in statements(policy["policy"]):
        if statement.effect != "Allow":
            continue
        wide = [action for action in statement.actions if action in {"*", "iot:*"}]
        if wide:
            yield Breach(f"the policy allows {wide[0]}", f"policy.{statement.path}")
        elif "*" in statement.resources and any(action.startswith("iot:") for action in statement.actions):
            yield Breach("a device may speak and listen for every other", f"policy.{statement.path}")
