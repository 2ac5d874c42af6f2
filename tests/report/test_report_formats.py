"""Each format of findings: what it must hold, and what no hostile name may do to it."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from policy_twins import s3
from policy_twins.account import account
from policy_twins.build import graph, resource, without

from modelkeel import findings, report
from modelkeel.findings import Control, Finding, Findings, Framework
from modelkeel.findings.finding import Waiver
from modelkeel.graph import Source

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HOSTILE = "x|<img src=x onerror=alert(1)>]](https://evil.example)\r\n::error::pwned%0A @everyone\x1b[31m\u202e`"
CONTROL = Control(
    id="s3-bucket-versioned",
    title="Buckets keep versions",
    severity="high",
    rationale="Lost data stay lost.",
    remediation="Add versions.",
    source="https://docs.aws.amazon.com/x.html",
    frameworks=(Framework("soc2", "A1.2", "vendor-backed"), Framework("gdpr", "32", "judgement")),
)


def finding(result: Any = "violation", **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "control": CONTROL,
        "result": result,
        "urn": "urn:pulumi:prod::shop-data::aws:s3/bucket:Bucket::raw",
        "program": "data",
        "environment": "prod",
        "path": "status",
        "message": "no versions",
        "location": Source("stacks/data/buckets.py", 12),
    }
    return Finding(**{**given, **changes})


def found(*rows: Finding, strict: bool = False) -> Findings:
    return Findings(
        project="shop",
        environment="prod",
        tool_version="0.1.0",
        findings=rows,
        controls=tuple({row.control.id: row.control for row in rows}.values()),
        strict=strict,
    )


def rendered(name: str, *rows: Finding, show_all: bool = False, strict: bool = False) -> str:
    return report.renderer(name, found(*rows, strict=strict), show_all=show_all)()


def sarif(*rows: Finding) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(rendered("sarif", *rows))["runs"][0]
    return run


REAL = findings.check(graph([*without(s3.bucket("raw"), "versioning"), *account().values()]), POLICIES)
HOSTILE_FINDING = finding(
    urn=f"urn:pulumi:prod::shop-data::aws:s3/bucket:Bucket::{HOSTILE}",
    message=HOSTILE,
    path=HOSTILE,
    location=Source(f"stacks/{HOSTILE}.py", 3),
)


def test_text_shows_place_reason_and_fix() -> None:
    text = rendered("text", finding())

    assert "stacks/data/buckets.py:12  raw (Bucket)" in text
    assert "no versions [status]" in text
    assert "why: Lost data stay lost." in text
    assert "fix: Add versions." in text
    assert "for: soc2 A1.2; gdpr 32*" in text


def test_text_says_what_the_star_means() -> None:
    assert "* our judgement" in rendered("text", finding())


def test_text_tells_why_and_fix_once_for_many_places() -> None:
    text = rendered("text", finding(), finding(location=Source("b.py", 1), ordinal=1))

    assert text.count("why:") == 1
    assert "b.py:1" in text


def test_text_colours_only_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in rendered("text", finding())

    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mVIOLATION" in rendered("text", finding())

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in rendered("text", finding())


def test_passes_are_shown_only_where_asked() -> None:
    assert "PASS" not in rendered("text", finding("pass"))
    assert "PASS" in rendered("text", finding("pass"), show_all=True)


def test_text_names_types_that_no_control_looks_at() -> None:
    quiet = findings.check(graph([resource("glue/catalogDatabase:CatalogDatabase", "lake")]), POLICIES)

    assert "No control looks at: aws:glue/catalogDatabase:CatalogDatabase (1)" in report.renderer("text", quiet)()


def test_a_waived_finding_names_its_owner() -> None:
    waiver = Waiver(owner="ann@example.com", reason="moves", ticket="D-1", expires="2027-01-31", expired=False)

    assert "waived until 2027-01-31 by ann@example.com (D-1): moves" in rendered(
        "text", finding("waived", waiver=waiver)
    )


def test_json_is_the_contract_document() -> None:
    assert json.loads(report.renderer("json", REAL, show_all=True)()) == findings.to_document(REAL)


def test_sarif_has_the_shape_that_code_scanning_needs() -> None:
    """The members that SARIF 2.1.0 requires, and those without which GitHub drops or mixes up results."""
    document = json.loads(report.renderer("sarif", REAL, show_all=True)())
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]

    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    assert run["tool"]["driver"]["name"] == "modelkeel"
    assert run["automationDetails"]["id"].endswith("/")
    assert [rule["id"] for rule in rules] == sorted({rule["id"] for rule in rules})
    assert all(float(rule["properties"]["security-severity"]) > 0 for rule in rules)
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in rules)
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] in {"pass", "open", "review", "fail"}
        assert result["level"] in ({"error", "warning", "note"} if result["kind"] == "fail" else {"none"})
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert not place["artifactLocation"]["uri"].startswith(("/", "./"))
        assert place["region"]["startLine"] >= 1
        assert result["message"]["text"]
        assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["modelkeel/v1"])


def test_sarif_marks_a_waiver_as_a_suppression() -> None:
    waiver = Waiver(owner="ann", reason="moves", ticket="D-1", expires="2027-01-31", expired=False)

    result = sarif(finding("waived", waiver=waiver))["results"][0]

    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "moves"}]


def test_sarif_keeps_within_the_results_that_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelkeel.report.sarif.MAX_RESULTS", 2)

    run = sarif(*(finding(ordinal=number) for number in range(5)))

    assert len(run["results"]) == 2
    assert run["properties"] == {"resultsLeftOut": 3}


def test_sarif_fingerprints_do_not_move_with_the_line() -> None:
    first = sarif(finding())["results"][0]["partialFingerprints"]
    moved = sarif(finding(location=Source("stacks/data/buckets.py", 40)))["results"][0]["partialFingerprints"]

    assert first == moved


def test_junit_counts_what_passed_as_well() -> None:
    root = ET.fromstring(report.renderer("junit", REAL)())
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]

    assert failed == ["s3-bucket-versioned: Buckets keep versions"]
    assert int(root.get("tests", "0")) == len(list(root.iter("testcase"))) > 10
    assert root.get("failures") == "1"


def test_junit_tells_a_failed_rule_from_a_violation() -> None:
    root = ET.fromstring(rendered("junit", finding("error")))

    assert (root.get("errors"), root.get("failures")) == ("1", "0")


def test_junit_skips_what_is_undetermined() -> None:
    root = ET.fromstring(rendered("junit", finding("undetermined")))

    assert root.get("skipped") == "1"


def test_github_sends_the_worst_ten_and_counts_the_rest() -> None:
    """GitHub keeps ten of a level: what comes after them would vanish without a word."""
    lines = rendered("github", *(finding(ordinal=number) for number in range(14))).splitlines()

    assert sum(line.startswith("::error ") for line in lines) == 10
    assert "4 more are in the job summary" in lines[-1]


def test_github_annotates_the_line() -> None:
    assert rendered("github", finding()).startswith(
        "::error file=stacks/data/buckets.py,line=12,title=s3-bucket-versioned (high)::raw (Bucket): no versions"
    )


def test_github_makes_undetermined_an_error_only_under_strict() -> None:
    assert "::warning " in rendered("github", finding("undetermined"))
    assert "::error " in rendered("github", finding("undetermined"), strict=True)


def test_markdown_stays_below_the_limit_of_a_comment() -> None:
    rows = [finding(ordinal=number, message="x" * 300) for number in range(1000)]

    text = rendered("markdown", *rows)

    assert len(text) < 65_536
    assert "more findings are left out here" in text


@pytest.mark.parametrize("name", ["text", "markdown", "github", "junit", "sarif"])
def test_no_format_passes_control_characters_on(name: str) -> None:
    text = rendered(name, HOSTILE_FINDING)

    assert not set(text) & {"\x1b", "\r", "\u202e"}


def test_a_hostile_name_stays_in_its_table_cell() -> None:
    lines = rendered("markdown", HOSTILE_FINDING).splitlines()
    row = next(line for line in lines if line.startswith("| violation"))

    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    assert re.search(r"(?<!\\)[<\[]", row) is None
    assert "@everyone" not in row
    assert "https://" not in row


def test_a_hostile_name_starts_no_workflow_command() -> None:
    lines = rendered("github", HOSTILE_FINDING).splitlines()

    assert [line.split(" ", 1)[0] for line in lines] == ["::error", "::notice"]
    assert "%250A" in lines[0]


def test_a_hostile_file_name_ends_no_annotation_property() -> None:
    line = rendered("github", finding(location=Source("a,line=1::b.py", 3))).splitlines()[0]

    assert line.startswith("::error file=a%2Cline=1%3A%3Ab.py,line=3,")


def test_a_hostile_name_is_text_in_junit() -> None:
    root = ET.fromstring(rendered("junit", HOSTILE_FINDING))

    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}


def test_a_hostile_name_makes_no_link_in_sarif() -> None:
    assert "](" not in sarif(HOSTILE_FINDING)["results"][0]["message"]["text"]


def test_an_unknown_format_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        report.renderer("pdf", REAL)
