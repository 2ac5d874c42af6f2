"""Jobs that watch drift, quality and bias; alarms, dashboards, notifications and budget."""

import pulumi

from stacks import provider, settings
from stacks.monitoring import (
    accelerators,
    break_glass,
    dashboards,
    devices,
    drift,
    endpoints,
    language_server,
    paging,
    quality,
    spending,
    teams,
)
from stacks.monitoring.ground import Ground
from stacks.monitoring.settings import MonitoringSettings
from stacks.settings import Platform
from stacks.upstream import Upstream

platform = settings.load(Platform, "platform")
monitoring = settings.load(MonitoringSettings, "monitoring")
opts = provider.options(platform, "monitoring")
foundation = Upstream(platform, "foundation")

topics = paging.topics(platform, monitoring, foundation.require("logs_key_arn"), opts)
ground = Ground(
    platform=platform,
    settings=monitoring,
    identity=Upstream(platform, "identity"),
    foundation=foundation,
    data=Upstream(platform, "data"),
    training=Upstream(platform, "training"),
    serving=Upstream(platform, "serving"),
    alert_topic_arn=topics.alerts,
    urgent_topic_arn=topics.urgent,
    opts=opts,
)
spending.watch(ground)
teams.watch(ground)
break_glass.watch(ground)
accelerators.watch(ground)
devices.watch(ground)
endpoints.watch(ground)
language_server.watch(ground)
monitors = drift.watch(ground)
judges = quality.watch(ground)
watchers = [*monitors.values(), *judges.values()]
dashboards.draw(ground, [name for watcher in watchers for name in watcher.alarm_names], [*judges])

pulumi.export("alert_topic_arn", topics.alerts)
pulumi.export("urgent_topic_arn", topics.urgent)
if monitoring.watched_devices:
    pulumi.export("watched_devices", monitoring.watched_devices)
for mode, monitor in monitors.items():
    prefix = "drift" if mode == ground.capturing_modes[0] else f"{mode}_drift"
    pulumi.export(f"{prefix}_alarm_name", monitor.drift_alarm_name)
    pulumi.export(f"{prefix}_workflow_arn", monitor.workflow_arn)
for mode, judge in judges.items():
    prefix = "quality" if mode == ground.capturing_modes[0] else f"{mode}_quality"
    pulumi.export(f"{prefix}_alarm_name", judge.quality_alarm_name)
    pulumi.export(f"{prefix}_workflow_arn", judge.workflow_arn)
