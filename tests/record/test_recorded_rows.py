"""What the graph says of each resource."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jsonschema
import pytest

from modelkeel import graph as graph_module
from modelkeel.graph import SECRET, Graph, Resource, Source

COMPONENTS = """
class Inner(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("shop:a:Inner", name, None, opts)
        self.bucket = aws.s3.Bucket(name, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"bucket": self.bucket.bucket})

class Outer(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("shop:a:Outer", name, None, opts)
        self.inner = Inner(name + "-inner", pulumi.ResourceOptions(parent=self))
        self.register_outputs({})
"""


def named(graph: Graph, name: str, kind: str = "") -> Resource:
    (found,) = [row for _, row in graph.resources() if row.name == name and kind in row.type]
    return found


def test_urn_carries_the_whole_chain_of_parents_without_the_stack(repository: Any) -> None:
    """A suppression by URN must match what the real engine writes."""
    repository.program("data", COMPONENTS + 'Outer("lake")\naws.s3.Bucket("alone")\n')

    recorded = repository.record()

    inner = "shop:a:Outer$shop:a:Inner$aws:s3/bucket:Bucket"
    assert f"urn:pulumi:dev::shop-data::{inner}::lake-inner" == named(recorded, "lake-inner", "s3").urn
    assert "urn:pulumi:dev::shop-data::aws:s3/bucket:Bucket::alone" == named(recorded, "alone").urn


def test_source_is_the_line_that_writes_the_resource(repository: Any) -> None:
    """A resource inside a component is at the component's line; the component is where it is used."""
    repository.write("stacks/parts.py", "import pulumi\nimport pulumi_aws as aws\n" + COMPONENTS)
    repository.program("data", 'from stacks.parts import Outer\nOuter("lake")\n')

    recorded = repository.record()

    assert Source("stacks/data/__main__.py", 5) == named(recorded, "lake").source
    assert Source("stacks/parts.py", 7) == named(recorded, "lake-inner", "s3").source
    assert Source("stacks/parts.py", 13) == named(recorded, "lake-inner", "Inner").source


def test_source_of_a_provider_and_of_a_read_resource_is_in_the_project(repository: Any) -> None:
    """The SDK's own position of these lies in its generated code."""
    repository.program("data", 'aws.Provider("eu", region="eu-west-1")\naws.s3.Bucket.get("old", "old-bucket")\n')

    recorded = repository.record()

    assert Source("stacks/data/__main__.py", 4) == named(recorded, "eu").source
    assert Source("stacks/data/__main__.py", 5) == named(recorded, "old").source


def test_read_resources_are_marked_and_keep_their_id(repository: Any) -> None:
    repository.program("data", 'b = aws.s3.Bucket.get("old", "old-bucket")\npulumi.export("arn", b.arn)\n')

    recorded = repository.record()

    assert (True, "old-bucket") == (named(recorded, "old").read, named(recorded, "old").id)
    assert {"arn": "arn:aws:s3:::old-bucket"} == recorded.stacks[0].exports


def test_options_arrive_in_the_graph(repository: Any) -> None:
    repository.program(
        "data",
        """
        opts = pulumi.ResourceOptions(
            protect=True, retain_on_delete=True, ignore_changes=["tags", "policy"], delete_before_replace=True,
            replace_on_changes=["bucket"], aliases=[pulumi.Alias(name="former")],
        )
        aws.s3.Bucket("b", opts=opts)
        """,
    )

    bucket = named(repository.record(), "b")

    assert (True, True, True) == (bucket.protect, bucket.retain_on_delete, bucket.delete_before_replace)
    assert (("policy", "tags"), ("bucket",)) == (bucket.ignore_changes, bucket.replace_on_changes)
    assert "urn:pulumi:dev::shop-data::aws:s3/bucket:Bucket::former" in bucket.aliases


def test_protection_and_retention_are_inherited_from_the_parent(repository: Any) -> None:
    repository.program(
        "data", COMPONENTS + 'Inner("kept", pulumi.ResourceOptions(protect=True, retain_on_delete=True))\n'
    )

    bucket = named(repository.record(), "kept", "s3")

    assert (True, True) == (bucket.protect, bucket.retain_on_delete)


def test_a_renamed_component_gives_its_children_their_former_urns(repository: Any) -> None:
    """Else a rename would look as if it replaced every bucket inside."""
    repository.program(
        "data",
        COMPONENTS + 'Inner("new", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))\n',
    )

    bucket = named(repository.record(), "new", "s3")

    assert "urn:pulumi:dev::shop-data::shop:a:Inner$aws:s3/bucket:Bucket::old" in bucket.aliases


def test_dependencies_are_urns_sorted_and_by_property(repository: Any) -> None:
    repository.program(
        "data",
        """
        key, bucket = aws.kms.Key("k"), aws.s3.Bucket("b")
        topic = aws.sns.Topic("t", kms_master_key_id=key.arn, opts=pulumi.ResourceOptions(depends_on=[bucket]))
        """,
    )

    recorded = repository.record()

    key, bucket, topic = (named(recorded, name) for name in "kbt")
    assert tuple(sorted([key.urn, bucket.urn])) == topic.dependencies
    assert {"kmsMasterKeyId": (key.urn,)} == topic.property_dependencies


def test_whole_numbers_are_integers_and_fractions_stay(repository: Any) -> None:
    """The SDK sends every number as a float."""
    repository.program(
        "data", 'aws.cloudwatch.MetricAlarm("a", comparison_operator="x", evaluation_periods=3, threshold=0.5)\n'
    )

    inputs = named(repository.record(), "a").inputs

    assert '{"evaluationPeriods": 3, "threshold": 0.5}' == json.dumps(
        {key: inputs[key] for key in ("evaluationPeriods", "threshold")}
    )


def test_a_key_that_begins_with_a_dollar_is_doubled(repository: Any) -> None:
    """`{"$secret": true}` written by a program must not look like a marker."""
    repository.program("data", 'aws.s3.Bucket("b", tags={"$secret": "x"})\npulumi.export("$e", {"$unknown": True})\n')

    recorded = repository.record()

    assert {"$$secret": "x"} == named(recorded, "b").inputs["tags"]
    assert {"$$e": {"$$unknown": True}} == recorded.stacks[0].exports


def test_nested_arguments_of_a_provider_are_values_not_json_text(repository: Any) -> None:
    repository.program(
        "data",
        """
        aws.Provider("p", region="eu-west-1", allowed_account_ids=["111122223333"], skip_region_validation=True,
                     max_retries=5, default_tags={"tags": {"a": "b"}})
        """,
    )

    inputs = named(repository.record(), "p").inputs

    assert (["111122223333"], True, 5) == (
        inputs["allowedAccountIds"],
        inputs["skipRegionValidation"],
        inputs["maxRetries"],
    )
    assert ("eu-west-1", {"tags": {"a": "b"}}) == (inputs["region"], inputs["defaultTags"])


def test_tags_of_the_provider_reach_its_resources(repository: Any) -> None:
    repository.program(
        "data",
        """
        p = aws.Provider("p", region="eu-west-1", default_tags={"tags": {"a": "b", "c": "d"}})
        aws.s3.Bucket("b", tags={"c": "own"}, opts=pulumi.ResourceOptions(provider=p))
        """,
    )

    bucket = named(repository.record(), "b")

    assert {"a": "b", "c": "own"} == bucket.outputs["tagsAll"]
    assert "urn:pulumi:dev::shop-data::pulumi:providers:aws::p" == bucket.provider


def test_secrets_are_redacted_wherever_they_travel(repository: Any) -> None:
    """Taint follows a secret through apply, all and concat, into inputs, outputs, exports and other stacks."""
    repository.program(
        "data",
        """
        word = pulumi.Output.secret("hunter2-hunter2")
        aws.sns.Topic("p", display_name=word)
        aws.sns.Topic("q", display_name=pulumi.Output.concat("x-", word))
        aws.sns.Topic("r", display_name=pulumi.Output.all(word, "b").apply(json.dumps))
        aws.sns.Topic("t", name=word)
        pulumi.export("word", word)
        pulumi.export("nested", {"deep": [word]})
        """,
    )
    repository.program(
        "serving",
        """
        up = pulumi.StackReference("up", "organization/shop-data/dev")
        aws.sns.Topic("s", display_name=up.require_output("word"))
        """,
        upstream=("data",),
    )

    recorded = repository.record()

    assert "hunter2" not in graph_module.dumps(recorded)
    assert [SECRET] * 4 == [named(recorded, name).inputs["displayName"] for name in "pqrs"]
    assert SECRET == recorded.stacks[0].exports["word"]


def test_outputs_named_secret_by_the_program_are_redacted_and_tainted(repository: Any) -> None:
    repository.program(
        "data",
        """
        key = aws.kms.Key("k", opts=pulumi.ResourceOptions(additional_secret_outputs=["arn"]))
        aws.sns.Topic("t", kms_master_key_id=key.arn)
        """,
    )

    recorded = repository.record()

    assert (SECRET, SECRET) == (named(recorded, "k").outputs["arn"], named(recorded, "t").inputs["kmsMasterKeyId"])


def test_an_input_named_secret_taints_those_who_read_it_back(repository: Any) -> None:
    repository.program(
        "data",
        """
        one = aws.sns.Topic("one", display_name="x", opts=pulumi.ResourceOptions(
            additional_secret_outputs=["display_name", "owner"]))
        aws.sns.Topic("two", display_name=one.display_name, tags={"owner": one.owner})
        """,
    )

    inputs = named(repository.record(), "two").inputs

    assert (SECRET, {"owner": SECRET}) == (inputs["displayName"], inputs["tags"])


def test_assets_are_digests_of_their_content_relative_to_the_program(repository: Any) -> None:
    """The program's working directory is its folder, as under the CLI."""
    repository.write("stacks/data/page.html", "hello")
    repository.program(
        "data",
        """
        aws.s3.BucketObjectv2("file", bucket="b", source=pulumi.FileAsset("page.html"))
        aws.s3.BucketObjectv2("text", bucket="b", source=pulumi.StringAsset("hello"))
        archive = pulumi.AssetArchive({"a": pulumi.StringAsset("x"), "dir": pulumi.FileArchive(".")})
        aws.lambda_.Function("f", role="arn:aws:iam::111122223333:role/x", code=archive)
        """,
    )

    recorded = repository.record()

    content = "sha256:" + hashlib.sha256(b"hello").hexdigest()
    assert [{"$asset": content}] * 2 == [named(recorded, name).inputs["source"] for name in ("file", "text")]
    assert named(recorded, "f").inputs["code"]["$asset"].startswith("sha256:")


@pytest.mark.parametrize(
    "register",
    [
        "pulumi.runtime.register_stack_transformation(legacy)",
        "pulumi.runtime.register_resource_transform(modern)",
        "pulumi.runtime.register_stack_transform(slow)",
    ],
)
def test_stack_transforms_change_what_is_recorded(repository: Any, register: str) -> None:
    """The SDK's test monitor does not run the newer ones at all."""
    repository.program(
        "data",
        f"""
        def legacy(args):
            return pulumi.ResourceTransformationResult({{**args.props, "tags": {{"by": "transform"}}}}, args.opts)

        def modern(args):
            opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
            return pulumi.ResourceTransformResult({{**args.props, "tags": {{"by": "transform"}}}}, opts)

        async def slow(args):
            return modern(args)

        {register}
        aws.s3.Bucket("b")
        """,
    )

    assert {"by": "transform"} == named(repository.record(), "b").inputs["tags"]


def test_transforms_of_a_component_reach_its_children_and_their_options(repository: Any) -> None:
    repository.program(
        "data",
        COMPONENTS
        + """
def guard(args):
    if args.type_ == "aws:s3/bucket:Bucket":
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True, ignore_changes=["acl"]))
        return pulumi.ResourceTransformResult(args.props, opts)

Inner("x", pulumi.ResourceOptions(transforms=[guard]))
""",
    )

    recorded = repository.record()

    bucket = named(recorded, "x", "s3")
    assert (True, ("acl",), False) == (bucket.protect, bucket.ignore_changes, named(recorded, "x", "Inner").protect)


def test_a_dynamic_provider_is_recorded_and_not_run(repository: Any) -> None:
    repository.program(
        "data",
        """
        from pulumi.dynamic import Resource, ResourceProvider

        class Explosive(ResourceProvider):
            def create(self, props):
                raise SystemExit("ran")

        class Thing(Resource):
            def __init__(self, name):
                super().__init__(Explosive(), name, {"size": 1})

        Thing("d")
        """,
    )

    assert 1 == named(repository.record(), "d").inputs["size"]


def test_an_asynchronous_program_is_recorded(repository: Any) -> None:
    repository.program(
        "data",
        """
        async def main():
            bucket = aws.s3.Bucket("b")
            return {"name": bucket.bucket}

        pulumi.run(main)
        """,
    )

    recorded = repository.record()

    assert {"name": named(recorded, "b").id} == recorded.stacks[0].exports


def test_a_component_keeps_what_it_registers_as_outputs(repository: Any) -> None:
    repository.program("data", COMPONENTS + 'Inner("x")\n')

    recorded = repository.record()

    assert {"bucket": named(recorded, "x", "s3").id} == named(recorded, "x", "Inner").outputs


def test_a_resource_given_as_a_value_stands_for_its_id(repository: Any) -> None:
    repository.program(
        "data",
        'vpc = aws.ec2.Vpc("v")\naws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.0.0.0/24", tags={"v": vpc})\n',
    )

    recorded = repository.record()

    assert named(recorded, "v").id == named(recorded, "s").inputs["tags"]["v"]


def test_the_same_project_gives_the_same_bytes(repository: Any) -> None:
    """Rows are sorted by URN, sets by name; nothing depends on which task ran first."""
    repository.program(
        "data",
        """
        keys = [aws.kms.Key(f"k{n}") for n in range(12)]
        policy = pulumi.Output.all(*[key.arn for key in keys]).apply(json.dumps)
        topics = [aws.sns.Topic(f"t{n}", kms_master_key_id=keys[-n].arn, policy=policy) for n in range(12)]
        """,
    )

    first = repository.record()
    second = repository.record()

    assert graph_module.dumps(first) == graph_module.dumps(second)
    urns = [row.urn for row in first.stacks[0].resources]
    assert sorted(urns) == urns


def test_the_document_obeys_its_schema_and_comes_back_equal(repository: Any, graph_schema: Any) -> None:
    repository.program(
        "data",
        COMPONENTS
        + """
Outer("lake", pulumi.ResourceOptions(protect=True))
aws.s3.Bucket.get("old", "old-bucket")
aws.sns.Topic("p", display_name=pulumi.Output.secret("x"), tags={"$a": "b"})
pulumi.export("none", None)
""",
    )
    for fidelity in ("simulate", "preview"):
        recorded = repository.record(fidelity=fidelity)

        document = json.loads(graph_module.dumps(recorded))

        jsonschema.Draft7Validator(graph_schema).validate(document)
        assert recorded == graph_module.from_document(document)[0]
