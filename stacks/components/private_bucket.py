"""A private, versioned, encrypted bucket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleArgsDict as LifecycleRule

from stacks.documents.bucket import bucket_policy
from stacks.documents.statement import Statement


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """Default lock of new objects: `governance` or `compliance` for `days` days, or `off` for none."""

    mode: str
    days: int


@dataclass(frozen=True, kw_only=True)
class PrivateBucketArgs:
    """`bucket_arn` is the ARN of `bucket_name`, known before the bucket is: its policy is readable in a preview.

    Without `kms_key_arn` objects are encrypted with S3's own key, which access log delivery demands.
    `accepted_key_arns` are further keys that writers may name. `statements` extend the bucket policy.
    `access_log_bucket` receives the access logs, below `<bucket name>/`. `object_lock` is decided once:
    a bucket cannot be given a lock later without being replaced.
    """

    bucket_name: str
    bucket_arn: str
    lifecycle_rules: Sequence[LifecycleRule]
    kms_key_arn: pulumi.Input[str] | None = None
    accepted_key_arns: Sequence[pulumi.Input[str]] = ()
    access_log_bucket: pulumi.Input[str] | None = None
    object_lock: ObjectLock | None = None
    statements: Sequence[Statement] = ()
    events: bool = False


class PrivateBucket(pulumi.ComponentResource):
    """A bucket nobody outside the account can reach, over TLS 1.2 only. Stateful: protected."""

    arn: pulumi.Output[str]
    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: PrivateBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:PrivateBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            name,
            bucket=args.bucket_name,
            object_lock_enabled=args.object_lock is not None,
            force_destroy=False,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        _keep_private(name, bucket, args, child)
        versioning = aws.s3.BucketVersioning(
            name, bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=child
        )
        _encrypt(name, bucket, args, child)
        _retain(name, bucket, args, pulumi.ResourceOptions(parent=self, depends_on=[versioning]))
        if args.access_log_bucket is not None:
            aws.s3.BucketLogging(
                name,
                bucket=bucket.id,
                target_bucket=args.access_log_bucket,
                target_prefix=f"{args.bucket_name}/",
                opts=child,
            )
        if args.events:
            aws.s3.BucketNotification(name, bucket=bucket.id, eventbridge=True, opts=child)
        self.arn = bucket.arn
        self.bucket_name = bucket.id
        self.register_outputs({"arn": self.arn, "bucket_name": self.bucket_name})


def _keep_private(name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, child: pulumi.ResourceOptions) -> None:
    block = aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child,
    )
    aws.s3.BucketOwnershipControls(name, bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child)
    named_keys = [] if args.kms_key_arn is None else [args.kms_key_arn, *args.accepted_key_arns]
    policy = pulumi.Output.all(*named_keys).apply(
        lambda keys: json.dumps(bucket_policy(args.bucket_arn, sorted(set(keys)), args.statements))
    )
    # S3 refuses a policy and a public access block that are put at the same moment.
    after_block = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[block]))
    aws.s3.BucketPolicy(name, bucket=bucket.id, policy=policy, opts=after_block)


def _encrypt(name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, child: pulumi.ResourceOptions) -> None:
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": (
                    {"sse_algorithm": "AES256"}
                    if args.kms_key_arn is None
                    else {"sse_algorithm": "aws:kms", "kms_master_key_id": args.kms_key_arn}
                ),
                "bucket_key_enabled": args.kms_key_arn is not None,
            }
        ],
        opts=child,
    )


def _retain(name: str, bucket: aws.s3.Bucket, args: PrivateBucketArgs, child: pulumi.ResourceOptions) -> None:
    aws.s3.BucketLifecycleConfiguration(name, bucket=bucket.id, rules=list(args.lifecycle_rules), opts=child)
    lock = args.object_lock
    if lock is not None and lock.mode != "off":
        aws.s3.BucketObjectLockConfiguration(
            name,
            bucket=bucket.id,
            rule={"default_retention": {"mode": lock.mode.upper(), "days": lock.days}},
            opts=child,
        )
