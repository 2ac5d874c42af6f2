"""The state machine that tells when a shadow has run its days, as Amazon States Language with JSONata.

It compares what both variants were measured at and tells people; nothing is promoted or ended by it. The candidate's
age is that of its model, which stays while the package stays: a changed configuration does not begin it anew.
Sources, read 2026-11-26: SageMaker API Reference, DescribeModel (CreationTime); CloudWatch API Reference,
GetMetricData; SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import alerts

DAY_MILLISECONDS = 86_400_000
DAY_SECONDS = 86_400
MICROSECONDS_PER_MILLISECOND = 1000
LONGEST_LOOK_DAYS = 14
"""CloudWatch keeps metrics by the minute for 15 days."""
SUBJECT_CHARACTERS = 100


@dataclass(frozen=True, kw_only=True)
class ShadowFacts:
    """Everything that the definition holds; `days` is how long the shadow was meant to run."""

    partition: str
    endpoint_name: str
    live_variant: str
    candidate_variant: str
    model_name: str
    package_arn: str
    days: int
    topic_arn: str
    metric_namespace: str
    records_uri: str
    environment: str


def definition(facts: ShadowFacts) -> dict[str, Any]:
    """Return the state machine: how old is the candidate; once it is due, measure both, tell; publish by how much."""
    age = f"$floor(($toMillis($states.context.State.EnteredTime) - $toMillis($created)) / {DAY_MILLISECONDS})"
    return {
        "Comment": "Tell when a shadow has run its days",
        "QueryLanguage": "JSONata",
        "StartAt": "FindCandidate",
        "TimeoutSeconds": 900,
        "States": {
            "FindCandidate": {
                **_call(facts, "sagemaker", "describeModel"),
                "Arguments": {"ModelName": facts.model_name},
                "Assign": {"created": "{% $states.result.CreationTime %}"},
                "Next": "CountDays",
            },
            "CountDays": {"Type": "Pass", "Assign": {"age": f"{{% {age} %}}"}, "Next": "IsDue"},
            "IsDue": {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% $age >= {facts.days} %}}", "Next": "Measure"}],
                "Default": "PublishOverdue",
            },
            "Measure": _measure(facts),
            "Tell": {
                **_call(facts, "sns", "publish"),
                "Arguments": {"TopicArn": facts.topic_arn, "Subject": _subject(facts), "Message": _message(facts)},
                "Next": "PublishOverdue",
            },
            "PublishOverdue": {
                **_call(facts, "cloudwatch", "putMetricData"),
                "Arguments": {
                    "Namespace": facts.metric_namespace,
                    "MetricData": [
                        {
                            "MetricName": alerts.SHADOW_DAYS_OVERDUE,
                            "Dimensions": [{"Name": "Source", "Value": facts.endpoint_name}],
                            "Value": f"{{% $max([0, $age - {facts.days}]) %}}",
                        }
                    ],
                },
                "End": True,
            },
        },
    }


def _measure(facts: ShadowFacts) -> dict[str, Any]:
    """Return the state that reads requests, failures and latency of both variants, a value a day each."""
    look = min(facts.days, LONGEST_LOOK_DAYS) * DAY_MILLISECONDS
    now = "$toMillis($states.context.State.EnteredTime)"
    metrics = (
        ("requests", "Invocations", "Sum"),
        ("failures", "Invocation5XXErrors", "Average"),
        ("latency", "ModelLatency", "p99"),
    )
    variants = (("live", facts.live_variant), ("candidate", facts.candidate_variant))
    return {
        **_call(facts, "cloudwatch", "getMetricData"),
        "Arguments": {
            "StartTime": f"{{% $fromMillis({now} - {look}) %}}",
            "EndTime": f"{{% $fromMillis({now}) %}}",
            "MetricDataQueries": [
                _query(facts, f"{which}_{name}", variant, metric, statistic)
                for which, variant in variants
                for name, metric, statistic in metrics
            ],
        },
        "Assign": {
            f"{which}_{name}": f"{{% [$states.result.MetricDataResults[Id = '{which}_{name}'].Values] %}}"
            for which, _ in variants
            for name, _, _ in metrics
        },
        "Next": "Tell",
    }


def _query(facts: ShadowFacts, identity: str, variant: str, metric: str, statistic: str) -> dict[str, Any]:
    dimensions = {"EndpointName": facts.endpoint_name, "VariantName": variant}
    return {
        "Id": identity,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SageMaker",
                "MetricName": metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            },
            "Period": DAY_SECONDS,
            "Stat": statistic,
        },
        "ReturnData": True,
    }


def _subject(facts: ShadowFacts) -> str:
    return f"Shadow of {facts.endpoint_name} has run its {facts.days} days"[:SUBJECT_CHARACTERS]


def _message(facts: ShadowFacts) -> str:
    def row(which: str) -> str:
        requests = f"$string($sum(${which}_requests)) & ' requests, '"
        failures = f"$string($round($average(${which}_failures) * 100, 3)) & ' % failed, '"
        latency = f"$string($round($max(${which}_latency) / {MICROSECONDS_PER_MILLISECOND}, 1))"
        said = f"{requests} & {failures} & 'worst daily p99 ' & {latency} & ' ms'"
        return f"($count(${which}_requests) = 0 ? 'no requests were measured' : {said})"

    head = (
        f"{facts.environment}: the candidate of {facts.endpoint_name} has been a shadow for ' & $string($age) & ' days,"
        f" {facts.days} were planned. Package {facts.package_arn}.\\n\\n"
    )
    compare = (
        f"\\n\\nCaptured answers of both: {facts.records_uri}/{facts.live_variant} and /{facts.candidate_variant}."
    )
    ways = (
        "\\n\\nNobody promotes it but you: docs/shadow.md has the commands. Name its package as"
        " serving:model_package_arn or drop it, take serving:realtime_shadow_model_package_arn away, and run make up."
        " Until then a second fleet is paid, and an alarm rings from tomorrow on."
    )
    return f"{{% '{head}live: ' & {row('live')} & '\\ncandidate: ' & {row('candidate')} & '{compare}{ways}' %}}"


def _call(facts: ShadowFacts, service: str, action: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:{facts.partition}:states:::aws-sdk:{service}:{action}"}
