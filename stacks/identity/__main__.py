"""The identity program: who may act in the environment, and within which limits."""

import pulumi

from stacks import provider
from stacks.components.ci_role import CiRole
from stacks.components.permission_boundary import PermissionBoundary
from stacks.components.person_role import PersonRole
from stacks.components.service_role import ServiceRole
from stacks.identity import roles
from stacks.identity.settings import IdentitySettings
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(IdentitySettings, "identity")
opts = provider.options(platform, "identity")

boundary = PermissionBoundary("boundary", roles.workload_boundary(platform, settings), opts)
ci_boundary = PermissionBoundary("ci-boundary", roles.ci_boundary(platform, settings), opts)

if settings.cluster_instance_types:
    PermissionBoundary("cluster-boundary", roles.cluster_boundary(platform, settings), opts)

ci_preview = CiRole("ci-preview", roles.ci_preview(platform, settings, ci_boundary.arn), opts)
ci_deploy = CiRole("ci-deploy", roles.ci_deployment(platform, settings, ci_boundary.arn), opts)
services = {
    role: ServiceRole(role, roles.service_role(platform, settings, role, boundary.arn), opts)
    for role in settings.service_roles
}
people_boundary = PermissionBoundary("people-boundary", roles.people_boundary(platform, settings), opts)
people = {
    name: PersonRole(name, roles.person_role(platform, settings, name, people_boundary.arn), opts)
    for name in settings.people
}
glass_boundary = PermissionBoundary("break-glass-boundary", roles.break_glass_boundary(platform, settings), opts)
break_glass = PersonRole(
    "break-glass", roles.break_glass(platform, settings, ci_deploy.policy_arns, glass_boundary.arn), opts
)

pulumi.export("boundary_arn", boundary.arn)
pulumi.export("ci_preview_role_arn", ci_preview.arn)
pulumi.export("ci_deploy_role_arn", ci_deploy.arn)
pulumi.export("break_glass_role_arn", break_glass.arn)
pulumi.export("people_role_arns", {name: person.arn for name, person in people.items()})
for role, service in services.items():
    pulumi.export(f"{role}_role_arn", service.arn)
