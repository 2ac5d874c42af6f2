"""The roles with which CI comes in: one an environment and purpose, each of which becomes one role there."""

from __future__ import annotations

import pulumi

from stacks import names, shared_registry
from stacks.components.ci_role import CiRole, CiRoleArgs
from stacks.components.permission_boundary import PermissionBoundaryArgs
from stacks.documents import tooling
from stacks.documents.trust import ci_trust
from stacks.settings import Platform
from stacks.tooling.settings import ToolingSettings


def boundary(platform: Platform, settings: ToolingSettings) -> PermissionBoundaryArgs:
    """Return the boundary of all of them."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "entry-boundary"),
        path=names.role_path(platform),
        description="The most that CI can do in the tooling account: enter an environment",
        limits=tooling.entry_boundary(platform, settings.environments),
    )


def deploy(
    platform: Platform, settings: ToolingSettings, boundary_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Create the roles; return their ARNs by `<environment>-<purpose>`."""
    subjects = {"preview": settings.ci_preview_subjects, "deploy": settings.ci_deploy_subjects}
    found = {}
    for environment, account_id in settings.environments.items():
        home = shared_registry.environment(platform, environment, account_id)
        for purpose in tooling.PURPOSES:
            name = f"{environment}-{purpose}"
            args = CiRoleArgs(
                role_name=names.resource_name(platform, name),
                path=names.role_path(platform),
                description=f"CI jobs on their way to {purpose} in {environment}",
                trust=ci_trust(
                    platform, settings.ci_issuer_url, settings.ci_audience, subjects[purpose].get(environment, [])
                ),
                permissions={"enter": tooling.entry(home, purpose)},
                boundary_arn=boundary_arn,
            )
            found[name] = CiRole(name, args, opts).arn
    return found
