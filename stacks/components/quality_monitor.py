"""The scheduled job that judges the model by late labels, the metrics it feeds and the alarms on them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import alerts, names
from stacks.components import monitoring_job
from stacks.components.monitoring_job import MonitoringJobArgs
from stacks.components.quality_alarms import QualityAlarms, QualityAlarmsArgs
from stacks.documents.quality_workflow import REPORTS, QualityFacts, definition, parted
from stacks.documents.statement import Statement, allow
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class QualityMonitorArgs(MonitoringJobArgs):
    """What was asked and what turned out lie below `truth_uri`/events and `truth_uri`/labels, by the record's window.

    `label_lag_days` after its window a record is judged; `metric` with its `minimum` is that of the registration gate.
    """

    truth_uri: pulumi.Input[str]
    label_lag_days: int
    stale_days: int
    metric: str
    minimum: float
    maximum_gap: float | None
    least_agreement: float


class QualityMonitor(pulumi.ComponentResource):
    """A job of our own: the managed monitoring services are closed to new customers since 2026-07-30."""

    quality_alarm_name: pulumi.Output[str]
    alarm_names: list[pulumi.Output[str]]
    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: QualityMonitorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:QualityMonitor", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        facts = monitoring_job.facts(
            name,
            args,
            QualityFacts,
            truth_uri=args.truth_uri,
            label_lag_days=args.label_lag_days,
            metric=args.metric,
        )
        workflow = monitoring_job.workflow(
            name,
            args,
            child,
            description="Judges quality and bias by labels that are due",
            definition=facts.apply(definition),
            reports=REPORTS,
            permissions=facts.apply(lambda known: _listing(args.platform, known)),
        )
        monitoring_job.start(name, args, workflow.arn, child, "Starts the job that judges quality and bias")
        alarms = QualityAlarms(
            name,
            QualityAlarmsArgs(
                name_prefix=names.resource_name(args.platform, name),
                metric_namespace=alerts.metric_namespace(args.platform),
                source=args.source,
                live=args.live,
                metric=args.metric,
                minimum=args.minimum,
                maximum_gap=args.maximum_gap,
                least_agreement=args.least_agreement,
                stale_days=args.stale_days,
                label_lag_days=args.label_lag_days,
                windows=args.windows,
                windows_breaching=args.windows_breaching,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self.quality_alarm_name = alarms.quality_alarm_name
        self.alarm_names = alarms.alarm_names
        self.workflow_arn = workflow.arn
        self.register_outputs({"quality_alarm_name": self.quality_alarm_name, "workflow_arn": self.workflow_arn})


def _listing(platform: Platform, facts: QualityFacts) -> list[Statement]:
    """Return what it takes to see whether a window has records and labels: names of files, never what is in them."""
    found: list[Statement] = []
    for sid, uri in (("SeeRecords", facts.records_uri), ("SeeLabels", f"{facts.truth_uri}/labels")):
        bucket, prefix = parted(uri)
        arn = f"arn:{platform.partition}:s3:::{bucket}"
        found.append(allow(sid, ["s3:ListBucket"], arn, StringLike={"s3:prefix": f"{prefix}/*"}))
    return found
