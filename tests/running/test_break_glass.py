"""The break-glass role is time-boxed, announced and logged, as the page on running it says."""

import json

from iam.world import OPEN, world

from modelkeel.graph import Resource


def _resources(kind: str) -> dict[str, Resource]:
    return {row.name: row for _, row in world().graphs["prod"].resources() if row.type.endswith(kind)}


def test_its_trust_and_its_boundary_end_with_the_window() -> None:
    role = _resources("iam/role:Role")["break-glass"]
    trust = json.dumps(json.loads(str(role.inputs["assumeRolePolicy"])))
    limits = json.dumps(json.loads(str(_resources("iam/policy:Policy")["break-glass-boundary"].inputs["policy"])))

    assert role.inputs["maxSessionDuration"] == 3600
    for instant in OPEN:
        assert instant in trust
        assert instant in limits


def test_whoever_takes_it_on_is_announced() -> None:
    rule = _resources("cloudwatch/eventRule:EventRule")["break-glass"]
    pattern = json.loads(str(rule.inputs["eventPattern"]))
    target = _resources("cloudwatch/eventTarget:EventTarget")["break-glass"]

    assert pattern["detail"]["eventName"] == ["AssumeRole"]
    assert pattern["detail"]["requestParameters"]["roleArn"][0].endswith("-break-glass")
    assert rule.inputs["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    assert ":sns:" in str(target.inputs["arn"])


def test_it_stays_in_the_trail_of_every_region() -> None:
    trail = next(iter(_resources("cloudtrail/trail:Trail").values()))

    assert trail.inputs["isMultiRegionTrail"] is True
    assert trail.inputs["includeGlobalServiceEvents"] is True
    assert trail.inputs["enableLogFileValidation"] is True
