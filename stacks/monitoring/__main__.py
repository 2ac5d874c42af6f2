"""Drift job, alarms, dashboard, notifications and budget."""

import pulumi

from stacks import provider, settings
from stacks.components.alert_topic import AlertTopic, AlertTopicArgs
from stacks.components.environment_budget import EnvironmentBudget, EnvironmentBudgetArgs
from stacks.monitoring import watch
from stacks.monitoring.settings import MonitoringSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

platform = settings.load(Platform, "platform")
monitoring = settings.load(MonitoringSettings, "monitoring")
opts = provider.options(platform, "monitoring")
foundation = Upstream(platform, "foundation")

topic = AlertTopic(
    "alerts",
    AlertTopicArgs(platform=platform, kms_key_arn=foundation.require("logs_key_arn"), email=monitoring.alert_email),
    opts,
)
EnvironmentBudget(
    "budget",
    EnvironmentBudgetArgs(
        platform=platform,
        monthly_usd=monitoring.monthly_budget_usd,
        thresholds_percent=monitoring.budget_thresholds_percent,
        email=monitoring.alert_email,
        topic_arn=topic.arn,
    ),
    opts,
)
ground = watch.Ground(
    platform=platform,
    settings=monitoring,
    identity=Upstream(platform, "identity"),
    foundation=foundation,
    data=Upstream(platform, "data"),
    training=Upstream(platform, "training"),
    serving=Upstream(platform, "serving"),
    alert_topic_arn=topic.arn,
    opts=opts,
)
watch.break_glass(ground)
watch.endpoint(ground)
drift = watch.drift(ground)
watch.dashboard(ground)

pulumi.export("alert_topic_arn", topic.arn)
if drift:
    pulumi.export("drift_alarm_name", drift.drift_alarm_name)
    pulumi.export("drift_workflow_arn", drift.workflow_arn)
