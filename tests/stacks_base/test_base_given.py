"""A key and raw data that others own: used, and left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stacks_base.base_project import ACCOUNT, LARGE, inputs, of_type, program, recorded, stack, statements

from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from stacks import placement

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BUCKETS = ["curated", "features", "models", "capture", "logs"]


@pytest.fixture(scope="module")
def given() -> Graph:
    return recorded(
        identity={"existing_key_arn": KEY, "existing_raw_bucket": "acme-raw", "buckets": BUCKETS},
        foundation={"existing_key_arn": KEY},
        data={"existing_raw_bucket": "acme-raw", "buckets": BUCKETS},
    )


def test_no_key_is_made_and_an_alias_for_each_class_leads_to_the_given_one(given: Graph) -> None:
    foundation = stack(given, "foundation")

    assert [] == [row for row in foundation.resources if row.type == "aws:kms/key:Key"]
    aliases = [row.inputs for row in foundation.resources if row.type == "aws:kms/alias:Alias"]
    assert {f"alias/fraud-prod-{name}" for name in LARGE["foundation"]["key_classes"]} == {
        row["name"] for row in aliases
    }
    assert {KEY} == {row["targetKeyId"] for row in aliases}
    assert {KEY} == {foundation.exports[f"{name}_key_arn"] for name in placement.KEY_CLASSES}


def test_raw_data_is_exported_and_nothing_is_put_on_its_bucket(given: Graph) -> None:
    exports = stack(given, "data").exports

    assert ("acme-raw", "arn:aws:s3:::acme-raw") == (exports["raw_bucket_name"], exports["raw_bucket_arn"])
    assert "raw" not in inputs(given, "s3/bucket:Bucket")
    assert [] == [row.urn for _, row in given.resources() if row.inputs.get("bucket") == "acme-raw"]


def test_a_stream_still_ends_in_a_bucket_of_the_project(given: Graph) -> None:
    delivery = next(of_type(given, "FirehoseDeliveryStream")).inputs["extendedS3Configuration"]

    assert f"arn:aws:s3:::fraud-prod-curated-{ACCOUNT}" == delivery["bucketArn"]
    assert delivery["prefix"].startswith("raw/")


def test_only_processing_reads_the_given_bucket_and_decrypts_its_objects(given: Graph) -> None:
    naming = {
        (urn.rpartition("::")[2], statement["Sid"])
        for urn, statement in statements(given, "iam/policy:Policy")
        if "acme-raw" in json.dumps(statement)
    }

    assert {role for role, _ in naming} == {next(iter(role for role, _ in naming))}
    assert {"ReadObjects", "ListBuckets", "DecryptGivenData"} == {sid for _, sid in naming}
    found: dict[str, Any] = next(
        each for _, each in statements(given, "iam/policy:Policy") if each["Sid"] == "DecryptGivenData"
    )
    assert {"kms:Decrypt"} == set(found["Action"] if isinstance(found["Action"], list) else [found["Action"]])
    arn = "arn:aws:s3:::acme-raw"
    assert [arn, f"{arn}/*"] == found["Condition"]["StringLike"]["kms:EncryptionContext:aws:s3:arn"]


def test_ci_points_aliases_to_the_given_key_only(given: Graph) -> None:
    found = [each for _, each in statements(given, "iam/policy:Policy") if each["Sid"] == "AliasesOfGivenKey"]

    assert found
    assert {KEY} == {each["Resource"] for each in found}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"keyState": "Disabled"}, "Disabled"),
        ({"keySpec": "RSA_2048"}, "RSA_2048"),
        ({"keyUsage": "SIGN_VERIFY"}, "SIGN_VERIFY"),
    ],
)
def test_a_key_that_cannot_encrypt_is_refused(answer: dict[str, str], said: str) -> None:
    with pytest.raises(ModelkeelError) as error:
        program(
            "foundation",
            foundation={"existing_key_arn": KEY},
            offline={"aws:kms/getKey:getKey": {"arn": KEY, **answer}},
        )

    assert said in str(error.value)
    assert "give an enabled symmetric key" in str(error.value)
