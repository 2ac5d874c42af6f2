from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from stacks_base.base_project import documents, inputs, listed, of_type, recorded, small, statements

from modelkeel.graph import Graph

CASES: dict[str, Callable[[], Graph]] = {"large": recorded, "small": small}
cases = pytest.mark.parametrize("case", CASES)
POLICY = "s3/bucketPolicy:BucketPolicy"


def _log_buckets(graph: Graph) -> set[str]:
    return {row["targetBucket"] for row in inputs(graph, "s3/bucketLogging:BucketLogging").values()}


def _bucket_names(graph: Graph) -> dict[str, str]:
    return {name: row["bucket"] for name, row in inputs(graph, "s3/bucket:Bucket").items()}


@cases
@pytest.mark.parametrize(
    "kind",
    [
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "s3/bucketOwnershipControls:BucketOwnershipControls",
        "s3/bucketVersioning:BucketVersioning",
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        POLICY,
    ],
)
def test_every_bucket_has_each_of_its_companions(case: str, kind: str) -> None:
    graph = CASES[case]()

    assert set(_bucket_names(graph)) == set(inputs(graph, kind))


@cases
def test_every_bucket_keeps_versions(case: str) -> None:
    rows = inputs(CASES[case](), "s3/bucketVersioning:BucketVersioning").values()

    assert {row["versioningConfiguration"]["status"] for row in rows} == {"Enabled"}


@cases
def test_nothing_public_can_reach_a_bucket(case: str) -> None:
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

    blocks = inputs(CASES[case](), "s3/bucketPublicAccessBlock:BucketPublicAccessBlock")

    assert {name: [row[switch] for switch in switches] for name, row in blocks.items()} == dict.fromkeys(
        blocks, [True] * 4
    )


