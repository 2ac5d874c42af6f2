"""Tables are dated, sourced, sorted and in one canonical form; their rows agree with each other and with botocore."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from pathlib import Path

import botocore.session
import pytest

from modelkeel.answers.schema import questions
from modelkeel.tables import reader
from modelkeel.tables.accelerator import accelerators
from modelkeel.tables.ai_act import ai_act_classes
from modelkeel.tables.ai_act_use import CLASSES, ai_act_uses
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.ci_system import ci_systems
from modelkeel.tables.framework import AI_ACT_HIGH_RISK, BASELINE, frameworks
from modelkeel.tables.instance import instances, offered
from modelkeel.tables.kubernetes_version import kubernetes_versions, longest_supported
from modelkeel.tables.limit import limit, log_retention_days
from modelkeel.tables.maturity_practice import maturity_practices
from modelkeel.tables.model_shape import shape_of, shapes
from modelkeel.tables.quota import quotas
from modelkeel.tables.region import regions
from modelkeel.tables.seed import seeds
from modelkeel.tables.throughput import throughputs

MINE = (
    "accelerators.toml",
    "ai_act.toml",
    "ai_act_uses.toml",
    "archetypes.toml",
    "ci_systems.toml",
    "event_tables.toml",
    "frameworks.toml",
    "kafka_brokers.toml",
    "instances.json",
    "kubernetes_versions.toml",
    "limits.toml",
    "maturity_practices.toml",
    "model_shapes.toml",
    "quotas.toml",
    "regions.toml",
    "seeds.toml",
    "throughput.toml",
)
SWITCHES = {
    "access_analyzer", "account_defaults", "annex_iv", "backup", "backup_lock", "bias_report", "cmk", "cmk_per_domain",
    "config", "data_events", "dpia", "erasure", "evidence", "fips", "fria", "guardduty", "human_review_path",
    "impact_assessment", "intercontainer_encryption", "kill_switch", "lineage", "model_card", "network_isolation",
    "nist_standard", "no_serverless", "object_lock", "payload_protected", "pci_standard", "security_hub",
    "sensitive_data_scan", "trail", "vpc_only",
}  # fmt: skip


@pytest.mark.parametrize("name", MINE)
def test_a_table_says_where_it_comes_from_and_when_it_was_checked(name: str) -> None:
    provenance = reader.provenance(name)

    assert len(provenance.source) > 20
    assert datetime.date(2026, 1, 1) <= provenance.checked <= datetime.date(2030, 1, 1)
    assert provenance.age_days(provenance.checked + datetime.timedelta(days=91)) == 91


@pytest.mark.parametrize("name", [name for name in MINE if name.endswith(".toml")])
def test_a_toml_table_is_in_canonical_form(name: str) -> None:
    """No tabs, no trailing blanks, one newline at the end, no doubled blank lines: a refresh changes rows only."""
    text = (reader.FOLDER / name).read_text(encoding="utf-8")

    assert "\t" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert not text.endswith("\n\n")
    assert tomllib.loads(text)


def test_the_instance_table_is_in_canonical_form() -> None:
    """One row a line, sorted by name, keys sorted."""
    lines = (reader.FOLDER / "instances.json").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line.rstrip(",")) for line in lines[1:-1]]

    assert [json.dumps(row, sort_keys=True) for row in rows] == [line.rstrip(",") for line in lines[1:-1]]
    assert [row["name"] for row in rows] == sorted({row["name"] for row in rows})
    assert all(row["regions"] == sorted(set(row["regions"])) for row in rows)


def test_sagemaker_takes_each_type_for_the_uses_that_the_table_names() -> None:
    """The enums of the API that botocore knows are the truth; a type that the table lacks is only missed."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    shapes_of_uses = {
        "training": "TrainingInstanceType",
        "hosting": "ProductionVariantInstanceType",
        "processing": "ProcessingInstanceType",
        "transform": "TransformInstanceType",
        "cluster": "ClusterInstanceType",
    }
    for use, shape in shapes_of_uses.items():
        legal = set(model.shape_for(shape).enum)
        wrong = [row.ml_name for row in instances().values() if use in row.uses and row.ml_name not in legal]
        assert wrong == [], use


def test_every_region_of_an_instance_is_known() -> None:
    named = {region for row in instances().values() for region in row.regions}

    assert named <= set(regions())


def test_offers_are_sorted_by_price() -> None:
    prices = [row.usd_per_hour for row in offered("training", "eu-west-1") if row.usd_per_hour is not None]

    assert prices == sorted(prices)
    assert len(prices) > 20


