"""The table of controls: canonical, complete, matched by rules, honest about its mapping."""

import importlib.util
import inspect
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policies import control, framework, judge

POLICIES = Path(__file__).resolve().parents[2] / "policies"
CONTROLS = control.load()
ROWS = tomllib.loads((POLICIES / "controls.toml").read_text(encoding="utf-8"))
KEYS = (
    "catalogue",
    "title",
    "severity",
    "scope",
    "applies_to",
    "reads",
    "environments",
    "only_for",
    "rationale",
    "remediation",
    "source",
)
FRAMEWORKS = {
    "aws_fsbp",
    "cis_aws_6",
    "dora",
    "eu_ai_act",
    "fedramp_high",
    "fedramp_low",
    "fedramp_moderate",
    "gdpr",
    "hipaa",
    "iso_27001",
    "iso_42001",
    "nist_800_53_r5",
    "nist_ai_rmf",
    "pci_dss_4",
    "soc2",
}


# The catalogue that the pack was planned from: each number is a control here, under a name of its own.
CATALOGUE = {
    "SM": "1 2 3 4 5 6 10 11 12 13 14 20 21 22 30 31 32 33 34 40 41 42 43 44 50 51 52 53 60 61 62 63 64 70 71 80 81",
    "S3": "1 2 3 4 5 6 7 8 9 10",
    "KMS": "1 2 3 4",
    "IAM": "1 2 3 4 5 6 7 8 9",
    "ORG": "1 2 3 4",
    "VPC": "1 2 3 4 5 6",
    "EKS": "1 2 3 4 5 6 7",
    "BAT": "1 2",
    "ECR": "1 2 3 4",
    "EFS": "1",
    "DDB": "1",
    "GLU": "1",
    "LF": "1",
    "SEC": "1",
    "LOG": "1 2 3 4 5 6 7",
    "MON": "1 2",
    "CFG": "1",
    "DET": "1 2",
    "BUD": "1",
    "TAG": "1",
    "BCK": "1",
}


def natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]


def canonical(rows: dict[str, dict[str, Any]], head: str) -> str:
    lines = [head]
    for name in sorted(rows):
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {_value(rows[name][key])}" for key in KEYS if key in rows[name]]
        for basis in control.BASES:
            clauses = rows[name].get(basis, {})
            if clauses:
                lines += ["", f"[{name}.{basis}]"]
                lines += [f"{key} = {_value(sorted(clauses[key], key=natural))}" for key in sorted(clauses)]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def test_the_table_has_one_canonical_form() -> None:
    text = (POLICIES / "controls.toml").read_text(encoding="utf-8")
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))

    assert canonical(ROWS, head) == text


def test_each_control_has_a_rule_and_each_rule_a_control() -> None:
    assert {row.function for row in CONTROLS} == set(judge.functions())


@pytest.mark.parametrize("row", CONTROLS, ids=lambda row: row.id)
def test_a_row_is_complete(row: control.Control) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", row.id)
    assert re.fullmatch(r"[A-Z]+\d?-\d{3}", row.catalogue)
    assert row.severity in control.SEVERITIES
    assert row.source.startswith("https://")
    assert list(row.applies_to) == sorted(set(row.applies_to))
    assert list(row.reads) == sorted(set(row.reads))
    assert row.frameworks <= FRAMEWORKS
    assert all(len(text) < 300 and text.endswith(".") for text in (row.rationale, row.remediation))
    assert set(ROWS[row.id]) <= {*KEYS, *control.BASES}


@pytest.mark.parametrize("row", CONTROLS, ids=lambda row: row.id)
def test_a_rule_takes_what_its_scope_says(row: control.Control) -> None:
    """One resource; one resource and the view; or the view alone, where nothing is judged one by one."""
    parameters = list(inspect.signature(judge.functions()[row.function]).parameters)

    if row.scope == "resource":
        assert row.applies_to
        assert len(parameters) == 1
    elif row.applies_to:
        assert parameters[1:] == ["view"]
    else:
        assert parameters == ["view"]


def test_catalogue_numbers_are_given_once() -> None:
    numbers = [row.catalogue for row in CONTROLS]

    assert sorted(set(numbers)) == sorted(numbers)


def test_the_whole_catalogue_is_covered() -> None:
    planned = {f"{area}-{int(number):03}" for area, numbers in CATALOGUE.items() for number in numbers.split()}

    assert len(planned) == 103
    assert planned - {row.catalogue for row in CONTROLS} == set()


def test_what_no_vendor_maps_is_judgement_throughout() -> None:
    unmapped = {"dora", "eu_ai_act", "iso_42001", "nist_ai_rmf"}
    backed = [
        row.id for row in CONTROLS for each in row.clauses if each.framework in unmapped and each.basis != "judgement"
    ]

    assert backed == []


def test_no_clause_is_both_backed_and_judged() -> None:
    for row in CONTROLS:
        names = [(each.framework, each.clause) for each in row.clauses]
        assert len(names) == len(set(names)), row.id


def test_fedramp_follows_nist() -> None:
    """S3-001 serves AC-6, which is in the moderate baseline, and no clause outside of the baselines."""
    row = next(row for row in CONTROLS if row.catalogue == "S3-001")

    assert {"AC-3", "AC-6", "SC-7"} == {each.clause for each in row.clauses if each.framework == "fedramp_moderate"}


@pytest.mark.parametrize("row", CONTROLS, ids=lambda row: row.id)
def test_resource_types_exist_in_the_provider(row: control.Control) -> None:
    """A mistyped type would make a control that never applies."""
    unknown = {kind for kind in (*row.applies_to, *row.reads) if kind not in provider_types()}

    assert unknown == set()


def test_closed_services_name_types_that_exist() -> None:
    table = tomllib.loads((POLICIES / "lifecycle.toml").read_text(encoding="utf-8"))

    assert {kind for row in table["service"].values() for kind in row["types"]} <= provider_types()
    assert all(row["source"].startswith("https://docs.aws.amazon.com/") for row in table["service"].values())


@cache
def provider_types() -> frozenset[str]:
    """The tokens that the installed SDK registers, read from its sources: importing them all takes minutes."""
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    pattern = re.compile(r"'(aws:[a-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+)',\n\s+resource_name")
    sources = Path(spec.origin).parent.rglob("*.py")
    found = {token for path in sources for token in pattern.findall(path.read_text(encoding="utf-8"))}
    return frozenset(found | {"pulumi:providers:aws"})


def test_each_framework_says_what_its_clauses_are_and_who_maps_them() -> None:
    rows = framework.load(POLICIES)

    assert set(rows) == FRAMEWORKS
    assert all(row.text.startswith("https://") and row.clauses and row.edition for row in rows.values())


def test_a_clause_is_vendor_backed_only_where_a_vendor_has_a_map() -> None:
    rows = framework.load(POLICIES)
    backed = {each.framework for row in CONTROLS for each in row.clauses if each.basis == "vendor-backed"}

    assert backed <= {name for name, row in rows.items() if row.maps}
