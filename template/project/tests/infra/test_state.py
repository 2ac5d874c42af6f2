"""The bucket and the key of the state: made once, mended where they are not as they must be."""

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from operations import state
from operations.problem import OperationError
from tests.infra.account import REGION, environment

MOTO_ACCOUNT = "123456789012"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[state.Clients]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield _clients()


@functools.cache
def _clients() -> state.Clients:
    """Making them takes longer than all that a test asks of them; moto forgets between the tests, they do not."""
    return state.connect(REGION)


def here(**different: Any) -> Any:
    bucket = f"shop-dev-state-{MOTO_ACCOUNT}"
    return environment(account=MOTO_ACCOUNT, state_url=f"s3://{bucket}?region={REGION}", **different)


def test_bucket_and_key_are_made_closed_versioned_and_encrypted(clients: state.Clients) -> None:
    done = state.bootstrap(here(), clients)

    bucket = {"Bucket": here().state_bucket}
    rules = clients.s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    policy = json.loads(clients.s3.get_bucket_policy(**bucket)["Policy"])
    key = clients.kms.describe_key(KeyId=here().state_key_alias)["KeyMetadata"]
    assert len(done) == 9
    assert clients.s3.get_bucket_location(**bucket)["LocationConstraint"] == REGION
    assert clients.s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert all(clients.s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values())
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key["Arn"]
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert clients.kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    assert clients.s3.get_bucket_lifecycle_configuration(**bucket)["Rules"][0]["NoncurrentVersionExpiration"]


def test_a_second_run_does_nothing(clients: state.Clients) -> None:
    state.bootstrap(here(), clients)

    assert state.bootstrap(here(), clients) == []


def test_in_the_one_region_without_a_location(clients: state.Clients) -> None:
    assert state.bootstrap(here(region="us-east-1"), state.connect("us-east-1"))


SPOILERS = {
    "versions": lambda s3, bucket: s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}
    ),
    "public access block": lambda s3, bucket: s3.delete_public_access_block(Bucket=bucket),
    "encryption": lambda s3, bucket: s3.delete_bucket_encryption(Bucket=bucket),
    "policy": lambda s3, bucket: s3.delete_bucket_policy(Bucket=bucket),
    "lifecycle": lambda s3, bucket: s3.delete_bucket_lifecycle(Bucket=bucket),
    "tags": lambda s3, bucket: s3.delete_bucket_tagging(Bucket=bucket),
}


@pytest.mark.parametrize("what", SPOILERS)
def test_what_somebody_has_changed_is_put_right_and_nothing_else(clients: state.Clients, what: str) -> None:
    state.bootstrap(here(), clients)
    SPOILERS[what](clients.s3, here().state_bucket)

    assert state.bootstrap(here(), clients) == [f"{what} of {here().state_bucket}"]


@pytest.mark.parametrize("step", range(12))
def test_a_run_that_stopped_anywhere_is_completed_by_the_next(clients: state.Clients, step: int) -> None:
    """Every call that changes something is let fail once."""
    calls = {"left": step}

    def fail(event_name: str, **_: Any) -> None:
        if event_name.rpartition(".")[2].startswith(("Create", "Put", "Enable")):
            calls["left"] -= 1
            if calls["left"] == -1:
                raise ConnectionError("cut")

    for client in (clients.s3, clients.kms):
        client.meta.events.register("before-call.*.*", fail)
    try:
        state.bootstrap(here(), clients)
        failed = False
    except ConnectionError:
        failed = True
    for client in (clients.s3, clients.kms):
        client.meta.events.unregister("before-call.*.*", fail)
    state.bootstrap(here(), clients)

    assert state.bootstrap(here(), clients) == []
    assert failed == (step < 10)
    assert len(clients.kms.list_aliases()["Aliases"]) == len(
        {row["AliasName"] for row in clients.kms.list_aliases()["Aliases"]}
    )


def test_another_account_is_refused_before_anything_is_made(clients: state.Clients) -> None:
    with pytest.raises(OperationError, match="not of the account of dev"):
        state.bootstrap(environment(), clients)

    assert clients.s3.list_buckets()["Buckets"] == []


def test_a_key_that_is_to_be_deleted_is_an_error(clients: state.Clients) -> None:
    state.bootstrap(here(), clients)
    key = clients.kms.describe_key(KeyId=here().state_key_alias)["KeyMetadata"]["KeyId"]
    clients.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    with pytest.raises(OperationError, match="is to be deleted"):
        state.bootstrap(here(), clients)
