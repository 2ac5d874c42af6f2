"""The scheduled drift job, the metrics it feeds and the alarms on them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import alerts, names
from stacks.components import monitoring_job
from stacks.components.drift_alarms import DriftAlarms, DriftAlarmsArgs
from stacks.components.monitoring_job import MonitoringJobArgs
from stacks.documents.drift_workflow import REPORTS, DriftFacts, definition


@dataclass(frozen=True, kw_only=True)
class DriftMonitorArgs(MonitoringJobArgs):
    """The baseline is in the live model; thresholds are shares from 0 to 1."""

    share_threshold: float


class DriftMonitor(pulumi.ComponentResource):
    """A job of our own: the managed monitoring services are closed to new customers since 2026-07-30."""

    drift_alarm_name: pulumi.Output[str]
    alarm_names: list[pulumi.Output[str]]
    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: DriftMonitorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:DriftMonitor", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workflow = monitoring_job.workflow(
            name,
            args,
            child,
            description="Compares the last window with the baseline",
            definition=monitoring_job.facts(name, args, DriftFacts).apply(definition),
            reports=REPORTS,
        )
        monitoring_job.start(name, args, workflow.arn, child, "Starts the drift job")
        alarms = DriftAlarms(
            name,
            DriftAlarmsArgs(
                name_prefix=names.resource_name(args.platform, name),
                metric_namespace=alerts.metric_namespace(args.platform),
                source=args.source,
                live=args.live,
                window=args.window,
                share_threshold=args.share_threshold,
                windows=args.windows,
                windows_breaching=args.windows_breaching,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self.drift_alarm_name = alarms.drift_alarm_name
        self.alarm_names = alarms.alarm_names
        self.workflow_arn = workflow.arn
        self.register_outputs({"drift_alarm_name": self.drift_alarm_name, "workflow_arn": self.workflow_arn})
