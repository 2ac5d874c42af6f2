"""What Device Defender looks for: in the account once a day, and in what each device does."""

from __future__ import annotations

from typing import Any

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

AUDIT_CONFIGURATION = "AWS::IoT::AccountAuditConfiguration"
SCHEDULED_AUDIT = "AWS::IoT::ScheduledAudit"
SECURITY_PROFILE = "AWS::IoT::SecurityProfile"
FLEET_METRIC = "AWS::IoT::FleetMetric"
CHECKS = (
    "CA_CERTIFICATE_EXPIRING_CHECK",
    "CA_CERTIFICATE_KEY_QUALITY_CHECK",
    "CONFLICTING_CLIENT_IDS_CHECK",
    "DEVICE_CERTIFICATE_EXPIRING_CHECK",
    "DEVICE_CERTIFICATE_KEY_QUALITY_CHECK",
    "DEVICE_CERTIFICATE_SHARED_CHECK",
    "IOT_POLICY_OVERLY_PERMISSIVE_CHECK",
    "LOGGING_DISABLED_CHECK",
    "REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK",
    "REVOKED_DEVICE_CERTIFICATE_STILL_ACTIVE_CHECK",
)
"""Checks of an audit that are about devices, certificates and their policies; CloudFormation schema of
AWS::IoT::AccountAuditConfiguration, read 2026-11-26."""
ALARMED = ("CONFLICTING_CLIENT_IDS_CHECK", "DEVICE_CERTIFICATE_SHARED_CHECK", "IOT_POLICY_OVERLY_PERMISSIVE_CHECK")
"""Checks whose failure is a device that was copied, or one that may do too much: they raise an alarm."""
LOG_GROUP = "AWSIotLogsV2"
"""Where IoT Core logs; the name is the service's own."""
MINUTE_MESSAGES_FACTOR = 10
WINDOW_SECONDS = 300
AUDITED = tuple(
    f"iot:{action}"
    for action in (
        *("DescribeCACertificate", "DescribeCertificate", "GetEffectivePolicies", "GetLoggingOptions", "GetPolicy"),
        *("GetV2LoggingOptions", "ListCACertificates", "ListCertificates", "ListPolicies"),
    )
)
"""What AWSIoTDeviceDefenderAudit holds of IoT, AWS Managed Policy Reference; no check looks into IAM or Cognito."""


def audit_name(platform: Platform) -> str:
    """Return the name of the daily audit."""
    return names.resource_name(platform, "device-audit")


def profile_name(platform: Platform) -> str:
    """Return the name of the security profile of the environment's devices."""
    return names.resource_name(platform, "device-behaviour")


def log_permissions(platform: Platform) -> Document:
    """Return what IoT Core needs to log what it refuses."""
    group = names.service_arn(platform, "logs", f"log-group:{LOG_GROUP}*")
    return document([allow("Log", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], group)])


def audit_permissions() -> Document:
    """Return what an audit looks at; the lists know no resource."""
    return document([allow("Look", AUDITED, "*")])


def audit_configuration(account_id: str, role_arn: str) -> dict[str, Any]:
    """Return the desired state of AWS::IoT::AccountAuditConfiguration: every check on."""
    on = {"Enabled": True}
    return {
        "AccountId": account_id,
        "RoleArn": role_arn,
        "AuditCheckConfigurations": {_words(check): on for check in CHECKS},
    }


def scheduled_audit(platform: Platform, tags: dict[str, str]) -> dict[str, Any]:
    """Return the desired state of AWS::IoT::ScheduledAudit."""
    return {
        "ScheduledAuditName": audit_name(platform),
        "Frequency": "DAILY",
        "TargetCheckNames": list(CHECKS),
        "Tags": _tag_list(tags),
    }


def security_profile(
    platform: Platform, *, group_arn: str, messages_per_minute: int, tags: dict[str, str]
) -> dict[str, Any]:
    """Return the desired state of AWS::IoT::SecurityProfile, of figures that the cloud sees itself.

    A device that sends ten times what it should, is refused again and again, or connects all the time is broken or
    somebody else's. A payload beyond 128 KB never arrives, so its size says nothing.
    """
    most = messages_per_minute * MINUTE_MESSAGES_FACTOR * WINDOW_SECONDS // 60
    counts = {"refused": ("aws:num-authorization-failures", 5), "chatty": ("aws:num-messages-received", most)}
    counts["restless"] = ("aws:num-connection-attempts", 20)
    return {
        "SecurityProfileName": profile_name(platform),
        "SecurityProfileDescription": f"What devices of {platform.project} do in {platform.environment}",
        "Behaviors": [_behaviour(name, metric, count) for name, (metric, count) in sorted(counts.items())],
        "TargetArns": [group_arn],
        "Tags": _tag_list(tags),
    }


def fleet_metric_name(platform: Platform) -> str:
    """Return the name of the metric of devices that are not connected."""
    return names.resource_name(platform, "silent-devices")


def silent_devices(platform: Platform, *, group_name: str, period_seconds: int, tags: dict[str, str]) -> dict[str, Any]:
    """Return the desired state of AWS::IoT::FleetMetric: how many devices of the group are not connected."""
    return {
        "MetricName": fleet_metric_name(platform),
        "Description": "Devices of the fleet that are not connected",
        "IndexName": "AWS_Things",
        "QueryString": f"thingGroupNames:{group_name} AND connectivity.connected:false",
        "QueryVersion": "2017-09-30",
        "AggregationField": "registry.version",
        "AggregationType": {"Name": "Statistics", "Values": ["count"]},
        "Period": period_seconds,
        "Unit": "Count",
        "Tags": _tag_list(tags),
    }


def _behaviour(name: str, metric: str, count: int) -> dict[str, Any]:
    return {
        "Name": name,
        "Metric": metric,
        "Criteria": {
            "ComparisonOperator": "less-than-equals",
            "Value": {"Count": str(count)},
            "DurationSeconds": WINDOW_SECONDS,
            "ConsecutiveDatapointsToAlarm": 2,
            "ConsecutiveDatapointsToClear": 2,
        },
    }


def _words(check: str) -> str:
    """CloudFormation writes CA_CERTIFICATE_EXPIRING_CHECK as CaCertificateExpiringCheck."""
    return "".join(word.capitalize() for word in check.split("_"))


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
