"""Lifecycle rules of buckets, from numbers of days; 0 days means never."""

from __future__ import annotations

from pulumi_aws.s3 import BucketLifecycleConfigurationRuleArgsDict as Rule

ABANDONED_UPLOAD_DAYS = 7


def housekeeping(noncurrent_days: int) -> Rule:
    """Return the rule of every bucket: old versions, lone delete markers and abandoned uploads go."""
    return {
        "id": "housekeeping",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": noncurrent_days},
        "expiration": {"expired_object_delete_marker": True},
        "abort_incomplete_multipart_upload": {"days_after_initiation": ABANDONED_UPLOAD_DAYS},
    }


def tiering(prefix: str, after_days: int) -> list[Rule]:
    """Return the rule that moves objects below `prefix` to Intelligent-Tiering.

    Objects smaller than 128 KiB stay in S3 Standard: S3 does not move them by default.
    """
    return _moving("tier", prefix, after_days, "INTELLIGENT_TIERING")


def archiving(prefix: str, after_days: int) -> list[Rule]:
    """Return the rule that moves objects below `prefix` to Glacier Instant Retrieval: read at once, kept 90 days."""
    return _moving("archive", prefix, after_days, "GLACIER_IR")


def expiring(prefix: str, after_days: int) -> list[Rule]:
    """Return the rule that deletes objects below `prefix`."""
    if not after_days:
        return []
    rule: Rule = {
        "id": _rule_id("expire", prefix),
        "status": "Enabled",
        "filter": {"prefix": prefix},
        "expiration": {"days": after_days},
    }
    return [rule]


def _moving(verb: str, prefix: str, after_days: int, storage_class: str) -> list[Rule]:
    if not after_days:
        return []
    rule: Rule = {
        "id": _rule_id(verb, prefix),
        "status": "Enabled",
        "filter": {"prefix": prefix},
        "transitions": [{"days": after_days, "storage_class": storage_class}],
    }
    return [rule]


def _rule_id(verb: str, prefix: str) -> str:
    return f"{verb}-{prefix.rstrip('/')}" if prefix else verb
