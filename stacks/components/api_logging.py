"""The role with which API Gateway writes the logs of every API of an account and Region; there is one of it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.boundary import WRITE_API_LOGS
from stacks.documents.model_api import trust
from stacks.documents.statement import allow, document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ApiLoggingArgs:
    """`boundary_arn` limits the role."""

    platform: Platform
    boundary_arn: pulumi.Input[str]


class ApiLogging(pulumi.ComponentResource):
    """Without it no stage logs: API Gateway asks for it when the first one is to."""

    def __init__(self, name: str, args: ApiLoggingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:ApiLogging", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, "api-logs"),
                path=names.role_path(platform),
                description="API Gateway writes the logs of its APIs",
                trust=trust(),
                permissions=document(
                    [allow("WriteLogs", WRITE_API_LOGS, names.service_arn(platform, "logs", "log-group:*"))]
                ),
                boundary_arn=args.boundary_arn,
            ),
            child,
        )
        aws.apigateway.Account(
            name, cloudwatch_role_arn=role.arn, opts=pulumi.ResourceOptions(parent=self, depends_on=[role])
        )
        self.register_outputs({})
