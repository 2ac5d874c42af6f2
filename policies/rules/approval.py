"""Two people between a trained model and production."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Statement
from ..identity import Grant, grants, guarding, policies_of
from ..pipeline import PIPELINE, steps
from ..values import at
from ..view import Breach, Resource, View

REGISTER = "sagemaker:CreateModelPackage"
APPROVE = "sagemaker:UpdateModelPackage"
STATUS = "sagemaker:ModelApprovalStatus"


def model_approval_split(resource: Resource, view: View) -> Iterator[Breach]:
    """SM-061. Who registers a model leaves it waiting; somebody else approves it."""
    if resource.type == PIPELINE:
        for step in steps(resource):
            status = at(step.arguments, "ModelApprovalStatus")
            if step.kind == "RegisterModel" and status != "PendingManualApproval":
                path = f"{step.path}.ModelApprovalStatus"
                yield Breach(f"the pipeline registers models as {status!r}, expected 'PendingManualApproval'", path)
        return
    given = [grant for grant in grants(resource, view) if not grant.statement.is_everything]
    registers = [grant for grant in given if grant.statement.covers(REGISTER)]
    approves = [grant for grant in given if grant.statement.covers(APPROVE)]
    if not registers:
        return
    guards = [guard for guard in guarding(resource, view) if _forbids_approval(guard)]
    for statement, path in registers:
        if not _never_approved(statement) and not any(guard.covers(REGISTER) for guard in guards):
            yield Breach("its holder can register a model as approved", path)
    for statement, path in approves:
        if not _never_approved(statement) and not any(guard.covers(APPROVE) for guard in guards):
            yield Breach("its holder can approve the models that it registers", path)


def _never_approved(statement: Statement) -> bool:
    return any(
        operator.startswith("StringEquals") and "Approved" not in values
        for operator, _, values in statement.condition(STATUS)
    )


def _forbids_approval(guard: Statement) -> bool:
    return not guard.conditions or any("Approved" in values for _, _, values in guard.condition(STATUS))


def model_approver_differs(role: Resource, view: View) -> Iterator[Breach]:
    """SM-065. Within one policy another control looks; here it is several of one role that add up."""
    registering, approving = set(), {}
    for policy in policies_of(view)[role.urn]:
        given = [grant for grant in grants(policy, view) if not grant.statement.is_everything]
        if any(grant.statement.covers(REGISTER) for grant in given):
            registering.add(policy.urn)
        free = next((grant for grant in given if _may_approve(grant, policy, view)), None)
        if free is not None:
            approving[policy.urn] = (policy, free.path)
    for urn, (policy, path) in approving.items():
        if registering - {urn} and urn not in registering:
            yield Breach(f"{role.name} can approve the models that it registers", path, policy)


def _may_approve(grant: Grant, policy: Resource, view: View) -> bool:
    if not grant.statement.covers(APPROVE) or _never_approved(grant.statement):
        return False
    return not any(_forbids_approval(guard) and guard.covers(APPROVE) for guard in guarding(policy, view))
