"""The scheduled job that erases people: a container on Fargate, under roles of its own, run and watched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents import erasure
from stacks.documents.statement import Document
from stacks.documents.trust import service_trust
from stacks.settings import Platform

DAILY = "cron(0 3 * * ? *)"
TASKS = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class ErasureJobArgs:
    """`place` is what the job's container is told, `permissions` what its role may do there."""

    platform: Platform
    package: str
    image_uri: pulumi.Input[str]
    place: pulumi.Input[str]
    permissions: pulumi.Input[Document]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    scheduler_role_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    schedule_timezone: str
    alarm_topic_arn: pulumi.Input[str]


class ErasureJob(pulumi.ComponentResource):
    """Runs every night, an hour in which few write; without an open request it reads the register and ends."""

    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ErasureJobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:ErasureJob", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, full_name = args.platform, names.resource_name(args.platform, name)
        queue = self._queue(name, args)
        definition = self._definition(name, args)
        permissions = pulumi.Output.all(queue.arn, definition.arn).apply(
            lambda arns: erasure.run_permissions(platform, queue_arn=arns[0], definition_arn=arns[1])
        )
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=platform,
                component=name,
                description="Erases people who asked for it",
                definition=pulumi.Output.all(queue.arn, definition.arn).apply(
                    lambda arns: json.dumps(
                        erasure.definition(platform, job_name=full_name, queue_arn=arns[0], definition_arn=arns[1])
                    )
                ),
                permissions=permissions,
                kms_key_arn=args.workflow_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        Schedule(
            f"{name}-start",
            ScheduleArgs(
                platform=platform,
                component=f"{name}-start",
                description="Starts the erasure job",
                expression=DAILY,
                timezone=args.schedule_timezone,
                target_arn=workflow.arn,
                role_arn=args.scheduler_role_arn,
                kms_key_arn=args.log_key_arn,
                alarm_topic_arn=args.alarm_topic_arn,
                input="{}",
            ),
            child,
        )
        self.workflow_arn = workflow.arn
        self.register_outputs({"workflow_arn": self.workflow_arn})

    def _queue(self, name: str, args: ErasureJobArgs) -> aws.batch.JobQueue:
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        machines = aws.batch.ComputeEnvironment(
            name,
            name_prefix=f"{full_name}-",
            type="MANAGED",
            state="ENABLED",
            compute_resources={
                "type": "FARGATE",
                # One run at a time: two would only wait for each other.
                "max_vcpus": erasure.VCPUS,
                "subnets": args.subnet_ids,
                "security_group_ids": [args.security_group_id],
            },
            opts=child,
        )
        return aws.batch.JobQueue(
            name,
            name=full_name,
            state="ENABLED",
            priority=1,
            compute_environment_orders=[{"order": 1, "compute_environment": machines.arn}],
            opts=child,
        )

    def _definition(self, name: str, args: ErasureJobArgs) -> aws.batch.JobDefinition:
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        log = log_group(
            f"{name}-job",
            log_group_name=names.log_group_name(platform, f"{name}-job"),
            kms_key_arn=args.log_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        job_role = self._role(f"{name}-job", "Erases people from all that the platform keeps", args, args.permissions)
        start = log.arn.apply(lambda arn: erasure.start_permissions(platform, arn))
        start_role = self._role(f"{name}-container", "Starts the container of the erasure job", args, start)
        resolved = pulumi.Output.all(
            image_uri=args.image_uri,
            job_role_arn=job_role.arn,
            execution_role_arn=start_role.arn,
            log_group=log.name,
            place=args.place,
        )

        def properties(given: dict[str, Any]) -> str:
            return json.dumps(erasure.container(platform, package=args.package, **given), sort_keys=True)

        return aws.batch.JobDefinition(
            name,
            name=names.resource_name(platform, name),
            type="container",
            platform_capabilities=["FARGATE"],
            container_properties=resolved.apply(properties),
            propagate_tags=True,
            timeout={"attempt_duration_seconds": erasure.LONGEST_RUN_SECONDS},
            # What exits by itself would exit again; the next night resumes it.
            retry_strategy={"attempts": 1},
            opts=child,
        )

    def _role(
        self, label: str, description: str, args: ErasureJobArgs, permissions: pulumi.Input[Document]
    ) -> ServiceRole:
        platform = args.platform
        return ServiceRole(
            label,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, label),
                path=names.role_path(platform),
                description=description,
                trust=service_trust(platform, [TASKS], [names.service_arn(platform, "ecs", "*")]),
                permissions=permissions,
                boundary_arn=names.boundary_arn(platform),
            ),
            pulumi.ResourceOptions(parent=self),
        )
