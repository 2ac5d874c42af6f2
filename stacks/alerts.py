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

SHADOW_DAYS_OVERDUE = "ShadowDaysOverdue"
"""Days for which a candidate has been a shadow beyond those that were planned, 0 before."""
ERASURE_DAYS_LEFT = "ErasureDaysLeft"
"""Days until the most urgent erasure is due, 31 while nobody waits; the job publishes it each time it looks."""
MODEL_QUALITY = "ModelQuality"
"""The archetype's figure of quality over one window whose labels are due."""
BIAS_GAP = "BiasGap"
"""How far one group's error rate surely is from the others', as a ratio less 1; 0 is no sure difference."""
ATTRIBUTION_AGREEMENT = "AttributionAgreement"
"""How well the reasons of live answers agree with those of the approved model, 0 to 1."""
LABELLED_RECORDS = "LabelledRecords"
LABELLED_SHARE = "LabelledShare"
"""Answers of one window whose truth is known when it is due, as a count and as a share of those by the model."""
LABEL_AGE_DAYS = "LabelAgeDays"
"""Days since the newest file of labels arrived."""
UNKNOWN_LABELS = "UnknownLabels"
DUPLICATE_LABELS = "DuplicateLabels"
LATE_LABELS = "LateLabels"
"""Labels of one window that are about nothing that was asked, that a newer one replaced, that came after the lag."""
QUALITY_RUNS = "QualityRuns"
"""1 for each run that judged a window, or found that there was nothing to judge."""


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


def quality_alarm_name(platform: Platform) -> str:
    """Return the name of the alarm on the model's quality; a rule may wait for it before there is such a job."""
    return names.resource_name(platform, "quality-low")
