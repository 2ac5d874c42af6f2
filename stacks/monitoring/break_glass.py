"""Who takes on the role for emergencies."""

from __future__ import annotations

from stacks import names
from stacks.components.notification import Notification, NotificationArgs
from stacks.monitoring.ground import Ground


def watch(ground: Ground) -> None:
    """Tell people whenever somebody takes on the break-glass role, or is refused it."""
    role = names.person_arn(ground.platform, "break-glass")
    args = NotificationArgs(
        platform=ground.platform,
        component="break-glass",
        description="Somebody took on the break-glass role, or tried to",
        pattern={
            "source": ["aws.sts"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [role]}},
        },
        message="Break-glass: <caller> asked for the role from <address>, error <error>.",
        fields={
            "caller": "$.detail.userIdentity.arn",
            "address": "$.detail.sourceIPAddress",
            "error": "$.detail.errorCode",
        },
        topic_arn=ground.alert_topic_arn,
        reads_too=True,
    )
    Notification("break-glass", args, ground.opts)
