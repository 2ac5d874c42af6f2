"""What an update does to each resource, and from which property."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from change.graphs import BUCKET, KEY, POLICY, SUBNET, TABLE, VPC, graph, resource, urn

from modelkeel import change
from modelkeel.change import Change, Changes
from modelkeel.errors import ExitCode
from modelkeel.graph import Graph
from modelkeel.report import change as text


def compared(old: Graph, new: Graph) -> Changes:
    return change.compare(old, new, against="before")


def only(old: Graph, new: Graph) -> Change:
    (row,) = compared(old, new).rows
    return row


def test_what_is_new_is_created_and_what_nobody_registers_is_deleted() -> None:
    found = compared(graph(resource(BUCKET, "a")), graph(resource(BUCKET, "b")))

    assert [(row.action, row.urn) for row in found.rows] == [("create", urn(BUCKET, "b")), ("delete", urn(BUCKET, "a"))]


def test_what_stays_is_counted_and_not_listed() -> None:
    found = compared(graph(resource(BUCKET, "a")), graph(resource(BUCKET, "a")))

    assert (found.rows, found.same, found.exit_code) == ((), 1, ExitCode.OK)


def test_a_property_that_can_change_is_updated_in_place() -> None:
    row = only(graph(resource(BUCKET, "a")), graph(resource(BUCKET, "a", {"forceDestroy": True})))

    assert (row.action, row.properties, row.basis) == ("update", ("forceDestroy",), "table")


def test_a_property_that_cannot_change_replaces_and_is_named() -> None:
    found = compared(graph(resource(BUCKET, "a", {"bucket": "x"})), graph(resource(BUCKET, "a", {"bucket": "y"})))

    assert [(row.action, row.because) for row in found.rows] == [("replace", ("bucket",))]
    assert found.exit_code is ExitCode.FINDINGS
    assert "LOSS: Bucket a would be replaced: its objects go with it" in text.render(found)


@pytest.mark.parametrize(("protect", "said"), [(True, "the update stops there"), (False, "its objects go with it\n")])
def test_a_lost_resource_is_told_with_its_protection(protect: bool, said: str) -> None:
    found = compared(graph(resource(BUCKET, "a", protect=protect)), graph())

    assert found.losses
    assert said in text.render(found)


def test_what_pulumi_lets_stand_is_no_loss() -> None:
    assert compared(graph(resource(BUCKET, "a", retain_on_delete=True)), graph()).exit_code is ExitCode.OK


def test_a_resource_without_state_may_be_replaced() -> None:
    old, new = (graph(resource(SUBNET, "a", {"cidrBlock": cidr})) for cidr in ("10.0.0.0/24", "10.0.1.0/24"))

    assert compared(old, new).exit_code is ExitCode.OK


def test_an_alias_leads_to_the_resource_before() -> None:
    old = graph(resource(BUCKET, "old", {"bucket": "x"}))
    new = resource(BUCKET, "new", {"bucket": "x", "forceDestroy": True}, aliases=(urn(BUCKET, "old"),))

    row = only(old, graph(new))

    assert (row.action, row.former_urn) == ("update", urn(BUCKET, "old"))


def test_an_alias_of_what_still_exists_claims_nothing() -> None:
    old = graph(resource(BUCKET, "a"))
    new = graph(resource(BUCKET, "a"), resource(BUCKET, "b", aliases=(urn(BUCKET, "a"),)))

    assert [(row.action, row.urn) for row in compared(old, new).rows] == [("create", urn(BUCKET, "b"))]


def test_ignored_changes_are_none() -> None:
    old = graph(resource(BUCKET, "a", {"bucket": "x"}))
    new = graph(resource(BUCKET, "a", {"bucket": "y"}, ignore_changes=("bucket",)))

    assert compared(old, new).rows == ()


def test_a_program_may_ask_for_replacement() -> None:
    old = graph(resource(BUCKET, "a"))
    new = graph(resource(BUCKET, "a", {"forceDestroy": True}, replace_on_changes=("forceDestroy",)))

    assert (only(old, new).action, only(old, new).basis) == ("replace", "engine")


def test_a_replacement_reaches_what_is_computed_from_it() -> None:
    """The id of a replaced network is unknown, and a subnet cannot move."""

    def network(cidr: str) -> Graph:
        subnet = resource(
            SUBNET,
            "s",
            {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"},
            property_dependencies={"vpcId": (urn(VPC, "v"),)},
        )
        return graph(resource(VPC, "v", {"cidrBlock": cidr}), subnet)

    rows = {row.type: row for row in compared(network("10.0.0.0/16"), network("10.1.0.0/16")).rows}

    assert (rows[VPC].action, rows[VPC].because) == ("replace", ("cidrBlock",))
    assert (rows[SUBNET].action, rows[SUBNET].because) == ("replace", (urn(VPC, "v"),))


def test_another_region_makes_everything_anew() -> None:
    found = compared(graph(resource(KEY, "k")), graph(resource(KEY, "k"), region="eu-central-1"))

    assert [(row.action, row.is_loss) for row in found.rows] == [("replace", True)]


def test_a_program_that_is_gone_is_deleted_whole() -> None:
    found = compared(graph(resource(KEY, "k"), program="data"), graph(program="foundation"))

    assert [(row.action, row.program) for row in found.rows] == [("delete", "data")]


def test_a_document_in_other_words_is_the_same() -> None:
    old = graph(resource(POLICY, "p", {"policy": '{"a": 1, "b": [2]}'}))
    new = graph(resource(POLICY, "p", {"policy": '{"b":[2],"a":1}'}))

    assert compared(old, new).rows == ()


def test_where_nobody_knows_it_is_said() -> None:
    kind = "aws:sagemaker/mlflowApp:MlflowApp"
    found = compared(graph(resource(kind, "m", {"name": "x"})), graph(resource(kind, "m", {"name": "y"})))

    assert found.rows[0].basis == "unknown"
    assert "whether it is replaced is not known" in text.render(found)


def test_the_document_fits_its_schema() -> None:
    schema = json.loads((files("modelkeel") / "schemas" / "change.schema.json").read_text(encoding="utf-8"))
    old = graph(resource(BUCKET, "a", {"bucket": "x"}), resource(TABLE, "t"), resource(KEY, "k"))
    new = graph(resource(BUCKET, "a", {"bucket": "y"}), resource(KEY, "k", {"description": "d"}), resource(VPC, "v"))

    document = json.loads(change.dumps(compared(old, new)))

    jsonschema.validate(document, schema)
    assert document["summary"] == {"create": 1, "update": 1, "replace": 1, "delete": 1, "same": 0, "losses": 2}


def test_a_provider_of_another_region_replaces_what_it_made() -> None:
    def before_and_after(region: str) -> Graph:
        far = resource("pulumi:providers:aws", "far", {"region": region})
        return graph(far, resource(BUCKET, "copies", {"bucket": "copies"}, provider=far.urn), resource(BUCKET, "own"))

    found = compared(before_and_after("us-east-1"), before_and_after("us-west-2"))

    replaced = {row.urn: row.because for row in found.rows if row.action == "replace"}
    assert {
        urn("pulumi:providers:aws", "far"): ("region",),
        urn(BUCKET, "copies"): (urn("pulumi:providers:aws", "far"),),
    } == replaced
