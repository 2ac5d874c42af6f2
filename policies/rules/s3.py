"""Buckets: private, encrypted, versioned, logged, kept."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Statement, statements
from ..principal import account_of, deputy, is_open, names_roles, refuses_plain_http
from ..values import at, is_set, listed
from ..view import Breach, Resource, View

PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
OBJECT_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
TRAIL = "aws:cloudtrail/trail:Trail"

BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
WRITES = (
    "s3:DeleteBucket",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:ReplicateObject",
)


def _receives_access_logs(bucket: Resource, view: View) -> bool:
    """Return whether other buckets deliver their access logs to `bucket`."""
    return bool(view.referrers(bucket, LOGGING, "targetBucket"))


def s3_bucket_public_access_blocked(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-001."""
    blocks = view.referrers(bucket, PUBLIC_ACCESS_BLOCK, "bucket")
    if not blocks:
        yield Breach("the bucket has no public access block")
    for block in blocks:
        for key in BLOCKS:
            if block[key] is not True:
                yield Breach(f"{key} is not on", key, block)


def s3_bucket_encrypted_with_own_key(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-002. Access logs can only be delivered to a bucket that encrypts with S3's own key."""
    found = view.referrers(bucket, ENCRYPTION, "bucket")
    if not found:
        yield Breach("the bucket has no encryption configuration")
    log_target = _receives_access_logs(bucket, view)
    for configuration in found:
        for index, rule in enumerate(listed(configuration["rules"])):
            path = f"rules[{index}].applyServerSideEncryptionByDefault"
            algorithm = at(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm")
            if log_target:
                if algorithm != "AES256":
                    yield Breach(
                        f"access logs cannot be delivered to a bucket encrypted with {algorithm}", path, configuration
                    )
                continue
            if algorithm not in {"aws:kms", "aws:kms:dsse"}:
                yield Breach(
                    f"sseAlgorithm is {algorithm!r}, expected 'aws:kms'", f"{path}.sseAlgorithm", configuration
                )
            elif not is_set(at(rule, "applyServerSideEncryptionByDefault", "kmsMasterKeyId")):
                yield Breach("no key of ours is named", f"{path}.kmsMasterKeyId", configuration)
            elif algorithm == "aws:kms" and at(rule, "bucketKeyEnabled") is not True:
                yield Breach("the bucket key is off", f"rules[{index}].bucketKeyEnabled", configuration)


def s3_bucket_tls_only(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-003."""
    policies = view.referrers(bucket, POLICY, "bucket")
    if not policies:
        yield Breach("the bucket has no policy that refuses plain HTTP")
    for policy in policies:
        if not any(_refuses_plain_http(statement) for statement in statements(policy["policy"])):
            yield Breach("no statement denies everybody when aws:SecureTransport is false", "policy", policy)


def _refuses_plain_http(statement: Statement) -> bool:
    whole = any(arn == "*" or arn.endswith("/*") for arn in statement.resources)
    return refuses_plain_http(statement) and whole and len(statement.covered(("s3:GetObject", "s3:PutObject"))) == 2


def s3_bucket_versioned(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-004."""
    found = view.referrers(bucket, VERSIONING, "bucket")
    if not found:
        yield Breach("the bucket has no versioning")
    for versioning in found:
        status = at(versioning["versioningConfiguration"], "status")
        if status != "Enabled":
            yield Breach(f"status is {status!r}, expected 'Enabled'", "versioningConfiguration.status", versioning)


def s3_bucket_access_logged(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-005. A bucket that receives access logs has none of its own: each delivery would log itself."""
    if _receives_access_logs(bucket, view):
        return
    found = view.referrers(bucket, LOGGING, "bucket")
    if not found:
        yield Breach("the bucket's accesses are not logged")
    for logging in found:
        if logging in view.referrers(bucket, LOGGING, "targetBucket"):
            yield Breach("the bucket logs into itself", "targetBucket", logging)


def s3_bucket_retention_decided(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-006."""
    found = view.referrers(bucket, LIFECYCLE, "bucket")
    if not found:
        yield Breach("the bucket has no lifecycle rule: what is in it stays for ever")
    for lifecycle in found:
        if not any(_ends_something(rule) for rule in listed(lifecycle["rules"])):
            yield Breach("no enabled rule expires or moves anything", "rules", lifecycle)


def _ends_something(rule: object) -> bool:
    ends = ("expiration", "transitions", "noncurrentVersionExpiration", "noncurrentVersionTransitions")
    return at(rule, "status") == "Enabled" and any(is_set(at(rule, key)) for key in ends)


def s3_bucket_acls_off(bucket: Resource, view: View) -> Iterator[Breach]:
    """S3-007."""
    found = view.referrers(bucket, OWNERSHIP, "bucket")
    if not found:
        yield Breach("the bucket has no ownership controls")
    for controls in found:
        ownership = at(controls["rule"], "objectOwnership")
        if ownership != "BucketOwnerEnforced":
            yield Breach(
                f"objectOwnership is {ownership!r}, expected 'BucketOwnerEnforced'", "rule.objectOwnership", controls
            )


def s3_bucket_policy_closed(policy: Resource, view: View) -> Iterator[Breach]:
    """S3-008. Another account may read; it writes by roles that are named one by one, never by whoever is in it."""
    own = view.accounts(policy)
    for statement in statements(policy["policy"]):
        if is_open(statement):
            yield Breach("everybody is allowed", f"policy.{statement.path}")
        elif deputy(statement):
            yield Breach(f"{deputy(statement)} is allowed on behalf of any account", f"policy.{statement.path}")
        elif own and statement.allows and statement.covered(WRITES) and not names_roles(statement):
            for _, principal in statement.principals:
                account = account_of(principal)
                if account is not None and account not in own:
                    yield Breach(f"account {account} may write", f"policy.{statement.path}")


def s3_audit_bucket_locked(trail: Resource, view: View) -> Iterator[Breach]:
    """S3-009. A regime asks that nobody, administrators included, can change the record of what was done."""
    bucket = view.points_to(trail, "s3BucketName", "aws:s3/bucket:Bucket")
    if bucket is None:
        return
    if bucket["objectLockEnabled"] is not True:
        yield Breach("the trail's bucket has no Object Lock", "objectLockEnabled", bucket)
        return
    locks = view.referrers(bucket, OBJECT_LOCK, "bucket")
    if not any(is_set(at(lock["rule"], "defaultRetention", "mode")) for lock in locks):
        yield Breach("the trail's bucket locks new objects for no time", "rule.defaultRetention", bucket)


def s3_bucket_kept_on_destroy(bucket: Resource) -> Iterator[Breach]:
    """S3-010."""
    if bucket["forceDestroy"]:
        yield Breach("destroying the stack would delete every object", "forceDestroy")
