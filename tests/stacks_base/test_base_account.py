from __future__ import annotations

import json

import pytest
from stacks_base.base_project import ACCOUNT, inputs, of_type, program, recorded, small, stack

from stacks.account.settings import AccountSettings
from stacks.components.audit_trail import event_selectors
from stacks.security_events import SECURITY_EVENTS
from stacks.settings import SettingsError

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html, 2026-11-23
FILTER_PATTERN_CHARACTERS = 1024


def test_the_trail_sees_every_region_validates_encrypts_and_reaches_the_log_group() -> None:
    trail = inputs(recorded(), "cloudtrail/trail:Trail")["trail"]

    assert (trail["isMultiRegionTrail"], trail["enableLogFileValidation"], trail["includeGlobalServiceEvents"]) == (
        True,
        True,
        True,
    )
    assert trail["kmsKeyId"]
    assert trail["cloudWatchLogsGroupArn"].endswith(":*")
    assert trail["cloudWatchLogsRoleArn"]


def test_data_events_cover_the_project_and_leave_its_log_buckets_out() -> None:
    """A trail that records its own deliveries writes for ever."""
    trail = inputs(recorded(), "cloudtrail/trail:Trail")["trail"]

    data = next(row for row in trail["advancedEventSelectors"] if row["name"] == "Objects of the project")
    (arns,) = [field for field in data["fieldSelectors"] if field["field"] == "resources.ARN"]

    assert arns["startsWiths"] == ["arn:aws:s3:::fraud-prod-"]
    assert arns["notStartsWiths"] == ["arn:aws:s3:::fraud-prod-logs-"]


def test_without_data_events_management_events_remain() -> None:
    assert [row["name"] for row in event_selectors([], [])] == ["Management events"]


def test_the_trail_alone_writes_below_its_prefix_and_reads_the_key() -> None:
    graph = recorded()
    trail_arn = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/fraud-shared-trail"
    policy = json.loads(inputs(graph, "s3/bucketPolicy:BucketPolicy")["trail"]["policy"])
    key = json.loads(inputs(graph, "kms/key:Key")["audit"]["policy"])

    (write,) = [s for s in policy["Statement"] if s["Sid"] == "TrailWritesFiles"]
    (encrypt,) = [s for s in key["Statement"] if s["Sid"] == "TrailEncrypts"]

    assert write["Resource"].endswith(f"/cloudtrail/AWSLogs/{ACCOUNT}/*")
    assert write["Condition"]["StringEquals"]["aws:SourceArn"] == trail_arn
    assert encrypt["Condition"]["StringEquals"]["aws:SourceArn"] == trail_arn


def test_config_records_everything_and_is_switched_on() -> None:
    graph = recorded()

    group = inputs(graph, "cfg/recorder:Recorder")["config"]["recordingGroup"]

    assert (group["allSupported"], group["includeGlobalResourceTypes"]) == (True, True)
    assert inputs(graph, "cfg/recorderStatus:RecorderStatus")["config"]["isEnabled"] is True


def test_the_recorder_starts_after_its_channel() -> None:
    graph = recorded()
    (status,) = of_type(graph, "cfg/recorderStatus:RecorderStatus")
    (channel,) = of_type(graph, "cfg/deliveryChannel:DeliveryChannel")

    assert channel.urn in status.dependencies


def test_runtime_monitoring_installs_its_agents() -> None:
    features = inputs(recorded(), "guardduty/detectorFeature:DetectorFeature")

    agents = {name: len(row["additionalConfigurations"]) for name, row in features.items()}

    assert agents == {"guardduty-s3-data-events": 0, "guardduty-runtime-monitoring": 3}


def test_every_security_event_has_a_filter_and_an_alarm_that_tells_somebody() -> None:
    graph = recorded()
    filters = inputs(graph, "cloudwatch/logMetricFilter:LogMetricFilter")
    alarms = inputs(graph, "cloudwatch/metricAlarm:MetricAlarm")

    assert set(filters) == set(alarms) == set(SECURITY_EVENTS)
    for name, alarm in alarms.items():
        transformation = filters[name]["metricTransformation"]
        assert (transformation["name"], transformation["namespace"]) == (alarm["metricName"], alarm["namespace"])
        assert alarm["alarmActions"]


def test_filter_patterns_are_within_the_limit() -> None:
    assert [name for name, event in SECURITY_EVENTS.items() if len(event.pattern) > FILTER_PATTERN_CHARACTERS] == []


def test_security_hub_controls_are_each_covered_once() -> None:
    controls = [event.control for event in SECURITY_EVENTS.values()]

    assert sorted(controls, key=lambda text: int(text.split(".")[1])) == [f"CloudWatch.{n}" for n in range(1, 15)]


@pytest.mark.parametrize(
    ("switch", "types"),
    [
        ("manage_guardduty", ("guardduty/",)),
        ("manage_security_hub", ("securityhub/",)),
        ("manage_access_analyzer", ("accessanalyzer/",)),
        ("manage_macie", ("macie2/account",)),
        ("manage_config", ("cfg/",)),
        ("manage_glue_catalog_encryption", ("glue/dataCatalogEncryptionSettings",)),
        ("manage_ci_identity_provider", ("iam/openIdConnectProvider",)),
        ("manage_account_defaults", ("ebs/", "iam/accountPasswordPolicy", "s3/accountPublicAccessBlock")),
        ("security_alarms", ("cloudwatch/metricAlarm", "sns/")),
    ],
)
def test_a_singleton_that_others_own_is_left_alone(switch: str, types: tuple[str, ...]) -> None:
    def count(on: bool) -> int:
        resources = stack(program("account", account={switch: on}), "account").resources
        return sum(any(f"aws:{kind}" in resource.type for kind in types) for resource in resources)

    assert count(True) >= len(types)
    assert count(False) == 0


def test_an_account_whose_trail_others_own_still_has_its_defaults() -> None:
    off = dict.fromkeys(("manage_trail", "manage_config", "manage_glue_catalog_encryption", "security_alarms"), False)

    types = {resource.type for resource in stack(program("account", account=off), "account").resources}

    assert "aws:cloudtrail/trail:Trail" not in types
    assert "aws:s3/bucket:Bucket" not in types
    assert "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock" in types


def _settings(**changes: object) -> AccountSettings:
    from stacks_base.base_project import LARGE

    return AccountSettings(**{**LARGE["account"], **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["manage_config", "security_alarms", "manage_glue_catalog_encryption"])
def test_what_needs_the_trails_key_says_so(key: str) -> None:
    others = {"manage_config", "security_alarms", "manage_glue_catalog_encryption"} - {key}

    with pytest.raises(SettingsError, match=f"account:{key}"):
        _settings(manage_trail=False, **dict.fromkeys(others, False))


def test_an_unknown_lock_mode_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="off, governance, compliance"):
        _settings(object_lock_mode="forever")


def test_the_small_account_has_what_no_account_goes_without() -> None:
    types = {resource.type.rpartition(":")[2] for resource in stack(small(), "account").resources}

    assert {"Trail", "Detector", "Analyzer", "AccountPublicAccessBlock", "OpenIdConnectProvider"} <= types
