"""Where alarms and notices of the environment go, and the names of the metrics that raise them.

The monitoring program creates the topic; programs deployed before it name it by its ARN, which neither
CloudWatch nor EventBridge resolves until something is sent.
"""

from __future__ import annotations

from stacks import names
from stacks.settings import Platform

TOPIC = "alerts"
PAGES = "pages"
"""The topic of the alarms that call somebody at any hour, where an environment has such."""

DRIFTED_SHARE = "DriftedFeatureShare"
"""Share of features, 0 to 1, whose distribution left the baseline's in one window."""
PREDICTION_SHIFT = "PredictionShift"
"""Jensen-Shannon distance, 0 to 1, between the predictions of one window and the baseline's."""
CAPTURED_RECORDS = "CapturedRecords"
"""Captured or scored records that one window held; a silent drift job or capture shows as missing data."""

ERASURE_DAYS_LEFT = "ErasureDaysLeft"
"""Days until the most urgent erasure is due, 31 while nobody waits; the job publishes it each time it looks."""


def topic_name(platform: Platform, topic: str = TOPIC) -> str:
    """Return the name of the topic that alarms of the environment publish to."""
    return names.resource_name(platform, topic)


def topic_arn(platform: Platform) -> str:
    """Return the ARN of the topic that alarms of the environment publish to."""
    return names.service_arn(platform, "sns", topic_name(platform))


def metric_namespace(platform: Platform) -> str:
    """Return the CloudWatch namespace of the project's own metrics in the environment."""
    return f"{platform.project}/{platform.environment}"


def drift_alarm_name(platform: Platform) -> str:
    """Return the name of the alarm on drifted features; a rule may wait for it before there is a drift job."""
    return names.resource_name(platform, "drift-features")
