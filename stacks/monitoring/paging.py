"""Who is called: the topic that everything goes to, and the one whose alarms wake somebody."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import alerts
from stacks.components.alert_topic import AlertTopic, AlertTopicArgs
from stacks.components.slack_channel import SlackChannel, SlackChannelArgs
from stacks.monitoring.settings import MonitoringSettings
from stacks.settings import Platform

URL_KEY = "pagerduty_url"


@dataclass(frozen=True, kw_only=True)
class Topics:
    """ARNs of the topics; `urgent` is that of `alerts` where nobody is called."""

    alerts: pulumi.Output[str]
    urgent: pulumi.Output[str]


def topics(
    platform: Platform, settings: MonitoringSettings, key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> Topics:
    """Return the topics; the most urgent one is joined to PagerDuty where the settings ask for it.

    The address of PagerDuty's integration lets anybody raise an incident, so it is a secret of the stack's
    configuration, `monitoring:pagerduty_url`, and never a plain value. While it is missing, mails alone are sent, and
    each preview says so.
    """
    pager = _pager(settings)
    waiting = AlertTopic(
        "alerts",
        AlertTopicArgs(
            platform=platform,
            kms_key_arn=key_arn,
            email=settings.alert_email,
            https_endpoint=None if settings.paging else pager,
        ),
        opts,
    )
    if not settings.paging:
        _slack(platform, settings, [waiting.arn], opts)
        return Topics(alerts=waiting.arn, urgent=waiting.arn)
    urgent = AlertTopic(
        alerts.PAGES,
        AlertTopicArgs(
            platform=platform,
            kms_key_arn=key_arn,
            email=settings.alert_email,
            topic=alerts.PAGES,
            https_endpoint=pager,
        ),
        opts,
    )
    _slack(platform, settings, [waiting.arn, urgent.arn], opts)
    return Topics(alerts=waiting.arn, urgent=urgent.arn)


def _slack(
    platform: Platform, settings: MonitoringSettings, topic_arns: list[pulumi.Output[str]], opts: pulumi.ResourceOptions
) -> None:
    if not settings.slack_channel_id:
        return
    if not settings.slack_consented:
        pulumi.log.warn(
            "Slack is not joined: in the console of Amazon Q Developer in chat applications, account"
            f" {platform.account_id}, configure a Slack client, allow workspace {settings.slack_workspace_id},"
            " and then set monitoring:slack_consented to true; until then alarms are mails (docs/operations.md)"
        )
        return
    SlackChannel(
        "slack",
        SlackChannelArgs(
            platform=platform,
            workspace_id=settings.slack_workspace_id,
            channel_id=settings.slack_channel_id,
            topic_arns=topic_arns,
        ),
        opts,
    )


def _pager(settings: MonitoringSettings) -> pulumi.Output[str] | None:
    if not settings.pagerduty:
        return None
    url = pulumi.Config("monitoring").get_secret(URL_KEY)
    if url is None:
        pulumi.log.warn(
            "PagerDuty is not joined: set monitoring:pagerduty_url to the address of its integration, as a secret"
            " (docs/on-call.md); until then alarms are mails"
        )
    return url