def test_every_region_exists_in_botocore_with_its_partition() -> None:
    session = botocore.session.get_session()

    for region in regions().values():
        assert session.get_partition_for_region(region.name) == region.partition
        assert region.zones
        assert region.privacy in {"eea", "adequate", "third"}


def test_zone_names_are_fewer_where_the_region_has_fewer() -> None:
    assert regions()["us-west-1"].zone_names(3) == ("us-west-1a", "us-west-1b")


def test_the_questions_offer_exactly_the_rows_of_the_tables() -> None:
    asked = {name: set(question.choices) for name, question in questions().items()}

    assert asked["frameworks"] == set(frameworks()) - {BASELINE, AI_ACT_HIGH_RISK}
    assert asked["archetype"] == set(archetypes())
    assert asked["ci"] == set(ci_systems())
    assert asked["ai_act_class"] == {*ai_act_classes(), "auto"}
    assert asked["ai_act_uses"] == set(ai_act_uses())
    assert set(CLASSES) == set(ai_act_classes())
    assert questions()["maturity_practices"].choices == tuple(maturity_practices())
    assert asked["kubernetes_version"] == {*kubernetes_versions(), "auto"}
    assert {name for name in asked["model_family"] if not name.startswith("llm_")} == set(throughputs())


def test_the_longest_supported_version_is_supported_when_the_table_was_checked() -> None:
    assert longest_supported().standard_support_until > reader.provenance("kubernetes_versions.toml").checked


def test_every_framework_keeps_the_baseline_and_uses_known_switches() -> None:
    baseline = frameworks()[BASELINE]

    for row in frameworks().values():
        assert row.switches <= SWITCHES, row.id
        assert "cmk" in row.switches, row.id
        assert row.regions in {"any", "privacy", "us", "us-gov"}
        assert row.clauses
        assert row.source
        assert row.retention_days == 0 or row.retention_days >= row.hot_days
    assert baseline.retention_days == 365


@pytest.mark.parametrize(
    ("framework", "days"), [("hipaa", 2190), ("pci_dss_4", 365), ("fedramp_moderate", 900), ("gdpr", 0)]
)
def test_retention_of_a_framework(framework: str, days: int) -> None:
    assert frameworks()[framework].retention_days >= days


def test_every_seed_has_code_of_its_own() -> None:
    assert {row.seed for row in archetypes().values()} == set(seeds())
    for row in archetypes().values():
        assert archetypes()[row.seed].seed == row.seed
        for group in row.feature_groups:
            assert {group.record_identifier, group.event_time} <= set(group.features), group.name
            assert set(group.features.values()) <= {"Integral", "Fractional", "String"}


def test_every_gpu_of_a_training_type_has_known_rates() -> None:
    from modelkeel.plan.gpu_training import FAMILIES

    for row in instances().values():
        assert row.family not in FAMILIES or row.gpu_model in accelerators()


def test_a_size_takes_the_next_larger_shape() -> None:
    assert [shape.parameters_b for shape in shapes()] == sorted(shape.parameters_b for shape in shapes())
    assert (shape_of(7).layers, shape_of(70).hidden, shape_of(5000).layers) == (32, 8192, 126)


@pytest.mark.parametrize(("asked", "given"), [(1, 1), (100, 120), (365, 365), (366, 400), (2190, 2192), (9999, 3653)])
def test_log_retention_is_a_period_that_cloudwatch_accepts(asked: int, given: int) -> None:
    assert log_retention_days(asked) == given


def test_cloudwatch_accepts_the_periods() -> None:
    """The documentation of the parameter in the service model lists them."""
    model = botocore.session.get_session().get_service_model("logs")
    text = model.operation_model("PutRetentionPolicy").input_shape.members["retentionInDays"].documentation

    listed = {int(number) for number in re.findall(r"[0-9]+", text)}
    assert set(reader.document("limits.toml")["log_retention"]["days"]) <= listed


def test_quotas_have_the_names_that_service_quotas_shows() -> None:
    assert quotas()["endpoint"].name.format(type="ml.c7i.xlarge") == "ml.c7i.xlarge for endpoint usage"


def test_names_have_limits() -> None:
    assert (limit("names", "bucket"), limit("names", "role")) == (63, 64)


def test_a_missing_table_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        reader.document("none.toml")


def test_every_table_file_has_a_reader() -> None:
    modules = "\n".join(path.read_text(encoding="utf-8") for path in reader.FOLDER.glob("*.py"))

    for path in (*reader.FOLDER.glob("*.toml"), *reader.FOLDER.glob("*.json")):
        assert Path(path).name in modules
