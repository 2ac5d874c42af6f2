"""Functions that look something up are answered offline, from the scope of their provider."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel.record.capture import invokes, policy_document
from modelkeel.record.capture.fabricate import Scope

HERE = Scope("111122223333", "eu-west-1", "aws", {"a": "b"})


def test_identity_region_partition_and_zones(repository: Any) -> None:
    repository.program(
        "data",
        """
        provider = aws.Provider("g", region="us-gov-west-1", allowed_account_ids=["999988887777"])
        gov = pulumi.InvokeOptions(provider=provider)
        pulumi.export("here", [aws.get_caller_identity().account_id, aws.get_region().region, aws.get_partition().id,
                               aws.get_availability_zones(state="available").names])
        pulumi.export("there", [aws.get_caller_identity(opts=gov).account_id, aws.get_region(opts=gov).name,
                                aws.get_partition(opts=gov).partition, aws.get_partition(opts=gov).dns_suffix])
        """,
    )

    exports = repository.record().stacks[0].exports

    assert ["111122223333", "eu-west-1", "aws", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]] == exports["here"]
    assert ["999988887777", "us-gov-west-1", "aws-us-gov", "amazonaws.com"] == exports["there"]


def test_invoke_transforms_change_the_arguments(repository: Any) -> None:
    repository.program(
        "data",
        """
        def rename(args):
            return pulumi.InvokeTransformResult({**args.args, "name": "renamed"}, args.opts)

        pulumi.runtime.register_invoke_transform(rename)
        pulumi.export("arn", aws.iam.get_role(name="x").arn)
        """,
    )

    assert {"arn": "arn:aws:iam::111122223333:role/renamed"} == repository.record().stacks[0].exports


def test_a_lookup_by_a_secret_stays_secret(repository: Any) -> None:
    repository.program(
        "data", 'pulumi.export("v", aws.ssm.get_parameter_output(name=pulumi.Output.secret("/a")).arn)\n'
    )

    assert {"v": {"$secret": True}} == repository.record().stacks[0].exports


def test_a_lookup_by_something_unknown_is_unknown_in_a_preview(repository: Any) -> None:
    repository.program("data", 'b = aws.s3.Bucket("b")\npulumi.export("v", aws.iam.get_role_output(name=b.arn).arn)\n')

    assert {"v": {"$unknown": True}} == repository.record(fidelity="preview").stacks[0].exports


@pytest.mark.parametrize("token", sorted(invokes.ANSWERS))
def test_each_known_function_answers_with_every_property_that_the_sdk_has(token: str) -> None:
    """A property that is missing would be None in the program."""
    import importlib

    import pulumi_aws
    from pulumi import _types

    module, name = token.split(":")[1].split("/")
    owner = pulumi_aws if module == "index" else importlib.import_module(f"pulumi_aws.{module}")
    result_type = getattr(owner, name[0].upper() + name[1:] + "Result")
    optional_arguments = {
        "state", "filters", "tags", "allAvailabilityZones", "excludeNames", "excludeZoneIds", "pathPrefix", "timeouts",
        "prefixListId", "withDecryption", "serviceRegions", "policyId", "version", "statements", "sourceJson",
        "overrideJson", "sourcePolicyDocuments", "grantTokens", "overridePolicyDocuments",
    }  # fmt: skip

    answer = invokes.answer(token, {"name": "x", "arn": "arn:aws:iam::1:role/x", "bucket": "x", "keyId": "x"}, HERE, {})

    assert set(_types.output_type_types(result_type)) - optional_arguments <= set(answer)


def test_a_policy_document_is_computed() -> None:
    document = policy_document.build(
        {
            "policyId": "p",
            "statements": [
                {
                    "sid": "Read",
                    "actions": ["s3:GetObject", "s3:ListBucket"],
                    "resources": ["arn:aws:s3:::b/&{aws:username}"],
                    "principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::111122223333:root"]}],
                    "conditions": [
                        {"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-1"]},
                        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["2", "1"]},
                    ],
                },
                {"effect": "Deny", "notActions": ["iam:*"], "notResources": ["*"],
                 "notPrincipals": [{"type": "*", "identifiers": ["*"]}]},
            ],
        }
    )  # fmt: skip

    assert {
        "Version": "2012-10-17",
        "Id": "p",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::b/${aws:username}",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:SourceAccount": ["2", "1"]}},
            },
            {"Effect": "Deny", "NotAction": "iam:*", "NotResource": "*", "NotPrincipal": "*"},
        ],
    } == document


def test_policy_documents_are_merged_by_sid() -> None:
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow"}, {"Sid": "B", "Effect": "Allow"}]})
    override = json.dumps({"Statement": {"Sid": "B", "Effect": "Deny"}})

    document = policy_document.build(
        {
            "sourcePolicyDocuments": [source],
            "statements": [{"sid": "A", "effect": "Deny", "actions": ["*"]}],
            "overridePolicyDocuments": [override],
        }
    )

    assert [("A", "Deny"), ("B", "Deny")] == [(row["Sid"], row["Effect"]) for row in document["Statement"]]


def test_a_repeated_sid_in_source_documents_is_an_error_at_the_line(repository: Any) -> None:
    repository.program(
        "data",
        """
        one = json.dumps({"Statement": [{"Sid": "A"}]})
        aws.iam.get_policy_document(source_policy_documents=[one, one])
        """,
    )

    problem, _ = repository.problem()

    assert ("repeat the Sid 'A'" in problem.got, "stacks/data/__main__.py:6") == (True, problem.location)


def test_the_json_of_a_policy_document_reaches_a_resource(repository: Any) -> None:
    repository.program(
        "data",
        """
        b = aws.s3.Bucket("b", bucket="shop")
        found = aws.iam.get_policy_document_output(statements=[{"actions": ["s3:*"], "resources": [b.arn]}])
        aws.s3.BucketPolicy("p", bucket=b.id, policy=found.json)
        """,
    )

    (row,) = [row for _, row in repository.record().resources() if row.name == "p"]

    assert "arn:aws:s3:::shop" == json.loads(row.inputs["policy"])["Statement"][0]["Resource"]


@given(st.lists(st.text(alphabet="abc:*", min_size=1), min_size=1, max_size=6))
def test_an_action_list_survives_whole(actions: list[str]) -> None:
    (statement,) = policy_document.build({"statements": [{"actions": actions}]})["Statement"]

    found = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
    assert sorted(actions) == sorted(found)
