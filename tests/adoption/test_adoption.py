"""A list of existing resources held against a graph: what is taken over, and each way in which it cannot be."""

from __future__ import annotations

import json
from typing import Any

import json_schema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import adoption
from modelkeel.adoption import Wish
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.graph import Graph, Resource, Stack

BUCKET, ROLE, KEY = "aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:kms/key:Key"
POLICY, TOPIC, SETTING = (
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:sns/topic:Topic",
    "aws:guardduty/detectorFeature:DetectorFeature",
)
HEAD = "urn:pulumi:dev::shop-data::"
PROVIDER = f"{HEAD}pulumi:providers:aws::aws"
ROOT = f"{HEAD}pulumi:pulumi:Stack::shop-data-dev"


def made(token: str, name: str, inputs: dict[str, Any] | None = None, within: str = "", **different: Any) -> Resource:
    """Return a resource, in the component `within` (its qualified type and name) where one is named."""
    parent = f"{HEAD}{within}" if within else ROOT
    path = f"{within.rpartition('::')[0]}${token}" if within else token
    return Resource(
        urn=f"{HEAD}{path}::{name}",
        type=token,
        name=name,
        inputs=inputs or {},
        parent=parent,
        **{"provider": PROVIDER if different.get("custom", True) else None, **different},
    )


LAKE = "modelkeel:data:Lake"
PRIVATE = "modelkeel:data:PrivateBucket"
RAW = made(BUCKET, "raw", {"bucket": "shop-dev-raw"}, f"{LAKE}${PRIVATE}::raw")
RESOURCES = (
    Resource(urn=ROOT, type="pulumi:pulumi:Stack", name="shop-data-dev", custom=False),
    Resource(urn=PROVIDER, type="pulumi:providers:aws", name="aws", parent=ROOT),
    made(LAKE, "lake", custom=False),
    made(PRIVATE, "raw", within=f"{LAKE}::lake", custom=False),
    RAW,
    made(
        POLICY,
        "raw",
        {"bucket": "shop-dev-raw"},
        f"{LAKE}${PRIVATE}::raw",
        property_dependencies={"bucket": (RAW.urn,)},
    ),
    made(ROLE, "jobs", {"name": "shop-dev-jobs"}),
    made(ROLE, "shared", {}, read=True),
    made(KEY, "data", {}),
    made(TOPIC, "alerts", {"name": "shop-dev-alerts"}),
    made(SETTING, "lambda"),
    made("aws:new/thing:Thing", "thing"),
)
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


def graph(*resources: Resource) -> Graph:
    stack = Stack(program="data", stack="dev", account="111122223333", region="eu-west-1", resources=resources)
    return Graph(project="shop", environment="dev", fidelity="simulate", stacks=(stack,), tool_version="0")


def taken(*pairs: tuple[str, str]) -> adoption.Adoptions:
    return adoption.adopt(graph(*RESOURCES), [Wish(reference=what, id=of, location="here") for what, of in pairs])


def refusal(*pairs: tuple[str, str]) -> str:
    with pytest.raises(ModelkeelError) as error:
        taken(*pairs)
    assert ExitCode.USAGE == error.value.exit_code
    return str(error.value)


@pytest.mark.parametrize("called", [RAW.urn, f"{BUCKET}::raw", "Bucket::raw", "Bucket::shop-dev-raw", "shop-dev-raw"])
def test_a_resource_is_called_by_urn_type_and_name_or_the_name_it_has_in_aws(called: str) -> None:
    assert [RAW.urn] == [row.resource.urn for row in taken((called, "shop-dev-raw")).rows]


def test_what_the_program_calls_otherwise_would_be_replaced() -> None:
    found = taken((f"{BUCKET}::raw", "old-raw-data"), ("jobs", "shop-dev-jobs"))

    assert ExitCode.FINDINGS == found.exit_code
    difference = adoption.Difference(property="bucket", exists="old-raw-data", program="shop-dev-raw", replaces=True)
    assert {"raw": (difference,), "jobs": ()} == {row.resource.name: row.differences for row in found.rows}


def test_a_name_computed_from_another_resource_is_not_compared() -> None:
    assert ExitCode.OK == taken((f"{POLICY}::raw", "old-raw-data")).exit_code


def test_a_type_whose_ids_are_not_known_is_taken_and_named() -> None:
    found = taken(("thing", "any id"))

    assert [None] == [row.form for row in found.rows]
    assert ("aws:new/thing:Thing",) == found.unknown_forms
    assert [SETTING] == list(found.not_importable)


@pytest.mark.parametrize(
    ("what", "of", "said"),
    [
        ("jbos", "shop-dev-jobs", "make no such resource"),
        ("jbos", "shop-dev-jobs", "did you mean jobs"),
        (f"{HEAD}{BUCKET}::cooked", "x-y-z", "make no such resource"),
        ("raw", "shop-dev-raw", f"{BUCKET}::raw, {POLICY}::raw"),
        ("lake", "x", "Pulumi makes it itself"),
        ("aws", "x", "Pulumi makes it itself"),
        ("shared", "shop-shared", "the program only reads it"),
        ("lambda", "x", "let the program set it again"),
        (f"{ROLE}::raw", "shop", "make no such resource"),
        ("data", f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}", "no id by which a aws:kms/key:Key is imported"),
        ("data", "shop-dev-raw", "allowed: {key}"),
        ("alerts", "shop-dev-alerts", "arn:{partition}:sns:{region}:{account}:{word}"),
        ("alerts", "arn:aws:sns:eu-west-1:999922223333:shop-dev-alerts", "in another account"),
        ("alerts", "arn:aws:sns:us-east-1:111122223333:shop-dev-alerts", "in another region"),
        ("alerts", "arn:aws-cn:sns:eu-west-1:111122223333:shop-dev-alerts", "in another partition"),
    ],
)
def test_what_cannot_be_taken_over_says_why(what: str, of: str, said: str) -> None:
    assert said in refusal((what, of))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ModelkeelError) as error:
        taken(("nobody", "x"), ("data", "x"), ("lake", "x"))
    assert 3 == len(error.value.problems)


