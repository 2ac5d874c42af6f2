"""Hours of an endpoint: it is deleted in the evening and made again in the morning."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names, provider
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.endpoint_hours import permissions
from stacks.documents.workflow_role import trust
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class EndpointHoursArgs:
    """`stop_expression` and `start_expression` are `cron(...)` in the IANA time zone `timezone`."""

    platform: Platform
    endpoint_name: pulumi.Input[str]
    endpoint_config_name: pulumi.Input[str]
    stop_expression: str
    start_expression: str
    timezone: str
    volume_key_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    alarm_topic_arn: pulumi.Input[str]


class EndpointHours(pulumi.ComponentResource):
    """A real-time variant keeps one instance at least, so only deletion stops its cost.

    The configuration and the model stay: the schedule of the morning makes the endpoint from them in minutes. While
    it is deleted, an update of the serving program fails and says so; start the endpoint first. The role may
    delete and create this endpoint and nothing else.
    """

    def __init__(self, name: str, args: EndpointHoursArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:EndpointHours", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(args.platform, name),
                path=names.role_path(args.platform),
                description="Stops and starts the endpoint by its hours",
                trust=trust(
                    args.platform,
                    "scheduler.amazonaws.com",
                    names.service_arn(args.platform, "scheduler", "*"),
                ),
                permissions=pulumi.Output.all(
                    endpoint=args.endpoint_name, volume_key=args.volume_key_arn, queue_key=args.kms_key_arn
                ).apply(lambda given: permissions(args.platform, **given)),
                boundary_arn=names.boundary_arn(args.platform),
            ),
            child,
        )
        tags = [{"Key": key, "Value": value} for key, value in provider.tags(args.platform, "serving").items()]
        stop = pulumi.Output.json_dumps({"EndpointName": args.endpoint_name})
        start = pulumi.Output.json_dumps(
            {"EndpointName": args.endpoint_name, "EndpointConfigName": args.endpoint_config_name, "Tags": tags}
        )
        for verb, action, expression, request in (
            ("stop", "deleteEndpoint", args.stop_expression, stop),
            ("start", "createEndpoint", args.start_expression, start),
        ):
            Schedule(
                f"{name}-{verb}",
                ScheduleArgs(
                    platform=args.platform,
                    component=f"endpoint-{verb}",
                    description=f"{verb.capitalize()}s the endpoint by its hours",
                    expression=expression,
                    timezone=args.timezone,
                    target_arn=f"arn:{args.platform.partition}:scheduler:::aws-sdk:sagemaker:{action}",
                    role_arn=role.arn,
                    kms_key_arn=args.kms_key_arn,
                    alarm_topic_arn=args.alarm_topic_arn,
                    input=request,
                ),
                child,
            )
        self.register_outputs({})
