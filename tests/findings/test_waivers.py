"""Waivers: who answers for a violation, and until when."""

from datetime import date
from pathlib import Path

import pytest
from policy_twins import s3
from policy_twins.build import graph, without

from modelkeel import findings
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.findings import Findings
from modelkeel.graph import Graph

POLICIES = Path(__file__).resolve().parents[2] / "policies"
GRAPH = graph(without(s3.bucket("raw"), "versioning"))
TODAY = date(2026, 11, 23)
GOOD = {
    "control": '"s3-bucket-versioned"',
    "resource": '"urn:pulumi:prod::shop-data::aws:s3/bucket:Bucket::raw"',
    "owner": '"data-team@example.com"',
    "reason": '"moves to the lake in January"',
    "ticket": '"DATA-17"',
    "expires": "2027-01-31",
}


def checked(path: Path, text: str, it: Graph = GRAPH) -> Findings:
    (path / "waivers.toml").write_text(text, encoding="utf-8")
    return findings.check(it, POLICIES, waivers=path / "waivers.toml", today=TODAY)


def waiver(**changes: str | None) -> str:
    rows = {**GOOD, **changes}
    return "[[waiver]]\n" + "".join(f"{key} = {value}\n" for key, value in rows.items() if value is not None)


def results(found: Findings) -> list[tuple[str, str]]:
    return [(row.control.id, row.result) for row in found.findings if row.result not in {"pass", "undetermined"}]


def test_a_waiver_turns_its_violation_into_a_waived_finding(tmp_path: Path) -> None:
    found = checked(tmp_path, waiver())

    assert results(found) == [("s3-bucket-versioned", "waived")]
    assert found.exit_code == ExitCode.OK


NO_TRAIL = {"control": '"cloudtrail-multi-region"', "resource": '"*"'}


def test_what_no_stack_can_show_is_answered_for_by_name(tmp_path: Path) -> None:
    """Where an organization keeps the trail, `--strict` would else fail for ever."""
    found = checked(tmp_path, waiver(**NO_TRAIL))

    (row,) = (row for row in found.findings if row.control.id == "cloudtrail-multi-region")
    assert ("waived", "data-team@example.com") == (row.result, row.waiver.owner if row.waiver else "")


def test_an_expired_waiver_leaves_undetermined_what_was_so(tmp_path: Path) -> None:
    found = checked(tmp_path, waiver(**NO_TRAIL, expires="2026-11-22"))

    (row,) = (row for row in found.findings if row.control.id == "cloudtrail-multi-region")
    assert "undetermined" == row.result
    assert "waiver-expired" in [each.control.id for each in found.findings if each.result == "violation"]


def test_a_waived_finding_says_who_why_and_until_when(tmp_path: Path) -> None:
    row = next(row for row in checked(tmp_path, waiver()).findings if row.result == "waived")

    assert row.waiver is not None
    assert (row.waiver.owner, row.waiver.ticket, row.waiver.expires) == (
        "data-team@example.com",
        "DATA-17",
        "2027-01-31",
    )


def test_a_pattern_covers_many_resources(tmp_path: Path) -> None:
    assert results(checked(tmp_path, waiver(resource='"*:Bucket::*"'))) == [("s3-bucket-versioned", "waived")]


def test_a_waiver_holds_on_its_last_day(tmp_path: Path) -> None:
    assert results(checked(tmp_path, waiver(expires="2026-11-23"))) == [("s3-bucket-versioned", "waived")]


def test_an_expired_waiver_fails_and_the_violation_stands(tmp_path: Path) -> None:
    found = checked(tmp_path, waiver(expires="2026-11-22"))

    assert results(found) == [("waiver-expired", "violation"), ("s3-bucket-versioned", "violation")]
    assert found.exit_code == ExitCode.FINDINGS
    assert found.findings[0].location is not None
    assert (found.findings[0].location.file, found.findings[0].location.line) == ("policies/waivers.toml", 1)


def test_an_unused_waiver_fails(tmp_path: Path) -> None:
    found = checked(tmp_path, waiver(control='"s3-bucket-acls-off"'), graph(s3.bucket("raw").values()))

    assert results(found) == [("waiver-unused", "violation")]
    assert found.exit_code == ExitCode.FINDINGS


def test_a_waiver_for_another_environment_is_not_unused_here(tmp_path: Path) -> None:
    found = checked(tmp_path, waiver(resource='"urn:pulumi:dev::shop-data::*"'))

    assert results(found) == [("s3-bucket-versioned", "violation")]


def test_a_waiver_of_a_control_that_is_not_asked_is_not_unused(tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text(waiver(control='"iam-role-bounded"'), encoding="utf-8")
    found = findings.check(GRAPH, POLICIES, waivers=tmp_path / "waivers.toml", frameworks=["cis_aws_6"], today=TODAY)

    assert results(found) == []


def test_only_violations_are_waived(tmp_path: Path) -> None:
    """A waiver cannot hide a rule that failed: nobody has looked at the resource."""
    parts = s3.changed(s3.bucket("raw"), "policy", policy="{")
    text = waiver(control='"s3-bucket-tls-only"', resource='"*"')

    assert ("s3-bucket-tls-only", "error") in results(checked(tmp_path, text, graph(parts)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"owner": None}, "the waiver has no owner"),
        ({"owner": '" "'}, "the waiver has no owner"),
        ({"ticket": None}, "the waiver has no ticket"),
        ({"expires": None}, "the waiver has no expires"),
        ({"expires": '"2027-01-31"'}, "write a date without quotes"),
        ({"control": '"s3-bucket-versionned"'}, "did you mean 's3-bucket-versioned'?"),
        ({"exipres": "2027-01-31"}, "unknown field 'exipres', did you mean 'expires'?"),
        ({"reason": "7"}, "reason is 7, expected text"),
    ],
)
def test_an_incomplete_waiver_is_refused(tmp_path: Path, changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(ModelkeelError) as caught:
        checked(tmp_path, waiver(**changes))

    assert said in str(caught.value)
    assert caught.value.exit_code == ExitCode.USAGE


def test_all_problems_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError) as caught:
        checked(tmp_path, "# two\n" + waiver(owner=None) + "\n" + waiver(ticket=None, control='"nothing"'))

    lines = [problem.location.rsplit(":", 1)[-1] for problem in caught.value.problems]

    assert lines == ["2", "9", "9"]


@pytest.mark.parametrize("text", ["[[waiver]", "waiver = 3\n", '[waiver]\ncontrol = "x"\n', "[[exception]]\n"])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelkeelError) as caught:
        checked(tmp_path, text)

    assert caught.value.exit_code == ExitCode.USAGE
