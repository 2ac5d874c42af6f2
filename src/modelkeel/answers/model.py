"""The answers: the only place where a question exists."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from modelkeel.answers.cluster import ClusterAnswers
from modelkeel.answers.compliance import ComplianceAnswers
from modelkeel.answers.data import DataAnswers
from modelkeel.answers.existing import ExistingAnswers
from modelkeel.answers.identity import IdentityAnswers
from modelkeel.answers.operations import OperationsAnswers
from modelkeel.answers.organisation import OrganisationAnswers
from modelkeel.answers.serving import ServingAnswers
from modelkeel.answers.training import TrainingAnswers


class Answers(
    OperationsAnswers,
    ComplianceAnswers,
    ExistingAnswers,
    OrganisationAnswers,
    ServingAnswers,
    ClusterAnswers,
    TrainingAnswers,
    DataAnswers,
    IdentityAnswers,
    BaseModel,
):
    """All answers of one project, valid and complete; fields stand in the order in which they are asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=False)

    @property
    def region(self) -> str:
        """The primary Region."""
        return self.regions[0]


def flat(answers: Answers) -> dict[str, Any]:
    """Return the answers as plain JSON values, by question."""
    return answers.model_dump(mode="json")
