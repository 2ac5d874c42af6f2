"""Twins of the controls over buckets."""

from __future__ import annotations

from typing import Any

from policy_twins.build import (
    ACCOUNT,
    ACCOUNT_STACK,
    KEY_ARN,
    OTHER_ACCOUNT,
    Twin,
    changed,
    policy,
    resource,
    twin,
    without,
)

from modelkeel.graph import Resource

ON = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}


def refuse_plain_http(name: str) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def bucket(name: str, *, log_target: str | None = "logs", own_key: bool = True, **place: str) -> dict[str, Resource]:
    """Return a bucket that every control accepts, part by part."""
    it = resource("s3/bucket:Bucket", name, **place, bucket=f"shop-{name}", forceDestroy=False, objectLockEnabled=True)

    def part(kind: str, **props: Any) -> Resource:
        return resource(f"s3/{kind[0].lower()}{kind[1:]}:{kind}", name, **place, refs={"bucket": it}, **props)

    by_default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY_ARN} if own_key else {"sseAlgorithm": "AES256"}
    parts = {
        "bucket": it,
        "block": part("BucketPublicAccessBlock", **ON),
        "encryption": part(
            "BucketServerSideEncryptionConfiguration",
            rules=[{"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": own_key}],
        ),
        "policy": part("BucketPolicy", policy=policy(refuse_plain_http(name))),
        "versioning": part("BucketVersioning", versioningConfiguration={"status": "Enabled"}),
        "lifecycle": part(
            "BucketLifecycleConfiguration", rules=[{"id": "all", "status": "Enabled", "expiration": {"days": 400}}]
        ),
        "ownership": part("BucketOwnershipControls", rule={"objectOwnership": "BucketOwnerEnforced"}),
        "lock": part("BucketObjectLockConfiguration", rule={"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}),
    }
    if log_target:
        parts["logging"] = part("BucketLogging", targetBucket=f"shop-{log_target}", targetPrefix="raw/")
    return parts


def open_policy(principal: Any, action: str) -> str:
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "arn:aws:s3:::raw/*"}
    return policy(refuse_plain_http("raw"), allow)


def logged_pair(**encryption: Any) -> list[Resource]:
    logs = bucket("logs", log_target=None, own_key=False)
    rules = [{"applyServerSideEncryptionByDefault": encryption, "bucketKeyEnabled": False}]
    return [*bucket("raw").values(), *(changed(logs, "encryption", rules=rules) if encryption else logs.values())]


RAW = bucket("raw")
DEV = bucket("raw", env="dev")

TWINS: dict[str, Twin] = {
    "s3-bucket-public-access-blocked": twin(RAW.values(), changed(RAW, "block", restrictPublicBuckets=False)),
    "s3-bucket-encrypted-with-own-key": twin(logged_pair(), without(RAW, "encryption")),
    "s3-bucket-tls-only": twin(RAW.values(), changed(RAW, "policy", policy=policy())),
    "s3-bucket-versioned": twin(
        RAW.values(), changed(RAW, "versioning", versioningConfiguration={"status": "Suspended"})
    ),
    "s3-bucket-access-logged": twin(logged_pair(), without(RAW, "logging")),
    "s3-bucket-retention-decided": twin(
        RAW.values(), changed(RAW, "lifecycle", rules=[{"id": "all", "status": "Disabled", "expiration": {"days": 9}}])
    ),
    "s3-bucket-acls-off": twin(
        RAW.values(), changed(RAW, "ownership", rule={"objectOwnership": "BucketOwnerPreferred"})
    ),
    "s3-bucket-policy-closed": twin(
        changed(RAW, "policy", policy=open_policy({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "s3:PutObject")),
        changed(RAW, "policy", policy=open_policy({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}, "s3:PutObject")),
    ),
    "s3-bucket-kept-on-destroy": twin(RAW.values(), changed(RAW, "bucket", forceDestroy=True)),
}

ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/mlops/dev/shop-dev-training"


def named_writer(role: str, operator: str = "ArnEquals") -> str:
    allow = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::raw/*",
        "Condition": {operator: {"aws:PrincipalArn": [role]}},
    }
    return policy(refuse_plain_http("raw"), allow)


# Further ways to break a control, each caught by it alone.
MORE_VIOLATIONS = [
    ("s3-bucket-public-access-blocked", without(RAW, "block")),
    (
        "s3-bucket-encrypted-with-own-key",
        changed(RAW, "encryption", rules=[{"applyServerSideEncryptionByDefault": {}}]),
    ),
    ("s3-bucket-encrypted-with-own-key", logged_pair(sseAlgorithm="aws:kms", kmsMasterKeyId=KEY_ARN)),
    ("s3-bucket-tls-only", without(RAW, "policy")),
    ("s3-bucket-versioned", without(RAW, "versioning")),
    ("s3-bucket-retention-decided", without(RAW, "lifecycle")),
    ("s3-bucket-acls-off", without(RAW, "ownership")),
    ("s3-bucket-policy-closed", changed(RAW, "policy", policy=open_policy("*", "s3:GetObject"))),
    ("s3-bucket-policy-closed", changed(RAW, "policy", policy=named_writer(ROLE.replace("training", "*")))),
    ("s3-bucket-policy-closed", changed(RAW, "policy", policy=named_writer(ROLE, "ArnNotEquals"))),
    (
        "s3-bucket-policy-closed",
        changed(RAW, "policy", policy=open_policy({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject")),
    ),
]
__all__ = ["ACCOUNT_STACK", "MORE_VIOLATIONS", "TWINS"]
