"""Whatever is answered, the template finds what it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelkeel import answers, plan, render, source
from modelkeel.answers.schema import questions

ROOT = Path(__file__).resolve().parents[2]


def rendered(*data: str) -> dict[str, bytes]:
    made = answers.load(ROOT / "examples/tabular_batch/answers.yml", data=data)
    files = render.render({**plan.template_data(made, plan.build(made)), **source.origin().answers()}, ROOT)
    return {str(path): file.content for path, file in files.items()}


@pytest.mark.parametrize("mode", ["batch", "realtime", "async", "serverless", "none"])
@pytest.mark.parametrize("archetype", questions()["archetype"].choices)
def test_every_archetype_renders_with_every_way_of_serving(archetype: str, mode: str) -> None:
    files = rendered(f"archetype={archetype}", f"serving_mode={mode}", "ingestion+=kinesis", "events_per_sec=10")

    assert ("config/serving/Pulumi.yaml" in files) == (mode != "none")
    assert b"None" not in files[".copier-answers.yml"]


@pytest.mark.parametrize("framework", questions()["frameworks"].choices)
def test_every_framework_renders(framework: str) -> None:
    region = "us-gov-west-1" if framework == "fedramp_high" else "us-east-1"
    region = "eu-west-1" if framework == "gdpr" else region

    assert "config/governance/Pulumi.yaml" in rendered(f"frameworks={framework}", f"regions={region}")


@pytest.mark.parametrize("ci", questions()["ci"].choices)
def test_every_ci_system_renders(ci: str) -> None:
    files = rendered(f"ci={ci}", "admin_role=PlatformAdmin")

    assert any(name.startswith(".github/workflows") for name in files) == (ci == "github")


@pytest.mark.parametrize("question", ["python_tool", "license", "lint", "pulumi_backend", "maturity_goal", "tracking"])
def test_every_choice_about_files_renders(question: str) -> None:
    for choice in questions()[question].choices:
        assert rendered(f"{question}={choice}")
