"""The evidence bundle: complete, honest about what was not judged, escaped, the same bytes each time."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_schema import problems
from policy_twins import s3
from policy_twins.account import account
from policy_twins.build import changed, graph, without
from typer.testing import CliRunner

from modelkeel import findings
from modelkeel.cli import source_hash
from modelkeel.cli.app import app
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.findings import Findings
from modelkeel.findings import pack as packs
from modelkeel.graph import dumps
from modelkeel.report import evidence

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "policies"
TODAY = date(2026, 11, 25)
IT = graph([*without(s3.bucket("raw"), "versioning"), *account().values()])
WAIVER = """[[waiver]]
control = "s3-bucket-versioned"
resource = "*"
owner = "ann@example.com"
reason = "moves"
ticket = "D-1"
expires = 2099-01-31
"""


def made(found: Findings, only: tuple[str, ...] = ()) -> dict[str, Any]:
    return evidence.to_document(
        found,
        frameworks=packs.load(POLICIES).frameworks,
        only=only,
        graph_digest="sha256:0",
        hashes={"stacks/data/__main__.py": "0" * 64},
        tables=source_hash.of_tables(POLICIES),
    )


FOUND = findings.check(IT, POLICIES, today=TODAY)


def clause(document: dict[str, Any], framework: str, name: str) -> dict[str, Any]:
    row = next(each for each in document["frameworks"] if each["id"] == framework)
    return next(each for each in row["clauses"] if each["clause"] == name)


def test_a_clause_is_as_good_as_its_worst_control() -> None:
    """CP-9 is served by versions of buckets, which one bucket lacks."""
    document = made(FOUND)
    row = clause(document, "nist_800_53_r5", "CP-9")

    assert row["result"] == "violation"
    assert {"control": "s3-bucket-versioned", "basis": "vendor-backed", "result": "violation"} in row["controls"]


def test_what_the_project_answers_to_comes_first() -> None:
    """Its provider's tag says pci_dss_4+gdpr."""
    rows = made(FOUND)["frameworks"]

    assert ["gdpr", "pci_dss_4"] == [row["id"] for row in rows if row["binding"]] == [row["id"] for row in rows[:2]]


def test_a_control_that_judged_nothing_is_not_applicable() -> None:
    """No cluster is in the graph: that is no pass."""
    document = made(FOUND)
    row = next(each for each in document["controls"] if each["id"] == "eks-endpoint-private")

    assert (row["result"], row["findings"]) == ("not applicable", [])


def test_resources_carry_their_source_lines() -> None:
    row = next(each for each in made(FOUND)["controls"] if each["id"] == "s3-bucket-versioned")
    wrong = next(each for each in row["findings"] if each["result"] == "violation")

    assert wrong["location"] == "stacks/data/__main__.py:7"


def test_waivers_are_listed_with_who_and_until_when(tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text(WAIVER, encoding="utf-8")
    document = made(findings.check(IT, POLICIES, waivers=tmp_path / "waivers.toml", today=TODAY))

    assert [(row["owner"], row["ticket"], row["expires"]) for row in document["waivers"]] == [
        ("ann@example.com", "D-1", "2099-01-31")
    ]
    assert clause(document, "nist_800_53_r5", "CP-9")["result"] == "waived"


def test_one_framework_can_be_asked_for() -> None:
    found = findings.check(IT, POLICIES, frameworks=["iso_42001"], today=TODAY)

    assert [row["id"] for row in made(found, ("iso_42001",))["frameworks"]] == ["iso_42001"]


def test_every_table_of_the_pack_is_dated_and_hashed() -> None:
    rows = {row["name"]: row for row in source_hash.of_tables(POLICIES)}

    assert {"policies/controls.toml", "policies/frameworks.toml", "modelkeel/frameworks.toml"} <= set(rows)
    assert rows["policies/frameworks.toml"]["checked"] >= "2026-11-25"
    assert all(len(row["sha256"]) == 64 for row in rows.values())


def test_the_document_follows_its_schema() -> None:
    assert problems(made(FOUND), "evidence") == []


def test_the_bundle_has_the_same_bytes_each_time() -> None:
    again = findings.check(graph(reversed([*without(s3.bucket("raw"), "versioning"), *account().values()])), POLICIES)
    first = evidence.bundle(made(FOUND), {"findings.json": findings.dumps(FOUND)})
    second = evidence.bundle(made(findings.check(IT, POLICIES, today=TODAY)), {"findings.json": findings.dumps(again)})

    assert first == second


def test_the_hashes_of_the_bundle_hold() -> None:
    archive = zipfile.ZipFile(io.BytesIO(evidence.bundle(made(FOUND), {"findings.json": "{}\n"})))
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())

    assert sums == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS"
    }


def page(document: dict[str, Any]) -> str:
    return zipfile.ZipFile(io.BytesIO(evidence.bundle(document, {}))).read("index.html").decode()


def test_the_page_runs_no_script_and_asks_for_nothing() -> None:
    text = page(made(FOUND))

    assert "<script" not in text
    assert 'content="default-src ' in text
    assert 'src="' not in text


@settings(max_examples=20)
@given(st.text(alphabet=st.sampled_from("ab<>&\"'`={}%\r\n\x00\x1b\u202e/"), min_size=1))
def test_no_name_becomes_markup_on_the_page(text: str) -> None:
    name = f"x{text}"
    parts = changed(s3.bucket(name), "versioning", versioningConfiguration={"status": f"<script>{text}"})
    found = page(made(findings.check(graph(parts), POLICIES, today=TODAY)))

    assert "<script" not in found
    assert not set(found) & {"\x00", "\x1b", "\u202e", "\r"}
    assert found.count("<details") == found.count("</details>")


def test_the_command_writes_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text(dumps(IT), encoding="utf-8")
    target = tmp_path / "evidence.zip"
    arguments = ["evidence", str(tmp_path), "--graph", str(tmp_path / "graph.json"), "--on", "2026-11-25"]

    runs = []
    for _ in range(2):
        result = CliRunner().invoke(app, [*arguments, "--output", f"zip={target}"], catch_exceptions=False)
        assert result.exit_code == ExitCode.OK
        runs.append(target.read_bytes())

    assert runs[0] == runs[1]
    assert {"index.html", "findings.sarif", "oscal-assessment-results.json", "graph.json"} <= set(
        zipfile.ZipFile(target).namelist()
    )


@pytest.mark.parametrize(("option", "said"), [(("--on", "tomorrow"), "no date"), (("--output", "zip"), "terminal")])
def test_what_cannot_be_written_is_refused(tmp_path: Path, option: tuple[str, str], said: str) -> None:
    with pytest.raises(ModelkeelError, match=said):
        CliRunner().invoke(app, ["evidence", str(tmp_path), *option], catch_exceptions=False)
