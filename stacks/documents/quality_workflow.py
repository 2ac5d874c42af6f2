"""The state machine that judges the model by labels that come late, as Amazon States Language with JSONata.

The window that is judged lies so far back that its labels are due. What was asked in it and what turned out lie below
`truth_uri`, partitioned like the records: events/yyyy/mm/dd[/hh] and labels/yyyy/mm/dd[/hh] (UTC), by the window of the
record that they are about. Files of labels are added there as they arrive. The state machine looks whether there is
anything to judge before it starts a job, since SageMaker fails a job whose input is empty; it tells how old the newest
label is, and turns the job's summary into metrics, so that the container needs no network at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import alerts
from stacks.documents.monitor_job import PICTURES, WINDOW_SECONDS, JobFacts, find_model, publish, read_summary, run_job

REPORTS = "quality"
"""Prefix below `capture/` in the capture bucket under which each run leaves its report."""
DAY_MILLISECONDS = 86_400_000
_START = "$toMillis($states.context.Execution.StartTime)"
_METRICS = {
    alerts.BIAS_GAP: "bias_gap",
    alerts.ATTRIBUTION_AGREEMENT: "attribution_agreement",
    alerts.LABELLED_RECORDS: "labelled",
    alerts.LABELLED_SHARE: "labelled_share",
    alerts.UNKNOWN_LABELS: "unknown_labels",
    alerts.DUPLICATE_LABELS: "duplicate_labels",
    alerts.LATE_LABELS: "late_labels",
}


@dataclass(frozen=True, kw_only=True)
class QualityFacts(JobFacts):
    """Everything that the definition holds; `metric` is the figure of the summary's `quality` that is published."""

    truth_uri: str
    label_lag_days: int
    metric: str


def definition(facts: QualityFacts) -> dict[str, Any]:
    """Return the state machine; an execution whose input holds `window` (`2026/11/23`) judges that window again."""
    return {
        "Comment": "Judge a window whose labels are due: quality, bias and attributions",
        "QueryLanguage": "JSONata",
        "StartAt": "ChooseWindow",
        "TimeoutSeconds": facts.max_runtime_seconds + 3_600,
        "States": {
            "ChooseWindow": {
                "Type": "Pass",
                "Assign": {
                    "window": _window(facts),
                    "recent_days": _recent_days(facts),
                    "run": "{% $substring($uuid(), 0, 13) %}",
                },
                "Next": "FindRecords",
            },
            "FindRecords": _look(facts, facts.records_uri, "records", "AnyRecords"),
            "AnyRecords": _choice("records", "FindNewestLabel", "NothingToJudge"),
            "NothingToJudge": publish(facts, [_metric(facts, alerts.QUALITY_RUNS, 1)]),
            "FindNewestLabel": _newest_label(facts),
            "TellLabelAge": publish(facts, [_metric(facts, alerts.LABEL_AGE_DAYS, _label_age(facts))], "FindLabels"),
            "FindLabels": _look(facts, f"{facts.truth_uri}/labels", "labels", "AnyLabels"),
            "AnyLabels": _choice("labels", "FindModel", "NoLabels"),
            "NoLabels": publish(facts, [_metric(facts, name, value) for name, value in _NO_LABELS.items()]),
            "FindModel": find_model(facts, "Judge"),
            "Judge": run_job(facts, "quality", REPORTS, "ReadSummary", variables=_VARIABLES, inputs=_inputs(facts)),
            "ReadSummary": read_summary(facts, REPORTS, "PublishMetrics"),
            "PublishMetrics": publish(facts, _metric_data(facts)),
        },
    }


_NO_LABELS = {alerts.QUALITY_RUNS: 1, alerts.LABELLED_RECORDS: 0, alerts.LABELLED_SHARE: 0}
_VARIABLES = {"QUALITY_WINDOW": "{% $window %}", "QUALITY_NOW": "{% $states.context.Execution.StartTime %}"}


def _window(facts: QualityFacts) -> str:
    ago = facts.label_lag_days * DAY_MILLISECONDS + WINDOW_SECONDS[facts.window] * 1000
    due = f"$fromMillis({_START} - {ago}, '{PICTURES[facts.window]}')"
    return f"{{% $exists($states.input.window) ? $states.input.window : {due} %}}"


