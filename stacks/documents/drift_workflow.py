"""The state machine of the drift job, as Amazon States Language with JSONata.

The job compares one whole window of captured or scored records with the baseline and writes `summary.json`;
the state machine turns it into CloudWatch metrics, so that the container needs no network at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import alerts
from stacks.documents.monitor_job import PICTURES, WINDOW_SECONDS, JobFacts, find_model, publish, read_summary, run_job

REPORTS = "drift"
"""Prefix below `capture/` in the capture bucket under which each run leaves its report."""

_METRICS = {
    alerts.DRIFTED_SHARE: "drifted_share",
    alerts.PREDICTION_SHIFT: "prediction_shift",
    alerts.CAPTURED_RECORDS: "records",
}


@dataclass(frozen=True, kw_only=True)
class DriftFacts(JobFacts):
    """Everything that the definition holds."""


def definition(facts: DriftFacts) -> dict[str, Any]:
    """Return the state machine: choose the window, find the live model, compare, read the summary, publish it.

    The baseline travels in the model's artifact: a window is always held against what the live model has seen.
    An execution whose input holds `window` (`2026/11/23`) judges that window again.
    """
    inputs = {"records": f"{{% '{facts.records_uri}/' & $window & '/' %}}", "baseline": "{% $model_uri %}"}
    return {
        "Comment": "Compare the last whole window with the baseline",
        "QueryLanguage": "JSONata",
        "StartAt": "ChooseWindow",
        "TimeoutSeconds": facts.max_runtime_seconds + 3_600,
        "States": {
            "ChooseWindow": {
                "Type": "Pass",
                "Assign": {"window": _window(facts.window), "run": "{% $substring($uuid(), 0, 13) %}"},
                "Next": "FindModel",
            },
            "FindModel": find_model(facts, "Compare"),
            "Compare": run_job(
                facts,
                "drift",
                REPORTS,
                "ReadSummary",
                variables={"DRIFT_WINDOW": "{% $window %}"},
                inputs=inputs,
            ),
            "ReadSummary": read_summary(facts, REPORTS, "PublishMetrics"),
            "PublishMetrics": publish(facts, _metric_data(facts)),
        },
    }


def _window(window: str) -> str:
    milliseconds = WINDOW_SECONDS[window] * 1000
    last = f"$fromMillis($toMillis($states.context.Execution.StartTime) - {milliseconds}, '{PICTURES[window]}')"
    return f"{{% $exists($states.input.window) ? $states.input.window : {last} %}}"


def _metric_data(facts: DriftFacts) -> list[dict[str, Any]]:
    return [
        {"MetricName": metric, "Dimensions": facts.dimensions, "Value": f"{{% $summary.{field} %}}"}
        for metric, field in _METRICS.items()
    ]
