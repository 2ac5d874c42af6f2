"""Twins of the controls over what an account needs once."""

from __future__ import annotations

import dataclasses

from policy_twins.build import ACCOUNT, ACCOUNT_STACK, KEY_ARN, TAGS, Twin, changed, provider, resource, twin, without
from policy_twins.s3 import ON, bucket

from modelkeel.graph import Resource

DATA_EVENTS = {
    "fieldSelectors": [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
    ]
}
MANAGEMENT_EVENTS = {"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}
STRONG = {
    "minimumPasswordLength": 14,
    "passwordReusePrevention": 24,
    "requireLowercaseCharacters": True,
    "requireNumbers": True,
    "requireSymbols": True,
    "requireUppercaseCharacters": True,
}


def account() -> dict[str, Resource]:
    """Return an account program that every control accepts, part by part."""
    detector = resource("guardduty/detector:Detector", "detector", **ACCOUNT_STACK, enable=True)
    trail_bucket = bucket("trail", **ACCOUNT_STACK)
    return {
        **{f"trail-{name}": part for name, part in trail_bucket.items()},
        "trail": resource(
            "cloudtrail/trail:Trail",
            "trail",
            **ACCOUNT_STACK,
            refs={"s3BucketName": trail_bucket["bucket"]},
            isMultiRegionTrail=True,
            includeGlobalServiceEvents=True,
            enableLogFileValidation=True,
            kmsKeyId=KEY_ARN,
            cloudWatchLogsGroupArn="arn:aws:logs:eu-west-1:111111111111:log-group:trail:*",
            cloudWatchLogsRoleArn="arn:aws:iam::111111111111:role/trail",
            advancedEventSelectors=[MANAGEMENT_EVENTS, DATA_EVENTS],
        ),
        "recorder": resource(
            "cfg/recorder:Recorder",
            "recorder",
            **ACCOUNT_STACK,
            recordingGroup={"allSupported": True, "includeGlobalResourceTypes": True},
        ),
        "channel": resource("cfg/deliveryChannel:DeliveryChannel", "channel", **ACCOUNT_STACK, s3BucketName="config"),
        "started": resource("cfg/recorderStatus:RecorderStatus", "started", **ACCOUNT_STACK, isEnabled=True),
        "detector": detector,
        "objects": resource(
            "guardduty/detectorFeature:DetectorFeature",
            "objects",
            **ACCOUNT_STACK,
            refs={"detectorId": detector},
            name="S3_DATA_EVENTS",
            status="ENABLED",
        ),
        "hub": resource("securityhub/account:Account", "hub", **ACCOUNT_STACK),
        "analyzer": resource("accessanalyzer/analyzer:Analyzer", "analyzer", **ACCOUNT_STACK, analyzerName="outside"),
        "macie": resource("macie2/account:Account", "macie", **ACCOUNT_STACK, status="ENABLED"),
        "block": resource("s3/accountPublicAccessBlock:AccountPublicAccessBlock", "block", **ACCOUNT_STACK, **ON),
        "metadata": resource(
            "ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
            "metadata",
            **ACCOUNT_STACK,
            httpTokens="required",
            httpPutResponseHopLimit=1,
        ),
        "passwords": resource(
            "iam/accountPasswordPolicy:AccountPasswordPolicy", "passwords", **ACCOUNT_STACK, **STRONG
        ),
    }


IT = account()
UNTAGGED = {key: value for key, value in TAGS.items() if key != "owner"}
SECOND_DETECTOR = resource("guardduty/detector:Detector", "detector", program="foundation", enable=True)
OTHER_REGION = provider("foundation", "prod", region="eu-central-1")
ELSEWHERE = dataclasses.replace(SECOND_DETECTOR)
BUDGET = {
    "budget": resource(
        "budgets/budget:Budget",
        "month",
        program="monitoring",
        budgetType="COST",
        notifications=[{"threshold": 80, "subscriberEmailAddresses": ["team@example.com"]}],
    )
}

TWINS: dict[str, Twin] = {
    "s3-audit-bucket-locked": twin(IT.values(), without(IT, "trail-lock")),
    "cloudtrail-multi-region": twin(IT.values(), changed(IT, "trail", isMultiRegionTrail=False)),
    "cloudtrail-own-key": twin(IT.values(), changed(IT, "trail", kmsKeyId=None)),
    "cloudtrail-files-validated": twin(IT.values(), changed(IT, "trail", enableLogFileValidation=False)),
    "cloudtrail-data-events": twin(IT.values(), changed(IT, "trail", advancedEventSelectors=[MANAGEMENT_EVENTS])),
    "cloudtrail-to-log-group": twin(IT.values(), changed(IT, "trail", cloudWatchLogsGroupArn=None)),
    "config-recorder-complete": twin(IT.values(), changed(IT, "recorder", recordingGroup={"allSupported": True})),
    "guardduty-detects": twin(IT.values(), changed(IT, "detector", enable=False)),
    "security-hub-and-analyzer-on": twin(IT.values(), without(IT, "hub")),
    "macie-on": twin(IT.values(), without(IT, "macie")),
    "account-singleton-owned-once": twin([*IT.values(), OTHER_REGION, ELSEWHERE], [*IT.values(), SECOND_DETECTOR]),
    "account-defaults-safe": twin(IT.values(), changed(IT, "block", restrictPublicBuckets=False)),
    "tags-required": twin([provider("data", "prod")], [provider("data", "prod", UNTAGGED)]),
    "budget-notified": twin(BUDGET.values(), changed(BUDGET, "budget", notifications=[{"threshold": 80}])),
    "iam-no-users": twin(IT.values(), changed(IT, "passwords", minimumPasswordLength=8)),
}

MORE_VIOLATIONS = [
    (
        "account-singleton-owned-once",
        [*IT.values(), OTHER_REGION, ELSEWHERE, resource("guardduty/detector:Detector", "second", **ACCOUNT_STACK)],
    ),
    ("account-defaults-safe", changed(IT, "metadata", httpTokens="optional")),
    ("account-defaults-safe", changed(IT, "metadata", httpPutResponseHopLimit=2)),
    ("s3-audit-bucket-locked", changed(IT, "trail-bucket", objectLockEnabled=False)),
    ("cloudtrail-multi-region", without(IT, "trail")),
    ("cloudtrail-multi-region", changed(IT, "trail", enableLogging=False)),
    ("cloudtrail-multi-region", changed(IT, "trail", advancedEventSelectors=[DATA_EVENTS])),
    ("config-recorder-complete", without(IT, "recorder")),
    ("config-recorder-complete", without(IT, "channel")),
    ("config-recorder-complete", without(IT, "started")),
    ("guardduty-detects", without(IT, "detector", "objects")),
    ("guardduty-detects", without(IT, "objects")),
    ("security-hub-and-analyzer-on", without(IT, "analyzer")),
    ("macie-on", changed(IT, "macie", status="PAUSED")),
    ("budget-notified", [resource("sns/topic:Topic", "alerts", program="monitoring", kmsMasterKeyId=KEY_ARN)]),
    ("iam-no-users", [resource("iam/user:User", "somebody", program="identity")]),
]
__all__ = ["ACCOUNT", "MORE_VIOLATIONS", "TWINS"]