@cases
def test_objects_are_encrypted_with_a_key_of_ours_except_where_access_logs_are_written(case: str) -> None:
    """S3 delivers access logs only to buckets whose default is its own key."""
    graph = CASES[case]()
    names = _bucket_names(graph)
    kind = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"

    algorithms = {
        names[name]: row["rules"][0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"]
        for name, row in inputs(graph, kind).items()
    }

    assert {name for name, algorithm in algorithms.items() if algorithm == "AES256"} == _log_buckets(graph)
    assert set(algorithms.values()) == {"AES256", "aws:kms"}


@cases
def test_every_bucket_but_the_log_buckets_logs_access(case: str) -> None:
    graph = CASES[case]()
    logging = {row["bucket"] for row in inputs(graph, "s3/bucketLogging:BucketLogging").values()}

    assert set(_bucket_names(graph).values()) - logging == _log_buckets(graph)


@cases
def test_log_buckets_let_every_source_deliver(case: str) -> None:
    """Without the statement S3 drops the logs and says nothing."""
    graph = CASES[case]()
    sources: dict[str, set[str]] = {}
    for row in inputs(graph, "s3/bucketLogging:BucketLogging").values():
        sources.setdefault(row["targetBucket"], set()).add(f"arn:aws:s3:::{row['bucket']}")

    for urn, document in documents(graph, POLICY).items():
        bucket = next(r.inputs["bucket"] for r in of_type(graph, POLICY) if r.urn == urn)
        deliveries = [s for s in document["Statement"] if s["Sid"] == "AccessLogDelivery"]
        if bucket in sources:
            (delivery,) = deliveries
            assert sources[bucket] <= set(delivery["Condition"]["ArnLike"]["aws:SourceArn"])
        else:
            assert not deliveries


@cases
def test_every_bucket_refuses_plain_transport_and_old_tls(case: str) -> None:
    for document in documents(CASES[case](), POLICY).values():
        denies = {s["Sid"]: s for s in document["Statement"] if s["Effect"] == "Deny"}

        assert denies["DenyPlainTransport"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert denies["DenyOldTls"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
        for deny in (denies["DenyPlainTransport"], denies["DenyOldTls"]):
            bucket, objects = deny["Resource"]
            assert objects == f"{bucket}/*"


@cases
def test_every_allow_of_a_bucket_policy_names_a_service_and_its_source(case: str) -> None:
    for _, statement in statements(CASES[case](), POLICY):
        if statement["Effect"] == "Allow":
            assert list(statement["Principal"]) == ["Service"]
            assert {"aws:SourceAccount", "aws:SourceArn"} & {
                key for operator in statement["Condition"].values() for key in operator
            }


def test_a_bucket_refuses_other_keys_than_its_own_but_not_requests_that_name_none() -> None:
    """A negated operator alone is true for an absent header, and would refuse plain writes."""
    graph = recorded()
    key_arn = next(r.outputs["arn"] for r in of_type(graph, "kms/key:Key") if r.name == "data")
    policy = json.loads(inputs(graph, POLICY)["raw"]["policy"])
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"

    (deny,) = [s for s in policy["Statement"] if s["Sid"] == "DenyOtherKey"]

    assert deny["Condition"] == {"Null": {header: "false"}, "StringNotEquals": {header: [key_arn]}}


def test_a_shared_bucket_accepts_the_keys_of_all_that_it_holds() -> None:
    """Captured data in the curated bucket is still encrypted with the capture key."""
    graph = recorded(
        identity={"buckets": ["curated", "models", "logs"]},
        data={"buckets": ["curated", "models", "logs"]},
    )
    policy = json.loads(inputs(graph, POLICY)["curated"]["policy"])

    (deny,) = [s for s in policy["Statement"] if s["Sid"] == "DenyOtherKey"]
    accepted = listed(deny["Condition"]["StringNotEquals"]["s3:x-amz-server-side-encryption-aws-kms-key-id"])

    names = {r.outputs["arn"]: r.name for r in of_type(graph, "kms/key:Key")}
    assert {names[arn] for arn in accepted} == {"data", "features", "capture"}


def test_only_the_asked_buckets_are_locked() -> None:
    graph = recorded()

    locked = {name for name, row in inputs(graph, "s3/bucket:Bucket").items() if row["objectLockEnabled"]}
    retentions = inputs(graph, "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")

    assert locked == {"trail", "models"} == set(retentions)
    assert retentions["models"]["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 90}}


def test_config_never_delivers_to_a_locked_bucket() -> None:
    """AWS Config refuses buckets with Object Lock; without a lock one bucket serves trail and Config."""
    channel = "cfg/deliveryChannel:DeliveryChannel"
    locked = f"fraud-shared-config-{111122223333}"

    assert inputs(recorded(), channel)["config"]["s3BucketName"] == locked
    assert inputs(small(), channel)["config"]["s3BucketName"] == f"fraud-shared-trail-{111122223333}"


@cases
def test_captured_data_goes_after_its_retention_and_nothing_else_of_the_lake_does(case: str) -> None:
    graph = CASES[case]()
    rules = inputs(graph, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    expiring = {
        (name, rule["filter"]["prefix"]): rule["expiration"]["days"]
        for name, row in rules.items()
        for rule in row["rules"]
        if "days" in rule.get("expiration", {}) and name not in {"trail", "config", "access-logs", "logs"}
    }

    assert expiring == ({("capture", ""): 90} if case == "large" else {("curated", "capture/"): 90})


@cases
def test_captured_data_announces_itself(case: str) -> None:
    notices = inputs(CASES[case](), "s3/bucketNotification:BucketNotification")

    assert {name: row["eventbridge"] for name, row in notices.items()} == {
        "capture" if case == "large" else "curated": True
    }


@cases
def test_no_bucket_is_emptied_by_a_destroy(case: str) -> None:
    graph = CASES[case]()

    assert {row["forceDestroy"] for row in inputs(graph, "s3/bucket:Bucket").values()} == {False}
    assert {r.name: r.protect for r in of_type(graph, "s3/bucket:Bucket")} == dict.fromkeys(_bucket_names(graph), True)
