"""What the real provider says of resources, in the program's own terms; skips where no build is at hand."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from provider.conftest import graph_of, resource

from modelkeel import provider
from modelkeel.graph import Resource
from modelkeel.report import validation as text

ROLE = "arn:aws:iam::111122223333:role/x"
MODEL_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"


def variant(**changes: Any) -> dict[str, Any]:
    return {"productionVariants": [{"modelName": "m", "instanceType": "ml.m5.large", "variantName": "a", **changes}]}


VIOLATING = [
    (
        "aws:sagemaker/pipeline:Pipeline",
        {"pipelineName": "p", "pipelineDisplayName": "p", "pipelineDefinition": "{}", "roleArn": "no-arn"},
        "roleArn",
        "invalid ARN",
    ),
    (MODEL_CONFIGURATION, variant(instanceType="ml.q9.tiny"), "productionVariants[0].instanceType", "to be one of"),
    (MODEL_CONFIGURATION, variant(initialInstanceCount=0), "productionVariants[0].initialInstanceCount", "at least"),
    ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/99"}, "cidrBlock", "invalid CIDR"),
    ("aws:iam/policy:Policy", {"policy": "{not json"}, "policy", "invalid JSON"),
    ("aws:kms/key:Key", {"deletionWindowInDays": 3}, "deletionWindowInDays", "7 - 30"),
    ("aws:lambda/function:Function", {"role": ROLE, "code": {"$asset": "0"}, "runtime": "nope"}, "runtime", "one of"),
    ("aws:kms/key:Key", {"deletionWindowInDays": "soon"}, "deletionWindowInDays", "a number"),
    (
        "aws:ecr/repository:Repository",
        {"name": "models", "encryptionConfigurations": [{"encryptionTyp": "KMS"}]},
        "encryptionConfigurations[0].encryptionTyp",
        "encryptionType",
    ),
    ("pulumi:providers:aws", {"region": "eu-west-1", "defaultTags": {"tagss": {}}}, "defaultTags.tagss", "tags"),
]


@pytest.fixture(scope="module")
def refused(build: provider.Binary) -> provider.Validation:
    """What the provider says of all of VIOLATING: one process for them all."""
    rows = enumerate(VIOLATING)
    return provider.validate(
        graph_of(*(resource(row[0], row[1], name=f"wrong-{index}", line=40 + index) for index, row in rows)), build
    )


@pytest.mark.parametrize("index", range(len(VIOLATING)), ids=[f"{row[0]}-{row[2]}" for row in VIOLATING])
def test_a_mistake_is_reported_at_its_property_and_line(refused: provider.Validation, index: int) -> None:
    _, _, path, words = VIOLATING[index]

    (error,) = (row for row in refused.errors if row.place.urn.endswith(f"::wrong-{index}"))

    assert path == error.place.path
    assert words in error.message
    assert f"stacks/data/__main__.py:{40 + index}: error:" in text.render(refused)


def test_a_mistake_fails_and_is_not_verified(refused: provider.Validation) -> None:
    assert (1, 0) == (refused.exit_code, refused.verified)


GOOD = resource("aws:kms/key:Key", {"deletionWindowInDays": 7}, name="good")
NOT_VERIFIABLE = [
    (resource("kubernetes:core/v1:Namespace", {}), "", "other-package"),
    (resource("aws:novelty/thing:Thing", {}), "", "unknown-type"),
    (resource("aws:kms/key:Key", {"brandNew": True}, name="newer"), "brandNew", "newer-argument"),
    (resource("aws:kms/key:Key", {"description": {"$unknown": True}}), "description", "unknown"),
    (
        resource("aws:ssm/parameter:Parameter", {"type": "SecureString", "value": {"$secret": True}}),
        "value",
        "secret",
    ),
    (
        resource("aws:sfn/stateMachine:StateMachine", {"roleArn": ROLE, "definition": '{"StartAt": "A"}'}),
        "",
        "needs-aws",
    ),
]


def test_what_this_build_cannot_judge_is_listed_and_not_counted_as_verified(build: provider.Binary) -> None:
    found = provider.validate(graph_of(GOOD, *(row for row, *_ in NOT_VERIFIABLE)), build)

    assert {(row.urn, path, reason) for row, path, reason in NOT_VERIFIABLE} == {
        (row.place.urn, row.place.path, row.reason) for row in found.not_verifiable
    }
    assert (len(NOT_VERIFIABLE) + 1, 1, ()) == (found.resources, found.verified, found.errors)
    assert 0 == found.exit_code


NEWER = [
    ("aws:lambda/function:Function", {"role": ROLE, "code": {"$asset": "0"}, "runtime": "python3.14"}),
    (MODEL_CONFIGURATION, variant(instanceType="ml.g7e.2xlarge")),
    ("aws:organizations/policy:Policy", {"content": "{}", "type": "S3_POLICY"}),
]


def test_what_aws_has_introduced_since_is_no_error_of_an_older_build(build: provider.Binary) -> None:
    if build.version >= (6, 0, 0):
        pytest.skip("a build before 6.0.0 is missing: this one may know the newer values")
    graph = graph_of(*(resource(token, inputs) for token, inputs in NEWER))

    found = provider.validate(graph, build)

    assert () == found.errors
    assert {(token, "newer-value") for token, _ in NEWER} == {
        (row.place.type, row.reason) for row in found.not_verifiable
    }


def test_an_error_that_may_come_from_an_argument_left_out_proves_nothing(build: provider.Binary) -> None:
    """A table's key may be given by an argument that the build does not know."""
    table = resource("aws:kms/alias:Alias", {"brandNew": "replaces targetKeyId", "name": "alias/a"})

    found = provider.validate(graph_of(table), build)

    assert ((), {"newer-argument", "follows-newer-argument"}) == (
        found.errors,
        {row.reason for row in found.not_verifiable},
    )


def test_a_resource_is_judged_in_its_own_region(build: provider.Binary) -> None:
    """A build without the argument `region` takes it from the provider: nothing is left unjudged."""
    away = resource("aws:kms/key:Key", {"region": "us-east-1"})

    assert ((), 1) == ((found := provider.validate(graph_of(away), build)).not_verifiable, found.verified)


def test_what_is_only_looked_up_is_not_judged(build: provider.Binary) -> None:
    read = Resource(urn="urn:x", type="aws:ec2/vpc:Vpc", name="x", read=True, inputs={"cidrBlock": "nonsense"})

    assert 0 == provider.validate(graph_of(read), build).resources


def test_the_document_has_its_schema_and_does_not_change_from_run_to_run(build: provider.Binary) -> None:
    schema = json.loads((files("modelkeel") / "schemas" / "validation.schema.json").read_text(encoding="utf-8"))
    wrong = [resource(token, inputs, name=f"w{index}") for index, (token, inputs, *_) in enumerate(VIOLATING)]
    graph = graph_of(GOOD, *wrong, *(row for row, *_ in NOT_VERIFIABLE))

    first, second = (provider.dumps(provider.validate(graph, build)) for _ in range(2))

    jsonschema.validate(json.loads(first), schema)
    assert first == second
