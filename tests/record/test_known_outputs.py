"""Simulate: every output is known and well formed. Preview: what only a deployment tells stays unknown."""

from __future__ import annotations

import importlib
import json
import re
from typing import Any

import pulumi_aws
import pytest

from modelkeel.graph import UNKNOWN, Resource
from modelkeel.record.capture import fabricate, sdk

ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|aws|lambda)?:[^{}]+")


def named(graph: Any, name: str) -> Resource:
    (found,) = [row for _, row in graph.resources() if row.name == name]
    return found


def sdk_classes() -> dict[str, type]:
    """Return the class of each type token of pulumi-aws (the SDK's own register of them)."""
    text = open(pulumi_aws.__file__, encoding="utf-8").read()  # noqa: PTH123, SIM115
    rows = json.loads(re.search(r'resource_modules="""(.*?)"""', text, re.DOTALL)[1])  # type: ignore[index]
    wanted = fabricate.table()
    return {
        token: getattr(importlib.import_module(row["fqn"]), name)
        for row in rows
        for token, name in row["classes"].items()
        if token in wanted
    }


def test_the_table_names_only_types_outputs_and_inputs_that_the_sdk_has() -> None:
    """A typing error there would give a program None where AWS gives a value."""
    classes = sdk_classes()

    assert sorted(fabricate.table()) == sorted(classes)
    for token, row in fabricate.table().items():
        outputs, inputs = sdk.output_hints(classes[token]), sdk.input_names(classes[token])
        stray = [key for key in row if key not in ("id", "name", *outputs)]
        assert not stray, token
        assert row.get("name") is None or row["name"] in outputs, token
        assert {*re.findall(r"\{input\[(\w+)\]\}", str(row))} <= inputs, token
        assert "name" in row or "{name}" not in str(row), token


def test_every_row_of_the_table_gives_known_values_and_well_formed_arns() -> None:
    scope = fabricate.Scope("111122223333", "eu-west-1", "aws", {})
    for token, cls in sdk_classes().items():
        maker = fabricate.Fabricator(token, cls, f"urn:pulumi:dev::p::{token}::x", "x", scope)

        found, known, others = maker.id_and_outputs({}, "")

        assert found, token
        for key, value in {**others, **known}.items():
            assert value is not None, (token, key)
            if re.search("(^a|A)rn$", key) and "offline-" not in value:
                assert ARN.fullmatch(value), (token, key, value)


def test_a_program_may_apply_on_every_output_of_a_new_resource(repository: Any) -> None:
    """None where AWS gives a value would end the program, or be written into a policy as null."""
    repository.program(
        "data",
        """
        cluster = aws.eks.Cluster("c", role_arn="arn:aws:iam::111122223333:role/x", vpc_config={"subnet_ids": ["s"]})
        pulumi.export("issuer", cluster.identities.apply(lambda found: found[0].oidcs[0].issuer.split("//")[1]))
        pulumi.export("authority", cluster.certificate_authority.apply(lambda found: found.data[:4]))
        endpoint = aws.ec2.VpcEndpoint("e", vpc_id="vpc-1", service_name="s3")
        pulumi.export("dns", endpoint.dns_entries.apply(lambda found: found[0]["dns_name"]))
        pulumi.export("eni", endpoint.network_interface_ids[0])
        stage = aws.apigatewayv2.Stage("s", api_id="a")
        pulumi.export("rare", pulumi.Output.all(stage.arn, stage.execution_arn, stage.invoke_url).apply(
            lambda all: [text.upper() for text in all]))
        """,
    )

    exports = repository.record().stacks[0].exports

    assert re.fullmatch(r"oidc\.eks\.eu-west-1\.amazonaws\.com/id/[A-Z]{32}", exports["issuer"])
    assert "LS0t" == exports["authority"]
    assert exports["dns"].startswith("vpce-")
    assert exports["eni"].startswith("eni-")
    assert exports["rare"][0].startswith("ARN:AWS:APIGATEWAYV2:EU-WEST-1:111122223333:")


def test_aws_fills_in_what_a_block_leaves_open(repository: Any) -> None:
    """The security group of a cluster stands in the block that names its subnets."""
    repository.program(
        "data",
        """
        cluster = aws.eks.Cluster("c", role_arn="arn:aws:iam::111122223333:role/x", vpc_config={"subnet_ids": ["s"]})
        pulumi.export("group", cluster.vpc_config.cluster_security_group_id)
        pulumi.export("subnets", cluster.vpc_config.subnet_ids)
        """,
    )

    exports = repository.record().stacks[0].exports

    assert exports["group"].startswith("sg-")
    assert ["s"] == list(exports["subnets"])


