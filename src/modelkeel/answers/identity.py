"""Questions about what the project is and whose it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from modelkeel.answers.kind import COST_CENTER, Email, ProjectName, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

Archetype = Literal[
    "fraud_realtime",
    "recommendations",
    "shared_platform",
    "predictive_maintenance",
    "llm_finetune_serve",
    "tabular_batch",
    "vision",
    "forecasting",
    "blank",
]

MaturityPractice = Literal[
    "code_reviewed",
    "schema_checked",
    "training_reproducible",
    "pipeline_tested",
    "quality_gated",
    "rollback_rehearsed",
    "inputs_watched",
    "quality_watched",
    "privacy_controlled",
    "inclusion_tested",
]


class IdentityAnswers(Section):
    """What the project is and whose it is."""

    project_name: ProjectName = question(
        help="Short name of the project: lower case letters, digits and single hyphens, 3 to 24 characters.",
        changes="Every name in AWS, the Python package and the Pulumi projects.",
        example="card-fraud",
        quick=True,
    )
    owner_email: Email = question(
        help="Address of the team that owns the project; it gets alarms and budget warnings.",
        changes="The owner tag, the subscriber of alarms and budgets, CODEOWNERS.",
        example="ml-team@example.com",
        quick=True,
    )
    cost_center: Annotated[str, StringConstraints(strict=True, pattern=COST_CENTER)] = question(
        "ml",
        help="Code that the project's costs are booked on.",
        changes="The cost-center tag, and with it how the bill is split.",
        quick=True,
    )
    archetype: Archetype = question(
        "tabular_batch",
        help="The kind of problem; it brings the seed code, the feature groups and the quality metric.",
        changes="The package's code, the feature groups, the metric and its least value.",
        quick=True,
    )
    maturity_goal: Literal["prototype", "production", "regulated"] = question(
        "production",
        help="How far the project goes; a prototype leaves out gates, a regulated one forces them.",
        changes="Which approvals, evidence and protections are made.",
        quick=True,
    )
    maturity_practices: Annotated[tuple[MaturityPractice, ...], in_order_of(MaturityPractice)] = question(
        (),
        help="What the team does already, of ten practices; what the goal asks beyond them is listed as a gap.",
        changes="The maturity score, and the gaps that the onboarding page names with where to close them.",
    )
    repo_layout: Literal["single", "monorepo"] = question(
        "single",
        help="One repository for this project, or a folder in a repository of several.",
        changes="Working directories of CI and the paths in CODEOWNERS.",
    )
