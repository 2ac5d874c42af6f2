"""A log group that is encrypted and forgets in time."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html, 2026-11-23
RETENTION_DAYS = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)


def log_group(
    name: str,
    *,
    log_group_name: str,
    kms_key_arn: pulumi.Input[str],
    retention_days: int,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.LogGroup:
    """Return a log group encrypted with a key of ours.

    Raises:
        ValueError: CloudWatch does not know that retention period.
    """
    if retention_days not in RETENTION_DAYS:
        raise ValueError(f"log retention is {retention_days} days, CloudWatch accepts {sorted(RETENTION_DAYS)}")
    return aws.cloudwatch.LogGroup(
        name, name=log_group_name, kms_key_id=kms_key_arn, retention_in_days=retention_days, opts=opts
    )
