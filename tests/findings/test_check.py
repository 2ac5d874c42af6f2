"""What a check returns: results, order, places, fingerprints, counts."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_schema import problems
from policy_twins import s3
from policy_twins.account import account
from policy_twins.build import TAGS, UNKNOWN, changed, graph, resource, without

from modelkeel import findings
from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.findings import Findings
from modelkeel.graph import Source

POLICIES = Path(__file__).resolve().parents[2] / "policies"
RAW = s3.bucket("raw")


def violations(found: Findings) -> list[tuple[str, str | None]]:
    return [(row.control.id, row.urn) for row in found.findings if row.result == "violation"]


def test_a_finding_names_resource_program_environment_and_line() -> None:
    found = findings.check(graph(changed(RAW, "versioning", versioningConfiguration={"status": "Off"})), POLICIES)
    row = found.findings[0]

    assert row.urn == "urn:pulumi:prod::shop-data::aws:s3/bucketVersioning:BucketVersioning::raw"
    assert (row.program, row.environment, row.location) == ("data", "prod", Source("stacks/data/__main__.py", 7))
    assert (row.path, row.message) == ("versioningConfiguration.status", "status is 'Off', expected 'Enabled'")


def test_an_account_stack_counts_as_shared() -> None:
    """Where an account's stack stands for several environments it belongs to none of them."""
    found = findings.check(graph(account().values(), env="prod"), POLICIES)

    assert {row.environment for row in found.findings if row.program == "account"} == {"shared"}


def test_an_unknown_value_is_undetermined_and_never_a_pass() -> None:
    it = graph(changed(RAW, "versioning", versioningConfiguration={"status": UNKNOWN}), fidelity="preview")
    found = findings.check(it, POLICIES)
    row = next(row for row in found.findings if row.control.id == "s3-bucket-versioned")

    assert (row.result, row.message) == ("undetermined", "versioningConfiguration.status is not known yet")
    assert found.exit_code == ExitCode.OK
    assert findings.check(it, POLICIES, strict=True).exit_code == ExitCode.FINDINGS


def test_a_rule_that_raises_is_a_finding_of_its_own() -> None:
    found = findings.check(graph(changed(RAW, "policy", policy="{not json")), POLICIES)
    errors = {row.control.id: row.message for row in found.findings if row.result == "error"}

    assert set(errors) == {"s3-bucket-policy-closed", "s3-bucket-tls-only"}
    assert "the policy document is no JSON" in errors["s3-bucket-tls-only"]
    assert found.exit_code == ExitCode.FINDINGS


def test_the_worst_comes_first_and_what_passed_last() -> None:
    broken = changed(dict(enumerate_parts(without(RAW, "versioning"))), "block", blockPublicAcls=False)
    found = findings.check(graph(broken), POLICIES)

    assert [row.control.severity for row in found.findings[:2]] == ["critical", "medium"]
    assert [row.result for row in found.findings].index("pass") > 1
    assert found.findings[-1].result == "pass"


def enumerate_parts(parts):  # type: ignore[no-untyped-def]
    return [("block" if "PublicAccessBlock" in part.type else part.urn, part) for part in parts]


def test_fingerprints_outlive_a_moved_line_and_another_wording() -> None:
    it = graph(without(RAW, "versioning"))
    moved = graph([dataclasses.replace(part, source=Source("elsewhere.py", 99)) for part in without(RAW, "versioning")])

    assert [row.fingerprint for row in findings.check(it, POLICIES).findings] == [
        row.fingerprint for row in findings.check(moved, POLICIES).findings
    ]


def test_fingerprints_differ_within_a_check() -> None:
    two = [s3.open_policy("*", "s3:GetObject")] * 2
    document = json.loads(two[0])
    document["Statement"] *= 2
    found = findings.check(graph(changed(RAW, "policy", policy=json.dumps(document))), POLICIES)
    names = [row.fingerprint for row in found.findings]

    assert len(names) == len(set(names))


def test_production_is_held_to_more_than_development() -> None:
    careless = resource("s3/bucket:Bucket", "x", env="dev", forceDestroy=True)
    strict = resource("s3/bucket:Bucket", "x", env="prod", forceDestroy=True)

    assert "s3-bucket-kept-on-destroy" not in dict(violations(findings.check(graph([careless]), POLICIES)))
    assert "s3-bucket-kept-on-destroy" in dict(violations(findings.check(graph([strict]), POLICIES)))


