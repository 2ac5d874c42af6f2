"""A graph file is read back whole, or refused with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import graph as graphs
from modelkeel.errors import ModelkeelError, Problem
from modelkeel.graph import Graph, Resource, Source, Stack

GRAPH = Graph(
    project="shop",
    environment="dev",
    fidelity="simulate",
    tool_version="0.1.0",
    stacks=(
        Stack(
            program="data",
            stack="dev",
            account="111122223333",
            region="eu-west-1",
            resources=(
                Resource(
                    urn="urn:pulumi:dev::shop-data::aws:s3/bucket:Bucket::b",
                    type="aws:s3/bucket:Bucket",
                    name="b",
                    id="shop",
                    inputs={"bucket": "shop", "password": dict(graphs.SECRET)},
                    outputs={"arn": "arn:aws:s3:::shop"},
                    dependencies=("urn:pulumi:dev::shop-data::aws:kms/key:Key::k",),
                    property_dependencies={"bucket": ("urn:pulumi:dev::shop-data::aws:kms/key:Key::k",)},
                    protect=True,
                    source=Source("stacks/data/__main__.py", 3),
                ),
            ),
            exports={"name": "shop"},
        ),
    ),
)


def written(path: Path, change: Any = lambda document: None) -> Path:
    document = graphs.to_document(GRAPH)
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def problem_of(path: Path) -> Problem:
    with pytest.raises(ModelkeelError) as caught:
        graphs.load(path)
    assert 2 == caught.value.exit_code
    (problem,) = caught.value.problems
    return problem


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    path.write_text(graphs.dumps(GRAPH), encoding="utf-8")

    assert (GRAPH, []) == graphs.load(path)


def test_the_order_of_keys_is_no_change(tmp_path: Path) -> None:
    """Other tools write keys in another order: the digest speaks of the content."""
    path = tmp_path / "graph.json"
    document = json.loads(graphs.dumps(GRAPH))
    path.write_text(json.dumps(dict(sorted(document.items(), reverse=True))), encoding="utf-8")

    assert (GRAPH, []) == graphs.load(path)


def test_a_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    text = graphs.dumps(GRAPH)
    path = tmp_path / "graph.json"
    path.write_text(text[: len(text) // 2], encoding="utf-8")

    problem = problem_of(path)

    assert ("the graph file is not whole JSON", True) == (problem.what, "cut short" in problem.fix)


@given(st.integers(min_value=0, max_value=len(graphs.dumps(GRAPH)) - 2))
def test_no_cut_is_taken_for_a_whole_file(length: int) -> None:
    """The last character is a line end: all that is shorter lacks something."""
    with pytest.raises((ModelkeelError, ValueError)):
        graphs.from_document(json.loads(graphs.dumps(GRAPH)[:length]))


def test_an_edited_file_with_its_old_digest_is_refused(tmp_path: Path) -> None:
    problem = problem_of(written(tmp_path / "g.json", lambda document: document.update(environment="prod")))

    assert ("does not match its digest" in problem.what, "remove the digest line" in problem.fix) == (True, True)


def test_an_edited_file_without_digest_is_read_with_a_warning(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        document.update(environment="prod")
        del document["digest"]

    found, (warning,) = graphs.load(written(tmp_path / "g.json", edit))

    assert ("prod", "carries no digest" in warning) == (found.environment, True)


@pytest.mark.parametrize("version", [2, 0, None, "1"])
def test_another_schema_version_is_refused(tmp_path: Path, version: object) -> None:
    problem = problem_of(written(tmp_path / "g.json", lambda document: document.update(schema_version=version)))

    assert (f"schema_version {version!r}", "1") == (problem.got, problem.allowed)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("stacks"),
        lambda document: document["stacks"][0].pop("resources"),
        lambda document: document["stacks"][0]["resources"][0].pop("urn"),
        lambda document: document["stacks"][0]["resources"][0].update(source={"file": "x"}),
        lambda document: document["stacks"][0]["resources"][0].update(inputs=3),
        lambda document: document.update(stacks=7),
    ],
)
def test_a_document_of_another_shape_is_refused(tmp_path: Path, change: Any) -> None:
    def edit(document: dict[str, Any]) -> None:
        change(document)
        del document["digest"]

    assert "is not a graph document" in problem_of(written(tmp_path / "g.json", edit)).what


@pytest.mark.parametrize("content", [b"[]", b"3", b'"text"', b"\xff\xfe", b""])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "g.json"
    path.write_bytes(content)

    assert problem_of(path).fix


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "missing.json" in problem_of(tmp_path / "missing.json").got