def test_a_resource_takes_over_one_and_one_is_taken_over_once() -> None:
    twice = refusal(("jobs", "shop-dev-jobs"), (f"{ROLE}::jobs", "old-jobs"))
    assert "a resource is listed twice" in twice
    other = made(ROLE, "other", {})
    with pytest.raises(ModelkeelError, match="two resources would take over one and the same"):
        adoption.adopt(
            graph(*RESOURCES, other),
            [Wish(reference=name, id="shop-dev-jobs", location="") for name in ("jobs", "other")],
        )


def test_an_empty_list_is_an_error() -> None:
    assert "nothing is listed" in refusal()


def test_the_import_file_names_components_before_what_they_hold_and_the_provider_by_urn() -> None:
    document = adoption.bulk_document(taken((f"{BUCKET}::raw", "shop-dev-raw"), ("jobs", "shop-dev-jobs")).rows)

    assert {"aws": PROVIDER} == document["nameTable"]
    assert [
        {"type": LAKE, "name": "lake", "component": True},
        {"type": PRIVATE, "name": "raw", "parent": "lake", "component": True},
        {"type": ROLE, "name": "jobs", "id": "shop-dev-jobs", "provider": "aws"},
        {
            "type": BUCKET,
            "name": "raw-Bucket",
            "logicalName": "raw",
            "parent": "raw",
            "id": "shop-dev-raw",
            "provider": "aws",
        },
    ] == sorted(document["resources"], key=lambda row: "id" in row)


def test_json_follows_its_schema() -> None:
    found = taken((f"{BUCKET}::raw", "old-raw-data"), ("thing", "any"))

    assert [] == json_schema.problems(json.loads(adoption.dumps(found)), "import")


def test_the_option_is_yaml_that_maps_resources_to_ids() -> None:
    yaml = pytest.importorskip("yaml")
    text = adoption.config_text(taken((f"{BUCKET}::raw", "shop-dev-raw"), ("thing", 'odd: "id" # no comment')).rows)

    assert {
        "config": {
            "modelkeel:import_ids": {
                f"{BUCKET}::raw": "shop-dev-raw",
                "aws:new/thing:Thing::thing": 'odd: "id" # no comment',
            }
        }
    } == yaml.safe_load("config:\n" + text)


def test_the_option_refuses_a_name_that_stands_for_two() -> None:
    elsewhere = made(ROLE, "jobs", {}, f"{LAKE}::lake")
    found = adoption.adopt(graph(*RESOURCES, elsewhere), [Wish(reference=elsewhere.urn, id="old-jobs", location="")])

    with pytest.raises(ModelkeelError, match="more than one resource"):
        adoption.config_text(found.rows)
    assert adoption.bulk_document(found.rows)["resources"]


@st.composite
def trees(draw: st.DrawFn) -> tuple[Resource, ...]:
    """Draw components in components, with resources in them, whose names often collide."""
    names = st.sampled_from(["a", "b", "a-Role", "a-2", "aws", "shop-data-dev"])
    rows = list(RESOURCES[:2])
    homes = [""]
    for _ in range(draw(st.integers(0, 6))):
        within = draw(st.sampled_from(homes))
        token, name = draw(st.sampled_from([LAKE, PRIVATE])), draw(names)
        row = made(token, name, within=within, custom=False)
        if row.urn not in {other.urn for other in rows}:
            rows.append(row)
            homes.append(row.urn.removeprefix(HEAD))
    for _ in range(draw(st.integers(1, 6))):
        row = made(draw(st.sampled_from([ROLE, KEY])), draw(names), within=draw(st.sampled_from(homes)))
        if row.urn not in {other.urn for other in rows}:
            rows.append(row)
    return tuple(rows)


@given(trees(), st.data())
def test_pulumi_comes_to_the_urns_of_the_graph_from_the_file(rows: tuple[Resource, ...], data: st.DataObject) -> None:
    """As Pulumi's parseImportFile does: parents by name, in any order, then type and logical name below them."""
    chosen = data.draw(
        st.lists(
            st.sampled_from([row for row in rows if row.custom and row.urn != PROVIDER]),
            min_size=1,
            unique_by=lambda row: row.urn,
        )
    )
    ids = {row.urn: f"role-{number}" if row.type == ROLE else f"mrk-{number:032x}" for number, row in enumerate(chosen)}
    found = adoption.adopt(graph(*rows), [Wish(reference=urn, id=of, location="") for urn, of in ids.items()])
    document = adoption.bulk_document(found.rows)
    entries = {row["name"]: row for row in document["resources"]}

    assert len(entries) == len(document["resources"])
    assert not entries.keys() & document["nameTable"].keys()

    def urn(row: dict[str, Any]) -> str:
        name = row.get("logicalName", row["name"])
        if "parent" not in row:
            return f"{HEAD}{row['type']}::{name}"
        above = urn(entries[row["parent"]]).removeprefix(HEAD).rpartition("::")[0]
        return f"{HEAD}{above}${row['type']}::{name}"

    assert ids == {urn(row): row["id"] for row in entries.values() if "component" not in row}
    assert {urn(row) for row in entries.values()} <= {row.urn for row in rows}