def test_controls_of_a_regime_hold_only_where_it_binds() -> None:
    """Object Lock on audit records is asked of card data, not of everybody."""
    unlocked = without(account(), "trail-lock")

    bound = violations(findings.check(graph(unlocked), POLICIES))
    free = violations(findings.check(graph(unlocked, tags={**TAGS, "compliance": "none"}), POLICIES))

    assert "s3-audit-bucket-locked" in dict(bound)
    assert free == []


def test_a_framework_filters_findings_controls_and_exit_code() -> None:
    it = graph(changed(RAW, "bucket", forceDestroy=True))
    cis = findings.check(it, POLICIES, frameworks=["cis_aws_6"])

    assert cis.exit_code == ExitCode.OK
    assert {row.control.id for row in cis.findings} <= {control.id for control in cis.controls}
    assert all(any(each.id == "cis_aws_6" for each in control.frameworks) for control in cis.controls)
    assert findings.check(it, POLICIES, frameworks=["hipaa"]).exit_code == ExitCode.FINDINGS


def test_an_unknown_framework_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ModelkeelError) as caught:
        findings.check(graph([]), POLICIES, frameworks=["pci_dss"])

    assert caught.value.exit_code == ExitCode.USAGE
    assert "--framework pci_dss_4" in str(caught.value)


def test_types_that_no_control_looks_at_are_counted() -> None:
    quiet = [resource("glue/catalogDatabase:CatalogDatabase", name) for name in ("a", "b")]

    found = findings.check(graph([*quiet, *RAW.values()]), POLICIES)

    assert found.resource_types_without_control == {"aws:glue/catalogDatabase:CatalogDatabase": 2}


def test_what_is_only_looked_up_is_not_judged() -> None:
    """A bucket of somebody else that the program reads is not ours to configure."""
    read = dataclasses.replace(resource("s3/bucket:Bucket", "theirs"), read=True)

    assert violations(findings.check(graph([read]), POLICIES)) == []


def test_two_policy_folders_are_checked_in_one_process(tmp_path: Path) -> None:
    other = tmp_path / "policies"
    shutil.copytree(POLICIES, other)
    rules = other / "rules" / "s3.py"
    rules.write_text(rules.read_text(encoding="utf-8").replace('status != "Enabled"', 'status != "Off"'))
    it = graph(RAW.values())

    assert violations(findings.check(it, POLICIES)) == []
    assert dict(violations(findings.check(it, other))).keys() == {"s3-bucket-versioned"}
    assert violations(findings.check(it, POLICIES)) == []


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="holds no policy pack"):
        findings.check(graph([]), tmp_path)


def test_a_pack_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "policies"
    shutil.copytree(POLICIES, broken)
    (broken / "rules" / "s3.py").write_text("import nothing_of_that_name\n")

    with pytest.raises(ModelkeelError) as caught:
        findings.check(graph([]), broken)

    assert "No module named 'nothing_of_that_name'" in str(caught.value)
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_control_without_a_rule_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "policies"
    shutil.copytree(POLICIES, broken)
    rules = broken / "rules" / "s3.py"
    rules.write_text(rules.read_text(encoding="utf-8").replace("def s3_bucket_versioned", "def s3_bucket_version"))

    with pytest.raises(ModelkeelError) as caught:
        findings.check(graph([]), broken)

    assert "control without a rule: s3_bucket_versioned" in str(caught.value)
    assert "rule without a control: s3_bucket_version" in str(caught.value)


def test_the_document_follows_its_schema() -> None:
    found = findings.check(graph([*without(RAW, "versioning"), *account().values()]), POLICIES)

    assert problems(findings.to_document(found), "findings") == []


def test_the_document_counts_what_it_leaves_out() -> None:
    found = findings.check(graph(without(RAW, "versioning")), POLICIES)
    short = findings.to_document(found, passes=False)

    assert {row["result"] for row in short["findings"]} == {"violation", "undetermined"}
    assert short["summary"] == findings.to_document(found)["summary"]
    assert short["summary"]["pass"] > 0


def test_the_same_graph_gives_the_same_bytes() -> None:
    parts = [*RAW.values(), *account().values()]

    assert findings.dumps(findings.check(graph(parts), POLICIES)) == findings.dumps(
        findings.check(graph(reversed(parts)), POLICIES)
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(sorted(RAW)),
)
def test_strange_properties_never_end_the_check(value: object, part: str) -> None:
    """Whatever a program writes, each control answers: with a violation, a pass, or an error of its rule."""
    strange = changed(RAW, part, rules=value, rule=value, policy=value, versioningConfiguration=value, bucket=value)

    found = findings.check(graph(strange), POLICIES)

    assert sum(found.counts.values()) == len(found.findings) > 0
