"""The user's list, in each format, and each way in which it is no list."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelkeel import adoption
from modelkeel.errors import ModelkeelError

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
PAIRS = {"aws:s3/bucket:Bucket::raw": "acme-raw", "jobs": "acme,jobs"}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'resource,id\naws:s3/bucket:Bucket::raw,acme-raw\n\njobs,"acme,jobs"\n'),
        ("a.CSV", '\ufeffResource, ID\n aws:s3/bucket:Bucket::raw , acme-raw\njobs,"acme,jobs"\n'),
        ("a.json", json.dumps(PAIRS)),
        ("a.toml", '"aws:s3/bucket:Bucket::raw" = "acme-raw"\njobs = "acme,jobs"\n'),
    ],
)
def test_each_format_says_the_same(tmp_path: Path, name: str, text: str) -> None:
    assert PAIRS == {wish.reference: wish.id for wish in adoption.read(written(tmp_path, name, text))}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "", "format that is not known"),
        ("a.csv", "name,value\na,b\n", "other columns"),
        ("a.csv", "resource,id\na\n", "a.csv:2"),
        ("a.csv", "resource,id\na,b,c\n", "names no resource with its id"),
        ("a.csv", "resource,id\na,\n", "names no resource with its id"),
        ("a.csv", 'resource,id\n"a,b\n', "damaged"),
        ("a.json", "[]", "no mapping"),
        ("a.json", '{"a": 1}', "'a': 1"),
        ("a.json", '{"a": "x", "a": "y"}', "named twice: a"),
        ("a.json", '{"a": ', "damaged"),
        ("a.toml", 'a = "x"\na = "y"\n', "damaged"),
        ("a.toml", '[a]\nb = "x"\n', "is no text"),
    ],
)
def test_what_is_no_list_says_why(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ModelkeelError) as error:
        adoption.read(written(tmp_path, name, text))
    assert said in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="cannot be read"):
        adoption.read(tmp_path / "no.csv")


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError) as error:
        adoption.read(written(tmp_path, "a.csv", "resource,id\na\nb,c\nd\n"))
    assert ["a.csv:2", "a.csv:4"] == [Path(problem.location).name for problem in error.value.problems]


def test_an_argument_is_cut_at_its_first_equals_sign() -> None:
    assert [("a::b", "c=d")] == [(wish.reference, wish.id) for wish in adoption.spoken(["a::b=c=d"])]
    with pytest.raises(ModelkeelError) as error:
        adoption.spoken(["a", "=b", "c="])
    assert 3 == len(error.value.problems)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TEXTS, TEXTS))
def test_whatever_stands_in_two_columns_is_read(tmp_path: Path, pairs: dict[str, str]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([("resource", "id"), *pairs.items()])

    assert pairs == {wish.reference: wish.id for wish in adoption.read(written(tmp_path, "a.csv", stream.getvalue()))}