def _recent_days(facts: QualityFacts) -> str:
    """Return the days whose records may have got a label by now, the newest first."""
    day = f"$fromMillis({_START} - $ * {DAY_MILLISECONDS}, '{PICTURES['day']}')"
    return f"{{% [0..{facts.label_lag_days + 1}].({day}) %}}"


def _look(facts: QualityFacts, uri: str, what: str, then: str) -> dict[str, Any]:
    """Return the state that counts whether anything lies in the window below `uri`."""
    bucket, prefix = parted(uri)
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:s3:listObjectsV2",
        "Arguments": {"Bucket": bucket, "Prefix": f"{{% '{prefix}/' & $window & '/' %}}", "MaxKeys": 1},
        "Assign": {f"{what}_found": "{% $states.result.KeyCount %}"},
        "Next": then,
    }


def _choice(what: str, found: str, nothing: str) -> dict[str, Any]:
    return {
        "Type": "Choice",
        "Choices": [{"Condition": f"{{% ${what}_found > 0 %}}", "Next": found}],
        "Default": nothing,
    }


def _newest_label(facts: QualityFacts) -> dict[str, Any]:
    """Return the state that finds when the newest label arrived, in milliseconds; 0 where there is none.

    A listing holds up to 1,000 files of a day; with more of them the newest may be missed, never by more than a day's.
    """
    bucket, prefix = parted(f"{facts.truth_uri}/labels")
    newest = "$max($states.result.Contents.$toMillis(LastModified))"
    return {
        "Type": "Map",
        "Items": "{% $recent_days %}",
        "MaxConcurrency": 5,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "ListLabels",
            "States": {
                "ListLabels": {
                    "Type": "Task",
                    "Resource": f"arn:{facts.partition}:states:::aws-sdk:s3:listObjectsV2",
                    "Arguments": {"Bucket": bucket, "Prefix": f"{{% '{prefix}/' & $states.input & '/' %}}"},
                    "Output": f"{{% $exists($states.result.Contents) ? {newest} : 0 %}}",
                    "End": True,
                }
            },
        },
        "Assign": {"newest_label": "{% $max($states.result) %}"},
        "Next": "TellLabelAge",
    }


def _label_age(facts: QualityFacts) -> str:
    # Without any label of these days the newest is older than all of them.
    age = f"({_START} - $newest_label) / {DAY_MILLISECONDS}"
    return f"{{% $newest_label = 0 ? {facts.label_lag_days + 2} : {age} %}}"


def _inputs(facts: QualityFacts) -> dict[str, str]:
    return {
        "records": f"{{% '{facts.records_uri}/' & $window & '/' %}}",
        "events": f"{{% '{facts.truth_uri}/events/' & $window & '/' %}}",
        "labels": f"{{% '{facts.truth_uri}/labels/' & $window & '/' %}}",
        "model": "{% $model_uri %}",
    }


def _metric(facts: QualityFacts, name: str, value: object) -> dict[str, Any]:
    return {"MetricName": name, "Dimensions": facts.dimensions, "Value": value}


def _metric_data(facts: QualityFacts) -> str:
    """Return the figures of the summary that are known; what is null was too little to judge, and is not published.

    The count of labels is always there, so that what is left is a list and not a single row.
    """
    fields = {alerts.MODEL_QUALITY: f"quality.{facts.metric}", **_METRICS}
    dimensions = f"[{{'Name': 'Source', 'Value': '{facts.source}'}}]"
    rows = [f"{{'MetricName': '{alerts.QUALITY_RUNS}', 'Dimensions': {dimensions}, 'Value': 1}}"]
    rows += [
        f"{{'MetricName': '{metric}', 'Dimensions': {dimensions}, 'Value': $summary.{field}}}"
        for metric, field in fields.items()
    ]
    return f"{{% [{', '.join(rows)}][$type(Value) = 'number'] %}}"


def parted(uri: str) -> tuple[str, str]:
    """Return bucket and prefix of an S3 URI without a trailing slash."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bucket, prefix
