"""What stands between a load balancer and an endpoint of SageMaker: a function in the network that signs requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import balancer as documents
from stacks.documents.grant import Grants
from stacks.settings import Platform

SCRIPT = Path(__file__).parents[1] / "scripts" / "forward_request.py"
MEMORY_MB = 512
RUNTIME = "python3.13"


@dataclass(frozen=True, kw_only=True)
class EndpointForwarderArgs:
    """`component_name` is that of an inference component; empty: the endpoint has one model.

    `concurrency` is kept free for the function; 0: it shares what the account has.
    """

    platform: Platform
    endpoint_name: str
    component_name: str
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_id: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    concurrency: int


class EndpointForwarder(pulumi.ComponentResource):
    """A function, its role that invokes one endpoint, and the target group that calls it."""

    target_group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EndpointForwarderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:EndpointForwarder", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        function = _function(name, args, child)
        target = aws.lb.TargetGroup(name, name=names.balancer_name(platform, "fn"), target_type="lambda", opts=child)
        permission = aws.lambda_.Permission(
            name,
            function=function.name,
            action="lambda:InvokeFunction",
            principal="elasticloadbalancing.amazonaws.com",
            source_arn=target.arn,
            source_account=platform.account_id,
            opts=child,
        )
        aws.lb.TargetGroupAttachment(
            name,
            target_group_arn=target.arn,
            target_id=function.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        self.target_group_arn = target.arn
        self.register_outputs({"target_group_arn": self.target_group_arn})


def _function(name: str, args: EndpointForwarderArgs, child: pulumi.ResourceOptions) -> aws.lambda_.Function:
    platform = args.platform
    full_name = names.resource_name(platform, name)
    log = names.log_group_name(platform, name)
    group = log_group(
        name,
        log_group_name=log,
        kms_key_arn=args.log_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    grants = Grants(platform=platform, buckets=(), key_classes=())
    role = ServiceRole(
        name,
        ServiceRoleArgs(
            role_name=full_name,
            path=names.role_path(platform),
            description="The load balancer before the endpoint",
            trust=documents.function_trust(),
            permissions=documents.function_permissions(grants, args.endpoint_name, args.component_name, log),
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )
    return aws.lambda_.Function(
        name,
        name=full_name,
        description="Passes requests of the load balancer to the endpoint",
        runtime=RUNTIME,
        handler=f"{SCRIPT.stem}.handler",
        code=pulumi.AssetArchive({SCRIPT.name: pulumi.FileAsset(str(SCRIPT))}),
        role=role.arn,
        architectures=["arm64"],
        memory_size=MEMORY_MB,
        timeout=documents.LONGEST_SECONDS + 5,
        reserved_concurrent_executions=args.concurrency or None,
        environment={
            "variables": {"ENDPOINT_NAME": args.endpoint_name, "COMPONENT_NAME": args.component_name},
        },
        logging_config={"log_format": "Text", "log_group": log},
        vpc_config={"subnet_ids": args.subnet_ids, "security_group_ids": [args.security_group_id]},
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role, group])),
    )
