"""The switch that takes the model out of decisions."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.components.notification import Notification, NotificationArgs
from stacks.settings import Platform

POSITIONS = ("model", "rules", "refuse")
"""Answer by the model, by the rules that stand in for it, or not at all."""


@dataclass(frozen=True, kw_only=True)
class KillSwitchArgs:
    """`alarm_topic_arn` hears of every change."""

    platform: Platform
    alarm_topic_arn: pulumi.Input[str]


class KillSwitch(pulumi.ComponentResource):
    """A Systems Manager parameter rather than an AppConfig deployment.

    In an incident one `ssm put-parameter` must do: no version to create, no deployment to start, no strategy
    that could roll the flip back. The pattern refuses typing errors, the last hundred positions stay in the
    parameter's history, and each change is an event. An update of this program never flips it back: its value
    belongs to the operators. It is no secret, so it is stored in clear.
    """

    parameter_name: pulumi.Output[str]

    def __init__(self, name: str, args: KillSwitchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:KillSwitch", name, None, opts)
        path = parameter_path(args.platform)
        switch = aws.ssm.Parameter(
            name,
            name=path,
            type="String",
            insecure_value=POSITIONS[0],
            allowed_pattern=f"^({'|'.join(POSITIONS)})$",
            description=f"How requests are answered: {', '.join(POSITIONS)}",
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["insecureValue"]),
        )
        Notification(
            name,
            NotificationArgs(
                platform=args.platform,
                component=name,
                description="The kill switch was moved",
                pattern={
                    "source": ["aws.ssm"],
                    "detail-type": ["Parameter Store Change"],
                    "detail": {"name": [path]},
                },
                message="Kill switch <switch>: <operation>. Its history says who moved it where.",
                fields={"switch": "$.detail.name", "operation": "$.detail.operation"},
                topic_arn=args.alarm_topic_arn,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.parameter_name = switch.name
        self.register_outputs({"parameter_name": self.parameter_name})


def parameter_path(platform: Platform) -> str:
    """Return the name under which the serving application reads the switch."""
    return f"/{platform.project}/{platform.environment}/kill-switch"
