"""The record of what was done in an account."""

from __future__ import annotations

from collections.abc import Iterator

from ..account import managed_accounts
from ..values import Value, at, is_set, listed
from ..view import Breach, Resource, View

TRAIL = "aws:cloudtrail/trail:Trail"


def cloudtrail_multi_region(view: View) -> Iterator[Breach]:
    """LOG-001. Judged as a whole: an account program without a trail records nothing at all."""
    for stack in managed_accounts(view):
        if not view.within(stack, TRAIL):
            yield Breach(f"account {stack} has no trail")
    for trail in view.of(TRAIL):
        if trail["isMultiRegionTrail"] is not True:
            yield Breach("other regions are not recorded", "isMultiRegionTrail", trail)
        for key in ("includeGlobalServiceEvents", "enableLogging"):
            if trail[key] is False:
                yield Breach(f"{key} is off", key, trail)
        if listed(trail["advancedEventSelectors"]) and not any(
            _equals(selector, "eventCategory", "Management") for selector in listed(trail["advancedEventSelectors"])
        ):
            yield Breach("management events are not selected", "advancedEventSelectors", trail)


def cloudtrail_own_key(trail: Resource) -> Iterator[Breach]:
    """LOG-002."""
    if not is_set(trail["kmsKeyId"]):
        yield Breach("trail files are not encrypted with a key of ours", "kmsKeyId")


def cloudtrail_files_validated(trail: Resource) -> Iterator[Breach]:
    """LOG-003."""
    if trail["enableLogFileValidation"] is not True:
        yield Breach("a changed trail file would not be noticed", "enableLogFileValidation")


def cloudtrail_data_events(trail: Resource) -> Iterator[Breach]:
    """LOG-004. An organization's trail is the second copy: each account's own has the data events."""
    if trail["isOrganizationTrail"] is True:
        return
    if not any(_logs_objects(selector) for selector in listed(trail["advancedEventSelectors"])) and not any(
        at(resource, "type") == "AWS::S3::Object"
        for selector in listed(trail["eventSelectors"])
        for resource in listed(at(selector, "dataResources"))
    ):
        yield Breach("reads and writes of objects are not recorded", "advancedEventSelectors")


def _logs_objects(selector: Value) -> bool:
    return _equals(selector, "eventCategory", "Data") and _equals(selector, "resources.type", "AWS::S3::Object")


def _equals(selector: Value, field: str, wanted: str) -> bool:
    fields = listed(at(selector, "fieldSelectors"))
    return any(at(row, "field") == field and wanted in listed(at(row, "equals")) for row in fields)


def cloudtrail_to_log_group(trail: Resource) -> Iterator[Breach]:
    """LOG-005. An organization's trail is the second copy: alarms stand on each account's own."""
    if trail["isOrganizationTrail"] is True:
        return
    for key in ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"):
        if not is_set(trail[key]):
            yield Breach("events cannot be searched and alarmed on: the trail fills no log group", key)
