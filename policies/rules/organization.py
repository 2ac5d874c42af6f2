"""Policies above all accounts: where AWS may be used, what nobody may switch off, what SageMaker refuses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..document import Statement, statements
from ..values import NotConcerned, Value, at
from ..view import Breach, Resource, View

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
# What somebody does first who wants to leave no trace.
KEPT_ON = (
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "config:DeleteConfigurationRecorder",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "kms:ScheduleKeyDeletion",
)
JOB = "sagemaker:CreateTrainingJob"
GUARDS = {
    "outside the network": ("sagemaker:vpcsubnets",),
    "without a key of ours": ("sagemaker:volumekmskeyarn", "sagemaker:volumekmskey"),
    "on any instance type": ("sagemaker:instancetypes",),
}


def organization_regions_listed(view: View) -> Iterator[Breach]:
    """ORG-001."""
    if not any(_limits_regions(statement) for statement in _denied(view)):
        yield Breach("data may leave for any region: no attached policy denies regions that are not listed")


def _limits_regions(statement: Statement) -> bool:
    found = statement.condition("aws:RequestedRegion")
    negative = any(operator.startswith(("StringNotEquals", "StringNotLike")) for operator, _, _ in found)
    return negative and statement.on_everything and statement.covers("sagemaker:CreateTrainingJob")


def organization_audit_kept_on(view: View) -> Iterator[Breach]:
    """ORG-002. A condition may say who is exempt; one on anything else leaves a gap."""
    denied = [statement for statement in _denied(view) if statement.on_everything and _binds_all_but_named(statement)]
    free = [action for action in KEPT_ON if not any(statement.covers(action) for statement in denied)]
    if free:
        yield Breach(f"nobody is kept from {', '.join(free)}")


def _binds_all_but_named(statement: Statement) -> bool:
    return all(key.lower().startswith("aws:principal") for _, key, _ in statement.conditions)


def organization_sagemaker_guarded(view: View) -> Iterator[Breach]:
    """ORG-003. The boundary guards our roles, this one whatever role somebody makes."""
    denied = [statement for statement in _denied(view) if statement.covers(JOB)]
    for how, keys in GUARDS.items():
        if not any(key.lower() in keys for statement in denied for _, key, _ in statement.conditions):
            yield Breach(f"any account may start a training job {how}")


def organization_data_not_for_training(view: View) -> Iterator[Breach]:
    """ORG-004. Without an opt-out AWS's AI services may keep what they are sent, to improve themselves."""
    for policy in _attached(view, OPT_OUT):
        choice = at(_json(policy["content"]), "services", "default", "opt_out_policy", "@@assign")
        if choice == "optOut":
            return
        yield Breach(
            f"the choice for all services is {choice!r}, expected 'optOut'", "content.services.default", policy
        )
        return
    yield Breach("AWS's AI services may keep content to improve themselves: no opt-out policy is attached")


def _json(text: Value) -> Value:
    return json.loads(text) if isinstance(text, str) else text


def _denied(view: View) -> list[Statement]:
    found: Iterable[Resource] = _attached(view, SERVICE_CONTROL)
    return [each for policy in found for each in statements(policy["content"]) if not each.allows]


def _attached(view: View, kind: str) -> list[Resource]:
    """Return the policies of `kind` that bind somebody; before the first attachment all that are drafted.

    Guardrails are written first and attached to a test unit later: until then their words are judged. From the
    first attachment on, one that is attached to nothing guards nothing.

    Raises:
        NotConcerned: the project makes no organization policies: they are somebody else's.
    """
    policies = view.of(POLICY)
    if not policies:
        raise NotConcerned
    drafted = [policy for policy in policies if (policy["type"] or SERVICE_CONTROL) == kind]
    if not view.of(ATTACHMENT):
        return drafted
    return [policy for policy in drafted if view.referrers(policy, ATTACHMENT, "policyId")]