def test_names_that_the_program_leaves_out_are_made_like_the_provider_makes_them(repository: Any) -> None:
    repository.program("data", 'aws.s3.Bucket("Data")\naws.sqs.Queue("q", fifo_queue=True)\n')

    recorded = repository.record()

    assert re.fullmatch("data-[0-9a-f]{7}", named(recorded, "Data").outputs["bucket"])
    assert re.fullmatch(r"q-[0-9a-f]{7}\.fifo", named(recorded, "q").outputs["name"])
    assert "bucket" not in named(recorded, "Data").inputs


def test_arns_follow_the_account_region_and_partition_of_the_provider(repository: Any) -> None:
    repository.program(
        "data",
        """
        gov = aws.Provider("gov", region="us-gov-west-1", allowed_account_ids=["999988887777"])
        aws.kms.Key("there", opts=pulumi.ResourceOptions(provider=gov))
        aws.kms.Key("here")
        aws.kms.Key("elsewhere", region="eu-central-1")
        """,
    )

    recorded = repository.record()

    prefixes = [named(recorded, name).outputs["arn"].split(":key/")[0] for name in ("there", "here", "elsewhere")]
    assert [
        "arn:aws-us-gov:kms:us-gov-west-1:999988887777",
        "arn:aws:kms:eu-west-1:111122223333",
        "arn:aws:kms:eu-central-1:111122223333",
    ] == prefixes


def test_a_secret_name_is_not_repeated_in_the_arn(repository: Any) -> None:
    repository.program("data", 'aws.sns.Topic("t", name=pulumi.Output.secret("codename"))\n')

    topic = named(repository.record(), "t")

    assert "codename" not in json.dumps([topic.id, dict(topic.outputs)])


def test_simulated_values_hold_no_unknown(repository: Any) -> None:
    repository.program("data", 'b = aws.s3.Bucket("b")\naws.s3.BucketPolicy("p", bucket=b.id, policy=b.arn)\n')

    assert {"bucket": named(repository.record(), "b").id} == {
        "bucket": named(repository.record(), "p").inputs["bucket"]
    }


def test_preview_keeps_unknown_what_only_a_deployment_tells(repository: Any) -> None:
    repository.program(
        "data",
        """
        b = aws.s3.Bucket("b", bucket="shop")
        aws.s3.BucketPolicy("p", bucket=b.bucket, policy=b.arn.apply(lambda arn: 1 / 0))
        pulumi.export("arn", b.arn)
        pulumi.export("mixed", [b.bucket, b.arn])
        pulumi.export("dry", pulumi.runtime.is_dry_run())
        """,
    )

    recorded = repository.record(fidelity="preview")

    assert {"bucket": "shop", "policy": UNKNOWN} == named(recorded, "p").inputs
    assert (None, {}) == (named(recorded, "b").id, named(recorded, "b").outputs)
    assert {"arn": UNKNOWN, "mixed": ["shop", UNKNOWN], "dry": True} == recorded.stacks[0].exports


def test_preview_of_a_reader_knows_the_exports_that_are_known(repository: Any) -> None:
    """One unknown export must not hide the others (of `outputs`; the SDK's own `require_output` hides them)."""
    repository.program(
        "data", 'b = aws.s3.Bucket("b", bucket="shop")\npulumi.export("name", b.bucket)\npulumi.export("arn", b.arn)\n'
    )
    repository.program(
        "serving",
        """
        up = pulumi.StackReference("up", "organization/shop-data/dev")
        aws.sns.Topic("n", display_name=up.outputs.apply(lambda all: all["name"]))
        aws.sns.Topic("a", display_name=up.outputs.apply(lambda all: all["arn"]).apply(lambda arn: 1 / 0))
        """,
        upstream=("data",),
    )

    recorded = repository.record(fidelity="preview")

    assert ("shop", UNKNOWN) == (named(recorded, "n").inputs["displayName"], named(recorded, "a").inputs["displayName"])


@pytest.mark.parametrize("fidelity", ["simulate", "preview"])
def test_what_one_program_exports_the_next_reads(repository: Any, fidelity: str) -> None:
    repository.program("data", 'pulumi.export("names", ["a", "b"])\npulumi.export("size", 3)\n')
    repository.program(
        "serving",
        """
        up = pulumi.StackReference("organization/shop-data/dev")
        pulumi.export("copy", pulumi.Output.all(up.get_output("names"), up.get_output("size"), up.get_output("none")))
        """,
        upstream=("data",),
    )

    stack = repository.record(fidelity=fidelity).stacks[1]

    assert {"copy": [["a", "b"], 3, None]} == stack.exports
    assert ("organization/shop-data/dev",) == stack.stack_references
