"""A Step Functions state machine with its role, its encrypted log and an alarm on failed executions."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.occurrence_alarm import occurrence_alarm
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import workflow_role
from stacks.documents.statement import Statement, document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class WorkflowArgs:
    """`component` names the machine; `permissions` are the IAM statements of its states.

    Log delivery and the use of `kms_key_arn` are added. `log_retention_days` is a value that CloudWatch
    Logs accepts.
    """

    platform: Platform
    component: str
    description: str
    definition: pulumi.Input[str]
    permissions: pulumi.Input[list[Statement]]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class Workflow(pulumi.ComponentResource):
    """A standard state machine; inputs and outputs of executions are encrypted and never logged."""

    arn: pulumi.Output[str]
    alarm_name: pulumi.Output[str]

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:workflow:Workflow", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, args.component)
        # Below this prefix log delivery needs no resource policy, of which an account has ten in all.
        log = log_group(
            name,
            log_group_name=f"/aws/vendedlogs/states/{full_name}",
            kms_key_arn=args.log_kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        role = ServiceRole(name, _role(full_name, args), child)
        machine = aws.sfn.StateMachine(
            name,
            name=full_name,
            role_arn=role.arn,
            definition=args.definition,
            encryption_configuration={
                "type": "CUSTOMER_MANAGED_KMS_KEY",
                "kms_key_id": args.kms_key_arn,
                "kms_data_key_reuse_period_seconds": 300,
            },
            logging_configuration={
                "level": "ALL",
                "include_execution_data": False,
                "log_destination": log.arn.apply(lambda arn: f"{arn}:*"),
            },
            opts=child,
        )
        alarm = occurrence_alarm(
            name,
            alarm_name=f"{full_name}-failed",
            description=f"An execution failed: {args.description}",
            namespace="AWS/States",
            metric_name="ExecutionsFailed",
            dimensions={"StateMachineArn": machine.arn},
            statistic="Sum",
            topic_arn=args.alarm_topic_arn,
            opts=child,
        )
        self.arn = machine.arn
        self.alarm_name = alarm.name
        self.register_outputs({"arn": self.arn})


def _role(full_name: str, args: WorkflowArgs) -> ServiceRoleArgs:
    permissions = pulumi.Output.all(statements=args.permissions, key=args.kms_key_arn).apply(
        lambda given: document(
            [*given["statements"], workflow_role.key_statement(given["key"]), workflow_role.logging_statement()]
        )
    )
    source = names.service_arn(args.platform, "states", f"stateMachine:{full_name}")
    return ServiceRoleArgs(
        role_name=full_name,
        path=names.role_path(args.platform),
        description=args.description,
        trust=workflow_role.trust(args.platform, "states.amazonaws.com", source),
        permissions=permissions,
        boundary_arn=names.boundary_arn(args.platform),
    )
